import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { inspect } from 'node:util'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { realTimers } from '../host/timers.ts'
import type { Bus } from './bus.ts'
import { BusSetupError } from './bus-setup-error.ts'
import { openBus } from './open-bus.ts'
import { type RedisOptions, startRedis, type TemporaryRedis } from './testing.ts'
import { settled } from './testing-fleet.ts'
import { listen, read, write } from './testing-inbox.ts'
import type { BusTimers } from './timers.ts'

const PASSWORD = 'pa:ss%w/ör@d'
const ENCODED = encodeURIComponent(PASSWORD)

const closing: (() => Promise<unknown> | unknown)[] = []

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

async function redis(options: RedisOptions = {}): Promise<TemporaryRedis> {
  const server = await startRedis(options)
  closing.push(() => server.close())
  return server
}

/** Where nothing answers, the tests wait a moment only. */
const hasty: BusTimers = { now: realTimers.now, after: (ms, call) => realTimers.after(ms / 10, call) }

async function open(url: string, { nodeId = 'one', timers = realTimers } = {}): Promise<Bus> {
  const bus = await openBus({ url, nodeId, timers, note: () => undefined })
  closing.push(() => bus.close())
  return bus
}

/** What the person is told; never the password, in the message or behind it. */
async function complaintOf(url: string, timers: BusTimers = realTimers): Promise<string> {
  const error: unknown = await open(url, { timers }).then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!(error instanceof BusSetupError)) throw new Error(`Not refused: ${inspect(error)}`)
  for (const secret of [PASSWORD, ENCODED]) expect(inspect(error, { depth: 10 })).not.toContain(secret)
  return error.message
}

async function listening(server: Server): Promise<number> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket) => sockets.add(socket.on('error', () => undefined)))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

/** Says one thing to whoever connects and speaks; nothing here can be the real thing. */
function parrot(words: string): Promise<number> {
  return listening(createServer((socket) => socket.on('data', () => socket.write(words))))
}

const hello = (version: string, mode: string): string => {
  const pairs = Object.entries({
    server: 'redis',
    version,
    proto: 3,
    id: 1,
    mode,
    role: 'master',
    modules: '',
  })
  const fields = pairs
    .flat()
    .map((item) => (typeof item === 'number' ? `:${item}` : `$${item.length}\r\n${item}`))
  return `%${pairs.length}\r\n${fields.join('\r\n')}\r\n`
}

describe('the address', () => {
  it.each([
    `redis//user:${ENCODED}@host`,
    `http://user:${ENCODED}@host:6379`,
    `redis://:${PASSWORD}@host`,
    'redis://:100%@host',
    `redis://user:${ENCODED}@/`,
    `redis://:${ENCODED}@host/name`,
    `redis://:${ENCODED}@host?db=1`,
    '',
  ])('%s is none', async (url) => {
    expect(await complaintOf(url)).toBe(
      'The Redis address must read redis://user:password@host:port, or rediss:// for TLS, with special characters percent-encoded',
    )
  })

  it('may name a database, which messages do not know', async () => {
    const { url } = await redis()
    const [one, other] = [await open(`${url}/1`), await open(`${url}/2`, { nodeId: 'other' })]
    const heard = listen(other, 'story:1')
    await settled(other)
    one.publish('story:1', write('hello'))
    expect(read(await heard.until(1))).toEqual(['one: hello'])
  })
})

describe('who asks', () => {
  const bob = ['--user', 'bob', 'on', `>${PASSWORD}`]

  it('gets in with user and password', async () => {
    const { port } = await redis({ args: [...bob, '+@all', '&*'] })
    expect((await open(`redis://bob:${ENCODED}@127.0.0.1:${port}`)).isUp).toBe(true)
  })

  it('gets in with the password of the house', async () => {
    const { port } = await redis({ args: ['--requirepass', PASSWORD] })
    expect((await open(`redis://:${ENCODED}@127.0.0.1:${port}`)).isUp).toBe(true)
  })

  it('with a wrong password', async () => {
    const { port } = await redis({ args: ['--requirepass', 'another'] })
    expect(await complaintOf(`redis://:${ENCODED}@127.0.0.1:${port}`)).toBe(
      `Redis at 127.0.0.1:${port} does not let "default" in: check user and password in the Redis address`,
    )
    expect(await complaintOf(`redis://alice:${ENCODED}@127.0.0.1:${port}`)).toContain(
      'does not let "alice" in',
    )
  })

  it('without a password where one is wanted', async () => {
    const { port } = await redis({ args: ['--requirepass', PASSWORD] })
    expect(await complaintOf(`redis://127.0.0.1:${port}`)).toBe(
      `Redis at 127.0.0.1:${port} wants a password: put it into the Redis address, redis://:password@host:port`,
    )
  })

  it('without the right to the channels', async () => {
    const { port } = await redis({ args: [...bob, '+@all', '&other:*'] })
    expect(await complaintOf(`redis://bob:${ENCODED}@127.0.0.1:${port}`)).toMatch(
      /^Redis at \S+ does not allow "bob" what the bus needs \(see its ACL\): NOPERM .*channel/,
    )
  })

  it.each<[string, RedisOptions, string[]]>([
    ['Redis', {}, ['+publish', '+subscribe', '+unsubscribe']],
    [
      'a cluster',
      { cluster: 'whole' },
      ['+spublish', '+ssubscribe', '+sunsubscribe', '+cluster|keyslot', '+cluster|slots', '+cluster|myid'],
    ],
  ])('needs few rights on %s', async (_, options, commands) => {
    const rights = ['+hello', ...commands, '&{storyweave:}*']
    const { port } = await redis({ ...options, args: [...bob, ...rights] })
    const bus = await open(`redis://bob:${ENCODED}@127.0.0.1:${port}`)
    bus.subscribe('story:1', () => undefined)()
    bus.publish('story:1', write('hello'))
    expect(bus.isUp).toBe(true)
  })
})

describe('what answers', () => {
  it('nothing', async () => {
    const server = await redis()
    await server.stop()
    expect(await complaintOf(server.url)).toBe(
      `Redis at 127.0.0.1:${server.port} can't be reached (ECONNREFUSED): is it running, and is the address right?`,
    )
  })

  it('nobody knows the host', async () => {
    expect(await complaintOf(`redis://:${ENCODED}@nowhere.invalid`)).toMatch(
      /^Redis at nowhere.invalid:6379 can't be found \((ENOTFOUND|EAI_AGAIN)\): is the host in the Redis address right\?$/,
    )
  })

  it('something silent', async () => {
    const port = await listening(createServer())
    expect(await complaintOf(`redis://127.0.0.1:${port}`, hasty)).toBe(
      `Redis at 127.0.0.1:${port} does not answer: is the address right? If it expects TLS, write rediss:// instead of redis://`,
    )
  })

  it('something that hangs up', async () => {
    const port = await listening(createServer((socket) => socket.destroy()))
    expect(await complaintOf(`redis://127.0.0.1:${port}`)).toMatch(
      / does not answer.* If it expects TLS, write/,
    )
  })

  it.each([
    ['a web server', () => listening(createHttpServer((_, response) => response.end('hello')))],
    ['an SSH server', () => parrot('SSH-2.0-OpenSSH_9.2\r\n')],
  ])('%s', async (_, start) => {
    const port = await start()
    expect(await complaintOf(`redis://:${ENCODED}@127.0.0.1:${port}`)).toBe(
      `What answers at 127.0.0.1:${port} is no Redis: check host and port in the Redis address`,
    )
  })

  it.each([
    [hello('6.2.14', 'standalone'), 'is of version 6.2.14: Redis 7 or later is needed, or Valkey'],
    ["-ERR unknown command 'HELLO'\r\n", 'does not know a command that the bus needs: Redis 7 or later'],
    [hello('7.0.15', 'sentinel'), 'is a Sentinel: give the address of the Redis that it watches over'],
    ['-ERR max number of clients reached\r\n', 'refuses: ERR max number of clients reached'],
  ])('one that says %j', async (words, complaint) => {
    const port = await parrot(words)
    expect(await complaintOf(`redis://127.0.0.1:${port}`)).toContain(
      `Redis at 127.0.0.1:${port} ${complaint}`,
    )
  })

  it('a replica', async () => {
    const primary = await redis()
    const replica = await redis({ args: ['--replicaof', '127.0.0.1', `${primary.port}`] })
    expect(await complaintOf(replica.url)).toBe(
      `Redis at 127.0.0.1:${replica.port} is a replica, which others do not hear: give the address of its primary`,
    )
  })

  it('a node of a cluster that nobody has finished', async () => {
    const { url, port } = await redis({ cluster: 'without slots' })
    expect(await complaintOf(url)).toMatch(
      new RegExp(
        `^Redis at 127.0.0.1:${port} belongs to a cluster in which nobody has slot \\d+: see CLUSTER INFO$`,
      ),
    )
  })
})

describe('TLS', () => {
  let folder: string
  const trusted = getCACertificates('default')

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'storyweave-tls-'))
  })

  afterEach(() => setDefaultCACertificates(trusted))
  afterAll(() => rm(folder, { recursive: true, force: true }))

  /** A certificate that signs itself, for one name, for two days. */
  function certificate(altName: string): { certFile: string; keyFile: string } {
    const [certFile, keyFile] = [join(folder, 'cert.pem'), join(folder, 'key.pem')]
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', keyFile]
    const names = ['-subj', '/CN=redis', '-addext', `subjectAltName=${altName}`]
    execFileSync('openssl', ['req', '-x509', '-days', '2', ...key, ...names, '-out', certFile], {
      stdio: 'ignore',
    })
    return { certFile, keyFile }
  }

  async function secureRedis(altName: string, isTrusted: boolean): Promise<TemporaryRedis> {
    const tls = certificate(altName)
    if (isTrusted) setDefaultCACertificates([...trusted, readFileSync(tls.certFile, 'utf8')])
    return redis({ tls, args: ['--requirepass', PASSWORD] })
  }

  const withPassword = ({ url }: TemporaryRedis): string => url.replace('//', `//:${ENCODED}@`)

  it('carries messages', async () => {
    const server = await secureRedis('IP:127.0.0.1', true)
    expect((await open(withPassword(server))).isUp).toBe(true)
  })

  it('a certificate that nobody trusts', async () => {
    const server = await secureRedis('IP:127.0.0.1', false)
    expect(await complaintOf(withPassword(server))).toBe(
      `Redis at 127.0.0.1:${server.port} shows a certificate that is not trusted (DEPTH_ZERO_SELF_SIGNED_CERT): name the file of the authority that signed it in NODE_EXTRA_CA_CERTS`,
    )
  })

  it('a certificate for another name', async () => {
    const server = await secureRedis('DNS:redis.example', true)
    expect(await complaintOf(withPassword(server))).toContain('shows a certificate for another name: use')
  })

  it('spoken to without TLS', async () => {
    const server = await secureRedis('IP:127.0.0.1', true)
    expect(await complaintOf(withPassword(server).replace('rediss:', 'redis:'))).toMatch(
      /^Redis at \S+ does not answer \(ECONNRESET\): is the address right\? If it expects TLS, write rediss:/,
    )
  })

  it('spoken where there is none', async () => {
    const { port } = await redis()
    expect(await complaintOf(`rediss://:${ENCODED}@127.0.0.1:${port}`, hasty)).toBe(
      `Redis at 127.0.0.1:${port} does not answer: is the address right? If it has no TLS, write redis:// instead of rediss://`,
    )
    const web = await listening(createHttpServer())
    expect(await complaintOf(`rediss://127.0.0.1:${web}`)).toContain('(ERR_SSL_')
  })
})
