import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** The load balancer in front of a cluster: real HAProxy, with the settings that the operator's guide gives. */

const PROGRAM = process.env['HAPROXY'] ?? 'haproxy'
/** Names the node that a browser is sent to; a test that sets it chooses. */
export const NODE_COOKIE = 'STORYWEAVE_NODE'

export interface HAProxyOptions {
  readonly port: number
  /** The nodes' ports on 127.0.0.1. */
  readonly nodes: readonly number[]
}

export class HAProxy {
  readonly address: string
  readonly #folder: string
  readonly #child: ChildProcess
  readonly #nodes: number

  private constructor(folder: string, child: ChildProcess, { port, nodes }: HAProxyOptions) {
    this.#folder = folder
    this.#child = child
    this.#nodes = nodes.length
    this.address = `http://localhost:${port}`
  }

  static async start(options: HAProxyOptions): Promise<HAProxy> {
    const folder = await mkdtemp(join(tmpdir(), 'storyweave-haproxy-'))
    const file = join(folder, 'haproxy.cfg')
    await writeFile(file, configOf(options))
    const child = spawn(PROGRAM, ['-db', '-q', '-f', file], { stdio: ['ignore', 'inherit', 'inherit'] })
    const balancer = new HAProxy(folder, child, options)
    await balancer.seesAll()
    return balancer
  }

  /** Resolves when every node is taken for ready. */
  async seesAll(): Promise<void> {
    const url = `${this.address}/balancer;csv`
    for (;;) {
      if (this.#child.exitCode !== null) throw new Error('HAProxy has ended: see what it said above.')
      const answer = await fetch(url).catch(() => undefined)
      const rows = (await answer?.text())?.split('\n') ?? []
      const up = rows.filter((row) => /^nodes,n\d+,/.test(row) && row.split(',')[17] === 'UP')
      if (up.length === this.#nodes) return
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS))
    }
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const gone = once(this.#child, 'exit')
      this.#child.kill('SIGKILL')
      await gone
    }
    await rm(this.#folder, { recursive: true, force: true })
  }
}

const LOOK_AGAIN_MS = 50

const configOf = ({ port, nodes }: HAProxyOptions): string => `
global
  maxconn 8000
defaults
  mode http
  timeout connect 2s
  timeout client 75s
  timeout server 75s
  timeout tunnel 1h
  timeout http-request 10s
  option redispatch
  option forwardfor
  retries 3
frontend house
  bind 127.0.0.1:${port}
  bind ::1:${port} v6only
  stats enable
  stats uri /balancer
  default_backend nodes
backend nodes
  balance roundrobin
  cookie ${NODE_COOKIE} insert indirect nocache httponly
  option httpchk GET /readyz
  timeout check 5s
  default-server check inter 500ms fall 2 rise 1
${nodes.map((own, index) => `  server n${index + 1} 127.0.0.1:${own} cookie n${index + 1}`).join('\n')}
`
