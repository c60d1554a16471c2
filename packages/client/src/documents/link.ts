import { type ClientFrame, encodeClientFrame, LIMITS } from '@storyweave/protocol'
import { type Doc, encodeStateVector } from 'yjs'

/** What a link says of its document; the key is the link's own. */
type Spoken<Frame = ClientFrame> = Frame extends { type: 'ignored' } ? never : Omit<Frame, 'key'>

/** One opening of a document on one socket. */
export class Link {
  readonly key: string
  readonly #send: (frame: Uint8Array) => void
  /** The server's Step1 is answered: from here on every change goes out as an update of its own. */
  paired = false
  /** The server's Step2 is applied. */
  caughtUp = false

  constructor(key: string, send: (frame: Uint8Array) => void) {
    this.key = key
    this.#send = send
  }

  /** Auth and Step1 leave together; the server holds the second until it has decided the first. */
  greet(doc: Doc): void {
    this.authenticate()
    this.say({ type: 'step1', stateVector: encodeStateVector(doc) })
  }

  /** An empty token is the socket's own. */
  authenticate(): void {
    this.say({ type: 'auth', token: '' })
  }

  say(spoken: Spoken): void {
    this.#send(this.#encode(spoken))
  }

  /** False, and nothing sent, where the frame would be over the limit: it would cost the socket. */
  sayWithinLimit(spoken: Spoken): boolean {
    const bytes = this.#encode(spoken)
    if (bytes.length > LIMITS.documentFrameBytes) return false
    this.#send(bytes)
    return true
  }

  #encode(spoken: Spoken): Uint8Array {
    return encodeClientFrame({ ...spoken, key: this.key } as Exclude<ClientFrame, { type: 'ignored' }>)
  }
}
