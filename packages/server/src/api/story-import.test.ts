import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { countWords } from '@storyweave/prose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestServer, type TestPerson, type TestServer } from './testing.ts'

/** The real novel, where it lies beside the repository. */
function findNovel(): string | undefined {
  for (let folder = import.meta.dirname; folder !== dirname(folder); folder = dirname(folder)) {
    const file = join(folder, 'shared/data/love-among-the-chickens.md')
    if (existsSync(file)) return file
  }
  return undefined
}

/** As long as the novel, and of the same build: 23 chapters, a byline, verse, a few scene breaks. */
function standIn(): string {
  const chapter = (number: number) => {
    const paragraphs = Array.from({ length: 100 }, (_, index) => {
      const words = Array.from({ length: 21 }, (_, at) => `word${(number * 31 + index * 7 + at) % 997}`)
      return index % 25 === 24 ? `> ${words.join(' ')}` : `“${words.join(' ')},” said *nobody*.`
    })
    return `## ${number} — A Chapter\n\n${paragraphs.toSpliced(50, 0, ...(number % 4 === 0 ? ['* * *'] : [])).join('\n\n')}`
  }
  const chapters = Array.from({ length: 23 }, (_, index) => chapter(index + 1))
  return `# A Novel\n\n*Its Writer*\n\n${chapters.join('\n\n')}\n`
}

const novelFile = findNovel()
const novel = novelFile === undefined ? standIn() : readFileSync(novelFile, 'utf8')
const origin = novelFile === undefined ? 'a stand-in, as the real one is not here' : 'the real one'

/** What a reader sees of Markdown: without its marks. */
const wordsOf = (markdown: string) => markdown.replace(/[*_>#\\]/g, ' ').match(/[\p{L}\p{N}]+/gu) ?? []

describe('import', () => {
  let server: TestServer
  let alice: TestPerson

  beforeAll(async () => {
    server = await startTestServer()
    alice = await server.person()
  })
  afterAll(() => server.close())

  const upload = (payload: string | Buffer, query = '', headers: Record<string, string> = {}) =>
    alice.send({
      method: 'POST',
      url: `/api/stories/import${query}`,
      payload,
      headers: { 'content-type': 'text/markdown', ...headers },
    })

  async function rowCounts(): Promise<Record<string, number>> {
    const counts: Record<string, number> = {}
    for (const table of [
      'projects',
      'stories',
      'beats',
      'scenes',
      'document_updates',
      'document_clients',
    ] as const) {
      const { count } = await server.database.db
        .selectFrom(table)
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow()
      counts[table] = Number(count)
    }
    return counts
  }

  test(`import: a whole novel (${origin}) is there in 10 s, every word of it in its place`, {
    timeout: 30_000,
  }, async () => {
    const begun = performance.now()
    const { status, body } = await upload(novel)
    expect(performance.now() - begun).toBeLessThan(10_000)
    expect(status).toBe(201)
    expect(body).toMatchObject({ beats: 23, story: { role: 'owner', status: 'draft' } })
    const { beats } = (await alice.get(`/api/stories/${body.story.id}/beats`)).body
    const parts: string[] = [body.story.title, body.story.premise]
    let words = 0
    for (const beat of beats) {
      parts.push(beat.title)
      for (const { id } of beat.scenes) {
        const { body: scene } = await alice.get(`/api/scenes/${id}`)
        parts.push(scene.text)
        words += scene.word_count
      }
    }
    expect(wordsOf(parts.join('\n'))).toEqual(wordsOf(novel))
    expect(body.words).toBe(words)
    expect(words).toBeGreaterThan(countWords(novel) * 0.99)
  })

  test('import: title and project as the query says', async () => {
    const { body: project } = await alice.post('/api/projects', { name: 'Imports' })
    const { body } = await upload('# In the file\n\n## One\n\nText.', `?title=Mine&project_id=${project.id}`)
    expect(body).toMatchObject({
      story: { title: 'Mine', project_id: project.id },
      beats: 1,
      scenes: 1,
      words: 1,
    })
  })

  test('import: a repeat with the same key gets the first answer', async () => {
    const key = { 'idempotency-key': 'import-1' }
    const first = await upload('# A\n\nText.', '', key)
    const before = await rowCounts()
    expect(await upload('# A\n\nText.', '', key)).toMatchObject({ status: 201, body: first.body })
    expect(await rowCounts()).toEqual(before)
  })

  test.each([
    ['not UTF-8', Buffer.from([0x23, 0x20, 0xff, 0xfe, 0x41]), 400, 'bad_message', /UTF-8/],
    ['Latin-1', Buffer.from('# Caf\u00e9', 'latin1'), 400, 'bad_message', /UTF-8/],
    ['empty', '', 400, 'bad_message', /empty/],
    ['only white space', ' \n\t\n', 400, 'bad_message', /empty/],
    ['with U+0000', '# A\u0000B', 400, 'bad_message', /U\+0000/],
    ['larger than 20 MB', Buffer.alloc(20 * 1024 * 1024 + 1, 'a'), 413, 'too_large', /20 MiB/],
  ])(
    'import: a file that is %s is refused and leaves nothing behind',
    async (_name, file, status, code, why) => {
      const before = await rowCounts()
      const answer = await upload(file)
      expect(answer).toMatchObject({ status, body: { code } })
      expect(answer.body.detail).toMatch(why)
      expect(await rowCounts()).toEqual(before)
    },
  )

  test('import: refused as something else than Markdown, into another’s project, or under a wrong title', async () => {
    const before = await rowCounts()
    const bob = await server.person('Bob')
    const { body: foreign } = await bob.post('/api/projects', { name: 'Bob’s' })
    expect(await alice.post('/api/stories/import', { title: 'x' })).toMatchObject({
      status: 400,
      body: { code: 'bad_message', path: 'content-type' },
    })
    expect(await upload('# A', `?project_id=${foreign.id}`)).toMatchObject({
      status: 404,
      body: { path: 'project_id' },
    })
    expect(await upload('# A', '?title=%20')).toMatchObject({ status: 400, body: { path: 'title' } })
    expect(await upload('# A', `?title=${'x'.repeat(301)}`)).toMatchObject({
      status: 413,
      body: { path: 'title' },
    })
    expect(await rowCounts()).toEqual({ ...before, projects: (before['projects'] ?? 0) + 1 })
  })

  test('import: a file is read while others are served', { timeout: 30_000 }, async () => {
    const large = upload(novel.repeat(4))
    let answered = 0
    let isImporting = true
    const importing = large.finally(() => {
      isImporting = false
    })
    while (isImporting) {
      expect((await alice.get('/healthz')).status).toBe(200)
      // An answer may come without a turn of the event loop, which the import needs.
      await setImmediate()
      answered++
    }
    expect((await importing).status).toBe(201)
    expect(answered).toBeGreaterThan(20)
  })
})
