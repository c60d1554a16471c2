import { expect, it } from 'vitest'
import { Mutex } from './mutex.ts'

it('mutex: one at a time passes, in the order they came', async () => {
  const mutex = new Mutex()
  const steps: string[] = []
  const first = await mutex.acquire()
  const others = ['b', 'c'].map((name) =>
    mutex.run(async () => {
      steps.push(`${name} in`)
      await Promise.resolve()
      steps.push(`${name} out`)
    }),
  )
  steps.push('a out')
  first()
  await Promise.all(others)
  expect(steps).toEqual(['a out', 'b in', 'b out', 'c in', 'c out'])
})

it('mutex: a task that throws lets the next one pass', async () => {
  const mutex = new Mutex()
  await expect(mutex.run(() => Promise.reject(new Error('no')))).rejects.toThrow('no')
  await expect(mutex.run(async () => 'passed')).resolves.toBe('passed')
})
