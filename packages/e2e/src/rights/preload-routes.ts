import { subscribe } from 'node:diagnostics_channel'
import { writeFileSync } from 'node:fs'

/** Loaded before the server's own modules: writes every route it adds, documented or not, to the file in `ROUTES_FILE`. */

/** As much of Fastify as this needs. */
interface Application {
  addHook(name: 'onRoute', hook: (route: { method: string | string[]; url: string }) => void): void
  addHook(name: 'onReady', hook: () => Promise<void>): void
}

const file = process.env['ROUTES_FILE']
const routes = new Set<string>()

subscribe('fastify.initialization', (message) => {
  const { fastify } = message as { readonly fastify: Application }
  fastify.addHook('onRoute', ({ method, url }) => {
    for (const one of [method].flat()) routes.add(`${one} ${url.replace(/:(\w+)/g, '{$1}')}`)
  })
  fastify.addHook('onReady', async () => {
    if (file !== undefined) writeFileSync(file, JSON.stringify([...routes]))
  })
})
