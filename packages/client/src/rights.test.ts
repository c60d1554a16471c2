import type { Role } from '@storyweave/protocol'
import { expect, test } from 'vitest'
import { can, type RoomAction } from './rights.ts'

/** Who may do what: owner, editor, viewer, guest as editor, guest as viewer. */
const TABLE: Record<RoomAction, readonly [boolean, boolean, boolean, boolean, boolean]> = {
  take_part: [true, true, true, true, true],
  write: [true, true, false, true, false],
  export: [true, true, false, true, false],
  read_versions: [true, true, false, false, false],
  resolve_any_thread: [true, true, false, true, false],
  delete_any_comment: [true, false, false, false, false],
  override_lock: [true, false, false, false, false],
  see_addresses: [true, false, false, false, false],
  share: [true, false, false, false, false],
  change_story: [true, true, false, false, false],
  move_story: [true, false, false, false, false],
  delete_story: [true, false, false, false, false],
}

const PEOPLE: readonly [Role, boolean][] = [
  ['owner', false],
  ['editor', false],
  ['viewer', false],
  ['editor', true],
  ['viewer', true],
]

test.each(Object.entries(TABLE) as [RoomAction, readonly boolean[]][])('%s', (action, expected) => {
  expect(PEOPLE.map(([role, guest]) => can(role, guest, action))).toEqual(expected)
  expect(can(undefined, false, action)).toBe(false)
})
