import {
  CLOSE,
  type ClientFrame,
  decodeClientFrame,
  encodeServerFrame,
  Fault,
  LIMITS,
} from '@storyweave/protocol'
import type { RawData, WebSocket } from 'ws'
import type { Principal } from '../access/principal.ts'
import type { FrameInput } from '../room/ports.ts'
import type { Note } from './ports.ts'
import { asBytes } from './session.ts'

export interface NamelessOptions {
  readonly socket: WebSocket
  /** Who a token names, if they may read the story. Throws Fault where not. */
  readonly admit: (token: string) => Promise<Principal>
  readonly note: Note
  /** Calls once, `ms` from now; the answer cancels it. */
  readonly after: (ms: number, call: () => void) => () => void
}

/** Who came in, and the frames that waited for it, the deciding Auth among them. */
export interface Named {
  readonly principal: Principal
  readonly held: readonly FrameInput[]
}

/**
 * A documents socket without credentials: its first good Auth frame says who it is. Until then its frames are held,
 * within bounds. Undefined where nobody was named in time; the socket is closed then.
 */
export function awaitName({ socket, admit, note, after }: NamelessOptions): Promise<Named | undefined> {
  return new Promise((resolve) => {
    const held: FrameInput[] = []
    let heldBytes = 0
    let isOver = false
    const end = (named: Named | undefined) => {
      if (isOver) return
      isOver = true
      cancel()
      socket.off('message', receive)
      socket.off('close', gone)
      if (named === undefined) socket.close(CLOSE.signedOut, 'not authenticated')
      resolve(named)
    }
    const gone = () => end(undefined)
    const cancel = after(LIMITS.authMs, gone)
    const receive = (data: RawData, isBinary: boolean) => {
      const bytes = asBytes(data)
      const frame = isBinary ? decodeClientFrame(bytes) : undefined
      if (frame === undefined) return note('bad_frame', { bytes: bytes.length })
      heldBytes += bytes.length
      if (held.length >= LIMITS.heldFrames || heldBytes > LIMITS.heldBytes) return end(undefined)
      held.push({ frame, bytes: bytes.length })
      if (frame.type === 'auth') void decide(frame)
    }
    const decide = async (frame: Extract<ClientFrame, { type: 'auth' }>) => {
      try {
        const principal = await admit(frame.token)
        end({ principal, held: held.map((input) => (input.frame === frame ? proven(input) : input)) })
      } catch (error) {
        if (!(error instanceof Fault)) note('auth_failed', { error })
        if (isOver) return
        forget(held, frame.key)
        socket.send(encodeServerFrame({ type: 'denied', key: frame.key, reason: 'permission_denied' }))
      }
    }
    socket.on('message', receive)
    socket.on('close', gone)
  })
}

/** The Auth that named the socket needs no second look: the room reads an empty token as the socket's own. */
function proven(input: FrameInput): FrameInput {
  return { ...input, frame: { type: 'auth', key: input.frame.key, token: '' } }
}

function forget(held: FrameInput[], key: string): void {
  held.splice(0, held.length, ...held.filter(({ frame }) => frame.key !== key))
}
