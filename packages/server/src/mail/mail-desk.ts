import { createHash } from 'node:crypto'
import {
  claimDueMail,
  finishBundle,
  postponeMail,
  type QueuedBundle,
  type QueuedLetter,
  type QueuedMail,
  removeLetter,
} from '../db/repositories/mails.ts'
import type { Queries } from '../db/repositories/queries.ts'
import { type BundleParts, writeBundle } from './bundle.ts'
import type { Letter } from './letter.ts'
import type { Seal } from './seal.ts'
import { SendError } from './smtp.ts'
import { BUNDLES_APART_MS } from './times.ts'

/** How often the queue is looked at. */
const LOOK_EVERY_MS = 5_000
/** A server that stops does not wait longer for a mail server. */
const STOP_WITHIN_MS = 5_000
/** After the first failure; each further one doubles it. */
const RETRY_FIRST_MS = 60_000
const RETRY_MOST_MS = 60 * 60_000
const KEY_CHARS = 32

export interface MailTimers {
  /** Milliseconds since 1970 UTC. */
  now(): number
  /** Calls once, `ms` from now; the answer cancels it. */
  after(ms: number, call: () => void): () => void
}

export interface MailDeskParts extends BundleParts {
  readonly db: Queries
  readonly seal: Seal
  readonly sender: { send(letter: Letter, key: string): Promise<void> }
  readonly timers: MailTimers
  /** For the log; never with addresses or words of a letter. */
  readonly note: (event: string, details: Readonly<Record<string, unknown>>) => void
}

/**
 * Sends what is due in the queue, one after the other. Any number of desks may work on one queue: a mail is claimed
 * before it is sent. One that a mail server has taken is not sent again; where its answer was lost, the repeat carries
 * the same Message-ID.
 */
export class MailDesk {
  readonly #parts: MailDeskParts
  /** What was sent, or given up, and could not be written down yet: before anything else is sent. */
  readonly #unwritten: (() => Promise<void>)[] = []
  #working: Promise<void> | undefined
  #cancelLook: (() => void) | undefined
  #isStopped = false

  constructor(parts: MailDeskParts) {
    this.#parts = parts
  }

  /** Looks at the queue from now on. */
  start(): void {
    this.#lookIn(0)
  }

  /**
   * Resolves when what is being sent has been sent, or a mail server that does not answer has had time enough (its
   * letter is then sent again). The rest waits for the next start.
   */
  async stop(): Promise<void> {
    this.#isStopped = true
    this.#cancelLook?.()
    const working = this.#working
    if (working === undefined) return
    await new Promise<void>((resolve) => {
      const cancel = this.#parts.timers.after(STOP_WITHIN_MS, resolve)
      const done = () => {
        cancel()
        resolve()
      }
      // Whoever began the work hears of its failure.
      working.then(done, done)
    })
  }

  /** Sends everything that is due now. Rejects where the database can't be asked. */
  sendDue(): Promise<void> {
    this.#working ??= this.#work().finally(() => {
      this.#working = undefined
    })
    return this.#working
  }

  #lookIn(ms: number): void {
    this.#cancelLook = this.#parts.timers.after(ms, () => void this.#look())
  }

  async #look(): Promise<void> {
    try {
      await this.sendDue()
    } catch (error) {
      this.#parts.note('mail_queue_failed', { error })
    }
    if (!this.#isStopped) this.#lookIn(LOOK_EVERY_MS)
  }

  async #work(): Promise<void> {
    await this.#writeDown()
    while (!this.#isStopped) {
      const mail = await claimDueMail(this.#parts.db, this.#parts.timers.now())
      if (mail === undefined || !(await this.#send(mail))) return
    }
  }

  async #writeDown(): Promise<void> {
    for (let write = this.#unwritten[0]; write !== undefined; write = this.#unwritten[0]) {
      await write()
      this.#unwritten.shift()
    }
  }

  /** False where the mail server is not to be had: the others wait with this one. */
  async #send(mail: QueuedMail): Promise<boolean> {
    const { sender, timers, note } = this.#parts
    const content = mail.kind === 'letter' ? this.#openLetter(mail) : await this.#writeBundle(mail)
    if (content.letter !== undefined) {
      try {
        await sender.send(content.letter, content.key)
      } catch (error) {
        if (!(error instanceof SendError)) throw error
        note('mail_failed', { mail: mail.id, attempt: mail.attempts + 1, ...error.details })
        if (!error.isFinal) {
          await postponeMail(this.#parts.db, mail, timers.now() + retryDelay(mail.attempts))
          return error.isAboutLetter
        }
      }
    }
    this.#unwritten.push(content.finish)
    await this.#writeDown()
    return true
  }

  #openLetter(mail: QueuedLetter): Content {
    const { db, seal, timers, note } = this.#parts
    const finish = () => removeLetter(db, mail)
    // No two letters are sealed alike.
    const key = createHash('sha256').update(mail.sealed).digest('hex').slice(0, KEY_CHARS)
    if (mail.expiresAt <= timers.now()) {
      note('mail_expired', { mail: mail.id, attempts: mail.attempts })
      return { letter: undefined, key, finish }
    }
    const text = seal.open(mail.sealed)
    if (text === undefined) note('mail_unreadable', { mail: mail.id, why: 'sealed with another secret' })
    return { letter: text === undefined ? undefined : (JSON.parse(text) as Letter), key, finish }
  }

  async #writeBundle(mail: QueuedBundle): Promise<Content> {
    const { db, timers } = this.#parts
    const { letter, key, notificationIds } = await writeBundle(this.#parts, mail, timers.now())
    const finish = () =>
      finishBundle(db, mail, {
        notificationIds,
        sent: letter !== undefined,
        at: timers.now(),
        apartMs: BUNDLES_APART_MS,
      })
    return { letter, key, finish }
  }
}

interface Content {
  /** Undefined where there is nothing to send. */
  readonly letter: Letter | undefined
  /** Names it for the mail server: see `SmtpSender.send`. */
  readonly key: string
  /** Writes down that it is done with. */
  finish(): Promise<void>
}

const retryDelay = (failures: number): number => Math.min(RETRY_FIRST_MS * 2 ** failures, RETRY_MOST_MS)
