import type { ApiDependencies, ZodApp } from '../context.ts'
import { doorRoutes } from './door.ts'
import { hostRoutes } from './host.ts'
import { invitationRoutes } from './invitations.ts'
import { joinRoutes } from './join.ts'
import { SharingLimits } from './limits.ts'
import { linkRoutes } from './links.ts'
import { memberRoutes } from './members.ts'
import { shareRoutes } from './share.ts'

type Routes = (app: ZodApp) => Promise<void>

/** Sharing's routes: for people who have said who they are, and for those who come in without. */
export function sharingRoutes(parts: ApiDependencies): { signedIn: Routes; atTheDoor: Routes } {
  const api = { ...parts, limits: new SharingLimits(parts.tries.rates) }
  return {
    signedIn: together(memberRoutes(api), shareRoutes(api), invitationRoutes(api), linkRoutes(api)),
    atTheDoor: together(doorRoutes(api), joinRoutes(api), hostRoutes(api)),
  }
}

const together =
  (...routes: readonly Routes[]): Routes =>
  async (app) => {
    for (const route of routes) await app.register(route)
  }
