import { filledTitleSchema, idParamSchema, importedStorySchema, LIMITS } from '@storyweave/protocol'
import { z } from 'zod'
import type { ImportedFile } from '../content/import-story.ts'
import { ImportThread } from '../content/import-thread.ts'
import { plantStory } from '../content/plant.ts'
import { presentStory } from '../db/repositories/present.ts'
import { transact } from '../db/repositories/queries.ts'
import type { StoryRow } from '../db/schema.ts'
import { requireAccount } from './access.ts'
import { principalOf } from './authenticate.ts'
import { answerBefore, answerOnce, houseCommand } from './command.ts'
import type { ApiContext, ZodApp } from './context.ts'
import { homeFor } from './home-project.ts'
import { answers, commandHeaders } from './schemas.ts'

type ImportedStory = z.infer<typeof importedStorySchema>

const importQuery = z.object({
  title: filledTitleSchema.optional().describe('Instead of the title that the file gives.'),
  project_id: idParamSchema.optional(),
})

/** The body as bytes: what they are is for the reader of the file to say. */
const file = z
  .custom<Uint8Array>((body) => body instanceof Uint8Array, 'must be a Markdown file as text/markdown')
  .meta({ type: 'string', description: 'Markdown, UTF-8, at most 20 MB.' })

/** A Markdown file becomes a story: all of it, or nothing. */
export const storyImportRoutes =
  (api: ApiContext) =>
  async (app: ZodApp): Promise<void> => {
    const thread = new ImportThread()
    takeMarkdownOnly(app)
    app.post(
      '/api/stories/import',
      {
        bodyLimit: LIMITS.importFileBytes,
        schema: {
          summary: 'Make a story of a Markdown file',
          description: '`#` is the title, `##` begins a beat, `###` or a thematic break a scene.',
          tags: ['Stories'],
          consumes: ['text/markdown'],
          headers: commandHeaders,
          querystring: importQuery,
          body: file,
          response: answers(201, importedStorySchema),
        },
      },
      async (request, reply) => {
        const { userId } = requireAccount(principalOf(request))
        const command = houseCommand(userId, request)
        const before = await answerBefore<ImportedStory>(api.db, command, api.clock.now())
        if (before !== undefined) return reply.code(before.status).send(before.body)
        const { title, project_id } = request.query
        const imported = await thread.read({ file: request.body, title })
        const at = api.clock.now()
        const { status, body } = await transact(api.db, (trx) =>
          answerOnce(trx, command, at, async () => {
            const projectId = await homeFor(trx, userId, project_id, at)
            const { title, premise, beats } = imported
            const story = { title, premise, projectId, at }
            return present(await plantStory(trx, { story, beats, authorId: userId }), imported)
          }),
        )
        return reply.code(status).send(body)
      },
    )
  }

function takeMarkdownOnly(app: ZodApp): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('text/markdown', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
}

function present(story: StoryRow, { beats }: ImportedFile): ImportedStory {
  const scenes = beats.flatMap((beat) => beat.scenes)
  return {
    story: presentStory(story, 'owner'),
    beats: beats.length,
    scenes: scenes.length,
    words: scenes.reduce((words, scene) => words + scene.wordCount, 0),
  }
}
