import { Fault } from '@storyweave/protocol'
import type { Principal } from '../access/principal.ts'
import { allows, type StoryAction } from '../access/rights.ts'
import { findBeat } from '../db/repositories/beats.ts'
import { accessOf, type StoryAccess } from '../db/repositories/permissions.ts'
import type { Queries } from '../db/repositories/queries.ts'
import { findScene } from '../db/repositories/scenes.ts'
import type { BeatRow, SceneRow } from '../db/schema.ts'

/** The door of REST: who may do what is asked here, of `access/`, and nowhere else. */

const WORDS: Readonly<Record<StoryAction, string>> = {
  read: 'read it',
  discuss: 'take part in its discussion',
  write: 'write in it',
  arrange: 'arrange its beats and scenes',
  lock: 'lock its beats',
  override_lock: 'end the locks of others',
  export: 'export it',
  share: 'share it',
  see_addresses: 'see its members’ addresses',
  read_versions: 'see who wrote in it when',
  change_story: 'change it',
  move_story: 'move it',
  delete_story: 'delete it',
}

/** Guests have no projects. @throws Fault `forbidden`. */
export function requireAccount(principal: Principal): Principal {
  if (!principal.guest) return principal
  throw new Fault(
    'forbidden',
    'As a guest you write in stories you were invited to. Make an account to have your own.',
  )
}

export const noStory = (): Fault =>
  new Fault('not_found', 'There is no such story, or it is not yours to see.')
export const noBeat = (): Fault => new Fault('not_found', 'There is no such beat, or it is not yours to see.')
export const noScene = (): Fault =>
  new Fault('not_found', 'There is no such scene, or it is not yours to see.')

export interface StoryDoor {
  readonly principal: Principal
  readonly storyId: number
  readonly action: StoryAction
}

/**
 * A person's access to a living story.
 * @throws Fault `not_found` whether there is no such story or it is not theirs; `forbidden` for their role.
 */
export async function requireStory(
  db: Queries,
  { principal, storyId, action }: StoryDoor,
): Promise<StoryAccess> {
  const access = await accessOf(db, storyId, principal.userId)
  if (access === undefined || access.story.deleted_at !== null) throw noStory()
  requireRight(principal, access, action)
  return access
}

function requireRight(principal: Principal, { role }: StoryAccess, action: StoryAction): void {
  if (allows({ role, guest: principal.guest }, action)) return
  throw new Fault('forbidden', `As ${role} of this story you can’t ${WORDS[action]}.`)
}

/** A person's access to a story in the bin; for whoever may delete it. */
export async function requireDeletedStory(
  db: Queries,
  principal: Principal,
  storyId: number,
): Promise<StoryAccess> {
  const access = await accessOf(db, storyId, principal.userId)
  if (access === undefined) throw noStory()
  requireRight(principal, access, 'delete_story')
  if (access.story.deleted_at === null) throw new Fault('conflict', 'The story is not deleted.')
  return access
}

export interface BeatDoor {
  readonly principal: Principal
  readonly beatId: number
  readonly action: StoryAction
  /** Takes deleted ones as well: to restore them. */
  readonly deletedToo?: boolean
}

/** A beat of a living story, and the access to it. Throws as `requireStory`. */
export async function requireBeat(
  db: Queries,
  { principal, beatId, action, deletedToo = false }: BeatDoor,
): Promise<{ beat: BeatRow; access: StoryAccess }> {
  const beat = await findBeat(db, beatId)
  if (beat === undefined) throw noBeat()
  const access = await hiding(noBeat, requireStory(db, { principal, storyId: beat.story_id, action }))
  if (beat.deleted_at !== null && !deletedToo) throw noBeat()
  return { beat, access }
}

export interface SceneDoor extends Omit<BeatDoor, 'beatId'> {
  readonly sceneId: number
}

/** A scene of a living beat, and the access to it. Throws as `requireStory`. */
export async function requireScene(
  db: Queries,
  { principal, sceneId, action, deletedToo = false }: SceneDoor,
): Promise<{ scene: SceneRow; beat: BeatRow; access: StoryAccess }> {
  const scene = await findScene(db, sceneId)
  if (scene === undefined) throw noScene()
  const place = await hiding(noScene, requireBeat(db, { principal, beatId: scene.beat_id, action }))
  if (scene.deleted_at !== null && !deletedToo) throw noScene()
  return { scene, ...place }
}

/** Says what was asked for, and not what it stands in, is missing. */
export async function hiding<T>(missing: () => Fault, asked: Promise<T>): Promise<T> {
  try {
    return await asked
  } catch (error) {
    throw error instanceof Fault && error.code === 'not_found' ? missing() : error
  }
}
