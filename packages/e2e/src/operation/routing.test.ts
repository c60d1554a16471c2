import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '@storyweave/server/config/free-port.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { end, textOf } from './deployment.ts'

/** `deploy/haproxy.cfg` in a real HAProxy, before two servers that answer everything with their name. */

const STORIES = Array.from({ length: 40 }, (_, index) => index + 1)

let folder: string
let address: string
let balancer: ChildProcess
let servers: readonly Server[]

async function nodeNamed(name: string): Promise<Server> {
  const server = createServer((_, response) => response.setHeader('connection', 'close').end(name))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}

const ask = async (path: string): Promise<Response> => fetch(`${address}${path}`)

async function nodeOf(path: string): Promise<string> {
  return (await ask(path)).text()
}

/** The node of each story, when HAProxy takes so many for ready. */
async function nodesOfStories(ready: number): Promise<readonly string[]> {
  for (;;) {
    const nodes = await Promise.all(STORIES.map((id) => nodeOf(`/collaboration/ws/story/${id}`)))
    if (new Set(nodes).size === ready && nodes.every((name) => name.startsWith('node'))) return nodes
  }
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'storyweave-routing-'))
  servers = [await nodeNamed('node1'), await nodeNamed('node2')]
  const port = await freePort('127.0.0.1')
  address = `http://127.0.0.1:${port}`
  const settings = servers.reduce(
    (text, server, index) =>
      text.replaceAll(`node${index + 1}:8080`, `127.0.0.1:${(server.address() as AddressInfo).port}`),
    (await textOf('deploy/haproxy.cfg')).replace('bind :8080', `bind 127.0.0.1:${port}`),
  )
  await writeFile(join(folder, 'haproxy.cfg'), settings)
  balancer = spawn(process.env['HAPROXY'] ?? 'haproxy', ['-db', '-q', '-f', join(folder, 'haproxy.cfg')], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  for (;;) {
    if (balancer.exitCode !== null) throw new Error('HAProxy has ended: see what it said above.')
    const answer = await ask('/').catch(() => undefined)
    if (answer?.ok === true) return
  }
})
afterAll(async () => {
  await end(balancer)
  for (const server of servers) server.close()
  await rm(folder, { recursive: true })
})

test('a story’s sockets go to one node, stories to all of them, other requests by cookie', async () => {
  const nodes = await nodesOfStories(2)
  for (const [index, id] of STORIES.entries()) {
    expect(await nodeOf(`/collaboration/documents/story/${id}?schema=1`)).toBe(nodes[index])
    expect(await nodeOf(`/collaboration/ws/story/${id}?since=${id}`)).toBe(nodes[index])
  }
  const socket = await ask('/collaboration/ws/story/1')
  const page = await ask('/api/stories/1')
  expect(socket.headers.get('set-cookie')).toBeNull()
  expect(page.headers.get('set-cookie')).toMatch(/^STORYWEAVE_NODE=node[12]; path=\/; HttpOnly$/)
})

test('of a node that is gone the stories go to another one', async () => {
  const before = await nodesOfStories(2)
  const [first] = servers
  await new Promise((resolve) => first?.close(resolve))
  const after = await nodesOfStories(1)
  expect(new Set(before)).toEqual(new Set(['node1', 'node2']))
  expect(new Set(after)).toEqual(new Set(['node2']))
})

test('what is the operator’s alone is not let through', async () => {
  for (const path of ['/metrics', '/readyz', '/healthz', '/%6Detrics']) {
    expect((await ask(path)).status).toBe(404)
  }
})
