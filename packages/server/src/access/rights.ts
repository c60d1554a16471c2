import { assertNever, type Role } from '@storyweave/protocol'

/**
 * Who may do what. The one place where a right is asked, by every door: JSON message, document frame, REST.
 * Pure predicates: the asker's role in the story comes in, nothing is looked up.
 */
export type StoryAction =
  | 'read'
  | 'discuss'
  | 'write'
  | 'arrange'
  | 'lock'
  | 'override_lock'
  | 'export'
  | 'share'
  | 'see_addresses'
  | 'read_versions'
  | 'change_story'
  | 'move_story'
  | 'delete_story'

/** A person as rights see them: their role in the story, and whether they came by a link. */
export interface Asker {
  readonly role: Role
  readonly guest: boolean
}

export function allows(asker: Asker, action: StoryAction): boolean {
  switch (action) {
    case 'read':
    case 'discuss':
      return true
    case 'write':
    case 'arrange':
      return asker.role !== 'viewer'
    case 'lock':
    case 'export':
      return asker.role !== 'viewer'
    case 'read_versions':
    case 'change_story':
      return asker.role !== 'viewer' && !asker.guest
    case 'override_lock':
    case 'share':
    case 'see_addresses':
    case 'move_story':
    case 'delete_story':
      return asker.role === 'owner'
    default:
      return assertNever(action)
  }
}

export type CommentAction = 'edit' | 'delete' | 'settle'

/**
 * What may be done with a comment that is there. `own`: the asker wrote it; to settle (resolve, reopen) a thread: they
 * began it.
 */
export function allowsOnComment(asker: Asker, own: boolean, action: CommentAction): boolean {
  switch (action) {
    case 'edit':
      return own
    case 'delete':
      return own || asker.role === 'owner'
    case 'settle':
      return own || (asker.role !== 'viewer' && !asker.guest)
    default:
      return assertNever(action)
  }
}
