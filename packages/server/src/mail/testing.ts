import type { AddressInfo } from 'node:net'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { readConfig } from '../config/config.ts'
import { TEST_TIME, type TemporaryDatabase } from '../db/testing.ts'
import { type Mail, makeMail } from './mail.ts'
import type { MailTimers } from './mail-desk.ts'

/** A mail server of its own for tests: real SMTP over a real socket. */

/** A mail as the server took it. */
export interface ReceivedMail {
  readonly from: string
  readonly to: readonly string[]
  readonly headers: ReadonlyMap<string, string>
  readonly text: string
  readonly html: string
}

export interface PostOffice {
  readonly url: string
  readonly received: readonly ReceivedMail[]
  hangUp(): void
  close(): Promise<void>
}

export const CREDENTIALS = { user: 'house', password: 'a pass%word' }

export interface PostOfficeOptions {
  readonly port?: number
  /** What it says to a mail instead of taking it. */
  readonly refuse?: (to: string) => { readonly code: number; readonly message: string } | undefined
  /** Takes the mail, and never answers; called when it has. */
  readonly silent?: () => void
  /** Takes the mail, and then hangs up without an answer. */
  readonly hangUp?: () => boolean
}

export async function openPostOffice(options: PostOfficeOptions = {}): Promise<PostOffice> {
  const received: ReceivedMail[] = []
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    logger: false,
    ...doors(options),
    onData(stream, session, callback) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope
        const from = mailFrom === false ? '' : mailFrom.address
        const to = rcptTo.map(({ address }) => address)
        received.push({ from, to, ...parsed(Buffer.concat(chunks).toString('utf8')) })
        if (options.hangUp?.() === true) hangUp(server)
        else if (options.silent !== undefined) options.silent()
        else callback()
      })
    },
  })
  // A client that leaves in the middle is part of some tests.
  server.on('error', () => undefined)
  const port = await listen(server, options.port ?? 0)
  const user = `${encodeURIComponent(CREDENTIALS.user)}:${encodeURIComponent(CREDENTIALS.password)}`
  return {
    url: `smtp://${user}@127.0.0.1:${port}`,
    received,
    hangUp: () => hangUp(server),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

const doors = ({ refuse }: PostOfficeOptions): SMTPServerOptions => ({
  onAuth({ username, password }, _session, callback) {
    const known = username === CREDENTIALS.user && password === CREDENTIALS.password
    if (known) callback(null, { user: username })
    // A server that says too much: nothing of it may reach the log.
    else callback(new Error(`No ${username} with ${password} here`))
  },
  onRcptTo({ address }, _session, callback) {
    const refusal = refuse?.(address)
    if (refusal === undefined) callback()
    else callback(Object.assign(new Error(refusal.message), { responseCode: refusal.code }))
  },
})

interface OpenConnection {
  readonly _socket: { destroy(): void }
}

/** Cuts every connection, as a network does. */
function hangUp(server: SMTPServer): void {
  const { connections } = server as unknown as { readonly connections: ReadonlySet<OpenConnection> }
  for (const { _socket } of connections) _socket.destroy()
}

function listen(server: SMTPServer, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject)
      resolve((server.server.address() as AddressInfo).port)
    })
  })
}

/** Headers by their small names, and the two halves of what is alternative. */
function parsed(raw: string): Pick<ReceivedMail, 'headers' | 'text' | 'html'> {
  const { headers, body } = entity(raw)
  const boundary = /boundary="([^"]+)"/.exec(headers.get('content-type') ?? '')?.[1] ?? ''
  const parts = body.split(`--${boundary}`).slice(1, -1).map(entity)
  const part = (type: string): string => {
    const found = parts.find((one) => one.headers.get('content-type')?.startsWith(type))
    if (found === undefined) throw new Error(`The mail has no part of type ${type}.`)
    return decoded(found.body, found.headers.get('content-transfer-encoding') ?? '7bit')
  }
  return { headers, text: part('text/plain'), html: part('text/html') }
}

function entity(raw: string): { headers: Map<string, string>; body: string } {
  const [head = '', ...rest] = raw.replace(/^\r\n/, '').split('\r\n\r\n')
  const lines = head.replace(/\r\n[ \t]+/g, ' ').split('\r\n')
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon).toLowerCase(), decodedWords(line.slice(colon + 1).trim())]
  })
  return { headers: new Map(headers), body: rest.join('\r\n\r\n') }
}

function decoded(body: string, encoding: string): string {
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString('utf8')
  if (encoding === 'quoted-printable') return unescaped(body.replace(/=\r\n/g, ''))
  return body
}

/** RFC 2047. */
const decodedWords = (value: string): string =>
  value
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?UTF-8\?([QB])\?([^?]*)\?=/gi, (_whole, encoding: string, text: string) =>
      encoding.toUpperCase() === 'B'
        ? Buffer.from(text, 'base64').toString('utf8')
        : unescaped(text.replaceAll('_', ' ')),
    )

const unescaped = (text: string): string =>
  Buffer.from(
    text
      .replace(/\P{ASCII}/gu, '')
      .replace(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  ).toString('utf8')

/** Time that stands until a test moves it; what was to be called is kept. */
export class StandingTime implements MailTimers {
  #now = TEST_TIME
  readonly planned = new Set<() => void>()

  readonly now = (): number => this.#now

  after(_ms: number, call: () => void): () => void {
    this.planned.add(call)
    return () => this.planned.delete(call)
  }

  pass(ms: number): void {
    this.#now += ms
  }
}

export interface TestMail extends Mail {
  /** What went to the log, as it would be written. */
  readonly noted: string[]
}

export const SECRET = 'the house’s secret, longer than 32 characters'

/** The house's mail through `url`, on time that stands. */
export function testMail(
  { db }: Pick<TemporaryDatabase, 'db'>,
  {
    url,
    time,
    random,
    secret = SECRET,
  }: {
    url: string
    time: MailTimers
    random: (bytes: number) => Uint8Array
    secret?: string
  },
): TestMail {
  const noted: string[] = []
  const note = (details: object, event: string) => noted.push(`${event} ${JSON.stringify(details)}`)
  const config = readConfig({
    PUBLIC_URL: 'https://write.example',
    SMTP_URL: url,
    MAIL_FROM: 'The house <room@write.example>',
  })
  const mail = makeMail({
    config,
    secret,
    db,
    timers: time,
    random,
    logger: { warn: note, error: note },
  })
  if (mail === undefined) throw new Error('There is no mail server.')
  return { ...mail, noted }
}
