import { generateKeyPairSync, randomUUID, sign } from 'node:crypto'
import { createReadStream, existsSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import { extname, join, normalize } from 'node:path'

/** Whom the tokens are for: StoryWeave’s `AUTH_AUDIENCE`. */
export const AUDIENCE = 'storyweave'
const TOKEN_SECONDS = 10 * 60
const PAGES = new URL('./dist/', import.meta.url).pathname
const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css' }

/**
 * The application’s own server: it has the pages, knows its people, says in signed tokens who they are, and tells
 * StoryWeave by its host token who may write in which story.
 */
export class Host {
  #address = ''
  #server
  #storyweave
  #hostToken
  /** The club’s one story, made when the first person comes. */
  #story
  #keys = generateKeyPairSync('ed25519')
  #keyId = randomUUID()

  /** @param {number} port 0 takes a free one */
  async start(port) {
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch((error) => {
        console.error(error)
        response.writeHead(500).end('Something went wrong in the club.')
      })
    })
    await new Promise((resolve) => this.#server.listen(port, 'localhost', resolve))
    this.#address = `http://localhost:${this.#server.address().port}`
    return this.#address
  }

  /**
   * @param {string} storyweave where StoryWeave is
   * @param {string} hostToken of `storyweave token create`
   */
  connect(storyweave, hostToken) {
    this.#storyweave = storyweave
    this.#hostToken = hostToken
  }

  async stop() {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  async #answer(request, response) {
    const { pathname } = new URL(request.url, this.#address)
    const json = (body) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    }
    if (pathname === '/.well-known/jwks.json') return json({ keys: [this.#publicKey()] })
    if (pathname !== '/session') return page(pathname, response)
    const { name } = JSON.parse(await textOf(request))
    json(await this.#session(String(name).trim()))
  }

  /** In an application of yours the session says who it is; here whoever comes says it. */
  async #session(name) {
    const person = { sub: name.toLowerCase(), name }
    const { user_id } = await this.#ask('/people', { iss: this.#address, ...person })
    this.#story ??= this.#ask('/stories', {
      owner_user_id: user_id,
      title: 'The club’s own story',
      template: 'three_acts',
    }).then((story) => ({ id: story.id, ownerId: user_id }))
    const story = await this.#story
    if (story.ownerId !== user_id) await this.#ask(`/stories/${story.id}/share`, { user_id, role: 'editor' })
    return { storyweave: this.#storyweave, storyId: story.id, token: this.#token(person) }
  }

  async #ask(path, body) {
    const response = await fetch(`${this.#storyweave}/collaboration/host${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${this.#hostToken}` },
      body: JSON.stringify(body),
    })
    if (!response.ok) throw new Error(`StoryWeave answered ${response.status}: ${await response.text()}`)
    return response.json()
  }

  #publicKey() {
    return { ...this.#keys.publicKey.export({ format: 'jwk' }), kid: this.#keyId, alg: 'EdDSA', use: 'sig' }
  }

  #token({ sub, name }) {
    const iat = Math.floor(Date.now() / 1000)
    const claims = { iss: this.#address, aud: AUDIENCE, sub, name, iat, exp: iat + TOKEN_SECONDS }
    const signed = [{ alg: 'EdDSA', typ: 'JWT', kid: this.#keyId }, claims].map(encoded).join('.')
    return `${signed}.${sign(null, Buffer.from(signed), this.#keys.privateKey).toString('base64url')}`
  }
}

const encoded = (part) => Buffer.from(JSON.stringify(part)).toString('base64url')

async function textOf(request) {
  const chunks = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}

function page(pathname, response) {
  const path = join(PAGES, normalize(pathname))
  const file =
    path.startsWith(PAGES) && existsSync(path) && statSync(path).isFile() ? path : join(PAGES, 'index.html')
  if (!existsSync(file)) return response.writeHead(404).end('Run “npm run build” first.')
  response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' })
  createReadStream(file).pipe(response)
}
