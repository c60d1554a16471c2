import type { CardField } from '@storyweave/protocol'

const FIELDS: Readonly<Record<CardField, string>> = {
  title: 'For the beat’s title',
  goal: 'For the goal',
  conflict: 'For the conflict',
  outcome: 'For the outcome',
}

export const drawerStrings = {
  refused: 'Your last words did not arrive.',
  kept: 'They are kept on this device until you have found a place for them.',
  inField: (field: CardField) => FIELDS[field],
  inScene: (title: string | null) => (title === null ? 'For the prose' : `For the scene “${title}”`),
  insert: 'Insert again',
  inserted: 'Inserted: the words are in the text again.',
  copy: 'Copy my words',
  copied: 'Copied: the words that did not arrive.',
  notCopied: 'The browser did not allow copying. Select the words and copy them by hand.',
  comment: 'Post as a comment',
  commented: 'The words are sent as a comment, and stand beside the beat when the server has them.',
  throwAway: 'Throw away…',
  throwAwayTitle: 'Throw these words away?',
  throwAwayWords: 'They stand nowhere else: neither in the story nor on the server.',
  throwAwayDo: 'Throw away',
  throwAwayNot: 'Keep them',
  all: (count: number) => (count === 1 ? '1 text is kept for you' : `${count} texts are kept for you`),
  allTitle: 'Kept for you',
  allWords:
    'Words of yours that did not arrive. They are on this device alone: insert them where they were, copy them, or post them as a comment.',
  untitled: 'Untitled',
  gone: 'A beat that is not here any more',
}
