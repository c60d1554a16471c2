import {
  CLOSE,
  type CloseCode,
  decodeClientFrame,
  decodeClientMessage,
  Fault,
  isPongFrame,
  LIMITS,
  PING_FRAME,
  type RequestId,
  type ServerMessage,
} from '@storyweave/protocol'
import type { RawData, WebSocket } from 'ws'
import type { Principal } from '../access/principal.ts'
import type { Connection, FrameInput, Weight } from '../room/ports.ts'
import { Intake } from './intake.ts'
import { OutQueue } from './out-queue.ts'
import type { Doorkeeper, Note, Seat } from './ports.ts'
import { RateLimit } from './rate.ts'

/** A client is told this long before its token ends. */
const EXPIRY_NOTICE_MS = 60_000
/** Who asked for more than they take is not heard, and has this long to take it: 32 MiB at half a megabit a second. */
const STUCK_MS = 10 * 60_000

export interface SessionOptions {
  readonly id: string
  readonly socket: WebSocket
  readonly principal: Principal
  readonly documentsOnly: boolean
  readonly doorkeeper: Pick<Doorkeeper, 'verifyToken' | 'sessionAlive'>
  readonly now: () => number
  readonly note: Note
}

/** One authenticated socket: frames in, frames out, its limits and its proof of identity. */
export class Session implements Connection {
  readonly id: string
  readonly #options: SessionOptions
  readonly #out: OutQueue
  readonly #intake: Intake
  readonly #rate: RateLimit
  #seat: Seat | undefined
  #principal: Principal
  #heardAt: number
  #usesFrames: boolean
  #toldExpiry = false
  #saidGoodbye = false

  constructor(options: SessionOptions) {
    const { socket, now } = options
    this.id = options.id
    this.#options = options
    this.#principal = options.principal
    this.#usesFrames = options.documentsOnly
    this.#rate = new RateLimit(now())
    this.#heardAt = now()
    const heard = () => {
      this.#heardAt = now()
    }
    this.#intake = new Intake(socket, (data, isBinary) => this.#received(data, isBinary), heard)
    const send = (data: string | Uint8Array, sent: () => void) => {
      socket.send(data, () => {
        sent()
        this.#intake.measure()
      })
      this.#intake.measure()
    }
    this.#out = new OutQueue({ send }, () => this.#seat?.caughtUp())
    socket.on('pong', heard)
  }

  get documentsOnly(): boolean {
    return this.#options.documentsOnly
  }

  get principal(): Principal {
    return this.#principal
  }

  get userId(): number {
    return this.#principal.userId
  }

  get sessionId(): string | null {
    return this.#principal.sessionId
  }

  /** From now on frames reach the room. */
  sit(seat: Seat): void {
    this.#seat = seat
  }

  send(data: string | Uint8Array, weight: Weight): void {
    if (this.#options.socket.readyState !== this.#options.socket.OPEN) return
    if (!this.#out.send(data, weight, this.#options.now())) this.close(CLOSE.tooSlow, 'too slow')
  }

  close(code: CloseCode, reason: string): void {
    const { socket } = this.#options
    if (socket.readyState !== socket.OPEN) return
    this.#saidGoodbye = true
    socket.close(code, reason)
  }

  /** The server closed the socket: its close code, which clients repeat, says nothing of the person. */
  get saidGoodbye(): boolean {
    return this.#saidGoodbye
  }

  pause(paused: boolean): void {
    const { socket } = this.#options
    if (socket.readyState === socket.OPEN) this.#intake.roomIsFull = paused
  }

  /** Called every 20 s: asks whether somebody is still there, and looks at the token's end. */
  tick(): void {
    const { socket } = this.#options
    if (this.#isSilent) {
      this.close(CLOSE.tooSlow, 'silent')
      // Who is silent may not answer a goodbye either.
      socket.terminate()
      return
    }
    if (socket.readyState === socket.OPEN) socket.ping(undefined, undefined, () => this.#intake.measure())
    if (this.#usesFrames) this.send(PING_FRAME, 'asked')
    this.#checkExpiry()
  }

  /** A socket that the server itself does not read can't be heard. */
  get #isSilent(): boolean {
    if (this.#intake.roomIsFull) return false
    const limit = this.#intake.isChoked ? STUCK_MS : LIMITS.silenceMs
    return this.#options.now() - this.#heardAt >= limit
  }

  #checkExpiry(): void {
    const { expiresAt } = this.#principal
    if (expiresAt === null) return
    const left = expiresAt - this.#options.now()
    if (left <= 0) this.close(CLOSE.signedOut, 'token expired')
    else if (left <= EXPIRY_NOTICE_MS && !this.#toldExpiry) {
      this.#toldExpiry = true
      this.#tell({ type: 'token_expiring', expires_at: new Date(expiresAt).toISOString() })
    }
  }

  #tell(message: ServerMessage): void {
    if (!this.#options.documentsOnly) this.send(JSON.stringify(message), 'asked')
  }

  #received(data: RawData, isBinary: boolean): void {
    // After the goodbye nothing counts: who lost their rights must not write while the socket closes.
    if (this.#saidGoodbye) return
    this.#heardAt = this.#options.now()
    const bytes = asBytes(data)
    if (isBinary) this.#frame(bytes)
    else if (this.#options.documentsOnly)
      this.#options.note('text_on_documents_socket', { connection: this.id })
    else this.#text(bytes)
  }

  #frame(bytes: Uint8Array): void {
    if (isPongFrame(bytes)) return
    const frame = decodeClientFrame(bytes)
    if (frame === undefined) {
      this.#options.note('bad_frame', { connection: this.id, bytes: bytes.length })
      return this.#fail(
        new Fault('bad_message', 'The binary frame can’t be read: it is cut, or no document frame.'),
      )
    }
    this.#usesFrames = true
    const { socket } = this.#options
    // Nobody is there any more to be answered.
    if (frame.type === 'step1' && socket.readyState !== socket.OPEN) return
    this.takeFrame({ frame, bytes: bytes.length })
  }

  takeFrame(input: FrameInput): void {
    this.#seat?.frame(input)
  }

  #text(bytes: Uint8Array): void {
    const verdict = this.#rate.take(this.#options.now())
    if (verdict.kind === 'close') return this.close(CLOSE.rate, 'rate')
    if (verdict.kind === 'refuse') {
      const details = { retry_after_ms: verdict.retryAfterMs }
      return this.#fail(new Fault('rate_limited', 'Too many messages; wait a moment.', details))
    }
    if (bytes.length > LIMITS.jsonMessageBytes) {
      const limit = LIMITS.jsonMessageBytes / 1024
      return this.#fail(new Fault('too_large', `A message may have ${limit} KiB at most.`))
    }
    this.#message(new TextDecoder().decode(bytes))
  }

  #message(text: string): void {
    const decoded = decodeClientMessage(text)
    if (!decoded.ok) {
      const { ok: _, ...refusal } = decoded
      return this.#tell({ type: 'error', ...refusal })
    }
    const { message } = decoded
    if (message.type !== 'auth') return this.#seat?.message(message)
    this.#renew(message.token).then(
      () => this.#tell({ type: 'ack', ...echo(message.request_id) }),
      (error: unknown) => this.#fail(asFault(error, this.#options.note), message.request_id),
    )
  }

  /** The same person with a newer token; anybody else is refused, and the old token stands. */
  async #renew(token: string): Promise<void> {
    const principal = await this.#options.doorkeeper.verifyToken(token)
    if (principal.userId !== this.userId)
      throw new Fault('unauthenticated', 'This token names somebody else.')
    this.#principal = principal
    this.#toldExpiry = false
    await this.closeIfEnded()
  }

  /**
   * The end of a session is told to the sockets that are known to be of it: what ended before this one was known is
   * asked for, once it is. @returns whether the socket was closed.
   */
  async closeIfEnded(): Promise<boolean> {
    const { sessionId } = this
    if (sessionId === null || (await this.#options.doorkeeper.sessionAlive(sessionId))) return false
    this.close(CLOSE.signedOut, 'signed out')
    return true
  }

  #fail({ code, message, details }: Fault, request_id?: RequestId): void {
    this.#tell({ type: 'error', code, message, ...details, ...echo(request_id) })
  }
}

export function asFault(error: unknown, note: Note): Fault {
  if (error instanceof Fault) return error
  note('socket_failed', { error })
  return new Fault('internal', 'Something went wrong on the server; it has been noted.')
}

export function asBytes(data: RawData): Uint8Array {
  if (Array.isArray(data)) return Buffer.concat(data)
  return data instanceof ArrayBuffer ? new Uint8Array(data) : data
}

const echo = (request_id: RequestId | undefined) => (request_id === undefined ? {} : { request_id })
