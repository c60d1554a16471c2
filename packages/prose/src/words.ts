/**
 * What counts as a word: a run of letters, digits and their accents. Inside a word, between two of those, may
 * stand an apostrophe, a hyphen, a full stop, or between digits a comma or colon: *don’t*, *half-hour*,
 * *o.s.*, *3,500* and *7:30* are one word each; dashes, quotes and emoji are none. A number counts.
 */
const WORD = wordPattern('[\\p{L}\\p{N}\\p{M}\\u200c\\u200d]')
/** Scripts that put no spaces between words: a dictionary finds them there. */
const UNSPACED_SCRIPTS =
  '\\p{sc=Han}\\p{sc=Hiragana}\\p{sc=Katakana}\\p{sc=Thai}\\p{sc=Lao}\\p{sc=Khmer}\\p{sc=Myanmar}'
const UNSPACED = new RegExp(`[${UNSPACED_SCRIPTS}][${UNSPACED_SCRIPTS}\\p{M}\\u30fc]*`, 'gu')

function wordPattern(letter: string): RegExp {
  const joiner = `(?:['’.\\u00ad\\u2010\\u2011-](?=${letter})|(?<=\\p{Nd})[,:](?=\\p{Nd}))`
  return new RegExp(`[\\p{L}\\p{N}](?:${letter}|${joiner})*`, 'gu')
}

/** The number of words in a text of any language. */
export function countWords(text: string): number {
  let unspacedWords = 0
  const spaced = text.replace(UNSPACED, (run) => {
    unspacedWords += countUnspaced(run)
    return ' '
  })
  return unspacedWords + countMatches(spaced)
}

function countMatches(text: string): number {
  let count = 0
  WORD.lastIndex = 0
  while (WORD.test(text)) count++
  return count
}

/** Made when first needed: it loads dictionaries. */
let segmenter: Intl.Segmenter | undefined

function countUnspaced(run: string): number {
  segmenter ??= new Intl.Segmenter('und', { granularity: 'word' })
  let count = 0
  for (const { isWordLike } of segmenter.segment(run)) if (isWordLike) count++
  return count
}
