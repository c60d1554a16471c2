import { type ErrorCode, encodeServerFrame, type Scope, type ServerFrame } from '@storyweave/protocol'
import type { Doc } from 'yjs'
import type { Member } from '../member.ts'
import type { RoomPorts, Weight } from '../ports.ts'
import { isContained } from './update-check.ts'

/** Why the server sent a Step1: as the half of a pair that answers the client's, or of its own accord. */
export type Step1Reason = 'pair' | 'own_accord'

/**
 * Why words were refused: an error code, or `pending`: something they stand on is missing here.
 * `pending` is no final word: the server has asked for what is missing.
 */
export type RefusalCode = ErrorCode | 'pending'

/** Refused updates of one key that are remembered, so that their acknowledgement can follow when they come home. */
const REMEMBERED_REFUSALS = 1_000

/** Whether a key may write, and what its client is told: a lock of somebody else closes a beat for a while. */
export interface WriteRight {
  readonly mayWrite: boolean
  readonly scope: Scope
}

/** One document open on one socket under one key. Acks carry no id here: their count and order are the contract. */
export class OpenKey {
  readonly member: Member
  /** As the client wrote it: echoed byte for byte. */
  readonly key: string
  readonly beatId: number
  /** What the client was told last. */
  scope: Scope
  /** Its person's role and its schema let it write; whether the beat is locked is another question. */
  mayWrite: boolean
  /** The client has asked for the document (Step1): updates are sent from then on. */
  synced = false
  #isClosed = false
  readonly #asked: Step1Reason[] = []
  #refused: Uint8Array[] = []
  readonly #ports: RoomPorts

  constructor(member: Member, key: string, beatId: number, right: WriteRight, ports: RoomPorts) {
    this.member = member
    this.key = key
    this.beatId = beatId
    this.scope = right.scope
    this.mayWrite = right.mayWrite
    this.#ports = ports
  }

  /**
   * From now on it says nothing. What it was sent is still decided and kept, but an answer would come under the same
   * key as those of its next opening, and be taken for one of them.
   */
  close(): void {
    this.#isClosed = true
  }

  send(frame: ServerFrame, weight: Weight = 'told'): void {
    if (this.#isClosed) return
    this.#ports.send([this.member.id], encodeServerFrame(frame), weight)
  }

  /** The client counts anew from its own Step1 on: what was refused before is no longer owed. */
  restart(): void {
    this.synced = true
    this.#refused = []
  }

  askForState(stateVector: Uint8Array, reason: Step1Reason): void {
    this.#asked.push(reason)
    this.send({ type: 'step1', key: this.key, stateVector }, 'asked')
  }

  /** The Step1 of a pair does not count: the Step2 that answers it is acknowledged for itself, and mends nothing. */
  get hasAsked(): boolean {
    return this.#asked.includes('own_accord')
  }

  get hasRefused(): boolean {
    return this.#refused.length > 0
  }

  /** Which Step1 a Step2 answers: the oldest; undefined where nobody asked. */
  takeAnswered(): Step1Reason | undefined {
    return this.#asked.shift()
  }

  acknowledge(): void {
    this.send({ type: 'sync_status', key: this.key, accepted: true })
  }

  tellRefusal(code: RefusalCode, message: string): void {
    this.send({
      type: 'stateless',
      key: this.key,
      payload: JSON.stringify({ type: 'refused', code, message }),
    })
  }

  refuse(code: RefusalCode, message: string): void {
    this.tellRefusal(code, message)
    this.send({ type: 'sync_status', key: this.key, accepted: false })
  }

  remember(update: Uint8Array): void {
    if (this.#refused.length < REMEMBERED_REFUSALS) this.#refused.push(update)
  }

  /** The refused updates that are in the document by now. */
  refusedWithin(doc: Doc): ReadonlySet<Uint8Array> {
    return new Set(this.#refused.filter((update) => isContained(update, doc)))
  }

  /** One ack for each of them that has had none yet. */
  acknowledgeHome(home: ReadonlySet<Uint8Array>): void {
    const owed = this.#refused.filter((update) => home.has(update))
    this.#refused = this.#refused.filter((update) => !home.has(update))
    for (const _ of owed) this.acknowledge()
  }
}
