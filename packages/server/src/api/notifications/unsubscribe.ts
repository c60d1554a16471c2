import type { FastifyReply } from 'fastify'
import { z } from 'zod'
import { unsubscribe } from '../../db/repositories/unsubscribe.ts'
import type { ApiContext, ZodApp } from '../context.ts'

/**
 * The link under a mail: nobody signs in here. The token stands in the query, which is never logged. A GET changes
 * nothing, as scanners of mail open every link; the POST is the page's button, or the mail program's own (RFC 8058).
 */
export const unsubscribeRoutes =
  ({ db, clock }: ApiContext) =>
  async (app: ZodApp): Promise<void> => {
    // A form's fields, which say nothing that the address does not.
    app.addContentTypeParser(
      ['application/x-www-form-urlencoded', 'multipart/form-data'],
      { bodyLimit: BODY_BYTES, parseAs: 'string' },
      (_request, _body, done) => done(null, undefined),
    )
    const schema = { hide: true, querystring: z.object({ token: z.string().max(MAX_TOKEN_CHARS).catch('') }) }
    app.get('/collaboration/unsubscribe', { schema }, async (_request, reply) =>
      sendPage(reply, 200, QUESTION),
    )
    app.post('/collaboration/unsubscribe', { schema }, async ({ query }, reply) => {
      const known = await unsubscribe(db, query.token, clock.now())
      return known ? sendPage(reply, 200, DONE) : sendPage(reply, 404, UNKNOWN)
    })
  }

const BODY_BYTES = 4 * 1024
const MAX_TOKEN_CHARS = 200

interface Page {
  readonly title: string
  /** HTML of ours alone. */
  readonly body: string
}

const QUESTION: Page = {
  title: 'Turn e-mail off?',
  // Without an action a form is sent to its page's own address, token included.
  body: `<p>You will get no more notifications by e-mail. They still wait for you in StoryWeave.</p>
<form method="post"><button>Turn e-mail off</button></form>`,
}
const DONE: Page = {
  title: 'E-mail is off',
  body: '<p>You get no more notifications by e-mail. You can turn them on again in StoryWeave.</p>',
}
const UNKNOWN: Page = {
  title: 'This link is not known here',
  body: '<p>It may be too old, or cut short. You can turn e-mail off in StoryWeave, under notifications.</p>',
}

function sendPage(reply: FastifyReply, status: number, { title, body }: Page): FastifyReply {
  return reply
    .code(status)
    .type('text/html; charset=utf-8')
    .header('cache-control', 'no-store')
    .send(`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title} · StoryWeave</title>
<h1>${title}</h1>
${body}
</html>
`)
}
