import {
  beatDocumentName,
  CLOSE,
  encodeClientFrame,
  type Joined,
  type MadeInvitation,
  type MadeLink,
  type PresentUser,
  type Story,
} from '@storyweave/protocol'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { expireLink } from '../support/expired-link.ts'
import { Person, passwordOf } from '../support/person.ts'
import { ServerProcess } from '../support/server-process.ts'
import { refusedUpgrade, Wire } from '../support/wire.ts'

let server: ServerProcess
let ann: Person
let story: Story

beforeAll(async () => {
  server = await ServerProcess.start()
  ann = await Person.signUp(server.address, 'Ann')
  story = await ann.newStory('The Lighthouse')
})
afterAll(() => server.remove())

const tokenOf = (link: string): string => link.split('#')[1] ?? ''

const post = async <Answer>(path: string, body: object, token?: string): Promise<Answer> => {
  const response = await fetch(`${server.address}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify(body),
  })
  const answer = (await response.json()) as Answer
  if (!response.ok) throw new Error(`${response.status} ${path}: ${JSON.stringify(answer)}`)
  return answer
}

const newLink = (said: object = {}) =>
  ann.call<MadeLink>('POST', `/collaboration/stories/${story.id}/links`, said)

const socketPath = async (token: string): Promise<string> => {
  const { ticket } = await post<{ ticket: string }>('/collaboration/ticket', {}, token)
  return `${server.socketAddress}/collaboration/ws/story/${story.id}?ticket=${ticket}`
}

async function guestOf({ link }: MadeLink): Promise<{ token: string; userId: number; wire: Wire }> {
  const { token, user_id } = await post<Joined>('/collaboration/join', { token: tokenOf(link), name: 'Gil' })
  if (token === null) throw new Error('A client without our Origin gets a token.')
  const wire = await Wire.openAt(await socketPath(token))
  expect(await wire.message('initial_state')).toMatchObject({ me: { user_id } })
  return { token, userId: user_id, wire }
}

/** Told, closed, and not let in again. */
async function expectOut({ token, wire }: { token: string; wire: Wire }): Promise<void> {
  await wire.message('access_revoked')
  expect(await wire.whenClosed()).toBe(CLOSE.accessRevoked)
  expect(await refusedUpgrade(await socketPath(token))).toBe(404)
}

async function memberOf(name: string): Promise<{ person: Person; token: string; wire: Wire }> {
  const person = await Person.signUp(server.address, name)
  const share = { user_id: person.me.user_id, role: 'editor' }
  await ann.call('POST', `/collaboration/stories/${story.id}/share`, share)
  const wire = await Wire.open(server, person, story.id)
  await wire.message('initial_state')
  return { person, token: person.token, wire }
}

describe('rights are live on open sockets', () => {
  test('share-by-id: another role is told, a taken one closes the socket', async () => {
    const ben = await memberOf('Ben')
    const [beat] = await ann.beatsOf(story.id)
    ben.wire.send(encodeClientFrame({ type: 'auth', key: beatDocumentName(beat?.id ?? 0), token: '' }))
    expect(await ben.wire.frame('scope')).toMatchObject({ scope: 'read-write' })
    const at = `/collaboration/stories/${story.id}/permissions/${ben.person.me.user_id}`
    await ann.call('PATCH', at, { role: 'viewer' })
    expect(await ben.wire.message('permission_changed')).toMatchObject({ role: 'viewer' })
    expect(await ben.wire.frame('scope')).toMatchObject({ scope: 'readonly' })
    expect(await ben.wire.message('notification')).toMatchObject({ kind: 'role_changed' })
    await ann.call('DELETE', at)
    await expectOut(ben)
  })

  test('link-end: a lower role, then switched off', async () => {
    const link = await newLink()
    const gil = await guestOf(link)
    const at = `/collaboration/stories/${story.id}/links/${link.id}`
    await ann.call('PATCH', at, { role: 'viewer' })
    expect(await gil.wire.message('permission_changed')).toMatchObject({ role: 'viewer' })
    await ann.call('PATCH', at, { enabled: false })
    await expectOut(gil)
  })

  test('link-end: deleted', async () => {
    const link = await newLink()
    const gil = await guestOf(link)
    await ann.call('DELETE', `/collaboration/stories/${story.id}/links/${link.id}`)
    await expectOut(gil)
  })

  test('link-end: its time runs out by itself', async () => {
    const link = await newLink({ expires_in_hours: 1 })
    const gil = await guestOf(link)
    expireLink(server, link.id)
    await expectOut(gil)
  })

  test('guest-account: signing in later is the same person', async () => {
    const gil = await guestOf(await newLink())
    const account = { email: 'gil@example.com', password: passwordOf('Gil') }
    await post('/api/auth/guest/account', { ...account, name: 'Gil Reed' }, gil.token)
    // The window that was open all along.
    expect(await gil.wire.message('permission_changed')).toMatchObject({ role: 'editor' })
    const isKnown = (user: PresentUser) => user.user_name === 'Gil Reed' && !user.guest
    await gil.wire.message('presence_update', ({ users = [] }) => users.some(isKnown))
    gil.wire.say({ type: 'chat', message: 'Here to stay' })
    expect(await gil.wire.message('chat')).toMatchObject({ user_id: gil.userId, user_name: 'Gil Reed' })
    const signedIn = await post<{ token: string; user: { id: string } }>('/api/auth/sign-in/email', account)
    expect(signedIn.user.id).toBe(String(gil.userId))
    const wire = await Wire.openAt(await socketPath(signedIn.token))
    expect(await wire.message('initial_state')).toMatchObject({ me: { user_id: gil.userId, role: 'editor' } })
    wire.close()
    gil.wire.close()
  })

  test('invitation-once: accepted in a second window, a higher role reaches the first', async () => {
    const eve = await memberOf('Eve')
    const at = `/collaboration/stories/${story.id}/permissions/${eve.person.me.user_id}`
    await ann.call('PATCH', at, { role: 'viewer' })
    await eve.wire.message('permission_changed')
    const body = { email: 'someone@example.com', role: 'editor' }
    const share = `/collaboration/stories/${story.id}/share`
    const { invitation } = await ann.call<{ invitation: MadeInvitation }>('POST', share, body)
    await eve.person.call('POST', '/collaboration/invitations/accept', { token: tokenOf(invitation.link) })
    expect(await eve.wire.message('permission_changed')).toMatchObject({ role: 'editor' })
    eve.wire.close()
  })

  test('signed out everywhere: the sockets of every session close', async () => {
    const zoe = await memberOf('Zoe')
    const revoked = await zoe.person.ask('POST', '/api/auth/revoke-sessions', {})
    expect(revoked.status).toBe(200)
    expect(await zoe.wire.whenClosed()).toBe(CLOSE.signedOut)
  })

  test('a deleted story: everyone’s sockets close', async () => {
    const [gil, max] = [await guestOf(await newLink()), await memberOf('Max')]
    await ann.call('DELETE', `/api/stories/${story.id}`)
    expect(await gil.wire.whenClosed()).toBe(CLOSE.storyDeleted)
    expect(await max.wire.whenClosed()).toBe(CLOSE.storyDeleted)
    expect(await refusedUpgrade(await socketPath(gil.token))).toBe(404)
  })
})
