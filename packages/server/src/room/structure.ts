import type { StoryEvent } from '@storyweave/protocol'
import type { Crier } from './crier.ts'
import type { Shelf } from './documents/shelf.ts'
import type { Member } from './member.ts'
import type { StoryState } from './ports.ts'
import type { StorySoFar } from './story-so-far.ts'

export interface StructureContext {
  readonly story: StorySoFar
  readonly shelf: Shelf
  readonly crier: Crier
  members(): Iterable<Member>
  documentsTouched(): void
}

/** Lets a durable event happen here: to the outline, to the documents in memory, to everyone in the room. */
export function happen(event: StoryEvent, context: StructureContext): void {
  const { story, shelf, crier } = context
  const sceneKey = (beatId: number, key: string, present: boolean) =>
    shelf.get(beatId)?.take({ kind: 'scene', sceneKey: key, present })
  if (event.type === 'beat_deleted') closeBeat(event.beat_id, context)
  if (event.type === 'scene_moved') {
    const old = story.placeOf(event.scene.id)
    if (old !== undefined) sceneKey(old.beatId, old.key, false)
  }
  story.apply(event)
  if (event.type === 'scene_created' || event.type === 'scene_moved' || event.type === 'scene_restored') {
    sceneKey(event.beat_id, event.scene.key, true)
  }
  crier.tellAll(event)
}

/** The story is another than this room knows, and not by one event: whoever is here asks for everything anew. */
export function beginAnew(state: StoryState, context: StructureContext): void {
  const { story, shelf, crier } = context
  for (const beatId of story.restart(state)) closeBeat(beatId, context)
  shelf.catchUp()
  crier.tellAll({ type: 'resync' })
}

function closeBeat(beatId: number, { shelf, members, documentsTouched }: StructureContext): void {
  for (const member of members()) {
    for (const [key, known] of [...member.keys]) {
      if (known.state !== 'open' || known.open.beatId !== beatId) continue
      known.open.send({ type: 'close', key, reason: 'beat_deleted' })
      member.keys.delete(key)
      shelf.close(known.open)
    }
  }
  documentsTouched()
}
