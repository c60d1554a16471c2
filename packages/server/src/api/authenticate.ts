import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Principal } from '../access/principal.ts'
import type { Identify } from './ports.ts'

const PRINCIPAL = 'principal'

/** Asks who it is before anything else of a request is looked at; for every route of `app`. */
export function authenticate(app: FastifyInstance, identify: Identify): void {
  app.decorateRequest(PRINCIPAL)
  app.addHook('onRequest', async (request) => {
    request.setDecorator<Principal>(PRINCIPAL, await identify(request))
  })
}

/** Who asks. */
export const principalOf = (request: FastifyRequest): Principal => request.getDecorator<Principal>(PRINCIPAL)
