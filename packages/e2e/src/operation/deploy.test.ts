import { execFile } from 'node:child_process'
import { chmod, cp, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { BlockList } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { readConfig } from '@storyweave/server/config/config.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fileOf, textOf } from './deployment.ts'

const run = promisify(execFile)

/** As `@fastify/swagger` brings it. */
const server = createRequire(fileOf('packages/server/package.json'))
const { parse } = createRequire(server.resolve('@fastify/swagger'))('yaml') as {
  parse(text: string): unknown
}

interface Compose {
  readonly services: Readonly<Record<string, Service>>
  readonly networks: {
    readonly house: { readonly ipam: { readonly config: readonly { gateway: string; ip_range: string }[] } }
  }
}
interface Service {
  readonly build?: string
  readonly image?: string
  readonly environment?: Readonly<Record<string, string>>
  readonly volumes?: readonly string[]
  readonly networks?: { readonly house?: { readonly ipv4_address?: string } }
}

let compose: Compose
/** With `deploy/up.sh` in it, and a `docker` that only says how it was called. */
let folder: string

beforeAll(async () => {
  compose = parse(await textOf('compose.yaml')) as Compose
  folder = await mkdtemp(join(tmpdir(), 'storyweave-deploy-'))
  await cp(fileOf('deploy/up.sh'), join(folder, 'deploy/up.sh'))
  const docker = join(folder, 'docker')
  await writeFile(docker, '#!/bin/sh\necho "docker $*" >>calls\necho "StoryWeave is at somewhere"\n')
  await chmod(docker, 0o755)
})
afterAll(() => rm(folder, { recursive: true }))

const up = (...args: string[]) =>
  run('sh', [join(folder, 'deploy/up.sh'), ...args], {
    env: { PATH: [folder, process.env['PATH'] ?? ''].join(delimiter) },
  })

test('one command makes secrets once, keeps them to their owner, and starts', async () => {
  const env = join(folder, '.env')
  const { stdout } = await up('https://story.example.com')
  expect(stdout).toContain('StoryWeave is at somewhere')
  const first = await readFile(env, 'utf8')
  expect((await stat(env)).mode & 0o777).toBe(0o600)
  const secrets = [...first.matchAll(/^(?!PUBLIC_URL)\w+=([0-9a-f]{64})$/gm)].map(([, secret]) => secret)
  expect(new Set(secrets).size).toBe(4)
  await up()
  await expect(up('https://other.example.com')).rejects.toThrow('change PUBLIC_URL')
  expect(await readFile(env, 'utf8')).toBe(first)
  const calls = (await readFile(join(folder, 'calls'), 'utf8')).split('\n')
  expect(calls.slice(0, 2)).toEqual(['docker compose build image', 'docker compose up --detach --wait'])
})

test('with them a node’s settings in compose.yaml are ones that the server takes', async () => {
  const secrets = Object.fromEntries(
    (await readFile(join(folder, '.env'), 'utf8'))
      .trim()
      .split('\n')
      .map((line) => line.split('=')),
  ) as Record<string, string>
  const image = /^ENV (.*)$/m.exec(await textOf('Dockerfile'))?.[1] ?? ''
  const inImage = Object.fromEntries(image.split(' ').map((pair) => pair.split('=')))
  for (const node of ['node1', 'node2']) {
    const given = Object.entries(compose.services[node]?.environment ?? {})
    const environment = Object.fromEntries(given.map(([name, value]) => [name, filled(value, secrets)]))
    const config = readConfig({ ...inImage, ...environment })
    expect(config).toMatchObject({ host: '0.0.0.0', port: 8080, publicUrl: 'https://story.example.com' })
    expect(new URL(config.databaseUrl ?? '').hostname).toBe('postgres')
    expect(new URL(config.redisUrl ?? '').hostname).toBe('valkey')
    // The balancer alone is believed about people's addresses.
    expect(config.trustedProxies).toEqual([compose.services['balancer']?.networks?.house?.ipv4_address])
  }
})

/** As Compose fills `${NAME}`, `${NAME:-otherwise}` and `${NAME:?complaint}`. */
const filled = (value: string, variables: Readonly<Record<string, string>>): string =>
  value.replace(
    /\$\{(\w+)(?::([-?])([^}]*))?\}/g,
    (_, name: string, sign: string | undefined, rest: string) => {
      const found = variables[name]
      if (found === undefined && sign !== '-') throw new Error(`${name} is not in .env: ${rest}`)
      return found ?? rest
    },
  )

test('what containers are given of the tree is there', async () => {
  const given = Object.values(compose.services).flatMap(({ volumes = [] }) => volumes)
  const paths = given.filter((volume) => volume.startsWith('./')).map((volume) => volume.split(':')[0] ?? '')
  expect(paths).toHaveLength(2)
  for (const path of paths) expect((await stat(fileOf(path))).isFile()).toBe(true)
})

test('HAProxy takes its settings, and they name the nodes', async () => {
  const file = fileOf('deploy/haproxy.cfg')
  // A node whose name is not known yet is a warning.
  await run(process.env['HAPROXY'] ?? 'haproxy', ['-c', '-f', file])
  const named = [...(await textOf('deploy/haproxy.cfg')).matchAll(/^ {2}server (\w+) (\w+):8080 /gm)]
  const nodes = Object.keys(compose.services).filter((name) => name.startsWith('node'))
  // Once for stories' sockets, once for all else.
  expect(named.map(([, , host]) => host)).toEqual([...nodes, ...nodes])
})

test('no container is given the balancer’s address before it comes', () => {
  const [range] = compose.networks.house.ipam.config
  const own = compose.services['balancer']?.networks?.house?.ipv4_address ?? ''
  const given = new BlockList()
  const [first = '', bits] = range?.ip_range.split('/') ?? []
  given.addSubnet(first, Number(bits))
  expect([given.check(own), own === range?.gateway]).toEqual([false, false])
})

test('one service builds the image, and the nodes are of it', () => {
  const services = Object.entries(compose.services)
  expect(services.filter(([, { build }]) => build !== undefined).map(([name]) => name)).toEqual(['image'])
  const images = services.filter(([name]) => name.startsWith('node')).map(([, { image }]) => image)
  expect(new Set(images)).toEqual(new Set([compose.services['image']?.image]))
})
