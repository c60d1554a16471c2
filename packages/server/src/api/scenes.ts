import { parseMarkdown, replaceScene } from '@storyweave/prose'
import {
  Fault,
  type Scene,
  type SceneChanges,
  sceneChangesSchema,
  sceneRoot,
  sceneSchema,
} from '@storyweave/protocol'
import type { Principal } from '../access/principal.ts'
import { presentSceneSummary } from '../db/repositories/present.ts'
import { updateScene } from '../db/repositories/scenes.ts'
import type { SceneRow } from '../db/schema.ts'
import { requireScene } from './access.ts'
import { principalOf } from './authenticate.ts'
import type { ApiContext, ZodApp } from './context.ts'
import { openDocument, recordChange, requireRoom } from './documents.ts'
import { projectNow } from './project-now.ts'
import { loadBeat, viewScene } from './scene-view.ts'
import { answers, idParams } from './schemas.ts'
import { changeStory, type StoryChange, type WrittenUpdate } from './story-change.ts'

const tags = ['Scenes']

/** 2,000,000 characters, each of them up to six bytes as JSON escapes it. */
export const TEXT_BODY_BYTES = 16 * 1024 * 1024

/** One scene: its title and its text. */
export const sceneRoutes =
  (api: ApiContext) =>
  async (app: ZodApp): Promise<void> => {
    app.get(
      '/api/scenes/:id',
      {
        schema: {
          summary: 'A scene with its text as Markdown',
          description: '`version` names the state that the text was made from.',
          tags,
          params: idParams,
          response: answers(200, sceneSchema),
        },
      },
      async (request) => {
        const door = { principal: principalOf(request), sceneId: request.params.id, action: 'read' } as const
        const { scene } = await requireScene(api.db, door)
        return viewScene(api, scene.id)
      },
    )
    app.patch(
      '/api/scenes/:id',
      {
        bodyLimit: TEXT_BODY_BYTES,
        schema: {
          summary: 'Change a scene',
          description:
            'A new `text` names the `version` it was made from; what others wrote since then is kept. ' +
            '`conflict` where that version is no longer kept: read the scene again.',
          tags,
          params: idParams,
          body: sceneChangesSchema,
          response: answers(200, sceneSchema),
        },
      },
      (request) => changeScene(api, principalOf(request), request.params.id, request.body),
    )
  }

async function changeScene(
  api: ApiContext,
  principal: Principal,
  sceneId: number,
  { title, text, version }: SceneChanges,
): Promise<Scene> {
  const { scene, beat } = await requireScene(api.db, { principal, sceneId, action: 'write' })
  const update = text === undefined ? undefined : await writeText(api, scene, text, version ?? 0)
  if (update !== undefined || title !== undefined) {
    const command = { principal, storyId: beat.story_id, action: 'write' } as const
    await changeStory(api, command, async (change) => {
      const current = await requireScene(change.trx, { principal, sceneId, action: 'write' })
      if (current.scene.key !== scene.key) throw hasMoved()
      if (update !== undefined) await change.append(scene.beat_id, update)
      if (title !== undefined && title !== current.scene.title) await retitle(change, scene, title)
    })
  }
  if (update !== undefined) await projectNow(api, scene.beat_id)
  return viewScene(api, sceneId)
}

/** The change from the scene at `version` to `text`; undefined where there is none. */
async function writeText(
  api: ApiContext,
  { beat_id: beatId, key }: SceneRow,
  text: string,
  version: number,
): Promise<WrittenUpdate | undefined> {
  const head = await loadBeat(api, beatId)
  if (version > head.seq) throw tooNew(version)
  const base = version === head.seq ? head : await api.log.loadAt(beatId, version)
  if (base === undefined) throw tooOld()
  const doc = openDocument(base)
  // The scene is younger than the version: written into it, the text would stand there twice.
  if (base !== head && doc.getXmlFragment(sceneRoot(key)).length === 0) throw tooOld()
  const update = recordChange(doc, api.random, () => replaceScene(doc, key, parseMarkdown(text)))
  if (update !== undefined) {
    requireRoom(openDocument({ ...head, updates: [...head.updates, update.bytes] }))
  }
  return update
}

const tooNew = (version: number): Fault =>
  new Fault(
    'bad_message',
    `"version": there is no version ${version} yet; send the one your text came with.`,
    {
      path: 'version',
    },
  )

const tooOld = (): Fault =>
  new Fault(
    'conflict',
    'The version that your text is based on is no longer kept. Read the scene again, put your changes into its text, and send that with its version.',
    { path: 'version' },
  )

const hasMoved = (): Fault =>
  new Fault('conflict', 'The scene was just moved to another beat. Read it again and send your changes anew.')

async function retitle(change: StoryChange, { id, beat_id }: SceneRow, title: string | null): Promise<void> {
  const row = await updateScene(change.trx, id, { title }, change.at)
  change.tell({ type: 'scene_changed', beat_id, scene: presentSceneSummary(row) })
}
