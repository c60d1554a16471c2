import { type Door, doorSchema, Fault, knockSchema } from '@storyweave/protocol'
import { invitationByToken } from '../../db/repositories/invitations.ts'
import { isoTime } from '../../db/repositories/present.ts'
import { linkByToken } from '../../db/repositories/share-links.ts'
import { findStory } from '../../db/repositories/stories.ts'
import type { ZodApp } from '../context.ts'
import { answers } from '../schemas.ts'
import { noStoryBehind, openInvitation } from './accept.ts'
import { openLink } from './join.ts'
import type { SharingApi } from './sharing-api.ts'

/** What a token leads to, before it is used. */
export const doorRoutes =
  (api: SharingApi) =>
  async (app: ZodApp): Promise<void> => {
    app.post(
      '/collaboration/door',
      {
        schema: {
          summary: 'What a link or an invitation leads to, without using it; nobody has to be signed in',
          tags: ['Links'],
          body: knockSchema,
          response: answers(200, doorSchema),
        },
      },
      async (request, reply) => {
        await api.limits.knock(request.ip)
        reply.header('cache-control', 'no-store')
        return look(api, request.body.token)
      },
    )
  }

async function look({ db, clock }: SharingApi, token: string): Promise<Door> {
  const now = clock.now()
  if ((await linkByToken(db, token)) !== undefined) {
    const link = await openLink(db, token, now)
    return { kind: 'link', ...(await behind(db, link)), needs_passcode: link.passcode_hash !== null }
  }
  if ((await invitationByToken(db, token)) !== undefined) {
    const invitation = await openInvitation(db, token, now)
    return { kind: 'invitation', ...(await behind(db, invitation)), needs_passcode: false }
  }
  throw new Fault('not_found', 'This leads nowhere: the link is not whole, was deleted, or was sent anew.')
}

type Leading = Pick<Door, 'role'> & { readonly story_id: number; readonly expires_at: number }

async function behind(
  db: SharingApi['db'],
  { story_id, role, expires_at }: Leading,
): Promise<Pick<Door, 'story_title' | 'role' | 'expires_at'>> {
  const story = await findStory(db, story_id)
  if (story === undefined) throw noStoryBehind()
  return { story_title: story.title, role, expires_at: isoTime(expires_at) }
}
