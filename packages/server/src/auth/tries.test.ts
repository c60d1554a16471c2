import { afterEach, expect, test } from 'vitest'
import type { RateRule } from '../access/rate-limiter.ts'
import { memoryTries } from '../db/tries/memory-tries.ts'
import { openTestHouse, PASSWORD, type TestHouse } from './testing.ts'

/** What is counted for all nodes together, and what each of them counts. */

let house: TestHouse
afterEach(() => house.close())

const signIn = () => ({ method: 'POST', json: { email: 'alice@example.com', password: PASSWORD } })

test('tries: what a password can be guessed by is counted for the house, by address and by person', async () => {
  const counted: [string, RateRule][] = []
  const { rates, waits } = memoryTries(() => 0)
  const consume: typeof rates.consume = (key, rule) => {
    counted.push([key, rule])
    return rates.consume(key, rule)
  }
  house = await openTestHouse({ tries: { rates: { consume }, waits } })
  expect((await house.fetch('/api/auth/sign-in/email', signIn())).status).toBe(401)
  expect(counted).toEqual([
    ['127.0.0.1|/sign-in/email', { window: 60, max: 10 }],
    ['person|alice@example.com', { window: 300, max: 30 }],
  ])
  for (let n = 0; n < 5; n++) expect((await house.fetch('/api/auth/get-session')).status).toBe(200)
  expect(counted).toHaveLength(2)
})

test('tries: a flood of requests that guess nothing is kept off by the process itself', async () => {
  house = await openTestHouse()
  const statuses: number[] = []
  for (let n = 0; n < 101; n++) statuses.push((await house.fetch('/api/auth/get-session')).status)
  expect(statuses).toEqual([...Array(100).fill(200), 429])
})

test('tries: where they can’t be counted, the request fails as what is asked of a database that is away', async () => {
  const away = () => Promise.reject(new Error('Connection terminated unexpectedly'))
  const { waits } = memoryTries(() => 0)
  house = await openTestHouse({ tries: { rates: { consume: away }, waits } })
  const answer = await house.fetch('/api/auth/sign-in/email', signIn())
  expect(answer).toMatchObject({ status: 500, body: { detail: 'Error: Connection terminated unexpectedly' } })
})
