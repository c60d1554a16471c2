import { describe, expect, test } from 'vitest'
import {
  CONNECT_TIMEOUT_MS,
  HELD_MS,
  type MachineEvent,
  type MachineState,
  SILENCE_MS,
  transition,
} from './machine.ts'

const NOW = 1_000_000
const moment = { now: NOW, chance: 0.5 }

const IDLE: MachineState = { state: 'idle' }
const CONNECTING: MachineState = { state: 'connecting', attempt: 3 }
const CONNECTED: MachineState = {
  state: 'connected',
  attempt: 3,
  since: NOW - HELD_MS,
  retryAfterMs: undefined,
}
const WAITING: MachineState = { state: 'waiting', attempt: 3, retryAt: NOW + 500 }
const ENDED: MachineState = { state: 'ended', reason: 'access_revoked' }

const EVENTS = {
  connect: { type: 'connect' },
  reconnect: { type: 'reconnect' },
  disconnect: { type: 'disconnect' },
  opened: { type: 'opened' },
  closed: { type: 'closed', code: 1006 },
  signed_out: { type: 'failed', why: 'signed_out' },
  not_found: { type: 'failed', why: 'not_found' },
  unavailable: { type: 'failed', why: 'unavailable' },
  timer: { type: 'timer', heardAt: NOW - 1_000 },
  silent: { type: 'timer', heardAt: NOW - SILENCE_MS },
  online: { type: 'online', heardAt: NOW - 1_000 },
  visible: { type: 'visible', heardAt: NOW - 1_000 },
  going_away: { type: 'going_away', retryAfterMs: 4_000 },
  restart: { type: 'restart' },
  wrong_person: { type: 'wrong_person' },
} satisfies Record<string, MachineEvent>

type EventName = keyof typeof EVENTS

/** The state after each event, and what is done; `same` is the state itself and nothing done. */
const TABLE: Record<string, { from: MachineState; to: Record<EventName, string> }> = {
  idle: {
    from: IDLE,
    to: {
      connect: 'connecting 1: open, timer 15000',
      reconnect: 'connecting 1: open, timer 15000',
      disconnect: 'same',
      opened: 'same',
      closed: 'same',
      signed_out: 'same',
      not_found: 'same',
      unavailable: 'same',
      timer: 'same',
      silent: 'same',
      online: 'same',
      visible: 'same',
      going_away: 'same',
      restart: 'same',
      wrong_person: 'same',
    },
  },
  connecting: {
    from: CONNECTING,
    to: {
      connect: 'same',
      reconnect: 'same',
      disconnect: 'ended left: close 1000, no timer',
      opened: 'connected 3: timer 45000',
      closed: 'waiting 3: timer 1000',
      signed_out: 'ended signed_out: no timer',
      not_found: 'ended not_found: no timer',
      unavailable: 'waiting 3: timer 1000',
      timer: 'waiting 3: close 4000, timer 1000',
      silent: 'waiting 3: close 4000, timer 1000',
      online: 'same',
      visible: 'same',
      going_away: 'same',
      restart: 'same',
      wrong_person: 'same',
    },
  },
  connected: {
    from: CONNECTED,
    to: {
      connect: 'same',
      reconnect: 'connecting 1: close 4000, open, timer 15000',
      disconnect: 'ended left: close 1000, no timer',
      opened: 'same',
      closed: 'waiting 1: timer 250',
      signed_out: 'same',
      not_found: 'same',
      unavailable: 'same',
      timer: 'connected 3: timer 44000',
      silent: 'connecting 1: close 4000, open, timer 15000',
      online: 'connected 3: timer 44000',
      visible: 'connected 3: timer 44000',
      going_away: 'connected 3: ',
      restart: 'waiting 1: close 4000, timer 250',
      wrong_person: 'ended signed_out: close 4000, no timer',
    },
  },
  waiting: {
    from: WAITING,
    to: {
      connect: 'connecting 4: open, timer 15000',
      reconnect: 'connecting 4: open, timer 15000',
      disconnect: 'ended left: no timer',
      opened: 'same',
      closed: 'same',
      signed_out: 'same',
      not_found: 'same',
      unavailable: 'same',
      timer: 'connecting 4: open, timer 15000',
      silent: 'connecting 4: open, timer 15000',
      online: 'connecting 4: open, timer 15000',
      visible: 'connecting 4: open, timer 15000',
      going_away: 'same',
      restart: 'same',
      wrong_person: 'same',
    },
  },
  ended: {
    from: ENDED,
    to: {
      connect: 'connecting 1: open, timer 15000',
      reconnect: 'connecting 1: open, timer 15000',
      disconnect: 'same',
      opened: 'same',
      closed: 'same',
      signed_out: 'same',
      not_found: 'same',
      unavailable: 'same',
      timer: 'same',
      silent: 'same',
      online: 'same',
      visible: 'same',
      going_away: 'same',
      restart: 'same',
      wrong_person: 'same',
    },
  },
}

function describeNext(from: MachineState, event: MachineEvent): string {
  const { next, effects } = transition(from, event, moment)
  if (next === from && effects.length === 0) return 'same'
  const detail = next.state === 'ended' ? next.reason : next.state === 'idle' ? '' : next.attempt
  const done = effects.map((effect) => {
    if (effect.type === 'close') return `close ${effect.code}`
    if (effect.type === 'set_timer') return `timer ${effect.delayMs}`
    return effect.type === 'clear_timer' ? 'no timer' : effect.type
  })
  return `${next.state} ${detail}: ${done.join(', ')}`
}

describe.each(Object.entries(TABLE))('%s', (_name, { from, to }) => {
  test.each(Object.entries(to))('on %s: %s', (event, expected) => {
    expect(describeNext(from, EVENTS[event as EventName])).toBe(expected)
  })
})

describe('the end', () => {
  test.each([
    [4401, 'signed_out'],
    [4403, 'access_revoked'],
    [4404, 'story_deleted'],
    [1009, 'too_big'],
  ])('close %i is final, as %s', (code, reason) => {
    for (const from of [CONNECTING, CONNECTED]) {
      expect(transition(from, { type: 'closed', code }, moment).next).toEqual({ state: 'ended', reason })
    }
  })

  test.each([1000, 1005, 1006, 1011, 4408, 4429])('after close %i it goes on trying', (code) => {
    expect(transition(CONNECTED, { type: 'closed', code }, moment).next.state).toBe('waiting')
  })
})

describe('the wait', () => {
  test('a connection that did not hold goes on from where the backoff was', () => {
    const short: MachineState = { ...CONNECTED, since: NOW - HELD_MS + 1 }
    expect(describeNext(short, EVENTS.closed)).toBe('waiting 3: timer 1000')
  })

  test('after going_away it waits as told and somewhat longer, whatever the close', () => {
    const { next: told } = transition(CONNECTED, EVENTS.going_away, moment)
    expect(transition(told, { type: 'closed', code: 1001 }, moment).next).toEqual({
      state: 'waiting',
      attempt: 1,
      retryAt: NOW + 4_000 + 2_000,
    })
    expect(describeNext(told, EVENTS.closed)).toBe('waiting 1: timer 6000')
  })

  test('a server that goes without a word is asked again within a second', () => {
    expect(describeNext(CONNECTED, { type: 'closed', code: 1001 })).toBe('waiting 1: timer 500')
  })

  test('a page that was asleep longer than the silence allows begins anew as soon as it is looked at', () => {
    const asleep: MachineEvent = { type: 'visible', heardAt: NOW - 3_600_000 }
    expect(describeNext(CONNECTED, asleep)).toBe(
      `connecting 1: close 4000, open, timer ${CONNECT_TIMEOUT_MS}`,
    )
  })
})
