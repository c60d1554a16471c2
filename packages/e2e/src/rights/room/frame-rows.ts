import { type ClientFrame, encodeClientFrame, encodeServerFrame, FRAME } from '@storyweave/protocol'
import { encodeAwareness } from '@storyweave/server/room/documents/awareness.ts'
import * as Y from 'yjs'
import type { Wire } from '../../support/wire.ts'
import type { Column } from '../askers.ts'
import { documentMembers, documentWriters, type RoomAnswer } from './answers.ts'

/** One line of the rights table for document frames. */
export interface FrameRow {
  readonly number: number
  readonly answers: Column<RoomAnswer>
  readonly frame: (key: string) => Uint8Array
  /** What has to be before it, on the open key; whoever is about to be revoked is still an editor then. */
  readonly before?: (exchange: FrameExchange) => Promise<void>
  /** What shows that it was taken, on the asker's socket or a witness's who has the document open. */
  readonly taken: (exchange: FrameExchange) => Promise<RoomAnswer>
}

export interface FrameExchange {
  readonly key: string
  readonly wire: Wire
  readonly witness: Wire
}

/** A person's first words in a document, under a client id of their own. */
function words(): Uint8Array {
  const doc = new Y.Doc()
  doc.getText('goal').insert(0, 'Words. ')
  return Y.encodeStateAsUpdate(doc)
}

const randomId = (): number => crypto.getRandomValues(new Uint32Array(1))[0] ?? 0

const caret = (): Uint8Array => encodeAwareness([{ clientId: randomId(), clock: 1, state: { at: 0 } }])

/** A frame that a client may send and that does nothing; it looks the same from either side. */
const idleFrame = (key: string) => encodeServerFrame({ type: 'stateless', key, payload: '{}' })

const step1 = (key: string) =>
  encodeClientFrame({ type: 'step1', key, stateVector: Y.encodeStateVector(new Y.Doc()) })

/** Saved, or refused with the code that stands before the refusal. */
async function status({ wire }: FrameExchange): Promise<RoomAnswer> {
  if ((await wire.frame('sync_status')).accepted) return 'saved'
  return JSON.parse((await wire.frame('stateless')).payload).code
}

const scope = async ({ wire }: FrameExchange): Promise<RoomAnswer> => (await wire.frame('scope')).scope

/** Every kind of frame: one that is forgotten does not compile. */
export const FRAME_ROWS: Readonly<Record<ClientFrame['type'], FrameRow>> = {
  auth: {
    number: FRAME.auth,
    answers: documentWriters('read-write', 'readonly'),
    frame: (key) => encodeClientFrame({ type: 'auth', key, token: '' }),
    taken: scope,
  },
  step1: {
    number: FRAME.sync,
    answers: documentMembers('step2'),
    frame: step1,
    taken: ({ wire }) => wire.frame('step2').then(() => 'step2'),
  },
  step2: {
    number: FRAME.sync,
    answers: documentWriters('saved', 'forbidden'),
    // A Step2 answers a Step1, which the server sends with its answer to the client's.
    before: async ({ wire, key }) => {
      wire.send(step1(key))
      await wire.frame('step1')
    },
    frame: (key) => encodeClientFrame({ type: 'step2', key, update: words() }),
    taken: status,
  },
  update: {
    number: FRAME.sync,
    answers: documentWriters('saved', 'forbidden'),
    frame: (key) => encodeClientFrame({ type: 'update', key, update: words() }),
    taken: status,
  },
  awareness: {
    number: FRAME.awareness,
    answers: documentMembers('heard'),
    frame: (key) => encodeClientFrame({ type: 'awareness', key, update: caret() }),
    taken: ({ witness }) => witness.frame('awareness').then(() => 'heard'),
  },
  query_awareness: {
    number: FRAME.queryAwareness,
    answers: documentMembers('awareness'),
    before: async ({ wire, witness, key }) => {
      witness.send(encodeClientFrame({ type: 'awareness', key, update: caret() }))
      // Told to everyone at once; the answer is told once more.
      await wire.frame('awareness')
    },
    frame: (key) => encodeClientFrame({ type: 'query_awareness', key }),
    taken: ({ wire }) => wire.frame('awareness').then(() => 'awareness'),
  },
  close: {
    number: FRAME.close,
    answers: documentMembers('closed'),
    frame: (key) => encodeClientFrame({ type: 'close', key }),
    // An open key answers no second Auth; one that was closed does.
    taken: async (exchange) => {
      exchange.wire.send(encodeClientFrame({ type: 'auth', key: exchange.key, token: '' }))
      await scope(exchange)
      return 'closed'
    },
  },
  ignored: {
    number: FRAME.stateless,
    answers: documentMembers('ignored'),
    frame: idleFrame,
    // The key goes on as if nothing had been said.
    taken: async ({ wire, key }) => {
      wire.send(step1(key))
      await wire.frame('step2')
      return 'ignored'
    },
  },
}
