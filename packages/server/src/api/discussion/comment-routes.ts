import {
  commentChangesSchema,
  commentListSchema,
  commentSchema,
  idParamSchema,
  postedCommentSchema,
} from '@storyweave/protocol'
import { z } from 'zod'
import { listComments } from '../../db/repositories/comments.ts'
import { requireStory } from '../access.ts'
import { principalOf } from '../authenticate.ts'
import { keyOf } from '../command.ts'
import type { ApiContext, ZodApp } from '../context.ts'
import { pageOf, readCursor } from '../paging.ts'
import { answers, commandHeaders, DEFAULT_PAGE, idParams, nothing, pageQuery } from '../schemas.ts'
import { changeComment, deleteComment } from './comments.ts'
import { createComment } from './new-comment.ts'

const tags = ['Discussion']

const listQuery = pageQuery.extend({
  beat_id: idParamSchema.optional(),
  scene_id: idParamSchema.optional(),
  resolved: z
    .enum(['true', 'false'], 'must be true or false')
    .transform((text) => text === 'true')
    .optional(),
})

/** Comments and their threads. */
export const commentRoutes =
  (api: ApiContext) =>
  async (app: ZodApp): Promise<void> => {
    listingRoute(app, api)
    makingRoute(app, api)
    changingRoutes(app, api)
  }

function listingRoute(app: ZodApp, { db }: ApiContext): void {
  app.get(
    '/collaboration/stories/:id/comments',
    {
      schema: {
        summary: 'The comments of a story, oldest first',
        description:
          'Of a beat, a scene, or threads that are resolved or open. Replies come with their threads.',
        tags,
        params: idParams,
        querystring: listQuery,
        response: answers(200, commentListSchema),
      },
    },
    async (request) => {
      const { limit = DEFAULT_PAGE, after, beat_id: beatId, scene_id: sceneId, resolved } = request.query
      const storyId = request.params.id
      await requireStory(db, { principal: principalOf(request), storyId, action: 'read' })
      const filters = { storyId, beatId, sceneId, resolved }
      const found = await listComments(db, { ...filters, after: readCursor(after), limit: limit + 1 })
      const { page, next } = pageOf(found, limit, ({ id }) => id)
      return { comments: page, next }
    },
  )
}

function makingRoute(app: ZodApp, api: ApiContext): void {
  app.post(
    '/collaboration/comments',
    {
      schema: {
        summary: 'Comment on a beat, a scene or a passage of it, or answer a thread',
        description: '`anchor` names the passage; its words are read from the scene.',
        tags,
        headers: commandHeaders,
        body: postedCommentSchema,
        response: answers(201, commentSchema),
      },
    },
    async (request, reply) => {
      const { story_id: storyId, ...wish } = request.body
      const command = { author: principalOf(request), storyId, wish, clientId: keyOf(request) }
      const { body } = await createComment(api, command)
      return reply.code(201).send(body)
    },
  )
}

function changingRoutes(app: ZodApp, api: ApiContext): void {
  app.patch(
    '/collaboration/comments/:id',
    {
      schema: {
        summary: 'Reword a comment, or resolve or reopen its thread',
        tags,
        params: idParams,
        body: commentChangesSchema,
        response: answers(200, commentSchema),
      },
    },
    (request) => changeComment(api, { principal: principalOf(request), id: request.params.id }, request.body),
  )
  app.delete(
    '/collaboration/comments/:id',
    {
      schema: {
        summary: 'Delete a comment',
        description: 'A thread’s first comment stays, without its words, as long as it has replies.',
        tags,
        params: idParams,
        response: answers(204, nothing),
      },
    },
    async (request, reply) => {
      await deleteComment(api, { principal: principalOf(request), id: request.params.id })
      return reply.code(204).send(null)
    },
  )
}
