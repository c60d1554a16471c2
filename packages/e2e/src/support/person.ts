import type { Beat, Me, Scene, Story } from '@storyweave/protocol'

/** A person with an account, using REST with their session's token. */
export class Person {
  readonly address: string
  readonly token: string
  readonly me: Me

  private constructor(address: string, token: string, me: Me) {
    this.address = address
    this.token = token
    this.me = me
  }

  /** `origin`: what a browser would say; the address unless said. */
  static async signUp(
    address: string,
    name: string,
    origin = address,
    more: Readonly<Record<string, string>> = {},
  ): Promise<Person> {
    const email = `${name.toLowerCase().replaceAll(' ', '.')}@example.com`
    const response = await fetch(`${address}/api/auth/sign-up/email`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin, ...more },
      body: JSON.stringify({ name, email, password: passwordOf(name) }),
    })
    const answer = (await expectOk(response)) as { token: string }
    const headers = { authorization: `Bearer ${answer.token}` }
    const me = (await expectOk(await fetch(`${address}/api/me`, { headers }))) as Me
    return new Person(address, answer.token, me)
  }

  /** The answer as it is, good or bad. */
  ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Response> {
    const json = body === undefined ? {} : { 'content-type': 'application/json' }
    return fetch(`${this.address}${path}`, {
      method,
      headers: { authorization: `Bearer ${this.token}`, ...json, ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  }

  /** The answer's body; throws where it is an error. */
  async call<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
    return (await expectOk(await this.ask(method, path, body))) as Answer
  }

  newStory(title: string): Promise<Story> {
    return this.call('POST', '/api/stories', { title })
  }

  async beatsOf(storyId: number): Promise<Beat[]> {
    const { beats } = await this.call<{ beats: Beat[] }>('GET', `/api/stories/${storyId}/beats?limit=200`)
    return beats
  }

  scene(sceneId: number): Promise<Scene> {
    return this.call('GET', `/api/scenes/${sceneId}`)
  }

  async ticket(): Promise<string> {
    return (await this.call<{ ticket: string }>('POST', '/collaboration/ticket')).ticket
  }
}

export const passwordOf = (name: string): string => `correct horse ${name}`

async function expectOk(response: Response): Promise<unknown> {
  const body: unknown = response.status === 204 ? undefined : await response.json()
  if (!response.ok) throw new Error(`${response.status} ${response.url}: ${JSON.stringify(body)}`)
  return body
}
