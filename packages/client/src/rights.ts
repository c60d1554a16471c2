import { assertNever, type Role } from '@storyweave/protocol'

/** What the interface offers or not. The server asks for every right again. */
export type RoomAction =
  /** Reading, presence, cursors, chat, comments. */
  | 'take_part'
  /** Cards and scenes; adding, moving, splitting, deleting and restoring them; locks. */
  | 'write'
  | 'export'
  | 'read_versions'
  /** A thread that somebody else has begun; one's own everybody may. */
  | 'resolve_any_thread'
  | 'delete_any_comment'
  | 'override_lock'
  | 'see_addresses'
  /** People, roles, invitations, links. */
  | 'share'
  | 'change_story'
  | 'move_story'
  | 'delete_story'

/** Whether a person in this role may do this; a guest is somebody who came by a link. */
export function can(role: Role | undefined, guest: boolean, action: RoomAction): boolean {
  switch (action) {
    case 'take_part':
      return role !== undefined
    case 'write':
    case 'export':
    case 'resolve_any_thread':
      return role === 'owner' || role === 'editor'
    case 'read_versions':
    case 'change_story':
      return !guest && (role === 'owner' || role === 'editor')
    case 'delete_any_comment':
    case 'override_lock':
    case 'see_addresses':
    case 'share':
    case 'move_story':
    case 'delete_story':
      return !guest && role === 'owner'
    default:
      return assertNever(action)
  }
}
