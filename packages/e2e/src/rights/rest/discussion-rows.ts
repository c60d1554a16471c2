import type { NotificationKind } from '@storyweave/protocol'
import { everyone, readers, signedIn } from '../answers.ts'
import type { RouteRow, Stage } from './row.ts'

const story = ({ storyId }: Stage) => ({ params: { id: storyId } })

/** A comment of the asker's own; of the owner's where the asker has no part in the story. */
const ownComment = async (stage: Stage) => ({ id: (await stage.newComment(stage.maker)).id })

/** Of the editor's; of the owner's for the editor. */
const anothersComment = async (stage: Stage) => ({
  id: (await stage.newComment(stage.asker === 'editor' ? 'owner' : 'editor')).id,
})

interface Inbox {
  readonly notifications: readonly { readonly id: number; readonly kind: NotificationKind }[]
}

/** The editor was told of the story: their notification is theirs alone. */
const editorsNotice = async ({ house }: Stage) => {
  const { notifications } = await house.call<Inbox>('editor', 'GET', '/collaboration/notifications')
  const shared = notifications.find(({ kind }) => kind === 'shared')
  if (shared === undefined) throw new Error('The editor was not told that the story was shared.')
  return { params: { id: shared.id } }
}
const editorAlone = { ...readers(404), editor: 200 }

export const DISCUSSION_ROWS: readonly RouteRow[] = [
  { route: 'GET /collaboration/stories/{id}/chat', answers: readers(200), prepare: story },
  { route: 'GET /collaboration/stories/{id}/comments', answers: readers(200), prepare: story },
  {
    route: 'POST /collaboration/comments',
    answers: readers(201),
    prepare: ({ house, storyId }) => ({
      body: { story_id: storyId, beat_id: house.beat.id, content: 'Why?' },
    }),
  },
  {
    route: 'PATCH /collaboration/comments/{id}',
    when: 'editing their own',
    answers: readers(200),
    prepare: async (stage) => ({ params: await ownComment(stage), body: { content: 'Why now?' } }),
  },
  {
    route: 'PATCH /collaboration/comments/{id}',
    when: 'editing another’s',
    answers: { ...readers(403) },
    prepare: async (stage) => ({ params: await anothersComment(stage), body: { content: 'Mine' } }),
  },
  {
    route: 'PATCH /collaboration/comments/{id}',
    when: 'resolving their own thread',
    answers: readers(200),
    prepare: async (stage) => ({ params: await ownComment(stage), body: { resolved: true } }),
  },
  {
    route: 'PATCH /collaboration/comments/{id}',
    when: 'resolving another’s thread',
    answers: { ...readers(403), owner: 200, editor: 200 },
    prepare: async (stage) => ({ params: await anothersComment(stage), body: { resolved: true } }),
  },
  {
    route: 'DELETE /collaboration/comments/{id}',
    when: 'their own',
    answers: readers(204),
    prepare: async (stage) => ({ params: await ownComment(stage) }),
  },
  {
    route: 'DELETE /collaboration/comments/{id}',
    when: 'another’s',
    answers: { ...readers(403), owner: 204 },
    prepare: async (stage) => ({ params: await anothersComment(stage) }),
  },
  { route: 'GET /collaboration/notifications', answers: signedIn(200) },
  { route: 'POST /collaboration/notifications/read-all', answers: signedIn(200) },
  { route: 'POST /collaboration/notifications/{id}/read', answers: editorAlone, prepare: editorsNotice },
  { route: 'POST /collaboration/notifications/{id}/unread', answers: editorAlone, prepare: editorsNotice },
  { route: 'GET /collaboration/notifications/preferences', answers: signedIn(200) },
  {
    route: 'PATCH /collaboration/notifications/preferences',
    answers: signedIn(200),
    prepare: () => ({ body: { email: true } }),
  },
  // The link under a mail is its own proof: whoever asks, it is the token that counts.
  { route: 'GET /collaboration/unsubscribe', answers: everyone(200), prepare: () => ({ query: 'token=x' }) },
  { route: 'POST /collaboration/unsubscribe', answers: everyone(404), prepare: () => ({ query: 'token=x' }) },
]
