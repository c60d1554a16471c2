import type { InvitationWords, Mailer } from '../api/ports.ts'
import { queueBundle, queueLetter } from '../db/repositories/mails.ts'
import type { Queries, Trx } from '../db/repositories/queries.ts'
import { type Letter, type Wording, writeLetter } from './letter.ts'
import type { Seal } from './seal.ts'
import { BUNDLE_GATHERS_MS, BUNDLES_APART_MS, INVITATION_MS, RESET_MS, VERIFICATION_MS } from './times.ts'
import { invitationWording, resetWording, verificationWording } from './wordings.ts'

export interface MailQueueParts {
  readonly db: Queries
  readonly seal: Seal
  readonly now: () => number
}

/** What the house sends, put into the queue; the desk sends it. */
export class MailQueue implements Mailer {
  readonly #parts: MailQueueParts

  constructor(parts: MailQueueParts) {
    this.#parts = parts
  }

  async sendInvitation(
    to: string,
    words: InvitationWords,
    link: string,
    options: Parameters<Mailer['sendInvitation']>[3] = {},
  ): Promise<void> {
    const { now, db } = this.#parts
    const { expiresAt = now() + INVITATION_MS, trx = db } = options
    await this.#queue(trx, to, invitationWording(words, link), expiresAt)
  }

  /** `link` proves the address when it is opened. */
  async sendVerification(to: string, name: string, link: string): Promise<void> {
    const { now, db } = this.#parts
    await this.#queue(db, to, verificationWording(name, link), now() + VERIFICATION_MS)
  }

  async sendPasswordReset(to: string, name: string, link: string): Promise<void> {
    const { now, db } = this.#parts
    await this.#queue(db, to, resetWording(name, link), now() + RESET_MS)
  }

  bundle(trx: Trx, unread: { userId: number; storyId: number; at: number }): Promise<void> {
    return queueBundle(trx, { ...unread, gatherMs: BUNDLE_GATHERS_MS, apartMs: BUNDLES_APART_MS })
  }

  async #queue(db: Queries, to: string, wording: Wording, expiresAt: number): Promise<void> {
    const { seal, now } = this.#parts
    const letter: Letter = writeLetter(to, wording)
    await queueLetter(db, { sealed: seal.close(JSON.stringify(letter)), at: now(), expiresAt })
  }
}
