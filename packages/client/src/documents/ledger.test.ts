import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { AckLedger } from './ledger.ts'

function sent(ledger: AckLedger, changes: number, now = 0): void {
  ledger.made(changes, now)
  ledger.sent(now)
}

test('ack-count: each parcel leaves with its own ack, in order', () => {
  const ledger = new AckLedger()
  sent(ledger, 3)
  sent(ledger, 1)
  expect(ledger.unsaved).toBe(4)
  ledger.accepted()
  expect(ledger.unsaved).toBe(1)
  ledger.accepted()
  expect(ledger.unsaved).toBe(0)
})

test('ack-count: an ack that nobody waits for is told, and takes nothing away', () => {
  const ledger = new AckLedger()
  expect(ledger.accepted()).toBe(false)
  ledger.made(1, 0)
  expect(ledger.accepted()).toBe(false)
  expect(ledger.unsaved).toBe(1)
})

test('an empty Step2 is answered too', () => {
  const ledger = new AckLedger()
  ledger.sent(0)
  sent(ledger, 2)
  ledger.accepted()
  expect(ledger.unsaved).toBe(2)
  ledger.accepted()
  expect(ledger.unsaved).toBe(0)
})

describe('refused for now', () => {
  test('what was refused is brought home by one ack for each, behind what was sent before', () => {
    const ledger = new AckLedger()
    sent(ledger, 1)
    sent(ledger, 2)
    sent(ledger, 4)
    ledger.refusedForNow()
    ledger.refusedForNow()
    ledger.sentHome()
    sent(ledger, 8)
    expect(ledger.unsaved).toBe(15)
    ledger.accepted()
    expect(ledger.unsaved).toBe(11)
    ledger.accepted()
    ledger.accepted()
    expect(ledger.unsaved).toBe(8)
    ledger.accepted()
    expect(ledger.unsaved).toBe(0)
  })

  test('a Step2 that had nothing to bring home is answered by nothing', () => {
    const ledger = new AckLedger()
    ledger.sentHome()
    sent(ledger, 1)
    ledger.accepted()
    expect(ledger.unsaved).toBe(0)
  })

  test('a refusal behind a Step2 that brought only some of it home belongs to the next parcel', () => {
    const ledger = new AckLedger()
    sent(ledger, 1)
    ledger.refusedForNow()
    ledger.sentHome()
    sent(ledger, 2)
    expect(ledger.refusedForNow()).toBe(true)
    expect(ledger.unsaved).toBe(3)
  })
})

test('every update that arrived is told once, also where it had to come home', () => {
  const arrived: number[] = []
  const ledger = new AckLedger(([name = 0]) => arrived.push(name))
  for (const name of [1, 2, 3]) ledger.sent(0, Uint8Array.of(name))
  ledger.accepted()
  ledger.refusedForNow()
  expect(arrived).toEqual([1])
  ledger.sentHome()
  ledger.accepted()
  ledger.accepted()
  expect(arrived).toEqual([1, 3, 2])
})

test('after a lost socket everything without an answer goes home in one Step2', () => {
  const ledger = new AckLedger()
  sent(ledger, 1)
  sent(ledger, 2)
  ledger.refusedForNow()
  ledger.made(4, 3)
  ledger.lost(7)
  ledger.sent(8)
  expect(ledger.unsaved).toBe(7)
  ledger.accepted()
  expect(ledger.unsaved).toBe(0)
})

test('the oldest change is the one that waits longest', () => {
  const ledger = new AckLedger()
  sent(ledger, 1, 10)
  sent(ledger, 1, 20)
  ledger.made(1, 30)
  expect(ledger.oldest).toBe(10)
  ledger.accepted()
  expect(ledger.oldest).toBe(20)
  ledger.accepted()
  expect(ledger.oldest).toBe(30)
})

test('whatever happens, nothing is unsaved only when every change has had its own ack', () => {
  // A server that keeps its word: each parcel is acknowledged once, now or when it has come home.
  const steps = fc.array(fc.constantFrom('make', 'send', 'ack', 'refuse', 'home', 'lose'), { maxLength: 60 })
  fc.assert(
    fc.property(steps, (script) => {
      const ledger = new AckLedger()
      let unsent = 0
      let parcels: (number | 'home')[] = []
      let returned: number[] = []
      for (const step of script) {
        if (step === 'make') {
          ledger.made(1, 0)
          unsent += 1
        } else if (step === 'send') {
          ledger.sent(0)
          parcels.push(unsent)
          unsent = 0
        } else if (step === 'home') {
          ledger.sentHome()
          parcels.push('home')
        } else if (step === 'lose') {
          ledger.lost(0)
          unsent += [...parcels, ...returned].reduce<number>(
            (sum, one) => sum + (one === 'home' ? 0 : one),
            0,
          )
          parcels = []
          returned = []
        } else {
          while (parcels[0] === 'home') {
            parcels.shift()
            for (const _ of returned) expect(ledger.accepted()).toBe(true)
            returned = []
          }
          const parcel = parcels.shift()
          if (parcel === undefined || parcel === 'home') continue
          expect(step === 'ack' ? ledger.accepted() : ledger.refusedForNow()).toBe(true)
          if (step === 'refuse') returned.push(parcel)
        }
        const open = [...parcels, ...returned].reduce<number>(
          (sum, one) => sum + (one === 'home' ? 0 : one),
          unsent,
        )
        expect(ledger.unsaved).toBe(open)
      }
    }),
  )
})
