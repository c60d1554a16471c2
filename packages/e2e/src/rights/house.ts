import { execFile } from 'node:child_process'
import { readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Beat, Joined, MadeLink, Me, Role, Story } from '@storyweave/protocol'
import { isBalanced, type House as Served, startHouse } from '../support/house.ts'
import { Person, passwordOf } from '../support/person.ts'
import { ACCOUNTS, type Account, type Asker, GUESTS, type Guest } from './askers.ts'

const COMMAND = fileURLToPath(import.meta.resolve('@storyweave/server/cli/storyweave.ts'))
const PRELOAD = new URL('./preload-routes.ts', import.meta.url).href
/** A proxy on this machine may say whom it asks for. */
const LOOPBACK = '127.0.0.1, ::1'
const run = promisify(execFile)

export interface Request {
  readonly method: string
  readonly path: string
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

/** A server with one story, and one of each who may ask something of it. */
export class House {
  readonly server: Served
  readonly story: Story
  /** The story's first beat. */
  readonly beat: Beat
  /** Somebody with an account who is talked about and never asks. */
  readonly bystander: Me
  readonly #people: Readonly<Record<Account, Person>>
  readonly #tokens: Record<Asker, string | undefined>
  readonly #guestIds: Record<Guest, number>
  readonly #links: Record<Guest, string>
  readonly #routesFile: string
  #requests = 0

  private constructor(parts: Parts) {
    this.server = parts.server
    this.story = parts.story
    this.beat = parts.beat
    this.bystander = parts.bystander
    this.#people = parts.people
    this.#tokens = parts.tokens
    this.#guestIds = parts.guestIds
    this.#links = parts.links
    this.#routesFile = parts.routesFile
  }

  static async open(): Promise<House> {
    const routesFile = join(tmpdir(), `storyweave-routes-${process.pid}-${crypto.randomUUID()}.json`)
    const server = await startHouse({
      ...(!isBalanced && { TRUSTED_PROXIES: LOOPBACK }),
      NODE_OPTIONS: `--import=${PRELOAD}`,
      ROUTES_FILE: routesFile,
    })
    const people = await signUpAll(server)
    const { me: bystander } = await Person.signUp(server.address, 'Bystander')
    const story = await people.owner.newStory('The Lighthouse')
    const beat = await people.owner.call<Beat>('POST', `/api/stories/${story.id}/beats`, { title: 'Arrival' })
    const tokens = { ...tokensOf(people), host: await hostToken(server) }
    const guestIds = { guest_editor: 0, guest_viewer: 0 }
    const links = { guest_editor: '', guest_viewer: '' }
    const parts = { server, people, bystander, story, beat, tokens, guestIds, links, routesFile }
    const house = new House(parts)
    await house.#letMembersIn()
    return house
  }

  async #letMembersIn(): Promise<void> {
    for (const role of ['editor', 'viewer'] as const) {
      await this.giveRole(this.story.id, role, role)
      this.#links[`guest_${role}`] = await this.newLink(this.story.id, role)
    }
    await this.newGuests()
  }

  /** Everything the server answers at: `GET /api/me`. */
  async routes(): Promise<string[]> {
    return JSON.parse(await readFile(this.#routesFile, 'utf8'))
  }

  /** Undefined for who is nobody here. */
  idOf(asker: Asker): number | undefined {
    if (asker === 'signed_out' || asker === 'host') return undefined
    if (asker === 'guest_editor' || asker === 'guest_viewer') return this.#guestIds[asker]
    return this.#people[asker].me.user_id
  }

  tokenOf(asker: Asker): string | undefined {
    return this.#tokens[asker]
  }

  emailOf(asker: Account): string {
    return `${asker}@example.com`
  }

  ask(asker: Asker, { method, path, body, headers = {} }: Request): Promise<Response> {
    const token = this.#tokens[asker]
    return fetch(`${this.server.address}${path}`, {
      method,
      redirect: 'manual',
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(!isBalanced && { 'x-forwarded-for': this.#nextAddress() }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
  }

  /** As a proxy would name it; each request comes from another one, so that no limit by address counts to two. */
  #nextAddress(): string {
    this.#requests += 1
    return `10.${this.#requests >> 16}.${(this.#requests >> 8) & 255}.${this.#requests & 255}`
  }

  /** The answer's body; throws where it is an error. */
  async call<Answer = unknown>(asker: Asker, method: string, path: string, body?: unknown): Promise<Answer> {
    const response = await this.ask(asker, { method, path, body })
    const text = await response.text()
    if (!response.ok) throw new Error(`${asker}: ${method} ${path}: ${response.status} ${text}`)
    return (text === '' ? undefined : JSON.parse(text)) as Answer
  }

  /** A story of the owner's that nobody else has a part in. */
  newStory(): Promise<Story> {
    return this.call('owner', 'POST', '/api/stories', { title: 'Another one' })
  }

  /** Through the host application's door, which may be used more often than a person's. */
  async giveRole(storyId: number, to: Exclude<Account, 'owner'>, role: Role): Promise<void> {
    const body = { user_id: this.idOf(to), role }
    await this.call('host', 'POST', `/collaboration/host/stories/${storyId}/share`, body)
  }

  /** The token of a new link to a story. */
  async newLink(storyId: number, role: 'editor' | 'viewer'): Promise<string> {
    const said = { role, max_uses: 1_000 }
    const { link } = await this.call<MadeLink>(
      'owner',
      'POST',
      `/collaboration/stories/${storyId}/links`,
      said,
    )
    return link.split('#')[1] ?? ''
  }

  /** Gives whoever is about to be revoked a part in the story. */
  letIn(): Promise<void> {
    return this.giveRole(this.story.id, 'revoked', 'editor')
  }

  async revoke(): Promise<void> {
    const path = `/collaboration/host/stories/${this.story.id}/share/${this.idOf('revoked')}`
    await this.call('host', 'DELETE', path)
  }

  /**
   * A server that was started again has counted nobody. Addresses need that only behind a load balancer, where all
   * come from one.
   */
  async forgetLimits(counted: 'addresses' | 'people' = 'addresses'): Promise<void> {
    if (counted === 'addresses' && !isBalanced) return
    await this.server.kill()
    await this.server.start()
  }

  /** Everyone has a session that nothing has been done with. */
  async signInAnew(): Promise<void> {
    await this.forgetLimits()
    for (const account of ACCOUNTS) this.#tokens[account] = await this.newSession(account)
    await this.newGuests()
  }

  async newSession(account: Account): Promise<string> {
    const body = { email: this.emailOf(account), password: passwordOf(account) }
    const { token } = await this.call<{ token: string }>(
      'signed_out',
      'POST',
      '/api/auth/sign-in/email',
      body,
    )
    return token
  }

  async newGuests(): Promise<void> {
    for (const guest of GUESTS) {
      const body = { token: this.#links[guest], name: guest }
      const joined = await this.call<Joined>('signed_out', 'POST', '/collaboration/join', body)
      if (joined.token === null) throw new Error('A client without our Origin gets a token.')
      this.#tokens[guest] = joined.token
      this.#guestIds[guest] = joined.user_id
    }
  }

  async close(): Promise<void> {
    await this.server.remove()
    await rm(this.#routesFile, { force: true })
  }
}

interface Parts {
  readonly server: Served
  readonly story: Story
  readonly beat: Beat
  readonly bystander: Me
  readonly people: Readonly<Record<Account, Person>>
  readonly tokens: Record<Asker, string | undefined>
  readonly guestIds: Record<Guest, number>
  readonly links: Record<Guest, string>
  readonly routesFile: string
}

async function signUpAll({ address, setupLink = '' }: Served): Promise<Record<Account, Person>> {
  const [, token = ''] = setupLink.split('#')
  const signUp = (name: Account) => Person.signUp(address, name, address, { 'x-setup-token': token })
  return {
    owner: await signUp('owner'),
    editor: await signUp('editor'),
    viewer: await signUp('viewer'),
    stranger: await signUp('stranger'),
    revoked: await signUp('revoked'),
  }
}

function tokensOf(people: Readonly<Record<Account, Person>>): Record<Asker, string | undefined> {
  const { owner, editor, viewer, stranger, revoked } = people
  return {
    owner: owner.token,
    editor: editor.token,
    viewer: viewer.token,
    stranger: stranger.token,
    revoked: revoked.token,
    guest_editor: undefined,
    guest_viewer: undefined,
    signed_out: undefined,
    host: undefined,
  }
}

/** By the command line, as a host makes one. */
async function hostToken({ commandEnvironment }: Served): Promise<string> {
  const env = { PATH: process.env['PATH'], ...commandEnvironment }
  const made = await run(process.execPath, [COMMAND, 'token', 'create', '--name', 'The rights table'], {
    env,
  })
  return made.stdout.trim()
}
