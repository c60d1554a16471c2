import { type DrawerEntry, faultOf, type StoryRoomApi } from '@storyweave/client'
import { LIMITS, type SceneSummary } from '@storyweave/protocol'
import { useCallback } from 'react'
import { useRoom } from '../provider/room.ts'

/**
 * Posts words that the server did not take as a comment on their scene, or on their beat where it is a card's words or
 * the scene is gone; as several where one would be too long. Resolves when they are safe: kept in the outbox on this
 * device, which sends them by itself, or, where it keeps nothing, on the server; rejects with Fault where they can't
 * be. Taking them out of the drawer is the caller's.
 */
export function usePostRefusedWords(): (entry: PostedEntry) => Promise<void> {
  const room = useRoom()
  return useCallback((entry) => postRefusedWords(room, entry), [room])
}

type PostedEntry = Pick<DrawerEntry, 'id' | 'beatId' | 'place'>

export async function postRefusedWords(
  room: Pick<StoryRoomApi, 'drawer' | 'createComment' | 'getSnapshot' | 'subscribe' | 'kept'>,
  { id, beatId, place }: PostedEntry,
): Promise<void> {
  const beat = room.getSnapshot().beats.find((one) => one.id === beatId)
  const scene = place.kind === 'scene' ? sceneOf(beat?.scenes ?? [], place.key) : undefined
  const on = scene === undefined ? { beat_id: beatId } : { scene_id: scene.id }
  const pieces = inPieces(room.drawer.text(id), LIMITS.commentChars)
  const clientIds = new Set(pieces.map((content) => room.createComment({ content, ...on })))
  await room.kept()
  if (room.getSnapshot().keptOn === 'memory') await accepted(room, clientIds)
}

/** Resolves when the server has all of these comments; rejects when it does not take one. */
function accepted(
  room: Pick<StoryRoomApi, 'getSnapshot' | 'subscribe'>,
  clientIds: ReadonlySet<string>,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const look = () => {
      const waiting = room.getSnapshot().threads.outgoing.filter(({ clientId }) => clientIds.has(clientId))
      const reason = waiting.find(({ state }) => state === 'failed')?.reason
      if (waiting.length > 0 && reason === undefined) return
      stop()
      if (reason === undefined) resolve()
      else reject(faultOf(reason))
    }
    const stop = room.subscribe(look)
    look()
  })
}

const sceneOf = (scenes: readonly SceneSummary[], key: string) => scenes.find((scene) => scene.key === key)

/** Ends a piece at a line, else at a word, where there is one in its second half. */
export function inPieces(text: string, maxChars: number): readonly string[] {
  const pieces: string[] = []
  let rest = text.trim()
  while (rest.length > maxChars) {
    const cut = [rest.lastIndexOf('\n', maxChars), rest.lastIndexOf(' ', maxChars)].find(
      (at) => at > maxChars / 2,
    )
    const end = cut ?? maxChars - (isHighSurrogate(rest, maxChars - 1) ? 1 : 0)
    pieces.push(rest.slice(0, end).trim())
    rest = rest.slice(end).trim()
  }
  return rest === '' ? pieces : [...pieces, rest]
}

const isHighSurrogate = (text: string, at: number): boolean => /[\ud800-\udbff]/.test(text[at] ?? '')
