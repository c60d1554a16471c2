import { expect, test } from 'vitest'
import { CLOSE, FINAL_CLOSES } from './close-codes.ts'
import { ERROR_CODES, HTTP_STATUS } from './errors.ts'
import { serverMessageSchema } from './server-messages.ts'

test('errors: each code has its HTTP status, and no success is among them', () => {
  expect(Object.keys(HTTP_STATUS).toSorted()).toEqual([...ERROR_CODES].toSorted())
  for (const status of Object.values(HTTP_STATUS)) expect(status).toBeGreaterThanOrEqual(400)
})

test('closes: after these four a client does not simply connect again', () => {
  expect([...FINAL_CLOSES].toSorted()).toEqual([1009, 4401, 4403, 4404])
  expect(new Set(Object.values(CLOSE)).size).toBe(Object.keys(CLOSE).length)
})

test('times on the wire are UTC with milliseconds', () => {
  const pong = (server_time: string) => serverMessageSchema.safeParse({ type: 'pong', server_time }).success
  expect(pong('2026-01-05T09:00:00.000Z')).toBe(true)
  for (const time of ['2026-01-05T09:00:00Z', '2026-01-05T09:00:00.000+01:00', '2026-01-05', '']) {
    expect(pong(time)).toBe(false)
  }
})
