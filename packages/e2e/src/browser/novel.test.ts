import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseMarkdown, plainText } from '@storyweave/prose'
import type { Beat, Story } from '@storyweave/protocol'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { emailOf, launchBrowser, type Reader, windowOf } from '../support/browser.ts'
import { type House, startHouse } from '../support/house.ts'
import { Person } from '../support/person.ts'
import { readNovel } from './novel.ts'
import { RoomPage, soon } from './room-page.ts'

const novel = readNovel()
const IMPORT_MS = 10_000
/** Tests share the machine with each other: only what is off by a factor fails. */
const LOADED = 3
const COMMAND = fileURLToPath(import.meta.resolve('@storyweave/server/cli/storyweave.ts'))

const wordsOf = (text: string): string[] => text.match(/[\p{L}\p{N}]+/gu) ?? []

let server: House
let browser: Browser
let folder: string
let file: string
let ann: Person
let bea: Person

beforeAll(async () => {
  server = await startHouse()
  browser = await launchBrowser()
  folder = await mkdtemp(join(tmpdir(), 'storyweave-novel-'))
  file = join(folder, 'novel.md')
  await writeFile(file, novel.markdown)
  ann = await Person.signUp(server.address, 'Ann')
  bea = await Person.signUp(server.address, 'Bea')
})
afterAll(async () => {
  await browser.close()
  await server.remove()
  await rm(folder, { recursive: true })
})

/** Everything that the server says of a story: its title, its premise, its beats with their scenes, in order. */
async function wholeStory(story: Story): Promise<string> {
  const beats = await ann.beatsOf(story.id)
  const texts: string[] = [story.title, story.premise ?? '']
  for (const beat of beats) texts.push(beat.title, ...(await sceneTexts(beat)))
  return texts.join('\n')
}

const sceneTexts = (beat: Beat): Promise<string[]> =>
  Promise.all(beat.scenes.map(async ({ id }) => (await ann.scene(id)).text))

async function storyCalled(title: string): Promise<Story> {
  const { stories } = await ann.call<{ stories: Story[] }>('GET', '/api/stories')
  const [newest] = stories.filter((story) => story.title === title)
  if (newest === undefined) throw new Error(`There is no story “${title}”.`)
  return newest
}

async function importByCommand(title: string): Promise<number> {
  const began = performance.now()
  const child = spawn(
    process.execPath,
    [COMMAND, 'import', file, '--story', title, '--owner', emailOf('Ann')],
    {
      env: { PATH: process.env['PATH'], ...server.commandEnvironment },
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  )
  const [code] = await once(child, 'exit')
  expect(code).toBe(0)
  return performance.now() - began
}

describe(`a whole novel: ${novel.name}`, () => {
  test('import: by the command line, beside the running server, with every word', async () => {
    const tookMs = await importByCommand('By Command')
    process.stdout.write(`novel: storyweave import took ${Math.round(tookMs)} ms\n`)
    expect(tookMs).toBeLessThan(IMPORT_MS * LOADED)
    const story = await storyCalled('By Command')
    expect(await ann.beatsOf(story.id)).toHaveLength(novel.beats)
    const words = wordsOf(await wholeStory({ ...story, title: novel.title }))
    expect(words.length).toBeGreaterThan(45_000)
    expect(words).toEqual(wordsOf(novel.markdown))
  })

  test('import: by “Open a file”, then two people write in its first chapter, through a power cut', async () => {
    const one = await windowOf(browser, server.address, 'Ann')
    const story = await openFile(one)
    await ann.call('POST', `/collaboration/stories/${story.id}/share`, {
      user_id: bea.me.user_id,
      role: 'editor',
    })
    const two = await windowOf(browser, server.address, 'Bea')
    const [beat] = await ann.beatsOf(story.id)
    const scene = beat?.scenes[0]
    if (beat === undefined || scene === undefined) throw new Error('The novel has no first scene.')
    const [annsRoom, beasRoom] = await Promise.all([
      RoomPage.open(one.page, story.id, beat.id),
      RoomPage.open(two.page, story.id, beat.id),
    ])
    const same = () => expectSame(annsRoom, beasRoom, scene.id)

    // In one paragraph, from both of its ends.
    await Promise.all([annsRoom.putCaret(1, 2, 'Home'), beasRoom.putCaret(1, 2, 'End')])
    await Promise.all([type(one, 'Ann was here at the start. '), type(two, ' And Bea was here at the end.')])
    await Promise.all([
      annsRoom.hasText(' And Bea was here at the end.'),
      beasRoom.hasText('Ann was here at the start. '),
    ])
    await same()
    await Promise.all([seesCaret(one, 'Bea'), seesCaret(two, 'Ann')])

    // At one and the same place: whatever the order, no letter is missing or doubled.
    const before = (await annsRoom.text()).length
    await Promise.all([annsRoom.putCaret(1, 4, 'Home'), beasRoom.putCaret(1, 4, 'Home')])
    await Promise.all([type(one, 'aaaaaaaaaaaaaaaaaaaa'), type(two, 'bbbbbbbbbbbbbbbbbbbb')])
    await expect.poll(async () => (await annsRoom.text()).length, soon).toBe(before + 40)
    await same()

    // In different paragraphs, at once with new ones.
    await Promise.all([annsRoom.putCaret(1, 0, 'End'), beasRoom.putCaret(1, 6, 'End')])
    await Promise.all([
      typeParagraph(one, 'A paragraph of Ann’s.'),
      typeParagraph(two, 'A paragraph of Bea’s.'),
    ])
    await Promise.all([annsRoom.hasText('A paragraph of Bea’s.'), beasRoom.hasText('A paragraph of Ann’s.')])
    await same()

    await Promise.all([annsRoom.saved(), beasRoom.saved()])
    const written = await annsRoom.text()
    await server.kill()
    await server.start()
    expect(plainText(parseMarkdown((await ann.scene(scene.id)).text))).toContain('A paragraph of Bea’s.')
    await Promise.all([type(one, ' After the cut, Ann.'), type(two, ' After the cut, Bea.')])
    await Promise.all([annsRoom.hasText(' After the cut, Bea.'), beasRoom.hasText(' After the cut, Ann.')])
    await same()
    expect(await annsRoom.text()).toHaveLength(
      written.length + ' After the cut, Ann. After the cut, Bea.'.length,
    )
    for (const reader of [one, two]) {
      expect(reader.complaints).toEqual([])
      await reader.close()
    }
  })
})

async function openFile({ page }: Reader): Promise<Story> {
  await page.goto('/')
  await page.getByRole('heading', { name: 'Your shelf' }).waitFor()
  await page.getByLabel('Markdown file').setInputFiles(file)
  await page.getByText(`“${novel.title}” is here: ${novel.beats} beats`).waitFor()
  await page.getByRole('navigation', { name: 'Outline' }).waitFor()
  const story = await storyCalled(novel.title)
  expect(await ann.beatsOf(story.id)).toHaveLength(novel.beats)
  expect(wordsOf(await wholeStory(story))).toEqual(wordsOf(novel.markdown))
  return story
}

/** Real key events, one after the other without a wait. */
const type = ({ page }: Reader, words: string): Promise<void> => page.keyboard.type(words)

async function typeParagraph(reader: Reader, words: string): Promise<void> {
  await reader.page.keyboard.press('Enter')
  await type(reader, words)
}

/** Both editors and the server have the same text. */
async function expectSame(one: RoomPage, two: RoomPage, sceneId: number): Promise<void> {
  await Promise.all([one.saved(), two.saved()])
  await expect
    .poll(async () => JSON.stringify(await two.document()) === JSON.stringify(await one.document()), soon)
    .toBe(true)
  const text = await one.text()
  const onServer = async () => plainText(parseMarkdown((await ann.scene(sceneId)).text))
  await expect.poll(async () => wordsOf(await onServer()), soon).toEqual(wordsOf(text))
}

/** The other's caret stands in the text, with their name. */
const seesCaret = ({ page }: Reader, name: string): Promise<void> =>
  page.locator('.sw-caret', { has: page.getByText(name, { exact: true }) }).waitFor({ state: 'attached' })
