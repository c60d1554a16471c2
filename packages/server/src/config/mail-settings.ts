import type { Settings } from './settings.ts'

/** The mail server that the house sends through. */
export interface MailSettings {
  readonly host: string
  readonly port: number
  /** TLS from the first byte (`smtps:`); otherwise STARTTLS where the server offers it. */
  readonly secure: boolean
  /** Never to be printed. */
  readonly credentials: { readonly user: string; readonly password: string } | undefined
  /** The sender: an address, or `Name <address>`. */
  readonly from: string
}

const SUBMISSION_PORT = 587
const SUBMISSION_TLS_PORT = 465

/** `me@example.com`, or `A house <me@example.com>`. */
const SENDER = /^(?:[^<>\r\n"]*|"[^<>\r\n"]*")<[^\s<>@,;]+@[^\s<>@,;]+>$|^[^\s<>@,;]+@[^\s<>@,;]+$/

/** `SMTP_URL` and `MAIL_FROM`; undefined where neither is set, or they are wrong (then `settings` has the problem). */
export function readMailSettings(settings: Settings): MailSettings | undefined {
  const url = settings.url('SMTP_URL', ['smtp:', 'smtps:'])
  const from = settings.text('MAIL_FROM')
  for (const [name, other] of PAIR) {
    if (settings.text(name) === undefined && settings.text(other) !== undefined)
      settings.problem(name, 'is missing: SMTP_URL and MAIL_FROM go together')
  }
  if (from !== undefined && !SENDER.test(from)) {
    settings.problem(
      'MAIL_FROM',
      'must be an address, or a name and an address: StoryWeave <room@example.com>',
    )
  }
  if (url === undefined || from === undefined) return undefined
  return Object.freeze({ ...serverOf(settings, url), from })
}

const PAIR = [
  ['SMTP_URL', 'MAIL_FROM'],
  ['MAIL_FROM', 'SMTP_URL'],
] as const

function serverOf(settings: Settings, url: URL): Omit<MailSettings, 'from'> {
  const secure = url.protocol === 'smtps:'
  if (url.hostname === '') settings.problem('SMTP_URL', 'names no server: smtp://mail.example.com:587')
  if (!/^\/?$/.test(url.pathname) || url.search !== '' || url.hash !== '')
    settings.problem('SMTP_URL', 'must have nothing after the server and its port')
  return {
    // Without the brackets of an IPv6 address, which sockets do not take.
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port === '' ? (secure ? SUBMISSION_TLS_PORT : SUBMISSION_PORT) : Number(url.port),
    secure,
    credentials: credentialsOf(settings, url),
  }
}

function credentialsOf(settings: Settings, { username, password }: URL): MailSettings['credentials'] {
  if (username === '' && password === '') return undefined
  try {
    if (username !== '' && password !== '') {
      return Object.freeze({ user: decodeURIComponent(username), password: decodeURIComponent(password) })
    }
    settings.problem('SMTP_URL', 'must name both user and password, or neither')
  } catch {
    // A URIError says no more than this does, and may quote the password.
    settings.problem('SMTP_URL', 'has a % in its user or password that is no escape: write it as %25')
  }
  return undefined
}
