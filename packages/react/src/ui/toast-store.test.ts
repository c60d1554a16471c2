import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { ToastStore } from './toast-store.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const shown = (toasts: ToastStore) => toasts.getSnapshot().map(({ message }) => message)

test('toasts: go by themselves, but not while they are held', () => {
  const toasts = new ToastStore()
  toasts.say('deleted')
  toasts.hold()
  vi.advanceTimersByTime(60_000)
  expect(shown(toasts)).toEqual(['deleted'])
  toasts.letGo()
  vi.advanceTimersByTime(7_999)
  expect(shown(toasts)).toEqual(['deleted'])
  vi.advanceTimersByTime(1)
  expect(shown(toasts)).toEqual([])
})

test('toasts: three at most, the oldest gives way', () => {
  const toasts = new ToastStore()
  for (const message of ['a', 'b', 'c', 'd']) toasts.complain(message)
  expect(shown(toasts)).toEqual(['b', 'c', 'd'])
})

test('toasts: closing one leaves no timer behind', () => {
  const toasts = new ToastStore()
  toasts.say('a')
  toasts.close(toasts.getSnapshot()[0]?.id ?? 0)
  expect(vi.getTimerCount()).toBe(0)
})
