import type { MadeInvitation, MadeLink } from '@storyweave/protocol'
import { accounts, everyone, hosts, owners, readers } from '../answers.ts'
import type { RouteRow, Stage } from './row.ts'

const story = ({ storyId }: Stage) => ({ params: { id: storyId } })

/** Somebody who is a viewer at this moment. */
const bystander = async ({ house, storyId }: Stage) => {
  const body = { user_id: house.bystander.user_id, role: 'viewer' }
  await house.call('host', 'POST', `/collaboration/host/stories/${storyId}/share`, body)
  return { params: { id: storyId, user_id: house.bystander.user_id } }
}

/** A story that everyone but strangers has a part in, and can leave. */
const leavable = async ({ house, asker }: Stage) => {
  const { id } = await house.newStory()
  if (asker === 'editor' || asker === 'viewer') await house.giveRole(id, asker, asker)
  if (asker === 'guest_editor' || asker === 'guest_viewer') {
    await house.call(asker, 'POST', '/collaboration/join', { token: await house.newLink(id, 'viewer') })
  }
  return { params: { id, user_id: house.idOf(asker) ?? house.bystander.user_id } }
}

const newLink = async ({ house, storyId }: Stage) => {
  const path = `/collaboration/stories/${storyId}/links`
  return { id: storyId, link_id: (await house.call<MadeLink>('owner', 'POST', path, {})).id }
}

const invite = async ({ house, asker }: Stage, storyId: number): Promise<MadeInvitation> => {
  const path = `/collaboration/stories/${storyId}/share`
  const body = { email: `somebody-for-${asker}@example.com`, role: 'viewer' }
  return (await house.call<{ invitation: MadeInvitation }>('owner', 'POST', path, body)).invitation
}

const invitation = async (stage: Stage) => ({
  params: { id: stage.storyId, invitation_id: (await invite(stage, stage.storyId)).id },
})

const issued = { iss: 'https://wiki.example', sub: '7', name: 'Wilma' }

export const SHARING_ROWS: readonly RouteRow[] = [
  { route: 'GET /collaboration/stories/{id}/permissions', answers: readers(200), prepare: story },
  {
    route: 'PATCH /collaboration/stories/{id}/permissions/{user_id}',
    answers: owners(200),
    prepare: async (stage) => ({ ...(await bystander(stage)), body: { role: 'editor' } }),
  },
  {
    route: 'DELETE /collaboration/stories/{id}/permissions/{user_id}',
    when: 'another’s',
    answers: owners(204),
    prepare: bystander,
  },
  {
    route: 'DELETE /collaboration/stories/{id}/permissions/{user_id}',
    when: 'their own',
    // Nothing takes a project's owner their own stories.
    answers: { ...readers(204), owner: 409 },
    prepare: leavable,
    limit: 9,
  },
  {
    route: 'POST /collaboration/stories/{id}/share',
    when: 'with a person',
    answers: owners(201),
    prepare: (stage) => ({
      ...story(stage),
      body: { user_id: stage.house.bystander.user_id, role: 'viewer' },
    }),
  },
  {
    route: 'POST /collaboration/stories/{id}/share',
    when: 'with an address',
    answers: owners(202),
    prepare: (stage) => ({ ...story(stage), body: { email: 'new@example.com', role: 'viewer' } }),
  },
  { route: 'GET /collaboration/stories/{id}/invitations', answers: owners(200), prepare: story },
  {
    route: 'POST /collaboration/stories/{id}/invitations/{invitation_id}/resend',
    answers: owners(202),
    prepare: invitation,
    limit: 9,
  },
  {
    route: 'DELETE /collaboration/stories/{id}/invitations/{invitation_id}',
    answers: owners(204),
    prepare: invitation,
    limit: 9,
  },
  {
    route: 'POST /collaboration/invitations/accept',
    answers: accounts(200),
    prepare: async (stage) => {
      const { link } = await invite(stage, (await stage.house.newStory()).id)
      return { body: { token: link.split('#')[1] } }
    },
    limit: 9,
    limits: 'people',
  },
  { route: 'GET /collaboration/stories/{id}/links', answers: owners(200), prepare: story },
  {
    route: 'POST /collaboration/stories/{id}/links',
    answers: owners(201),
    prepare: (stage) => ({ ...story(stage), body: { role: 'viewer' } }),
    limit: 9,
    limits: 'people',
  },
  {
    route: 'PATCH /collaboration/stories/{id}/links/{link_id}',
    answers: owners(200),
    prepare: async (stage) => ({ params: await newLink(stage), body: { role: 'viewer' } }),
    limit: 9,
    limits: 'people',
  },
  {
    route: 'DELETE /collaboration/stories/{id}/links/{link_id}',
    answers: owners(204),
    prepare: async (stage) => ({ params: await newLink(stage) }),
    limit: 9,
    limits: 'people',
  },
  {
    // A link lets in whoever holds it; a host token is nobody.
    route: 'POST /collaboration/join',
    answers: { ...everyone(201), host: 401 },
    prepare: async ({ house }) => ({
      body: { token: await house.newLink((await house.newStory()).id, 'viewer'), name: 'Somebody' },
    }),
    limit: 9,
    limits: 'people',
  },
  {
    route: 'POST /collaboration/door',
    answers: everyone(200),
    prepare: async ({ house, storyId }) => ({ body: { token: await house.newLink(storyId, 'viewer') } }),
    limit: 9,
    limits: 'people',
  },
  {
    route: 'POST /collaboration/host/people',
    answers: hosts(200),
    prepare: () => ({ body: issued }),
    limit: 9,
  },
  {
    route: 'POST /collaboration/host/stories',
    answers: hosts(201),
    prepare: ({ house }) => ({ body: { owner_user_id: house.bystander.user_id, title: 'From the wiki' } }),
    limit: 9,
  },
  {
    route: 'POST /collaboration/host/stories/{id}/share',
    answers: hosts(201),
    prepare: (stage) => ({
      ...story(stage),
      body: { user_id: stage.house.bystander.user_id, role: 'viewer' },
    }),
    limit: 9,
  },
  {
    route: 'DELETE /collaboration/host/stories/{id}/share/{user_id}',
    answers: hosts(204),
    prepare: bystander,
    limit: 9,
  },
]
