import { assertNever, CLOSE } from '@storyweave/protocol'
import type { EndReason } from '../types.ts'
import { backoffMs, returnMs } from './backoff.ts'

/** The connection as a pure state machine: every event in every state gives the next state and what to do. */

export type MachineState =
  | { readonly state: 'idle' }
  /** A ticket is asked for, or a socket opens. `attempt` counts from 1 since the last connection that held. */
  | { readonly state: 'connecting'; readonly attempt: number }
  | {
      readonly state: 'connected'
      readonly attempt: number
      readonly since: number
      readonly retryAfterMs: number | undefined
    }
  | { readonly state: 'waiting'; readonly attempt: number; readonly retryAt: number }
  | { readonly state: 'ended'; readonly reason: EndReason }

export type MachineEvent =
  | { readonly type: 'connect' }
  /** The same where there is a socket already: a fresh one. */
  | { readonly type: 'reconnect' }
  | { readonly type: 'disconnect' }
  | { readonly type: 'opened' }
  | { readonly type: 'closed'; readonly code: number }
  /** No ticket, or no socket. */
  | { readonly type: 'failed'; readonly why: 'signed_out' | 'not_found' | 'unavailable' }
  /** The one timer rang. `heardAt`: when the server was last heard. */
  | { readonly type: 'timer'; readonly heardAt: number }
  | { readonly type: 'online'; readonly heardAt: number }
  | { readonly type: 'visible'; readonly heardAt: number }
  | { readonly type: 'going_away'; readonly retryAfterMs: number }
  /** What came does not fit what was there: a fresh socket asks for what is missing. */
  | { readonly type: 'restart' }
  /** The socket speaks for another person than the one who writes here. */
  | { readonly type: 'wrong_person' }

export type MachineEffect =
  | { readonly type: 'open' }
  | { readonly type: 'close'; readonly code: number; readonly reason: string }
  /** There is one timer; setting it replaces it. */
  | { readonly type: 'set_timer'; readonly delayMs: number }
  | { readonly type: 'clear_timer' }

export interface Moment {
  /** Milliseconds since 1970 UTC. */
  readonly now: number
  /** At least 0, less than 1. */
  readonly chance: number
}

export interface Transition {
  readonly next: MachineState
  readonly effects: readonly MachineEffect[]
}

export const IDLE: MachineState = { state: 'idle' }

/** The server says something every 20 s; twice missed and a little late is too long. */
export const SILENCE_MS = 45_000
/** A ticket and a socket together. */
export const CONNECT_TIMEOUT_MS = 15_000
/** A connection shorter than this does not count as one: the backoff goes on from where it was. */
export const HELD_MS = 10_000

const GOODBYE = 1000
/** Not 1000 and not 1001, which say goodbye and let go of locks. */
const RESTART = 4000

type In<State extends MachineState['state']> = Extract<MachineState, { state: State }>
type When<Type extends MachineEvent['type']> = Extract<MachineEvent, { type: Type }>
type Table = {
  readonly [State in MachineState['state']]: {
    readonly [Type in MachineEvent['type']]: (
      state: In<State>,
      event: When<Type>,
      moment: Moment,
    ) => Transition
  }
}

export function transition(state: MachineState, event: MachineEvent, moment: Moment): Transition {
  const row = TABLE[state.state] as Record<
    string,
    (s: MachineState, e: MachineEvent, m: Moment) => Transition
  >
  return row[event.type]?.(state, event, moment) ?? stay(state)
}

const stay = (state: MachineState): Transition => ({ next: state, effects: [] })

function start(attempt: number): Transition {
  const next = { state: 'connecting', attempt } as const
  return { next, effects: [{ type: 'open' }, { type: 'set_timer', delayMs: CONNECT_TIMEOUT_MS }] }
}

function wait(attempt: number, delayMs: number, moment: Moment): Transition {
  const next = { state: 'waiting', attempt, retryAt: moment.now + delayMs } as const
  return { next, effects: [{ type: 'set_timer', delayMs }] }
}

const retry = (failures: number, moment: Moment): Transition =>
  wait(failures, backoffMs(failures, moment.chance), moment)

const end = (reason: EndReason): Transition => ({
  next: { state: 'ended', reason },
  effects: [{ type: 'clear_timer' }],
})

const closing = (code: number, reason: string, then: Transition): Transition => ({
  next: then.next,
  effects: [{ type: 'close', code, reason }, ...then.effects],
})

const leave = (): Transition => closing(GOODBYE, 'left', end('left'))

function finalReason(code: number): EndReason | undefined {
  switch (code) {
    case CLOSE.signedOut:
      return 'signed_out'
    case CLOSE.accessRevoked:
      return 'access_revoked'
    case CLOSE.storyDeleted:
      return 'story_deleted'
    case CLOSE.tooBig:
      return 'too_big'
    default:
      return undefined
  }
}

function failed(state: In<'connecting'>, event: When<'failed'>, moment: Moment): Transition {
  switch (event.why) {
    case 'signed_out':
    case 'not_found':
      return end(event.why)
    case 'unavailable':
      return retry(state.attempt, moment)
    default:
      return assertNever(event.why)
  }
}

/** How many attempts have failed now that this connection is gone. */
const failuresAfter = (state: In<'connected'>, moment: Moment): number =>
  moment.now - state.since >= HELD_MS ? 1 : state.attempt

function lost(state: In<'connected'>, event: When<'closed'>, moment: Moment): Transition {
  const reason = finalReason(event.code)
  if (reason !== undefined) return end(reason)
  if (state.retryAfterMs !== undefined || event.code === CLOSE.goingAway) {
    return wait(1, returnMs(state.retryAfterMs ?? 0, moment.chance), moment)
  }
  return retry(failuresAfter(state, moment), moment)
}

function listen(state: In<'connected'>, event: { readonly heardAt: number }, moment: Moment): Transition {
  const silentMs = moment.now - event.heardAt
  if (silentMs < SILENCE_MS) {
    return { next: state, effects: [{ type: 'set_timer', delayMs: SILENCE_MS - silentMs }] }
  }
  return closing(RESTART, 'silent', start(1))
}

const TABLE: Table = {
  idle: {
    connect: () => start(1),
    reconnect: () => start(1),
    disconnect: stay,
    opened: stay,
    closed: stay,
    failed: stay,
    timer: stay,
    online: stay,
    visible: stay,
    going_away: stay,
    restart: stay,
    wrong_person: stay,
  },
  connecting: {
    connect: stay,
    reconnect: stay,
    disconnect: leave,
    opened: (state, _event, moment) => ({
      next: { state: 'connected', attempt: state.attempt, since: moment.now, retryAfterMs: undefined },
      effects: [{ type: 'set_timer', delayMs: SILENCE_MS }],
    }),
    closed: (state, event, moment) => {
      const reason = finalReason(event.code)
      return reason === undefined ? retry(state.attempt, moment) : end(reason)
    },
    failed,
    timer: (state, _event, moment) => closing(RESTART, 'too slow to open', retry(state.attempt, moment)),
    online: stay,
    visible: stay,
    going_away: stay,
    restart: stay,
    wrong_person: stay,
  },
  connected: {
    connect: stay,
    reconnect: () => closing(RESTART, 'asked for', start(1)),
    disconnect: leave,
    opened: stay,
    closed: lost,
    failed: stay,
    timer: listen,
    online: listen,
    visible: listen,
    going_away: (state, event) => ({ next: { ...state, retryAfterMs: event.retryAfterMs }, effects: [] }),
    restart: (state, _event, moment) =>
      closing(RESTART, 'out of step', retry(failuresAfter(state, moment), moment)),
    wrong_person: () => closing(RESTART, 'somebody else', end('signed_out')),
  },
  waiting: {
    connect: (state) => start(state.attempt + 1),
    reconnect: (state) => start(state.attempt + 1),
    disconnect: () => end('left'),
    opened: stay,
    closed: stay,
    failed: stay,
    timer: (state) => start(state.attempt + 1),
    online: (state) => start(state.attempt + 1),
    visible: (state) => start(state.attempt + 1),
    going_away: stay,
    restart: stay,
    wrong_person: stay,
  },
  ended: {
    connect: () => start(1),
    reconnect: () => start(1),
    disconnect: stay,
    opened: stay,
    closed: stay,
    failed: stay,
    timer: stay,
    online: stay,
    visible: stay,
    going_away: stay,
    restart: stay,
    wrong_person: stay,
  },
}
