import type { CardField } from '@storyweave/protocol'
import { wordCount } from '../ui/words.ts'

const CARD: Readonly<Record<CardField, { readonly label: string; readonly placeholder: string }>> = {
  title: { label: 'Beat title', placeholder: 'What happens here?' },
  goal: { label: 'Goal', placeholder: 'What does somebody want?' },
  conflict: { label: 'Conflict', placeholder: 'What stands in the way?' },
  outcome: { label: 'Outcome', placeholder: 'How does it end?' },
}

const FORMATS = {
  bold: 'Bold',
  italic: 'Italic',
  heading: 'Heading',
  quote: 'Quote',
  list: 'List',
  break: 'Scene break',
}

export type FormatName = keyof typeof FORMATS

export const editorStrings = {
  opening: 'Opening the beat…',
  notHere: 'This beat was not open on this device before. It comes as soon as the server can be reached.',
  card: 'Card',
  field: (name: CardField) => CARD[name],
  noText: '—',
  isHere: (name: string) => `${name} is here`,

  scene: (number: number) => `Scene ${number}`,
  sceneTitle: (number: number) => `Title of scene ${number}`,
  sceneWords: (count: number) => wordCount(count),
  /** In passing; where the title stands until it is needed is `titleRefused`. */
  titleNotTaken: (title: string, why: string) => `The scene’s title “${title}” was not taken. ${why}`,
  titleRefused: 'A title did not arrive.',
  titleRefusedKept: 'It is kept on this device, and not sent again by itself.',
  titleRefusedOf: (number: number) => `Title of scene ${number} that did not arrive`,
  titlePutBack: 'Put it back',
  copyTitle: 'Copy it',
  titleCopied: 'Copied: the title that did not arrive.',
  titleThrowAway: 'Throw it away',
  emptyBeat: 'The card says what happens. A scene is where it is told.',
  firstScene: 'Write the first scene',
  addScene: 'Add a scene',

  changeScene: (number: number) => `Change scene ${number}`,
  commentOnScene: 'Comment on this scene',
  moveUp: 'Move up',
  moveDown: 'Move down',
  moveToBeat: 'Move to another beat…',
  moveTitle: 'Move scene',
  moveToEndOf: 'To the end of',
  beatChoice: (number: number, title: string) => `${number}. ${title || 'Untitled'}`,
  moveDo: 'Move the scene',
  moved: (beat: string | undefined) => `The scene is in ${beat ?? 'another beat'} now.`,
  split: 'Split at the caret',
  splitWhere: 'Put the caret where the new scene is to begin, below the first paragraph.',
  deleteScene: 'Delete scene',
  deleted: 'The scene was deleted.',
  undo: 'Undo',
  cancel: 'Cancel',

  toolbar: 'Text format',
  format: (name: FormatName) => FORMATS[name],
  withKeys: (what: string, keys: string) => `${what} (${keys})`,
  link: 'Link',
  comment: 'Comment',
  address: 'Address',
  noAddress: 'Links lead to a web page or an e-mail address: https://… or name@example.org.',
  removeLink: 'Remove link',

  wordsHere: (count: number) => (count === 0 ? 'No words' : wordCount(count)),
  /** Goes on where `wordsHere` ends, where there is room. */
  wordsHereEnd: (count: number) => (count === 0 ? ' here yet' : ' here'),
  wordsInStory: (count: number) => (count === 0 ? '' : `${wordCount(count)} in the story`),

  notOpened: 'This beat can’t be opened right now.',
  notOpenedKept:
    'Your last words did not arrive; they are kept on this device. Reload the page to try again.',
  copyText: 'Copy my text',
  copied: 'Copied: the card and all scenes of this beat.',
  notCopied: 'The browser did not allow copying. Select the text below and copy it by hand.',
  commentsFailed: 'Comments could not be loaded. Reload the page to see them in the text.',
  readOnly: 'You can read here. Writing is for this story’s editors.',
  cannotChange: 'This beat can’t be changed from here right now. Reload the page to get the newest version.',
}
