import type { MailSettings } from '../config/mail-settings.ts'
import type { Queries } from '../db/repositories/queries.ts'
import { MailDesk, type MailDeskParts, type MailTimers } from './mail-desk.ts'
import { MailQueue } from './mail-queue.ts'
import { Seal } from './seal.ts'
import { SmtpSender } from './smtp.ts'

export interface MailLogger {
  warn(details: object, message: string): void
  error(details: object, message: string): void
}

export interface MailParts {
  readonly config: { readonly mail: MailSettings | undefined; readonly baseUrl: string }
  /** Seals letters while they wait; one for all nodes of a house. */
  readonly secret: string
  readonly db: Queries
  readonly timers: MailTimers
  /** A cryptographic source of that many bytes. */
  readonly random: (bytes: number) => Uint8Array
  readonly logger: MailLogger
}

export interface Mail {
  /** What others put letters into. */
  readonly queue: MailQueue
  /** To be started when the tables stand, and stopped before the database is closed. */
  readonly desk: MailDesk
}

/** The house's mail; undefined where no mail server is set. */
export function makeMail({ config, secret, db, timers, random, logger }: MailParts): Mail | undefined {
  if (config.mail === undefined) return undefined
  const seal = new Seal(secret, random)
  const sender = new SmtpSender(config.mail)
  return {
    queue: new MailQueue({ db, seal, now: timers.now }),
    desk: new MailDesk({ db, seal, sender, timers, random, note: noteTo(logger), baseUrl: config.baseUrl }),
  }
}

/** A mail that is not sent is something to know of: at the least a warning. */
const noteTo =
  (logger: MailLogger): MailDeskParts['note'] =>
  (event, { error, ...details }) => {
    if (error === undefined) logger.warn(details, event)
    else logger.error({ err: error, ...details }, event)
  }
