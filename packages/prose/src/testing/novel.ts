import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * A whole novel for tests: the real one where it lies beside the repository, else a stand-in of its size and
 * shape.
 */

const FILE = join('shared', 'data', 'love-among-the-chickens.md')
const REPOSITORY = fileURLToPath(new URL('../../../../', import.meta.url))
const CHAPTERS = 23
const PARAGRAPHS_PER_CHAPTER = 55
const WORDS =
  'hens walked over wet grass while nobody “quite” knew what *the* others’ half-built coops would cost'.split(
    ' ',
  )
const VERSE = '> “The wind was up, the hens were out,   \n>  And no one knew what it was about.”'

export interface Novel {
  readonly name: string
  readonly markdown: string
}

export function novel(): Novel {
  const path = findUpwards(dirname(REPOSITORY))
  if (path) return { name: 'Love Among the Chickens', markdown: readFileSync(path, 'utf8') }
  return { name: 'a stand-in for the novel, which is not here', markdown: standIn() }
}

function findUpwards(folder: string): string | undefined {
  const path = join(folder, FILE)
  if (existsSync(path)) return path
  const parent = dirname(folder)
  return parent === folder ? undefined : findUpwards(parent)
}

function standIn(): string {
  const chapters = Array.from({ length: CHAPTERS }, (_, index) => {
    const title = index === 6 ? 'VII — The *Entente Cordiale* Is Sealed' : `${index + 1} — A Chapter of Hens`
    const paragraphs = Array.from({ length: PARAGRAPHS_PER_CHAPTER }, (_, at) => paragraph(index * 100 + at))
    return [`## ${title}`, ...paragraphs, VERSE, '* * *', paragraph(index)].join('\n\n')
  })
  return `# Love Among the Chickens\n\n*P. G. Wodehouse*\n\n${chapters.join('\n\n')}\n`
}

const paragraph = (seed: number): string =>
  Array.from({ length: 40 }, (_, at) => WORDS[(seed * 7 + at * 5) % WORDS.length]).join(' ')
