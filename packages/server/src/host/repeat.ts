import type { Timers } from './timers.ts'

/** Does a task that never rejects, `ms` from now and again `ms` after each of its ends. @returns how to stop */
export function repeat(
  timers: Pick<Timers, 'after'>,
  ms: number,
  task: () => Promise<void> | void,
): () => void {
  let isOver = false
  let cancel: () => void = () => undefined
  const goOn = async (): Promise<void> => {
    await task()
    if (!isOver) plan()
  }
  const plan = () => {
    cancel = timers.after(ms, () => void goOn())
  }
  plan()
  return () => {
    isOver = true
    cancel()
  }
}
