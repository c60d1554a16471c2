import helmet from '@fastify/helmet'
import { Fault } from '@storyweave/protocol'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest, LogController } from 'fastify'
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod'
import { actRoutes } from './acts.ts'
import { authenticate } from './authenticate.ts'
import { beatBinRoutes } from './beat-bin.ts'
import { beatMoveRoutes } from './beat-move.ts'
import { beatOrderRoutes } from './beat-order.ts'
import { beatSceneRoutes } from './beat-scenes.ts'
import { beatRoutes } from './beats.ts'
import type { ApiDependencies, ZodApp } from './context.ts'
import { chatRoutes } from './discussion/chat-routes.ts'
import { commentRoutes } from './discussion/comment-routes.ts'
import { sendError, sendFault } from './errors/problem.ts'
import { houseRoutes } from './house.ts'
import { meRoutes } from './me.ts'
import { notificationRoutes, preferenceRoutes } from './notifications/routes.ts'
import { unsubscribeRoutes } from './notifications/unsubscribe.ts'
import { addOpenApi } from './openapi.ts'
import { operationRoutes } from './operations.ts'
import { presenceRoutes } from './presence.ts'
import { projectRoutes } from './projects.ts'
import { loggerWithoutQueries, recordAnswers } from './request-log.ts'
import { sceneBinRoutes } from './scene-bin.ts'
import { sceneMoveRoutes } from './scene-move.ts'
import { sceneSplitRoutes } from './scene-split.ts'
import { sceneRoutes } from './scenes.ts'
import { sharingRoutes } from './sharing/routes.ts'
import { storyRoutes } from './stories.ts'
import { storyBeatRoutes } from './story-beats.ts'
import { storyBinRoutes } from './story-bin.ts'
import { storyHistoryRoutes } from './story-history.ts'
import { storyImportRoutes } from './story-import.ts'
import { ticketRoutes } from './tickets.ts'

/** What a request's body may be where its route does not say more: a card in full, several times over. */
const BODY_BYTES = 1024 * 1024

/** The whole of REST, ready to listen; sockets are attached to its `server` elsewhere. */
export async function buildApi(parts: ApiDependencies): Promise<FastifyInstance> {
  const app = Fastify({
    loggerInstance: loggerWithoutQueries(parts.logger),
    // Its own lines would say more of a request than may be logged; see `recordAnswers`.
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_BYTES,
    frameworkErrors: sendError,
    trustProxy: [...(parts.trustedProxies ?? [])],
  })
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  app.setErrorHandler(sendError)
  app.setNotFoundHandler((request, reply) => answerUnknown(parts, request, reply))
  recordAnswers(app, parts.metrics)
  await app.register(helmet, HELMET)
  await addOpenApi(app, parts.version)
  await parts.mountAuth?.(app)
  await parts.mountWeb?.(app)
  await app.register(operationRoutes(parts))
  await app.register(houseRoutes(parts))
  await app.register(unsubscribeRoutes(parts))
  const sharing = sharingRoutes(parts)
  await app.register(sharing.atTheDoor)
  await app.register(async (scope) => addRoutes(scope.withTypeProvider<ZodTypeProvider>(), parts, sharing))
  return app
}

/** The routes for people who have said who they are. */
async function addRoutes(
  app: ZodApp,
  parts: ApiDependencies,
  sharing: ReturnType<typeof sharingRoutes>,
): Promise<void> {
  authenticate(app, parts.identify)
  const routes = [
    meRoutes,
    projectRoutes(parts),
    presenceRoutes(parts),
    storyRoutes(parts),
    storyBinRoutes(parts),
    storyHistoryRoutes(parts),
    storyImportRoutes(parts),
    storyBeatRoutes(parts),
    beatOrderRoutes(parts),
    actRoutes(parts),
    beatMoveRoutes(parts),
    beatRoutes(parts),
    beatBinRoutes(parts),
    beatSceneRoutes(parts),
    sceneRoutes(parts),
    sceneSplitRoutes(parts),
    sceneMoveRoutes(parts),
    sceneBinRoutes(parts),
    sharing.signedIn,
    notificationRoutes(parts),
    preferenceRoutes(parts),
    chatRoutes(parts),
    commentRoutes(parts),
    ticketRoutes(parts),
  ]
  // Each in a scope of its own: what one of them says of bodies is said to none of the others.
  for (const route of routes) await app.register(route)
}

function answerUnknown(
  { page }: ApiDependencies,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const shown = request.method === 'GET' || request.method === 'HEAD' ? page?.(request, reply) : undefined
  return shown ?? sendFault(new Fault('not_found', 'There is nothing at this address.'), reply)
}

const HELMET = {
  contentSecurityPolicy: {
    directives: {
      'script-src': ["'self'"],
      'style-src': ["'self'"],
      'font-src': ["'self'"],
      'img-src': ["'self'", 'data:'],
      'connect-src': ["'self'", 'ws:', 'wss:'],
      // A house on a local network is reached by http: browsers must not be sent elsewhere.
      'upgrade-insecure-requests': null,
    },
  },
  strictTransportSecurity: false,
}
