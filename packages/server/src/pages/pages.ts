import { existsSync } from 'node:fs'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

/** Routes that never answer with a page of the web application, whoever asks. */
const NOT_PAGES = /^\/(api|collaboration|docs|healthz|readyz|metrics|openapi\.json)(\/|$)/

/** The web application's own files: `index.html`, and hashed assets with their compressed copies beside them. */
export class Pages {
  readonly #folder: string

  /** `folder` is what the web application was built into; it need not be there. */
  constructor(folder: string) {
    this.#folder = folder
  }

  get isBuilt(): boolean {
    return existsSync(join(this.#folder, 'index.html'))
  }

  /** Adds the files. */
  async mount(app: FastifyInstance): Promise<void> {
    if (!this.isBuilt) return
    await app.register(fastifyStatic, {
      root: this.#folder,
      wildcard: false,
      index: false,
      preCompressed: true,
      setHeaders: (reply, path) => {
        const isHashed = path.includes('/assets/')
        reply.header('cache-control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache')
      },
    })
  }

  /** The application's one page, for a browser that asks for an address of the application's. */
  page(request: FastifyRequest, reply: FastifyReply): FastifyReply | undefined {
    const path = request.url.split('?', 1)[0] ?? '/'
    const wantsPage = request.headers.accept?.includes('text/html') === true
    if (!this.isBuilt || !wantsPage || NOT_PAGES.test(path)) return undefined
    return reply.header('cache-control', 'no-cache').sendFile('index.html')
  }
}
