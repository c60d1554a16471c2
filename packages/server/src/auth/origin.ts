import { Fault } from '@storyweave/protocol'
import type { Config } from '../config/config.ts'
import { isLoopbackHost } from '../config/loopback.ts'

/** Where a request comes from: our own pages, listed other sites, no browser at all, anywhere else. */
export type OriginKind = 'own' | 'allowed' | 'none' | 'other'

/** What a cookie is worth in a request: as much as a token, nothing, or a refusal where it is all there is. */
export type CookieWorth = 'counts' | 'ignored' | 'refused'

export interface OriginPolicy {
  kindOf(origin: string | undefined): OriginKind
  /**
   * @param changes whether the request changes something or upgrades to a socket.
   * @throws Fault `forbidden` for an Origin that is neither ours nor listed, whatever the credentials.
   */
  cookieWorth(origin: string | undefined, changes: boolean): CookieWorth
}

type OriginSettings = Pick<Config, 'host' | 'port' | 'publicUrl' | 'allowedOrigins'>

/** The server's own origins: its public address, and on loopback every name of it. */
export function ownOrigins({
  host,
  port,
  publicUrl,
}: Omit<OriginSettings, 'allowedOrigins'>): readonly string[] {
  const origins = publicUrl === undefined ? [] : [publicUrl]
  if (isLoopbackHost(host)) {
    for (const name of ['localhost', '127.0.0.1', '[::1]'])
      origins.push(new URL(`http://${name}:${port}`).origin)
  }
  return origins
}

export function originPolicy(settings: OriginSettings): OriginPolicy {
  const own = new Set(ownOrigins(settings))
  const allowed = new Set(settings.allowedOrigins)
  const kindOf = (origin: string | undefined): OriginKind => {
    if (origin === undefined) return 'none'
    if (own.has(origin)) return 'own'
    return allowed.has(origin) ? 'allowed' : 'other'
  }
  return {
    kindOf,
    cookieWorth(origin, changes) {
      switch (kindOf(origin)) {
        case 'own':
          return 'counts'
        case 'allowed':
          return 'ignored'
        case 'none':
          // Only a browser protects a cookie from other sites, and a browser that changes something names its Origin.
          return changes ? 'refused' : 'counts'
        case 'other':
          throw foreignOrigin()
      }
    },
  }
}

export const foreignOrigin = (): Fault =>
  new Fault(
    'forbidden',
    'Pages of this origin may not use this server: open it under its own address (PUBLIC_URL), or have its host list the origin in ALLOWED_ORIGINS',
  )

export const cookieWithoutOrigin = (): Fault =>
  new Fault(
    'forbidden',
    'A cookie alone changes nothing without an Origin header: use a token (Authorization: Bearer …)',
  )
