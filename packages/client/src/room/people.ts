import type { PresenceUpdate, PresentUser, ServerMessage } from '@storyweave/protocol'
import type { RemoteCursor } from '../types.ts'

type CursorMoved = Extract<ServerMessage, { type: 'cursor_move' }>

/** Who is here after an update: everyone, or what is different. */
export function applyPresence(users: readonly PresentUser[], update: PresenceUpdate): readonly PresentUser[] {
  if (update.users !== undefined) return update.users
  const byId = new Map(users.map((user) => [user.user_id, user]))
  for (const id of update.left ?? []) byId.delete(id)
  for (const user of [...(update.joined ?? []), ...(update.changed ?? [])]) byId.set(user.user_id, user)
  return [...byId.values()]
}

/** A person's newest place stands for them. */
export function moveCursor(cursors: readonly RemoteCursor[], moved: CursorMoved): readonly RemoteCursor[] {
  const cursor: RemoteCursor = {
    userId: moved.user_id,
    userName: moved.user_name,
    beatId: moved.beat_id,
    sceneId: moved.scene_id ?? null,
    field: moved.field ?? null,
    position: moved.position,
  }
  return [...cursors.filter(({ userId }) => userId !== cursor.userId), cursor]
}

/** The cursors that fulfil `keep`; the same list where all do. */
export function keepCursors(
  cursors: readonly RemoteCursor[],
  keep: (cursor: RemoteCursor) => boolean,
): readonly RemoteCursor[] {
  return cursors.every(keep) ? cursors : cursors.filter(keep)
}
