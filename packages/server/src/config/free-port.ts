import { createServer } from 'node:net'
import { type Config, loopbackUrl } from './config.ts'
import { listenError } from './listen-error.ts'

/**
 * Replaces port 0 by a port that is free now: cookies, tokens and links name the address before it is listened on.
 * Another process may take the port in between; listening then fails as with any port.
 * @throws ListenError where the host has no port to be listened on.
 */
export async function withFreePort(config: Config): Promise<Config> {
  if (config.port !== 0) return config
  const port = await freePort(config.host).catch((error: unknown) => {
    throw listenError(error, config)
  })
  return Object.freeze({ ...config, port, baseUrl: config.publicUrl ?? loopbackUrl(port) })
}

/** A port that nothing listens on now. */
export function freePort(host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen({ host, port: 0, exclusive: true }, () => {
      const address = probe.address()
      probe.close((error) => {
        if (error !== undefined) reject(error)
        else if (address === null || typeof address === 'string') reject(new Error('The probe has no port'))
        else resolve(address.port)
      })
    })
  })
}
