import { expect, test } from 'vitest'
import type { Principal } from '../access/principal.ts'
import type { Connection } from '../room/ports.ts'
import { Windows } from './windows.ts'

interface Listener extends Connection {
  readonly heard: (string | Uint8Array)[]
}

let count = 0

function listener(userId: number): Listener {
  const heard: (string | Uint8Array)[] = []
  count++
  const principal: Principal = {
    userId,
    name: 'Alice',
    email: null,
    guest: false,
    via: 'ticket',
    sessionId: null,
    expiresAt: null,
  }
  return {
    id: `c${count}`,
    principal,
    heard,
    send: (data) => heard.push(data),
    close: () => undefined,
    pause: () => undefined,
  }
}

test('notice-windows: every open window of that person hears it, in whichever room, and nobody else', () => {
  const windows = new Windows()
  const [one, two, other] = [listener(1), listener(1), listener(2)]
  for (const window of [one, two, other]) windows.add(window.principal.userId, window)
  const message = { type: 'pong', server_time: '2027-01-15T08:00:00.000Z' } as const
  windows.tell(1, message)
  expect([one.heard, two.heard, other.heard]).toEqual([
    [JSON.stringify(message)],
    [JSON.stringify(message)],
    [],
  ])
  windows.remove(1, one)
  windows.tell(1, message)
  windows.remove(1, two)
  windows.remove(1, two)
  windows.tell(1, message)
  expect([one.heard.length, two.heard.length]).toEqual([1, 2])
})
