import { wordCount } from '../ui/words.ts'

const beatCount = (count: number) => (count === 1 ? '1 beat' : `${count} beats`)

export const boardStrings = {
  board: 'Board',
  noAct: 'No act',
  laneCount: (beats: number, words: number) =>
    words === 0 ? beatCount(beats) : `${beatCount(beats)} · ${wordCount(words)}`,
  untitled: 'Untitled',
  goal: 'Goal',
  conflict: 'Conflict',
  outcome: 'Outcome',
  words: (count: number) => (count === 0 ? 'no prose yet' : wordCount(count)),
  comments: (count: number) => (count === 1 ? '1 comment' : `${count} comments`),
  unread: 'Changed since you last looked',
  lockedBy: (name: string) => `Locked by ${name}`,
  lockedByMe: 'Locked by you',
  addBeat: 'Add a beat',
  addAct: 'Add an act',
  actName: 'Name',
  actHint: 'Its first beat is made along with it.',
  makeAct: 'Add the act',
  renameAct: 'Rename act',
  changeAct: (act: string) => `Change act “${act}”`,
  rename: 'Rename…',
  renameBeat: 'Rename beat',
  title: 'Title',
  save: 'Rename',
  cancel: 'Cancel',
  changeBeat: (beat: string) => `Change ${beat}`,
  moveUp: 'Move up',
  moveDown: 'Move down',
  moveTo: (act: string) => `Move to ${act}`,
  remove: 'Delete',
  removed: (beat: string) => `${beat} was deleted.`,
  undo: 'Undo',
  notRead: 'The cards can’t be read right now. Titles and order are as they should be.',
  readAgain: 'Try again',
  empty: 'No beats yet',
  emptyWords:
    'A beat is one step of the story: what somebody wants, what stands in the way, and how it ends.',
  firstBeat: 'Add the first beat',
  /** Said to those who do not see the board, with each card. */
  howToMove: 'Space lifts the card, arrow keys move it, Space puts it down, Escape takes it back.',
  howToGo: 'Arrow keys go from card to card.',
  place: (act: string, index: number, count: number) => `${act}, ${index} of ${count}.`,
  lifted: (beat: string, place: string) =>
    `Lifted ${beat}. ${place} Arrow keys move it, Space puts it down, Escape takes it back.`,
  dropped: (beat: string, place: string) => `${beat} was put down: ${place}`,
  cancelled: (beat: string) => `${beat} is back where it was.`,
  goneWhileLifted: 'The card you had lifted was deleted by somebody else.',
  locked: (name: string) => `${name} has locked this beat: it can’t be moved now.`,
}

export type BoardStrings = typeof boardStrings
