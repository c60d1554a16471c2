import { readFileSync } from 'node:fs'
import { sharedFile } from '../support/shared-data.ts'

export interface Novel {
  /** Says where it is from. */
  readonly name: string
  readonly title: string
  readonly markdown: string
  readonly beats: number
}

const CHAPTERS = 23
const PARAGRAPHS_PER_CHAPTER = 50
const WORDS_PER_PARAGRAPH = 44
const WORDS =
  'the ferry came late with *one* lamp and “nobody” aboard who’d say which of them was owed a chair'.split(
    ' ',
  )

/** The real one where it lies beside the repository, else a stand-in of its size. */
export function readNovel(): Novel {
  const path = sharedFile('love-among-the-chickens.md')
  const title = path === undefined ? 'The Late Ferry' : 'Love Among the Chickens'
  return {
    name: path === undefined ? 'a stand-in of its size, as the real one is not here' : title,
    title,
    markdown: path === undefined ? standIn(title) : readFileSync(path, 'utf8'),
    beats: CHAPTERS,
  }
}

function standIn(title: string): string {
  const chapters = numbers(CHAPTERS).map((chapter) => {
    const paragraphs = numbers(PARAGRAPHS_PER_CHAPTER).map((at) => paragraph(chapter * 100 + at))
    return [`## Chapter ${chapter + 1}`, ...paragraphs, '* * *', paragraph(chapter)].join('\n\n')
  })
  return `# ${title}\n\n${chapters.join('\n\n')}\n`
}

const paragraph = (seed: number): string =>
  numbers(WORDS_PER_PARAGRAPH)
    .map((at) => WORDS[(seed * 7 + at * 5) % WORDS.length])
    .join(' ')

const numbers = (count: number): readonly number[] => [...Array(count).keys()]
