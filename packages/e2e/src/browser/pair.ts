import type { Beat, Role, Story } from '@storyweave/protocol'
import type { Browser } from 'playwright-core'
import { expect } from 'vitest'
import { launchBrowser, type Reader, windowOf } from '../support/browser.ts'
import { type House, startHouse } from '../support/house.ts'
import { Person } from '../support/person.ts'
import { RoomPage, soon } from './room-page.ts'

/** Two people at two windows of one house: Ann, whose stories they are, and Bea. */
export interface Pair {
  readonly server: House
  readonly browser: Browser
  readonly ann: Person
  readonly bea: Person
  readonly annsWindow: Reader
  readonly beasWindow: Reader
}

export async function startPair(): Promise<Pair> {
  const [server, browser] = await Promise.all([startHouse(), launchBrowser()])
  const [ann, bea] = [await Person.signUp(server.address, 'Ann'), await Person.signUp(server.address, 'Bea')]
  const [annsWindow, beasWindow] = [
    await windowOf(browser, server.address, 'Ann'),
    await windowOf(browser, server.address, 'Bea'),
  ]
  return { server, browser, ann, bea, annsWindow, beasWindow }
}

export async function endPair({ browser, server }: Pair): Promise<void> {
  await browser.close()
  await server.remove()
}

/** Nothing in either console, and no request to another origin than the house's. */
export function expectQuiet({ server, annsWindow, beasWindow }: Pair): void {
  for (const { complaints, origins } of [annsWindow, beasWindow]) {
    expect(complaints).toEqual([])
    expect([...origins].sort()).toEqual([server.address, server.socketAddress].sort())
  }
}

/** A story of Ann's, shared with Bea and open in both windows at its first beat. */
export interface SharedStory {
  readonly story: Story
  readonly beat: Beat
  readonly sceneId: number
  readonly annsRoom: RoomPage
  readonly beasRoom: RoomPage
}

export async function share({ ann, bea }: Pair, story: Story, role: Role): Promise<void> {
  await ann.call('POST', `/collaboration/stories/${story.id}/share`, { user_id: bea.me.user_id, role })
}

export async function changeRole({ ann, bea }: Pair, story: Story, role: Role): Promise<void> {
  await ann.call('PATCH', `/collaboration/stories/${story.id}/permissions/${bea.me.user_id}`, { role })
}

/** `text` is the first scene's, as Markdown. */
export async function openTogether(
  pair: Pair,
  title: string,
  text: string,
  role: Role = 'editor',
): Promise<SharedStory> {
  const { ann, annsWindow, beasWindow } = pair
  const story = await ann.newStory(title)
  const [first] = await ann.beatsOf(story.id)
  if (first === undefined) throw new Error('A new story has a beat.')
  for (const scene of first.scenes) await ann.call('DELETE', `/api/scenes/${scene.id}`)
  const { id: sceneId } = await ann.call<{ id: number }>('POST', `/api/beats/${first.id}/scenes`, { text })
  await share(pair, story, role)
  const [annsRoom, beasRoom] = await Promise.all([
    RoomPage.open(annsWindow.page, story.id, first.id),
    RoomPage.open(beasWindow.page, story.id, first.id),
  ])
  return { story, beat: first, sceneId, annsRoom, beasRoom }
}

/** Both windows show one and the same document. */
export async function expectSame(one: RoomPage, two: RoomPage): Promise<void> {
  await Promise.all([one.saved(), two.saved()])
  await expect
    .poll(async () => JSON.stringify(await one.document()) === JSON.stringify(await two.document()), soon)
    .toBe(true)
}
