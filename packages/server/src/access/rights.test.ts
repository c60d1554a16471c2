import { ROLES, type Role } from '@storyweave/protocol'
import { expect, test } from 'vitest'
import { allows, allowsOnComment, type CommentAction, type StoryAction } from './rights.ts'

const EVERYONE: readonly Role[] = ['owner', 'editor', 'viewer']
const WRITERS: readonly Role[] = ['owner', 'editor']
const OWNER: readonly Role[] = ['owner']

/** Who may, of people with an account; and who may of guests, who came by a link. */
const TABLE: Readonly<Record<StoryAction, { members: readonly Role[]; guests: readonly Role[] }>> = {
  read: { members: EVERYONE, guests: EVERYONE },
  discuss: { members: EVERYONE, guests: EVERYONE },
  write: { members: WRITERS, guests: WRITERS },
  arrange: { members: WRITERS, guests: WRITERS },
  lock: { members: WRITERS, guests: WRITERS },
  export: { members: WRITERS, guests: WRITERS },
  read_versions: { members: WRITERS, guests: [] },
  change_story: { members: WRITERS, guests: [] },
  override_lock: { members: OWNER, guests: OWNER },
  share: { members: OWNER, guests: OWNER },
  see_addresses: { members: OWNER, guests: OWNER },
  move_story: { members: OWNER, guests: OWNER },
  delete_story: { members: OWNER, guests: OWNER },
}

test.each(Object.entries(TABLE))('rights: %s', (action, { members, guests }) => {
  const may = (guest: boolean) => ROLES.filter((role) => allows({ role, guest }, action as StoryAction))
  expect([may(false), may(true)]).toEqual([members, guests])
})

/** Who may do something to their own comment or thread, and who to another's. */
const COMMENTS: Readonly<Record<CommentAction, { own: readonly Role[]; others: readonly Role[] }>> = {
  edit: { own: EVERYONE, others: [] },
  delete: { own: EVERYONE, others: OWNER },
  settle: { own: EVERYONE, others: WRITERS },
}

test.each(Object.entries(COMMENTS))('rights: to %s a comment', (action, { own, others }) => {
  const may = (isOwn: boolean) =>
    ROLES.filter((role) => allowsOnComment({ role, guest: false }, isOwn, action as CommentAction))
  expect([may(true), may(false)]).toEqual([own, others])
})

test('rights: a guest settles the threads they began, and no others', () => {
  const settles = (own: boolean) => allowsOnComment({ role: 'editor', guest: true }, own, 'settle')
  expect([settles(true), settles(false)]).toEqual([true, false])
})
