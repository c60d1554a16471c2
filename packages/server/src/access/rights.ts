import { assertNever, type Role } from '@storyweave/protocol'

/**
 * Who may do what. The one place where a right is asked, by every door: JSON message, document frame, REST.
 * Pure predicates: the asker's role in the story comes in, nothing is looked up.
 */
export type StoryAction =
  | 'read'
  | 'write'
  | 'arrange'
  | 'export'
  | 'share'
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
      return true
    case 'write':
    case 'arrange':
      return asker.role !== 'viewer'
    case 'export':
      return asker.role !== 'viewer'
    case 'change_story':
      return asker.role !== 'viewer' && !asker.guest
    case 'share':
    case 'move_story':
    case 'delete_story':
      return asker.role === 'owner'
    default:
      return assertNever(action)
  }
}
