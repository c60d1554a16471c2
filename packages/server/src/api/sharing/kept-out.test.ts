import type { Story } from '@storyweave/protocol'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeEachDatabase } from '../../db/testing.ts'
import {
  bearer,
  linksOf,
  openSharingHouse,
  PASSWORD,
  type SharingHouse,
  type Signed,
  storyOf,
} from './testing.ts'

describeEachDatabase('a link and whom an owner has sent away or given a lower role', (kind) => {
  let house: SharingHouse
  let ann: Signed
  let story: Story

  beforeAll(async () => {
    house = await openSharingHouse({ kind })
    ann = await house.signUp('Ann')
    story = await storyOf(house, ann)
  })
  afterAll(() => house.close())

  const { newLink, join, roleOf, usesOf } = linksOf(() => ({ house, owner: ann, story }))
  const permission = (userId: number) => `/collaboration/stories/${story.id}/permissions/${userId}`

  test('sent-away: the ban holds for every link of the story, also when the one they came by is deleted', async () => {
    const [first, second] = [await newLink(), await newLink()]
    const sent = await join({ token: first.token, name: 'Sent' })
    const as = bearer(sent.body.token)
    await house.ask('DELETE', permission(sent.body.user_id), undefined, ann.as)
    expect(await join({ token: second.token }, as)).toMatchObject({ status: 403 })
    await house.ask('DELETE', first.path, undefined, ann.as)
    expect(await join({ token: second.token }, as)).toMatchObject({
      status: 403,
      body: { code: 'forbidden', detail: 'An owner of the story took your access away.' },
    })
    expect(await roleOf(as)).toBeUndefined()
    expect(await usesOf(second.id)).toBe(0)
  })

  test('sent-away: a banned guest is kept out with an account, too, until an owner shares with them', async () => {
    const { token } = await newLink()
    const sent = await join({ token, name: 'Sent' })
    const as = bearer(sent.body.token)
    await house.ask('DELETE', permission(sent.body.user_id), undefined, ann.as)
    const account = { email: `sent-${kind}@example.com`, password: PASSWORD }
    expect(await house.ask('POST', '/api/auth/guest/account', account, as)).toMatchObject({ status: 200 })
    expect(await join({ token }, as)).toMatchObject({ status: 403 })
    expect(await roleOf(as)).toBeUndefined()
    const share = { user_id: sent.body.user_id, role: 'viewer' }
    await house.ask('POST', `/collaboration/stories/${story.id}/share`, share, ann.as)
    expect(await join({ token }, as)).toMatchObject({ status: 201, body: { role: 'viewer', guest: false } })
  })

  test('role-kept: a guest whom an owner gave a lower role keeps it over all links, with an account, too', async () => {
    const [first, second] = [await newLink(), await newLink()]
    const guest = await join({ token: first.token, name: 'Gil' })
    const as = bearer(guest.body.token)
    await house.ask('PATCH', permission(guest.body.user_id), { role: 'viewer' }, ann.as)
    for (const { token } of [first, second]) {
      expect(await join({ token }, as)).toMatchObject({ status: 201, body: { role: 'viewer' } })
    }
    const account = { email: `lowered-${kind}@example.com`, password: PASSWORD }
    await house.ask('POST', '/api/auth/guest/account', account, as)
    expect(await join({ token: first.token }, as)).toMatchObject({ status: 201, body: { role: 'viewer' } })
    expect(await roleOf(as)).toBe('viewer')
    expect(await usesOf(second.id)).toBe(0)
  })

  test('link-use: another link with a higher role gives it to a guest whose role nobody lowered', async () => {
    const [low, high] = [await newLink({ role: 'viewer' }), await newLink()]
    const guest = await join({ token: low.token, name: 'Gil' })
    const as = bearer(guest.body.token)
    expect(await join({ token: high.token }, as)).toMatchObject({ status: 201, body: { role: 'editor' } })
    expect(await usesOf(high.id)).toBe(1)
  })
})
