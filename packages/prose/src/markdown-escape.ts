/** Characters as Markdown source that reads as those characters and nothing else. */

/** Space, tab and line ends: what Markdown strips at the edges of blocks and lines. */
const STRIPPED = /[ \t\n\r]/
/** No keyboard types them, and neither a reference nor every reader of Markdown can carry them. */
const UNPRINTABLE = /[^\P{Cc}\t\n\r]|\p{Noncharacter_Code_Point}/gu
const SPECIAL = /[\\`*_[\]~<]|&(?=#?\w+;)/g
/** What would begin a heading, quote, list, rule or underline a heading. */
const BLOCK_MARKER = /^[#>+=-]/
const LIST_NUMBER = /^(\d{1,9})([.)])(?=\s|$)/

/** A text with the control characters that Markdown can't hold turned to spaces. */
export const printable = (text: string): string => text.replace(UNPRINTABLE, ' ')

/** Whether Markdown would strip the character at the edge of a line. */
export const isStripped = (character: string): boolean => STRIPPED.test(character)

/** A character as a numeric reference: it never is part of any syntax. */
export const reference = (character: string): string => `&#${character.codePointAt(0) ?? 0xfffd};`

/** A text with everything escaped that has a meaning within a line. */
export const escapeInline = (text: string): string =>
  text.replace(SPECIAL, '\\$&').replace(/[\n\r]/g, (end) => reference(end))

/** An escaped text that stands at the start of a line, with what has a meaning only there escaped too. */
export const escapeLineStart = (source: string): string =>
  source.replace(BLOCK_MARKER, '\\$&').replace(LIST_NUMBER, '$1\\$2')

const PLAIN_ADDRESS = /^[\w:/?#@!$'*+,;=.%&~-]+$/
const ENTITY = /&#?\w+;/

/** An address as the destination of a link. */
export const escapeAddress = (href: string): string =>
  PLAIN_ADDRESS.test(href) && !ENTITY.test(href) ? href : `<${href.replace(/[\\<>&]/g, '\\$&')}>`

/** A link's title in its quotes. */
export const quoteTitle = (title: string): string =>
  `"${printable(title)
    .replace(/[\\"&]/g, '\\$&')
    .replace(/[\n\r]/g, (end) => reference(end))}"`
