import {
  actRenameSchema,
  beatMoveSchema,
  Fault,
  linkChangesSchema,
  newBeatSchema,
  newLinkSchema,
  newSceneSchema,
  notificationPreferencesSchema,
  roleChangeSchema,
  sceneChangesSchema,
  sceneMoveSchema,
  sceneSplitSchema,
  shareSchema,
} from '@storyweave/protocol'
import type { z } from 'zod'
import type { Member } from './line.ts'
import type { StoryServer } from './story-server.ts'

export interface Asked {
  readonly server: StoryServer
  readonly member: Member
  /** Those in the path, in their order; a story's own, of which there is one, is left out. */
  readonly ids: readonly number[]
  readonly query: URLSearchParams
  readonly json: unknown
}

export interface Route {
  readonly method: string
  readonly path: RegExp
  /** Undefined where it is done and there is nothing to say. */
  readonly answer: (asked: Asked) => object | undefined
}

/** A list: the test's server has one page. */
const only = (things: object) => ({ ...things, next: null })

const id = ({ ids: [first = 0] }: Asked): number => first

function body<Schema extends z.ZodType>(schema: Schema, { json }: Asked): z.output<Schema> {
  const parsed = schema.safeParse(json)
  if (parsed.success) return parsed.data
  throw new Fault('bad_message', parsed.error.issues[0]?.message ?? 'This can’t be read.')
}

const route = (method: string, path: string, answer: Route['answer']): Route => ({
  method,
  path: new RegExp(`^${path.replaceAll('{}', '(\\d+)')}$`),
  answer,
})

/** Routes of the one story there is, for those who are in it. */
const ofStory = (method: string, path: string, answer: Route['answer']): Route =>
  route(method, path, (asked) => {
    if (!asked.member.isIn) throw new Fault('not_found', 'There is no such story.')
    return answer(asked)
  })

const STORY = '/stories/1'
const OF_STORY = `/collaboration${STORY}`
const NOTIFICATIONS = '/collaboration/notifications'

const PEOPLE: readonly Route[] = [
  route('GET', '/api/me', ({ member: { role: _, isIn: __, ...me } }) => me),
  route('GET', '/api/house', () => ({ mail: false, sign_up: 'open' })),
  route('POST', '/collaboration/ticket', () => ({ ticket: 'test', expires_at: new Date(0).toISOString() })),
  ofStory('GET', `${OF_STORY}/permissions`, ({ server, member }) => ({
    permissions: server.sharing.permissions(member),
  })),
  ofStory('POST', `${OF_STORY}/share`, (asked) => {
    const { server, member } = asked
    const share = body(shareSchema, asked)
    if ('user_id' in share) return server.sharing.share(member, share.user_id, share.role)
    return { invitation: server.sharing.invite(member, share.email, share.role) }
  }),
  ofStory('PATCH', `${OF_STORY}/permissions/{}`, (asked) =>
    asked.server.sharing.setRole(asked.member, id(asked), body(roleChangeSchema, asked).role),
  ),
  ofStory(
    'DELETE',
    `${OF_STORY}/permissions/{}`,
    (asked) => void asked.server.sharing.remove(asked.member, id(asked)),
  ),
]

const DOORS: readonly Route[] = [
  ofStory('GET', `${OF_STORY}/invitations`, ({ server, member }) =>
    only({ invitations: server.sharing.invitations(member) }),
  ),
  ofStory('POST', `${OF_STORY}/invitations/{}/resend`, (asked) => ({
    invitation: asked.server.sharing.resend(asked.member, id(asked)),
  })),
  ofStory(
    'DELETE',
    `${OF_STORY}/invitations/{}`,
    (asked) => void asked.server.sharing.withdraw(asked.member, id(asked)),
  ),
  ofStory('GET', `${OF_STORY}/links`, ({ server, member }) => only({ links: server.sharing.links(member) })),
  ofStory('POST', `${OF_STORY}/links`, (asked) =>
    asked.server.sharing.makeLink(asked.member, body(newLinkSchema, asked)),
  ),
  ofStory('PATCH', `${OF_STORY}/links/{}`, (asked) =>
    asked.server.sharing.changeLink(asked.member, id(asked), body(linkChangesSchema, asked)),
  ),
  ofStory(
    'DELETE',
    `${OF_STORY}/links/{}`,
    (asked) => void asked.server.sharing.removeLink(asked.member, id(asked)),
  ),
]

const BEATS: readonly Route[] = [
  ofStory('GET', `/api${STORY}`, ({ server, member }) => server.storyFor(member)),
  ofStory('GET', `/api${STORY}/beats`, ({ server, query }) => {
    const isBin = query.get('deleted') === 'true'
    return only({ beats: isBin ? [] : server.outline.list().map((beat) => server.outline.beat(beat.id)) })
  }),
  ofStory('POST', `/api${STORY}/beats`, (asked) =>
    asked.server.outline.create(asked.member, body(newBeatSchema, asked)),
  ),
  ofStory(
    'POST',
    `/api${STORY}/acts/rename`,
    (asked) => void asked.server.outline.renameAct(asked.member, body(actRenameSchema, asked)),
  ),
  ofStory('GET', '/api/beats/{}', (asked) => asked.server.outline.beat(id(asked))),
  ofStory('DELETE', '/api/beats/{}', (asked) => void asked.server.outline.remove(asked.member, id(asked))),
  ofStory('POST', '/api/beats/{}/restore', (asked) => asked.server.outline.restore(asked.member, id(asked))),
  ofStory('POST', '/api/beats/{}/move', (asked) =>
    asked.server.outline.move(asked.member, id(asked), body(beatMoveSchema, asked)),
  ),
]

const SCENES: readonly Route[] = [
  ofStory('POST', '/api/beats/{}/scenes', (asked) =>
    asked.server.scenes.create(asked.member, id(asked), body(newSceneSchema, asked)),
  ),
  ofStory('GET', '/api/scenes/{}', (asked) => asked.server.scenes.view(id(asked))),
  ofStory('PATCH', '/api/scenes/{}', (asked) =>
    asked.server.scenes.change(asked.member, id(asked), body(sceneChangesSchema, asked)),
  ),
  ofStory('DELETE', '/api/scenes/{}', (asked) => void asked.server.scenes.remove(asked.member, id(asked))),
  ofStory('POST', '/api/scenes/{}/restore', (asked) => asked.server.scenes.restore(asked.member, id(asked))),
  ofStory('POST', '/api/scenes/{}/split', (asked) =>
    asked.server.scenes.split(asked.member, id(asked), body(sceneSplitSchema, asked).at),
  ),
  ofStory('POST', '/api/scenes/{}/move', (asked) =>
    asked.server.scenes.move(asked.member, id(asked), body(sceneMoveSchema, asked)),
  ),
]

const DISCUSSION: readonly Route[] = [
  ofStory('GET', `${OF_STORY}/chat`, ({ server, query }) => {
    const before = query.get('before')
    return server.discussion.chatBefore(before === null ? undefined : Number(before))
  }),
  ofStory('GET', `${OF_STORY}/comments`, ({ server }) => only({ comments: server.discussion.comments })),
  route('GET', NOTIFICATIONS, ({ server, member: { user_id } }) =>
    only({
      notifications: server.notifications.of(user_id),
      unread: server.notifications.unread(user_id),
    }),
  ),
  route(
    'POST',
    `${NOTIFICATIONS}/read-all`,
    ({ server, member }) => void server.notifications.markAllRead(member.user_id),
  ),
  route(
    'POST',
    `${NOTIFICATIONS}/{}/read`,
    (asked) => void asked.server.notifications.mark(asked.member.user_id, id(asked), true),
  ),
  route(
    'POST',
    `${NOTIFICATIONS}/{}/unread`,
    (asked) => void asked.server.notifications.mark(asked.member.user_id, id(asked), false),
  ),
  route('GET', `${NOTIFICATIONS}/preferences`, ({ server, member }) =>
    server.notifications.preferences(member.user_id),
  ),
  route('PATCH', `${NOTIFICATIONS}/preferences`, (asked) =>
    asked.server.notifications.setPreferences(
      asked.member.user_id,
      body(notificationPreferencesSchema, asked),
    ),
  ),
]

export const ROUTES: readonly Route[] = [...PEOPLE, ...DOORS, ...BEATS, ...SCENES, ...DISCUSSION]
