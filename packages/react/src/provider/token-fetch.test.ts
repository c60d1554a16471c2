import { Fault } from '@storyweave/protocol'
import { expect, test } from 'vitest'
import { tokenFetch } from './token-fetch.ts'

/** A server that knows one token. */
function server(known: string) {
  const asked: (string | null)[] = []
  const send: typeof fetch = async (_input, init) => {
    const said = new Headers(init?.headers).get('authorization')
    asked.push(said)
    return new Response(null, { status: said === `Bearer ${known}` ? 204 : 401 })
  }
  return { asked, send }
}

test('token: the newest one speaks', async () => {
  const { asked, send } = server('b')
  const source = tokenFetch({ token: 'a', getToken: undefined, send })
  source.setToken('b')
  expect((await source.fetch('https://x.example/')).status).toBe(204)
  expect(asked).toEqual(['Bearer b'])
})

test('token: one that the server does not know any more is renewed once, for all who ask', async () => {
  const { asked, send } = server('b')
  let got = 0
  const getToken = async () => {
    got++
    return 'b'
  }
  const source = tokenFetch({ token: 'a', getToken, send })
  const answers = await Promise.all([
    source.fetch('https://x.example/1'),
    source.fetch('https://x.example/2'),
  ])
  expect(answers.map(({ status }) => status)).toEqual([204, 204])
  expect(got).toBe(1)
  expect(asked.filter((said) => said === 'Bearer b')).toHaveLength(2)
})

test('token: who is signed out gets none, and the server’s own answer stands', async () => {
  const { send } = server('b')
  const out = new Fault('unauthenticated', 'Signed out.')
  const source = tokenFetch({ token: 'a', getToken: () => Promise.reject(out), send })
  expect((await source.fetch('https://x.example/')).status).toBe(401)
})

test('token: where getting one fails in passing, nobody is taken for signed out', async () => {
  const { send } = server('b')
  const source = tokenFetch({ token: 'a', getToken: () => Promise.reject(new Error('away')), send })
  await expect(source.fetch('https://x.example/')).rejects.toThrow('away')
})
