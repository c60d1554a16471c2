import {
  Fault,
  newProjectSchema,
  type Project,
  projectChangesSchema,
  projectListSchema,
  projectSchema,
} from '@storyweave/protocol'
import { presentProject } from '../db/repositories/present.ts'
import {
  changeProject,
  findProject,
  hasLivingStories,
  insertProject,
  listProjects,
} from '../db/repositories/projects.ts'
import { transact } from '../db/repositories/queries.ts'
import type { ProjectRow } from '../db/schema.ts'
import { requireAccount } from './access.ts'
import { principalOf } from './authenticate.ts'
import { answerOnce, houseCommand } from './command.ts'
import type { ApiContext, ZodApp } from './context.ts'
import { pageOf, readCursor } from './paging.ts'
import { answers, commandHeaders, DEFAULT_PAGE, idParams, nothing, pageQuery } from './schemas.ts'

const tags = ['Projects']

const noProject = (): Fault => new Fault('not_found', 'There is no such project, or it is not yours.')

const presentFound = (row: ProjectRow | undefined): Project => {
  if (row === undefined) throw noProject()
  return presentProject(row)
}

/** Projects hold stories; who owns one owns those. */
export const projectRoutes =
  (api: ApiContext) =>
  async (app: ZodApp): Promise<void> => {
    readingRoutes(app, api)
    writingRoutes(app, api)
  }

function readingRoutes(app: ZodApp, { db }: ApiContext): void {
  app.get(
    '/api/projects',
    {
      schema: {
        summary: 'My projects',
        tags,
        querystring: pageQuery,
        response: answers(200, projectListSchema),
      },
    },
    async (request) => {
      const { limit = DEFAULT_PAGE, after } = request.query
      const ownerId = principalOf(request).userId
      const rows = await listProjects(db, { ownerId, after: readCursor(after) ?? 0, limit: limit + 1 })
      const { page, next } = pageOf(rows, limit, ({ id }) => id)
      return { projects: page.map(presentProject), next }
    },
  )
  app.get(
    '/api/projects/:id',
    { schema: { summary: 'A project', tags, params: idParams, response: answers(200, projectSchema) } },
    async (request) => presentFound(await findProject(db, request.params.id, principalOf(request).userId)),
  )
}

function writingRoutes(app: ZodApp, { db, clock }: ApiContext): void {
  app.post(
    '/api/projects',
    {
      schema: {
        summary: 'Make a project',
        tags,
        headers: commandHeaders,
        body: newProjectSchema,
        response: answers(201, projectSchema),
      },
    },
    async (request, reply) => {
      const principal = requireAccount(principalOf(request))
      const { name, description = null } = request.body
      const at = clock.now()
      const { status, body } = await transact(db, (trx) =>
        answerOnce(trx, houseCommand(principal.userId, request), at, async () =>
          presentProject(await insertProject(trx, { ownerId: principal.userId, name, description, at })),
        ),
      )
      return reply.code(status).send(body)
    },
  )
  app.patch(
    '/api/projects/:id',
    {
      schema: {
        summary: 'Change a project',
        tags,
        params: idParams,
        body: projectChangesSchema,
        response: answers(200, projectSchema),
      },
    },
    async (request) => {
      const { name, description } = request.body
      const project = { id: request.params.id, ownerId: principalOf(request).userId, at: clock.now() }
      const changes = {
        ...(name !== undefined && { name }),
        ...(description !== undefined && { description }),
      }
      return presentFound(await changeProject(db, project, changes))
    },
  )
  app.delete(
    '/api/projects/:id',
    {
      schema: {
        summary: 'Delete a project that has no stories',
        tags,
        params: idParams,
        response: answers(204, nothing),
      },
    },
    async (request, reply) => {
      const at = clock.now()
      const project = { id: request.params.id, ownerId: principalOf(request).userId, at }
      await transact(db, async (trx) => {
        if ((await changeProject(trx, project, { deleted_at: at })) === undefined) throw noProject()
        if (await hasLivingStories(trx, project.id)) throw stillHasStories()
      })
      return reply.code(204).send(null)
    },
  )
}

const stillHasStories = (): Fault =>
  new Fault('conflict', 'The project still has stories: delete them, or move them to another project, first.')
