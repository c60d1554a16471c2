import type { Beat, Me, Scene, Story } from '@storyweave/protocol'
import { passwordOf } from '../support/person.ts'

/** Somebody with an account, who asks at whichever door is said. */
export interface Somebody {
  readonly name: string
  readonly token: string
  readonly userId: number
}

/** A story that is written in. */
export interface TorturedStory {
  readonly id: number
  readonly owner: Somebody
  readonly beats: readonly TorturedBeat[]
}

export interface TorturedBeat {
  readonly id: number
  readonly scenes: readonly { readonly id: number; readonly key: string }[]
}

export interface Newcomer {
  readonly number: number
  /** The set-up link's, for the house's first person. */
  readonly setupToken: string | undefined
}

export async function signUp(door: string, origin: string, newcomer: Newcomer): Promise<Somebody> {
  const { number, setupToken } = newcomer
  const name = `Writer ${number}`
  const setup = setupToken === undefined ? {} : { 'x-setup-token': setupToken }
  const from = { 'x-forwarded-for': `10.1.${number >> 8}.${number & 255}`, ...setup }
  const response = await fetch(`${door}/api/auth/sign-up/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin, ...from },
    body: JSON.stringify({ name, email: `writer-${number}@example.com`, password: passwordOf(name) }),
  })
  const { token } = (await answerOf(response)) as { token: string }
  const me = await call<Me>(door, { token }, 'GET', '/api/me')
  return { name, token, userId: me.user_id }
}

export async function call<Answer>(
  door: string,
  { token }: Pick<Somebody, 'token'>,
  method: string,
  path: string,
  body?: unknown,
): Promise<Answer> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const sent = body === undefined ? { headers: { authorization: headers.authorization } } : { headers }
  const text = body === undefined ? {} : { body: JSON.stringify(body) }
  return (await answerOf(await fetch(`${door}${path}`, { method, ...sent, ...text }))) as Answer
}

async function answerOf(response: Response): Promise<unknown> {
  const body: unknown = response.status === 204 ? undefined : await response.json()
  if (!response.ok) throw new Error(`${response.status} ${response.url}: ${JSON.stringify(body)}`)
  return body
}

/** A story with some beats, each with a scene, that all of these write in. */
export async function newStory(
  door: string,
  writers: readonly Somebody[],
  beats: number,
): Promise<TorturedStory> {
  const [owner, ...others] = writers
  if (owner === undefined) throw new Error('A story has an owner.')
  const { id } = await call<Story>(door, owner, 'POST', '/api/stories', { title: 'Torture' })
  for (let more = 1; more < beats; more++)
    await call<Beat>(door, owner, 'POST', `/api/stories/${id}/beats`, { title: '' })
  const path = `/collaboration/stories/${id}/share`
  for (const { userId } of others) await call(door, owner, 'POST', path, { user_id: userId, role: 'editor' })
  const read = await call<{ beats: Beat[] }>(door, owner, 'GET', `/api/stories/${id}/beats?limit=200`)
  for (const beat of read.beats)
    await call<Scene>(door, owner, 'POST', `/api/beats/${beat.id}/scenes`, { text: 'Once upon a time.' })
  const full = await call<{ beats: Beat[] }>(door, owner, 'GET', `/api/stories/${id}/beats?limit=200`)
  return {
    ...{ id, owner },
    beats: full.beats.map((beat) => ({
      id: beat.id,
      scenes: beat.scenes.map((scene) => ({ id: scene.id, key: scene.key })),
    })),
  }
}
