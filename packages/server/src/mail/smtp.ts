import { createTransport, type Transporter } from 'nodemailer'
import { isLoopbackHost } from '../config/loopback.ts'
import type { MailSettings } from '../config/mail-settings.ts'
import type { Letter } from './letter.ts'

/** A server that accepts a connection and says nothing holds the queue up for this long. */
const PATIENCE_MS = 20_000
/** Between two signs of life while a letter is handed over. */
const SILENCE_MS = 60_000

/** Why a letter was not taken. */
export interface SendFailure {
  /** The letter is the reason: others may be taken all the same. Otherwise the server is not to be had. */
  readonly isAboutLetter: boolean
  /** It never will be taken (no such recipient, say). */
  readonly isFinal: boolean
  /** For the log. Neither credentials nor addresses nor what a server may have quoted of them. */
  readonly details: Readonly<Record<string, string | number>>
}

export class SendError extends Error implements SendFailure {
  readonly isAboutLetter: boolean
  readonly isFinal: boolean
  readonly details: SendFailure['details']

  constructor({ isAboutLetter, isFinal, details }: SendFailure) {
    super('The mail server has not taken the letter.')
    this.name = 'SendError'
    this.isAboutLetter = isAboutLetter
    this.isFinal = isFinal
    this.details = details
  }
}

/** Hands letters to the mail server, each over a connection of its own. */
export class SmtpSender {
  readonly #transport: Transporter
  readonly #from: string

  constructor({ host, port, secure, credentials, from }: MailSettings) {
    const local = isLoopbackHost(host)
    this.#from = from
    this.#transport = createTransport({
      host,
      port,
      secure,
      // On one machine there is nobody to hide from, and the certificate there is rarely one that can be checked.
      ignoreTLS: local && !secure,
      // A password does not travel in the open.
      requireTLS: !local && !secure && credentials !== undefined,
      ...(credentials !== undefined && { auth: { user: credentials.user, pass: credentials.password } }),
      connectionTimeout: PATIENCE_MS,
      greetingTimeout: PATIENCE_MS,
      socketTimeout: SILENCE_MS,
      // A letter is what we wrote, and never a file or an address to fetch.
      disableFileAccess: true,
      disableUrlAccess: true,
    })
  }

  /**
   * Resolves when the server has taken the letter.
   * `key` names the letter: sent again after an answer that was lost, it has the same Message-ID.
   * @throws SendError
   */
  async send(letter: Letter, key: string): Promise<void> {
    const { to, subject, text, html, unsubscribe } = letter
    try {
      await this.#transport.sendMail({
        from: this.#from,
        // As an object it is one address, whatever it contains.
        to: { name: '', address: to },
        subject,
        text,
        html,
        messageId: `<storyweave.${key}@${this.#domain}>`,
        headers: {
          'Auto-Submitted': 'auto-generated',
          ...(unsubscribe !== undefined && {
            'List-Unsubscribe': `<${unsubscribe}>`,
            'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
          }),
        },
      })
    } catch (error) {
      throw new SendError(failureOf(error))
    }
  }

  get #domain(): string {
    return this.#from.replace(/>$/, '').split('@').at(-1) ?? 'localhost'
  }
}

function failureOf(error: unknown): SendFailure {
  const { code, command, responseCode, errno } = error as Readonly<Record<string, unknown>>
  const details = Object.fromEntries(
    Object.entries({ code, command, responseCode, errno }).filter(
      (entry): entry is [string, string | number] => ['string', 'number'].includes(typeof entry[1]),
    ),
  )
  const isAboutLetter = code === 'EENVELOPE' || code === 'EMESSAGE'
  const isFinal = isAboutLetter && typeof responseCode === 'number' && responseCode >= 500
  return { isAboutLetter, isFinal, details }
}
