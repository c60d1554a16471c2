import { plainAddress } from '../access/counted-address.ts'
import type { GuestSessions } from '../api/ports.ts'
import type { BetterAuth } from './better-auth.ts'
import { CLIENT_ADDRESS_HEADER } from './headers.ts'
import type { OriginPolicy } from './origin.ts'

/** A cookie is for our own pages: whoever names no Origin, or a listed one, could use it for nothing. */
export function guestSessions(betterAuth: BetterAuth, policy: OriginPolicy): GuestSessions {
  return {
    async open({ headers: { origin, 'user-agent': agent }, ip }, userId) {
      const headers = new Headers({
        [CLIENT_ADDRESS_HEADER]: plainAddress(ip),
        ...(agent !== undefined && { 'user-agent': agent }),
      })
      const { response, headers: answered } = await betterAuth.api.openGuestSession({
        body: { userId: String(userId) },
        headers,
        returnHeaders: true,
      })
      return policy.kindOf(origin) === 'own'
        ? { token: null, cookies: answered.getSetCookie() }
        : { token: response.token, cookies: [] }
    },
  }
}
