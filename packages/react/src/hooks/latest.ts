/**
 * Calls through at once, then at most once in `everyMs`, with the newest argument; the last one is never lost
 * unless it is cancelled.
 */
export function latest<Argument>(run: (argument: Argument) => void, everyMs: number) {
  let waiting: { argument: Argument } | undefined
  let timer: ReturnType<typeof setTimeout> | undefined

  const pass = () => {
    timer = undefined
    if (waiting === undefined) return
    const { argument } = waiting
    waiting = undefined
    timer = setTimeout(pass, everyMs)
    run(argument)
  }
  return {
    call(argument: Argument): void {
      waiting = { argument }
      if (timer === undefined) pass()
    },
    cancel(): void {
      clearTimeout(timer)
      timer = undefined
      waiting = undefined
    },
  }
}
