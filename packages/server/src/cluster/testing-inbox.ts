import type { Bus } from './bus.ts'

export interface Heard {
  readonly from: string
  readonly message: Uint8Array
}

/** What was heard on a channel, for tests. */
export interface Inbox {
  readonly heard: readonly Heard[]
  /** Resolves once this many messages were heard. */
  until(count: number): Promise<readonly Heard[]>
  stop(): void
}

export function listen(bus: Bus, channel: string): Inbox {
  const heard: Heard[] = []
  const waiting = new Set<() => void>()
  const stop = bus.subscribe(channel, (message, from) => {
    heard.push({ from, message: Uint8Array.from(message) })
    for (const look of [...waiting]) look()
  })
  const until = (count: number): Promise<readonly Heard[]> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (heard.length < count) return
        waiting.delete(look)
        resolve(heard)
      }
      waiting.add(look)
      look()
    })
  return { heard, until, stop }
}

export const write = (text: string): Uint8Array => Buffer.from(text)

export const read = (heard: readonly Heard[]): readonly string[] =>
  heard.map(({ from, message }) => `${from}: ${Buffer.from(message).toString()}`)
