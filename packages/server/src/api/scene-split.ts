import { newSceneKey, splitScene } from '@storyweave/prose'
import { type Scene, sceneSchema, sceneSplitSchema } from '@storyweave/protocol'
import type { Principal } from '../access/principal.ts'
import { positionAt } from '../db/repositories/order.ts'
import { presentSceneSummary } from '../db/repositories/present.ts'
import { placedScenes, updateScene } from '../db/repositories/scenes.ts'
import { noScene, requireScene } from './access.ts'
import { principalOf } from './authenticate.ts'
import { addScene } from './beat-scenes.ts'
import { type Answer, keyOf } from './command.ts'
import type { ApiContext, ZodApp } from './context.ts'
import { tendWithin } from './discussion/tend.ts'
import { measureScene, Outrun, onNewestState, openDocument, recordChange } from './documents.ts'
import { loadBeat, presentScene } from './scene-view.ts'
import { answers, commandHeaders, idParams } from './schemas.ts'
import { changeStory, repeatOf, type StoryCommand } from './story-change.ts'
import { requireUnlocked } from './unlocked.ts'

/** One scene becomes two. */
export const sceneSplitRoutes =
  (api: ApiContext) =>
  async (app: ZodApp): Promise<void> => {
    app.post(
      '/api/scenes/:id/split',
      {
        schema: {
          summary: 'Split a scene',
          description: 'The first `at` blocks stay. Answers with the new scene, which holds the others.',
          tags: ['Scenes'],
          params: idParams,
          headers: commandHeaders,
          body: sceneSplitSchema,
          response: answers(201, sceneSchema),
        },
      },
      async (request, reply) => {
        const { status, body } = await split(api, principalOf(request), request.params.id, {
          at: request.body.at,
          key: keyOf(request),
        })
        return reply.code(status).send(body)
      },
    )
  }

async function split(
  api: ApiContext,
  principal: Principal,
  sceneId: number,
  { at, key }: { at: number; key: string | undefined },
): Promise<Answer<Scene>> {
  const { beat } = await requireScene(api.db, { principal, sceneId, action: 'arrange' })
  const command = { principal, storyId: beat.story_id, action: 'arrange', key, status: 201 } as const
  const once = () => splitOnce(api, command, sceneId, at)
  return onNewestState(() => api.rooms.whileHeld(beat.story_id, beat.id, once))
}

async function splitOnce(
  api: ApiContext,
  command: StoryCommand,
  sceneId: number,
  at: number,
): Promise<Answer<Scene>> {
  const door = { principal: command.principal, sceneId, action: 'arrange' } as const
  const { scene, beat } = await requireScene(api.db, door)
  const loaded = await loadBeat(api, beat.id)
  // Asked after the text was read: a text that this same command has split already can't be split there again.
  const done = await repeatOf<Scene>(api, command)
  if (done !== undefined) return done
  const doc = openDocument(loaded)
  const key = newSceneKey(api.random)
  const update = recordChange(doc, api.random, () => splitScene(doc, scene.key, at, key))
  if (update === undefined) throw noScene()
  return changeStory(api, command, async (change) => {
    const { trx } = change
    if ((await requireScene(trx, door)).scene.key !== scene.key) throw new Outrun()
    await requireUnlocked(change, beat.id)
    const seq = await change.append(beat.id, update)
    if (seq !== loaded.seq + 1) throw new Outrun()
    const { plainText: plain_text, wordCount: word_count } = measureScene(doc, scene.key)
    const first = await updateScene(trx, sceneId, { plain_text, word_count, projected_seq: seq }, change.at)
    change.tell({ type: 'scene_changed', beat_id: beat.id, scene: presentSceneSummary(first) })
    const position = positionAt(await placedScenes(trx, beat.id), { after: sceneId })
    const second = await addScene(change, doc, { beatId: beat.id, key, position, title: null, seq })
    await tendWithin(change, { beatId: beat.id, doc })
    return presentScene(second, doc, seq)
  })
}
