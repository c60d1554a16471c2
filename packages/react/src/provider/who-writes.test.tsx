// @vitest-environment happy-dom
import { act, cleanup, render, screen } from '@testing-library/react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { useWeave } from '../index.ts'
import { StoryWeaveProvider, type StoryWeaveProviderProps } from './story-weave-provider.tsx'

beforeEach(() => vi.useFakeTimers())
afterEach(() => {
  cleanup()
  vi.useRealTimers()
})

const ADA = { user_id: 7, name: 'Ada', email: null, color: '#123456', guest: false }
const Me = () => <p>{useWeave().me?.name ?? 'nobody'}</p>
const pass = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms))

/** A server that answers who is there as it is told to, and what was said of that. */
function server() {
  const answers: (() => Response)[] = []
  const complaints: string[] = []
  let asked = 0
  const fetch: typeof globalThis.fetch = async () => {
    asked += 1
    const answer = answers.shift()
    if (answer === undefined) throw new TypeError('The network is away.')
    return answer()
  }
  const toasts = { say: () => {}, complain: (words: string) => void complaints.push(words) }
  const page = (more: Partial<StoryWeaveProviderProps> = {}) => (
    <StoryWeaveProvider baseUrl="http://test.invalid" fetch={fetch} toasts={toasts} {...more}>
      <Me />
    </StoryWeaveProvider>
  )
  return { answers, complaints, asked: () => asked, page }
}

const refuse = (status: number, code: string) => () =>
  Response.json({ type: 'about:blank', title: code, status, code }, { status })

test('who writes: is asked again while the server is away, later each time, and said to be away once', async () => {
  const { answers, complaints, asked, page } = server()
  render(page())
  await pass(0)
  expect([asked(), complaints.length]).toEqual([1, 1])
  for (const [wait, times] of [
    [1_000, 2],
    [2_000, 3],
    [4_000, 4],
    [8_000, 5],
    [16_000, 6],
    [30_000, 7],
    [30_000, 8],
  ] as const) {
    await pass(wait - 1)
    expect(asked()).toBe(times - 1)
    await pass(1)
    expect(asked()).toBe(times)
  }
  expect(complaints).toHaveLength(1)
  screen.getByText('nobody')
  answers.push(() => Response.json(ADA))
  await pass(30_000)
  screen.getByText('Ada')
  await pass(120_000)
  expect(asked()).toBe(9)
})

test('who writes: somebody who is signed out is told so and not asked for again, until there is a token', async () => {
  const { answers, complaints, asked, page } = server()
  answers.push(refuse(401, 'unauthenticated'))
  const { rerender } = render(page())
  await pass(120_000)
  expect(asked()).toBe(1)
  expect(complaints).toEqual(['You are signed out. Sign in again to go on.'])
  answers.push(() => Response.json(ADA))
  rerender(page({ token: 'a' }))
  await pass(0)
  screen.getByText('Ada')
})

test('who writes: is told in the words of the application, and not asked for where it says who', async () => {
  const { complaints, asked, page } = server()
  const { unmount } = render(page({ strings: { faults: { unavailable: 'Nicht da.' } } }))
  await pass(0)
  expect(complaints).toEqual(['Nicht da.'])
  unmount()
  await pass(120_000)
  expect(asked()).toBe(1)
  render(page({ me: { user_id: 8, name: 'Ben' } }))
  await pass(120_000)
  screen.getByText('Ben')
  expect(asked()).toBe(1)
})
