import { readers, writers } from '../answers.ts'
import type { RouteRow, Stage } from './row.ts'

const beat = ({ house }: Stage) => ({ params: { id: house.beat.id } })

const deleted = async ({ house }: Stage, path: string) => house.call('owner', 'DELETE', path)

export const BEAT_ROWS: readonly RouteRow[] = [
  { route: 'GET /api/beats/{id}', answers: readers(200), prepare: beat },
  {
    route: 'PUT /api/beats/{id}',
    answers: writers(200),
    prepare: (stage) => ({
      ...beat(stage),
      body: { title: 'Arrival', goal: 'Land', conflict: 'Fog', outcome: 'Wreck' },
    }),
  },
  {
    route: 'PATCH /api/beats/{id}',
    answers: writers(200),
    prepare: (stage) => ({ ...beat(stage), body: { goal: 'Land' } }),
  },
  {
    route: 'DELETE /api/beats/{id}',
    answers: writers(204),
    prepare: async (stage) => ({ params: { id: (await stage.newBeat()).id } }),
  },
  {
    route: 'POST /api/beats/{id}/move',
    answers: writers(200),
    prepare: async (stage) => ({ params: { id: (await stage.newBeat()).id }, body: { after_beat_id: null } }),
  },
  {
    route: 'POST /api/beats/{id}/restore',
    answers: writers(200),
    prepare: async (stage) => {
      const { id } = await stage.newBeat()
      await deleted(stage, `/api/beats/${id}`)
      return { params: { id } }
    },
  },
  {
    route: 'POST /api/beats/{id}/scenes',
    answers: writers(201),
    prepare: (stage) => ({ ...beat(stage), body: { text: 'Night.' } }),
  },
  {
    route: 'GET /api/scenes/{id}',
    answers: readers(200),
    prepare: async (stage) => ({ params: { id: (await stage.newScene()).id } }),
  },
  {
    route: 'PATCH /api/scenes/{id}',
    answers: writers(200),
    prepare: async (stage) => {
      const { id, version } = await stage.newScene()
      return { params: { id }, body: { text: 'Day.', version } }
    },
  },
  {
    route: 'DELETE /api/scenes/{id}',
    answers: writers(204),
    prepare: async (stage) => ({ params: { id: (await stage.newScene()).id } }),
  },
  {
    route: 'POST /api/scenes/{id}/split',
    answers: writers(201),
    prepare: async (stage) => ({ params: { id: (await stage.newScene()).id }, body: { at: 1 } }),
  },
  {
    route: 'POST /api/scenes/{id}/move',
    answers: writers(200),
    prepare: async (stage) => ({
      params: { id: (await stage.newScene()).id },
      body: { beat_id: (await stage.newBeat()).id },
    }),
  },
  {
    route: 'POST /api/scenes/{id}/restore',
    answers: writers(200),
    prepare: async (stage) => {
      const { id } = await stage.newScene()
      await deleted(stage, `/api/scenes/${id}`)
      return { params: { id } }
    },
  },
]
