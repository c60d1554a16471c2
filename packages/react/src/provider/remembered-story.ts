import type { StoryRoomApi, StoryRoomSnapshot } from '@storyweave/client'
import { initialStateSchema } from '@storyweave/protocol'
import { latest } from '../hooks/latest.ts'
import type { Store } from '../hooks/use-store.ts'

/** An outline of a thousand beats takes some milliseconds to write: not with every word count. */
const KEEP_EVERY_MS = 2_000
const FORMAT = 1

const rememberedSchema = initialStateSchema.pick({ me: true, story: true, beats: true })
type Remembered = Pick<StoryRoomSnapshot, 'me' | 'story' | 'beats'>

/** Where stories are remembered; begins every key, so that an application can forget a person. */
export const REMEMBERED_PREFIX = 'storyweave.person.'

/**
 * The room's state with its story and outline as this device last saw them, where the server could not be reached at
 * first: a page that is loaded again while it is away still opens what was written here. Holds until the server has
 * spoken.
 */
export function rememberingStore(room: StoryRoomApi, userId: number): Store<StoryRoomSnapshot> {
  let remembered: Remembered | undefined
  let shown = room.getSnapshot()
  let seen = shown
  const look = (): StoryRoomSnapshot => {
    const now = room.getSnapshot()
    if (now === seen) return shown
    seen = now
    if (now.story === undefined && now.connection.state === 'waiting')
      remembered ??= read(keyOf(room, userId))
    shown = now.story === undefined && remembered !== undefined ? { ...now, ...remembered } : now
    return shown
  }
  return { getSnapshot: look, subscribe: (listener) => room.subscribe(listener) }
}

/** Remembers the story on this device from now on; returns how to stop. */
export function rememberStory(room: StoryRoomApi, userId: number): () => void {
  const keep = latest((value: Remembered) => write(keyOf(room, userId), value), KEEP_EVERY_MS)
  const look = () => {
    const { me, story, beats } = room.getSnapshot()
    if (me !== undefined && story !== undefined) keep.call({ me, story, beats })
  }
  const stop = room.subscribe(look)
  look()
  return () => {
    stop()
    keep.cancel()
  }
}

const keyOf = ({ storyId }: StoryRoomApi, userId: number) => `${REMEMBERED_PREFIX}${userId}.story.${storyId}`

function read(key: string): Remembered | undefined {
  try {
    const kept = JSON.parse(localStorage.getItem(key) ?? 'null') as { v?: unknown; value?: unknown } | null
    return kept?.v === FORMAT ? rememberedSchema.safeParse(kept.value).data : undefined
  } catch {
    // Storage is switched off: nothing was kept.
    return undefined
  }
}

function write(key: string, value: Remembered): void {
  try {
    localStorage.setItem(key, JSON.stringify({ v: FORMAT, value }))
  } catch {
    // Storage is full or switched off: the story lasts as long as the page.
  }
}
