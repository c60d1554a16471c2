import { once } from 'node:events'
import { createServer } from 'node:http'
import type { House } from '../support/house.ts'

/** Stands where a server stood that is away, and answers whatever is asked with a page of its own. */
export class BareProxy {
  /** 502, as long as nothing else is wanted. */
  status = 502
  readonly #server = createServer((_, response) => {
    response.writeHead(this.status, { 'content-type': 'text/html', connection: 'close' })
    response.end('<h1>Bad gateway</h1>')
  })

  /** `server` has to be away. */
  static async open({ address }: House): Promise<BareProxy> {
    const proxy = new BareProxy()
    proxy.#server.listen(Number(new URL(address).port))
    await once(proxy.#server, 'listening')
    return proxy
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close')
    this.#server.close()
    this.#server.closeAllConnections()
    await closed
  }
}
