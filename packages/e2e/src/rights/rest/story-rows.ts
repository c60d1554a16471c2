import type { Project } from '@storyweave/protocol'
import { accounts, owners, ownersAlone, readers, signedIn, writers, writersWithAccount } from '../answers.ts'
import type { RouteRow, Stage } from './row.ts'

const story = ({ storyId }: Stage) => ({ params: { id: storyId } })

/** For the owner a story that can go; for everyone else the one that they have, or had, a part in. */
const expendable = async ({ asker, house, storyId }: Stage) =>
  asker === 'owner' ? (await house.newStory()).id : storyId

const newProject = ({ house }: Stage) =>
  house.call<Project>('owner', 'POST', '/api/projects', { name: 'New' })

export const STORY_ROWS: readonly RouteRow[] = [
  { route: 'GET /api/projects', answers: signedIn(200) },
  { route: 'POST /api/projects', answers: accounts(201), prepare: () => ({ body: { name: 'Mine' } }) },
  {
    route: 'GET /api/projects/{id}',
    answers: ownersAlone(200),
    prepare: ({ house }) => ({ params: { id: house.story.project_id } }),
  },
  {
    route: 'PATCH /api/projects/{id}',
    answers: ownersAlone(200),
    prepare: ({ house }) => ({ params: { id: house.story.project_id }, body: { name: 'Renamed' } }),
  },
  {
    route: 'DELETE /api/projects/{id}',
    answers: ownersAlone(204),
    prepare: async (stage) => ({ params: { id: (await newProject(stage)).id } }),
  },
  { route: 'GET /api/presence', answers: signedIn(200) },
  { route: 'GET /api/stories', answers: signedIn(200) },
  { route: 'POST /api/stories', answers: accounts(201), prepare: () => ({ body: { title: 'Mine' } }) },
  {
    route: 'POST /api/stories/import',
    answers: accounts(201),
    prepare: () => ({ body: '# One\n\nText.\n', headers: { 'content-type': 'text/markdown' } }),
  },
  { route: 'GET /api/stories/{id}', answers: readers(200), prepare: story },
  {
    route: 'PATCH /api/stories/{id}',
    answers: writersWithAccount(200),
    prepare: (stage) => ({ ...story(stage), body: { genre: 'Gothic' } }),
  },
  {
    route: 'PATCH /api/stories/{id}',
    when: 'moving it to another project',
    answers: owners(200),
    prepare: async (stage) => {
      const { id } = await newProject(stage)
      return { params: { id: await expendable(stage) }, body: { project_id: id } }
    },
  },
  {
    route: 'DELETE /api/stories/{id}',
    answers: owners(204),
    prepare: async (stage) => ({ params: { id: await expendable(stage) } }),
  },
  {
    route: 'POST /api/stories/{id}/restore',
    // A story in the bin is still its members' to name: they learn that restoring it is not theirs.
    answers: owners(200),
    prepare: async (stage) => {
      const id = await expendable(stage)
      if (stage.asker === 'owner') await stage.house.call('owner', 'DELETE', `/api/stories/${id}`)
      return { params: { id } }
    },
  },
  { route: 'GET /api/stories/{id}/beats', answers: readers(200), prepare: story },
  { route: 'GET /api/stories/{id}/history', answers: writersWithAccount(200), prepare: story },
  {
    route: 'POST /api/stories/{id}/beats',
    answers: writers(201),
    prepare: (stage) => ({ ...story(stage), body: { title: 'A beat' } }),
  },
  {
    route: 'GET /api/stories/{id}/beats',
    when: 'those in the bin',
    answers: writers(200),
    prepare: (stage) => ({ ...story(stage), query: 'deleted=true' }),
  },
  {
    route: 'POST /api/stories/{id}/acts/rename',
    answers: writers(200),
    prepare: async (stage) => {
      await stage.house.call('owner', 'POST', `/api/stories/${stage.storyId}/beats`, {
        title: '',
        act: 'One',
      })
      return { ...story(stage), body: { from: 'One', to: 'First' } }
    },
  },
  {
    route: 'POST /api/stories/{id}/beats/reorder',
    answers: writers(200),
    prepare: async (stage) => {
      const path = `/api/stories/${stage.storyId}/beats?limit=200`
      const { beats } = await stage.house.call<{ beats: { id: number }[] }>('owner', 'GET', path)
      return { ...story(stage), body: { beat_ids: beats.map(({ id }) => id) } }
    },
  },
]
