import { afterEach, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../testing.ts'

/** Doors and joins: 60 a minute from one address. */

let server: TestServer
afterEach(() => server.close())

async function knock(remoteAddress: string, forwarded?: string): Promise<number> {
  const { statusCode } = await server.app.inject({
    method: 'POST',
    url: '/collaboration/door',
    remoteAddress,
    headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
    payload: { token: 'a token that leads nowhere at all' },
  })
  return statusCode
}

test('knocks: by the address that a trusted proxy tells, and by the connection’s where somebody else does', async () => {
  server = await startTestServer({ parts: { trustedProxies: ['10.0.0.0/8'] } })
  for (let n = 0; n < 60; n++) expect(await knock('10.1.2.3', `198.51.100.${n}, 203.0.113.5`)).toBe(404)
  expect(await knock('10.1.2.3', '203.0.113.5')).toBe(429)
  expect(await knock('203.0.113.5', '198.51.100.7')).toBe(429)
  expect(await knock('10.1.2.3', '203.0.113.6')).toBe(404)
})

test('knocks: with no proxy nobody is believed', async () => {
  server = await startTestServer()
  for (let n = 0; n < 60; n++) expect(await knock('127.0.0.1', `198.51.100.${n}`)).toBe(404)
  expect(await knock('127.0.0.1', '203.0.113.5')).toBe(429)
})

test('knocks: the addresses of one IPv6 network are one', async () => {
  server = await startTestServer()
  for (let n = 0; n < 60; n++) expect(await knock(`2001:db8:0:1::${n}`)).toBe(404)
  expect(await knock('2001:db8:0:1:ffff::1')).toBe(429)
  expect(await knock('2001:db8:0:2::1')).toBe(404)
})
