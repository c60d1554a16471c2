import type { Role, Story } from '@storyweave/protocol'
import { openPostOffice, type PostOffice } from '@storyweave/server/mail/testing.ts'
import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  emailOf,
  launchBrowser,
  openWindow,
  type Reader,
  signUpOnScreen,
  windowOf,
} from '../support/browser.ts'
import { expireLink } from '../support/expired-link.ts'
import { Person, passwordOf } from '../support/person.ts'
import { ServerProcess } from '../support/server-process.ts'
import { press, tabTo } from './keyboard.ts'
import { RoomPage, soon } from './room-page.ts'

const SAMPLE = 'Eleven Minutes Slow'

let office: PostOffice
let server: ServerProcess
let browser: Browser
let ann: Reader
let annsRoom: RoomPage
let story: Story

beforeAll(async () => {
  office = await openPostOffice()
  server = await ServerProcess.start({ SMTP_URL: office.url, MAIL_FROM: 'room@write.example' })
  browser = await launchBrowser()
  ann = await openWindow(browser, server.address, 'Ann')
  await ann.page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await signUpOnScreen(ann)
  await ann.page.getByRole('link', { name: SAMPLE }).click()
  annsRoom = new RoomPage(ann.page)
  await annsRoom.field('Beat title').waitFor()
  const { stories } = (await (await ann.page.request.get('/api/stories')).json()) as { stories: Story[] }
  const [sample] = stories
  if (sample === undefined) throw new Error('A new account has a story.')
  story = sample
})
afterAll(async () => {
  await browser.close()
  await server.remove()
  await office.close()
})

/** Asks the server as Ann's window. */
async function asAnn<Answer>(method: 'POST' | 'PATCH', path: string, data: object): Promise<Answer> {
  const answer = await ann.page.request.fetch(path, { method, data, headers: { origin: server.address } })
  if (!answer.ok()) throw new Error(await answer.text())
  return (await answer.json()) as Answer
}

const newLink = async (terms: object): Promise<{ id: number; path: string }> => {
  const path = `/collaboration/stories/${story.id}/links`
  const { id, link } = await asAnn<{ id: number; link: string }>('POST', path, terms)
  return { id, path: link.replace(server.address, '') }
}

const shareWith = ({ me }: Person, role: Role) =>
  asAnn('POST', `/collaboration/stories/${story.id}/share`, { user_id: me.user_id, role })

/** On a page opened anew: a dialog that a test before left open would be in the way. */
async function openShare(): Promise<Locator> {
  await RoomPage.open(ann.page, story.id)
  await ann.page.getByRole('button', { name: 'Share', exact: true }).click()
  const dialog = ann.page.getByRole('dialog', { name: `Share “${SAMPLE}”` })
  await dialog.getByRole('list', { name: 'People' }).waitFor()
  return dialog
}

/** Behind the open dialog Ann's text is hidden from readers of the page, and so from `annsRoom`. */
async function closeShare(): Promise<void> {
  await ann.page.getByRole('button', { name: 'Done' }).click()
  await ann.page.getByRole('dialog').waitFor({ state: 'hidden' })
}

/** The link in the letter to `to` that came last, once it is there. */
async function linkInLetter(to: string, subject: string): Promise<string> {
  const letters = () =>
    office.received.filter(
      ({ to: [address], headers }) => address === to && headers.get('subject')?.includes(subject),
    )
  await expect.poll(() => letters().length, soon).toBeGreaterThan(0)
  return /http\S+/.exec(letters().at(-1)?.text ?? '')?.[0] ?? ''
}

describe('by link', () => {
  test('copy link, a private window, a name: a guest writes along, and stays with an account', async () => {
    const dialog = await openShare()
    await dialog.getByRole('button', { name: 'Copy link' }).first().click()
    await dialog.getByText(/^Copied\. It lets in up to 10 guests as editors until /).waitFor()
    const link = await ann.page.evaluate<string>('navigator.clipboard.readText()')
    await closeShare()

    const rob = await openWindow(browser, server.address, 'Rob')
    await rob.page.goto(link)
    await rob.page.getByRole('heading', { name: `Come into “${SAMPLE}”` }).waitFor()
    await rob.page.getByLabel('Your name').fill('Rob')
    await rob.page.getByRole('button', { name: 'Come in' }).click()
    const robsRoom = new RoomPage(rob.page)
    await robsRoom.field('Beat title').waitFor()
    expect(await rob.page.getByRole('button', { name: 'Share', exact: true }).count()).toBe(0)
    await robsRoom.putCaret(1, 0, 'Home')
    await rob.page.keyboard.type('Rob was here. ')
    await annsRoom.hasText('Rob was here. ')

    await openPeople(ann.page)
    const robBesideAnn = ann.page.locator('.sw-people-panel li', { hasText: 'Rob' })
    await robBesideAnn.getByText('Guest · on “The complaint”').waitFor()

    await rob.page.getByRole('link', { name: 'Guest: keep your name' }).click()
    await rob.page.getByLabel('E-mail').fill(emailOf('Rob'))
    await rob.page.getByLabel('Password').fill(passwordOf('Rob'))
    await rob.page.getByRole('button', { name: 'Make an account' }).click()
    await robsRoom.field('Beat title').waitFor()
    await robBesideAnn.getByText('on “The complaint”', { exact: true }).waitFor()
    expect(rob.complaints).toEqual([])
    await rob.close()
  })

  test('a wrong passcode says so, and after some tries how long to wait', async () => {
    const { path } = await newLink({ role: 'viewer', passcode: 'harbour' })
    const eve = await openWindow(browser, server.address, 'Eve')
    await eve.page.goto(path)
    await eve.page.getByLabel('Your name').fill('Eve')
    for (let tries = 0; tries < 5; tries++) {
      await eve.page.getByLabel('Passcode').fill(`guess ${tries}`)
      const answer = eve.page.waitForResponse('**/collaboration/join')
      await eve.page.getByRole('button', { name: 'Come in' }).click()
      await answer
      await eve.page.getByText('This is not the passcode').waitFor()
    }
    await eve.page.getByLabel('Passcode').fill('harbour')
    await eve.page.getByRole('button', { name: 'Come in' }).click()
    await eve.page
      .getByRole('alert')
      .filter({ hasText: /Wait \d+ seconds, then try again/ })
      .waitFor()
    expect(eve.complaints).toEqual([])
    await eve.close()
  })

  test.each([
    ['switched off', { enabled: false }, 'This link is switched off'],
    ['used up', { max_uses: 1 }, 'as many guests as it may'],
  ])('a link that is %s says so', async (_, changes, words) => {
    const { id, path } = await newLink({})
    await asAnn('PATCH', `/collaboration/stories/${story.id}/links/${id}`, changes)
    const eve = await openWindow(browser, server.address, 'Eve')
    const guest = { token: path.split('#')[1], name: 'First' }
    if ('max_uses' in changes) await fetchJson('/collaboration/join', guest)
    await eve.page.goto(path)
    if ('max_uses' in changes) {
      await eve.page.getByLabel('Your name').fill('Eve')
      await eve.page.getByRole('button', { name: 'Come in' }).click()
    }
    await eve.page.getByText(words).waitFor()
    await eve.close()
  })

  test('a link that has expired says so, to who stands before it and to who comes, and shows the way out', async () => {
    const { id, path } = await newLink({})
    const eve = await openWindow(browser, server.address, 'Eve')
    await eve.page.goto(path)
    await eve.page.getByLabel('Your name').fill('Eve')
    expireLink(server, id)
    await eve.page.getByRole('button', { name: 'Come in' }).click()
    const says = eve.page.getByText('This link has expired: ask for a new one.')
    await says.waitFor()
    await eve.page.reload()
    await eve.page.getByRole('heading', { name: 'This link lets nobody in' }).waitFor()
    await says.waitFor()
    // It would be as shut the next time.
    expect(await eve.page.getByRole('button', { name: 'Try again' }).count()).toBe(0)
    await eve.page.getByRole('link', { name: 'To your shelf' }).click()
    await eve.page.getByRole('heading', { name: 'Sign in' }).waitFor()
    expect(eve.complaints).toEqual([])
    await eve.close()
  })

  test('an address whose token was cut off, and one that was never made, say so', async () => {
    const eve = await openWindow(browser, server.address, 'Eve')
    await eve.page.goto('/join')
    await eve.page.getByRole('heading', { name: 'This link is not whole' }).waitFor()
    await eve.page.goto('/invitation#nobody-made-this')
    await eve.page.getByRole('heading', { name: 'This link leads nowhere' }).waitFor()
    expect(eve.complaints).toEqual([])
    await eve.close()
  })
})

/** From outside of any browser. */
async function fetchJson(path: string, body: object): Promise<void> {
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(`${server.address}${path}`, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  })
  if (!answer.ok) throw new Error(await answer.text())
}

async function openPeople(page: Page): Promise<void> {
  await page
    .getByRole('navigation', { name: 'Beside the text' })
    .getByRole('button', { name: 'People' })
    .click()
}

describe('by invitation', () => {
  test('a letter leads to an account and into the story, once', async () => {
    const dialog = await openShare()
    await dialog.getByLabel('E-mail').fill(emailOf('Bea'))
    await dialog.getByRole('button', { name: 'Invite' }).click()
    await dialog.getByText('a letter is on its way').waitFor()
    const invited = dialog
      .getByRole('listitem')
      .filter({ hasText: emailOf('Bea') })
      .getByText('Invited · until')
    await invited.waitFor()
    const link = await linkInLetter(emailOf('Bea'), SAMPLE)

    const bea = await openWindow(browser, server.address, 'Bea')
    await bea.page.goto(link)
    await bea.page.getByRole('heading', { name: `You are invited to “${SAMPLE}”` }).waitFor()
    await bea.page.getByRole('link', { name: 'Make an account' }).click()
    await bea.page.getByLabel('Name').fill('Bea')
    await bea.page.getByLabel('E-mail').fill(emailOf('Bea'))
    await bea.page.getByLabel('Password').fill(passwordOf('Bea'))
    await bea.page.getByRole('button', { name: 'Make an account' }).click()
    await bea.page.getByRole('button', { name: 'Come in as Bea' }).click()
    await new RoomPage(bea.page).field('Beat title').waitFor()
    // The open dialog follows: who was invited is there.
    await dialog.getByLabel('Role of Bea').waitFor()
    await invited.waitFor({ state: 'hidden' })
    await closeShare()

    const eve = await openWindow(browser, server.address, 'Eve')
    await eve.page.goto(link)
    await eve.page.getByText('This invitation was used already').waitFor()
    expect([...bea.complaints, ...eve.complaints]).toEqual([])
    await eve.close()
    await bea.close()
  })
})

describe('while somebody looks', () => {
  let person: Person
  let cleo: Reader
  let cleosRoom: RoomPage

  beforeAll(async () => {
    person = await Person.signUp(server.address, 'Cleo')
  })
  beforeEach(async () => {
    await shareWith(person, 'editor')
    cleo = await windowOf(browser, server.address, 'Cleo')
    cleosRoom = await RoomPage.open(cleo.page, story.id)
    await cleosScene('true').waitFor()
  })
  afterEach(() => cleo.close())

  const cleosScene = (editable: 'true' | 'false') =>
    cleo.page.locator(`[aria-label="Scene 1"][contenteditable="${editable}"]`)

  test('an editor becomes a viewer, and an editor again', async () => {
    const dialog = await openShare()
    await dialog.getByLabel('Role of Cleo').selectOption('viewer')
    await cleo.page.getByText('You can read here. Writing is for this story’s editors.').waitFor()
    await cleosScene('false').waitFor()
    await dialog.getByLabel('Role of Cleo').selectOption('editor')
    await cleosScene('true').waitFor()
    await closeShare()
    await cleosRoom.putCaret(1, 0, 'End')
    await cleo.page.keyboard.type(' And Cleo.')
    await annsRoom.hasText(' And Cleo.')
    expect(cleo.complaints).toEqual([])
  })

  test('access is taken away: the page says so, keeps the text and shows the way out', async () => {
    await cleosRoom.putCaret(1, 1, 'End')
    await cleo.page.keyboard.type(' Farewell.')
    await cleosRoom.saved()
    const dialog = await openShare()
    await dialog.getByRole('button', { name: 'Remove Cleo' }).click()
    await dialog.getByRole('alert').getByRole('button', { name: 'Remove' }).click()
    await cleo.page.getByRole('alert').filter({ hasText: 'no longer shared with you' }).waitFor()
    expect(await cleosRoom.text()).toContain(' Farewell.')
    await dialog.getByLabel('Role of Cleo').waitFor({ state: 'hidden' })
    await closeShare()
    await cleo.page.getByRole('link', { name: 'To your shelf', exact: true }).click()
    await cleo.page.getByRole('heading', { name: 'Your shelf' }).waitFor()
    await cleo.page.getByRole('list', { name: 'Stories' }).waitFor()
    expect(cleo.complaints).toEqual([])
  })
})

test('somebody leaves a story by themselves', async () => {
  await shareWith(await Person.signUp(server.address, 'Dee'), 'viewer')
  const dee = await windowOf(browser, server.address, 'Dee')
  await RoomPage.open(dee.page, story.id)
  await openPeople(dee.page)
  await dee.page.getByRole('button', { name: 'Who is in it, and leaving…' }).click()
  await dee.page.getByRole('button', { name: 'Leave the story' }).click()
  await dee.page.getByRole('button', { name: 'Leave', exact: true }).click()
  await dee.page.getByRole('heading', { name: 'Your shelf' }).waitFor()
  await dee.page.getByRole('list', { name: 'Stories' }).waitFor()
  await dee.page.getByText('Shared to read').waitFor({ state: 'detached' })
  expect(dee.complaints).toEqual([])
  await dee.close()
})

describe('an account', () => {
  test('the letter of the sign-up confirms the address', async () => {
    const eve = await openWindow(browser, server.address, 'Eve')
    await eve.page.goto(await linkInLetter(emailOf('Ann'), 'Confirm your address'))
    await eve.page.getByRole('heading', { name: 'Your address is confirmed' }).waitFor()
    await eve.page.goto('/verified?error=TOKEN_EXPIRED')
    await eve.page.getByRole('heading', { name: 'Your address is not confirmed yet' }).waitFor()
    expect(eve.complaints).toEqual([])
    await eve.close()
  })

  test('a forgotten password is replaced through a real letter', async () => {
    await Person.signUp(server.address, 'Flo')
    const flo = await openWindow(browser, server.address, 'Flo')
    await flo.page.goto('/sign-in')
    await flo.page.getByRole('link', { name: 'Forgot your password?' }).click()
    // Until then the field for the e-mail is still the one of the page before.
    await flo.page.getByRole('heading', { name: 'Forgot your password?' }).waitFor()
    await flo.page.getByLabel('E-mail').fill(emailOf('Flo'))
    await flo.page.getByRole('button', { name: 'Send me a link' }).click()
    await flo.page.getByText('a letter with a link is on its way').waitFor()
    const link = await linkInLetter(emailOf('Flo'), 'A new password')
    await flo.page.goto(link)
    await flo.page.getByLabel('New password').fill('another long password')
    await flo.page.getByRole('button', { name: 'Change the password' }).click()
    await flo.page.getByRole('heading', { name: 'Sign in' }).waitFor()
    await flo.page.getByLabel('E-mail').fill(emailOf('Flo'))
    await flo.page.getByLabel('Password').fill('another long password')
    await flo.page.getByRole('button', { name: 'Sign in' }).click()
    await flo.page.getByRole('heading', { name: 'Your shelf' }).waitFor()
    // Used once, the link says what to do instead.
    await flo.page.goto(link)
    await flo.page.getByLabel('New password').fill('yet another password')
    await flo.page.getByRole('button', { name: 'Change the password' }).click()
    await flo.page.getByRole('alert').getByRole('link', { name: 'Ask for another link' }).waitFor()
    expect(flo.complaints).toEqual([])
    await flo.close()
  })

  test('another name is seen by the others; another browser is signed out', async () => {
    const gus = await Person.signUp(server.address, 'Gus')
    const window = await windowOf(browser, server.address, 'Gus')
    await window.page.goto('/')
    await window.page.getByRole('button', { name: 'Gus: account and appearance' }).click()
    await window.page.getByRole('menuitem', { name: 'Your account' }).click()
    const sessions = window.page.getByRole('list', { name: 'Sessions' })
    await sessions.getByText('this one').waitFor()
    await sessions.getByRole('button', { name: 'Sign out A program' }).click()
    await expect.poll(() => sessions.getByRole('listitem').count(), soon).toBe(1)
    expect((await gus.ask('GET', '/api/me')).status).toBe(401)
    await window.page.getByLabel('Name').fill('Augustus')
    await window.page.getByRole('button', { name: 'Change the name' }).click()
    await window.page.getByText('You are Augustus now').waitFor()
    await window.page.getByRole('link', { name: 'Back to your shelf' }).click()
    await window.page.getByRole('button', { name: 'Augustus: account and appearance' }).waitFor()
    expect(window.complaints).toEqual([])
    await window.close()
  })
})

test('by keyboard alone: share, copy a link, invite, and back to the text', async () => {
  const { page } = await RoomPage.open(ann.page, story.id)
  const share = page.getByRole('button', { name: 'Share', exact: true })
  await press(page, 'Share')
  const dialog = page.getByRole('dialog', { name: `Share “${SAMPLE}”` })
  await dialog.getByRole('list', { name: 'People' }).waitFor()
  await dialog.locator(':focus').waitFor()
  await press(page, 'Copy link')
  await dialog.getByText(/^Copied\./).waitFor()
  await tabTo(page, dialog.getByLabel('E-mail'))
  await page.keyboard.type('ruth@example.org')
  await page.keyboard.press('Enter')
  await dialog.getByText('ruth@example.org is invited').waitFor()
  await press(page, 'Withdraw the invitation to ruth@example.org')
  await dialog.getByRole('listitem').filter({ hasText: 'ruth@example.org' }).waitFor({ state: 'hidden' })
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'hidden' })
  await share.and(page.locator(':focus')).waitFor()
})

test('nothing was complained about, and nothing asked of another server', () => {
  expect(ann.complaints).toEqual([])
  expect([...ann.origins].sort()).toEqual([server.address, server.socketAddress].sort())
})
