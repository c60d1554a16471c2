import {
  Fault,
  type NewStory,
  newStorySchema,
  type Story,
  storyChangesSchema,
  storyListSchema,
  storySchema,
} from '@storyweave/protocol'
import { z } from 'zod'
import { plantStory } from '../content/plant.ts'
import { seedBeats } from '../content/story-plan.ts'
import { templateBeats } from '../content/templates.ts'
import { presentSharedStory, presentStory } from '../db/repositories/present.ts'
import { changeProject } from '../db/repositories/projects.ts'
import { type Trx, transact } from '../db/repositories/queries.ts'
import {
  listDeletedStories,
  listStories,
  type StoryColumns,
  updateStory,
} from '../db/repositories/stories.ts'
import { isGuest, isPerson } from '../db/repositories/users.ts'
import { requireAccount, requireStory } from './access.ts'
import { principalOf } from './authenticate.ts'
import { answerOnce, houseCommand } from './command.ts'
import type { ApiContext, ZodApp } from './context.ts'
import { homeFor } from './home-project.ts'
import { pageOf, readCursor } from './paging.ts'
import { answers, commandHeaders, DEFAULT_PAGE, idParams, pageQuery } from './schemas.ts'
import { changeStory, type StoryChange } from './story-change.ts'

const tags = ['Stories']

const listQuery = pageQuery.extend({
  deleted: z.enum(['true', 'false']).optional().describe('`true`: what lies in my bin, for 30 days.'),
})

export const storyRoutes =
  (api: ApiContext) =>
  async (app: ZodApp): Promise<void> => {
    readingRoutes(app, api)
    creatingRoute(app, api)
    changingRoute(app, api)
  }

function readingRoutes(app: ZodApp, { db, rooms, clock }: ApiContext): void {
  app.get(
    '/api/stories',
    {
      schema: {
        summary: 'The stories I may read, newest first',
        tags,
        querystring: listQuery,
        response: answers(200, storyListSchema),
      },
    },
    async (request) => {
      const { limit = DEFAULT_PAGE, after, deleted } = request.query
      const part = { userId: principalOf(request).userId, before: readCursor(after), limit: limit + 1 }
      const found: Story[] =
        deleted === 'true'
          ? (await listDeletedStories(db, part, clock.now())).map((row) => presentStory(row, 'owner'))
          : (await listStories(db, part)).map(({ story, role }) => presentStory(story, role))
      const { page, next } = pageOf(found, limit, ({ id }) => id)
      return { stories: page, next }
    },
  )
  app.get(
    '/api/stories/:id',
    { schema: { summary: 'A story', tags, params: idParams, response: answers(200, storySchema) } },
    async (request) => {
      const door = { principal: principalOf(request), storyId: request.params.id, action: 'read' } as const
      await requireStory(db, door)
      await rooms.settle(door.storyId)
      const { story, role } = await requireStory(db, door)
      return presentStory(story, role)
    },
  )
}

function creatingRoute(app: ZodApp, api: ApiContext): void {
  app.post(
    '/api/stories',
    {
      schema: {
        summary: 'Make a story',
        description: 'Without `project_id` it goes into my first project.',
        tags,
        headers: commandHeaders,
        body: newStorySchema,
        response: answers(201, storySchema),
      },
    },
    async (request, reply) => {
      const { userId } = requireAccount(principalOf(request))
      const plant = prepareStory(api, userId, request.body)
      const { status, body } = await transact(api.db, (trx) =>
        answerOnce(trx, houseCommand(userId, request), api.clock.now(), () => plant(trx)),
      )
      return reply.code(status).send(body)
    },
  )
}

/** Makes all that can be made of a new story before its transaction. */
function prepareStory(
  { clock, random }: ApiContext,
  ownerId: number,
  { project_id, template = 'blank', ...details }: NewStory,
): (trx: Trx) => Promise<Story> {
  const beats = seedBeats(templateBeats(template), random)
  const at = clock.now()
  return async (trx) => {
    const projectId = await homeFor(trx, ownerId, project_id, at)
    const story = await plantStory(trx, { story: { ...details, projectId, at }, beats, authorId: ownerId })
    return presentStory(story, 'owner')
  }
}

/** A story for a person who did not ask themselves. @throws Fault `not_found` where there is no such person. */
export function makeStoryFor(api: ApiContext, ownerId: number, story: NewStory): Promise<Story> {
  const plant = prepareStory(api, ownerId, story)
  return transact(api.db, async (trx) => {
    if (!(await isPerson(trx, ownerId)) || (await isGuest(trx, ownerId))) {
      throw new Fault('not_found', '"owner_user_id" names no person with an account.', {
        path: 'owner_user_id',
      })
    }
    return plant(trx)
  })
}

function changingRoute(app: ZodApp, api: ApiContext): void {
  app.patch(
    '/api/stories/:id',
    {
      schema: {
        summary: 'Change a story',
        description: 'Another `project_id` moves it: the owner’s right, into a project of their own.',
        tags,
        params: idParams,
        body: storyChangesSchema,
        response: answers(200, storySchema),
      },
    },
    async (request) => {
      const principal = principalOf(request)
      const command = { principal, storyId: request.params.id, action: 'change_story' } as const
      const { body } = await changeStory(api, command, (change) => applyChanges(change, request.body))
      return body
    },
  )
}

async function applyChanges(change: StoryChange, changes: StoryColumns): Promise<Story> {
  const { trx, access, at } = change
  const { project_id } = changes
  if (project_id !== undefined && project_id !== access.story.project_id) {
    await requireMove(change, project_id)
  }
  const story = await updateStory(trx, change.storyId, changes, at)
  change.tell({ type: 'story_changed', story: presentSharedStory(story) })
  return presentStory(story, access.role)
}

/** Only the project's owner moves a story, and only into a project of their own. */
async function requireMove({ trx, access, author, at }: StoryChange, projectId: number): Promise<void> {
  if (access.ownerId !== author.userId) {
    throw new Fault('forbidden', 'Only the owner of its project can move a story.', { path: 'project_id' })
  }
  const target = await changeProject(trx, { id: projectId, ownerId: author.userId, at })
  if (target !== undefined) return
  throw new Fault('not_found', '"project_id" names no project of yours.', { path: 'project_id' })
}
