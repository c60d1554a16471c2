import type { ConnectionId, FrameInput, RoomMessage } from '../room/ports.ts'
import type { Arrivals } from './arrivals.ts'
import type { LivingRoom } from './living-room.ts'
import type { Timers } from './timers.ts'

/** A socket's place in a room. */
export interface Seat {
  message(message: RoomMessage): void
  frame(input: FrameInput): void
  /** The reader was slow and missed presence; it is slow no longer. */
  caughtUp(): void
  /** `saidGoodbye`: the socket was closed on purpose, and not lost. */
  leave(saidGoodbye: boolean): void
}

interface SeatOptions {
  readonly id: ConnectionId
  readonly arrivals: Arrivals
  readonly timers: Timers
  /** Called when its socket is gone. */
  readonly goes: () => void
}

/** What says where somebody is, or that they are there, and asks for nothing: in no order with their words. */
const SIGNS: ReadonlySet<RoomMessage['type']> = new Set(['cursor_move', 'typing', 'ping'])

export function seatIn(living: LivingRoom, { id, arrivals, timers, goes }: SeatOptions): Seat {
  const { room } = living
  return {
    message: (message) => {
      // Whoever asks for a lock, or for anything else, asks after all that has come before, whoever wrote it.
      if (!SIGNS.has(message.type)) arrivals.takeIn()
      room.message(id, message, timers.now())
    },
    frame: (input) => arrivals.frame(id, input, () => room.frame(id, input, timers.now())),
    caughtUp: () => room.caughtUp(id, timers.now()),
    leave: (saidGoodbye) => {
      goes()
      arrivals.behind(id, () => living.remove(id, saidGoodbye))
    },
  }
}
