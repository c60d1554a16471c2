import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestServer, type TestServer } from './testing.ts'

/** Every route of the protocol that this server has. */
const ROUTES = [
  'GET /api/me',
  'GET /api/house',
  'GET /api/projects',
  'POST /api/projects',
  'GET /api/projects/{id}',
  'PATCH /api/projects/{id}',
  'DELETE /api/projects/{id}',
  'GET /api/presence',
  'GET /api/stories',
  'POST /api/stories',
  'POST /api/stories/import',
  'GET /api/stories/{id}',
  'PATCH /api/stories/{id}',
  'DELETE /api/stories/{id}',
  'POST /api/stories/{id}/restore',
  'GET /api/stories/{id}/beats',
  'GET /api/stories/{id}/history',
  'POST /api/stories/{id}/beats',
  'POST /api/stories/{id}/beats/reorder',
  'POST /api/stories/{id}/acts/rename',
  'GET /api/beats/{id}',
  'POST /api/beats/{id}/move',
  'PUT /api/beats/{id}',
  'PATCH /api/beats/{id}',
  'DELETE /api/beats/{id}',
  'POST /api/beats/{id}/restore',
  'POST /api/beats/{id}/scenes',
  'GET /api/scenes/{id}',
  'PATCH /api/scenes/{id}',
  'DELETE /api/scenes/{id}',
  'POST /api/scenes/{id}/restore',
  'POST /api/scenes/{id}/split',
  'POST /api/scenes/{id}/move',
  'GET /collaboration/stories/{id}/permissions',
  'PATCH /collaboration/stories/{id}/permissions/{user_id}',
  'DELETE /collaboration/stories/{id}/permissions/{user_id}',
  'GET /collaboration/stories/{id}/invitations',
  'POST /collaboration/stories/{id}/invitations/{invitation_id}/resend',
  'DELETE /collaboration/stories/{id}/invitations/{invitation_id}',
  'POST /collaboration/invitations/accept',
  'GET /collaboration/stories/{id}/links',
  'POST /collaboration/stories/{id}/links',
  'PATCH /collaboration/stories/{id}/links/{link_id}',
  'DELETE /collaboration/stories/{id}/links/{link_id}',
  'POST /collaboration/door',
  'POST /collaboration/join',
  'POST /collaboration/host/people',
  'POST /collaboration/host/stories',
  'POST /collaboration/host/stories/{id}/share',
  'DELETE /collaboration/host/stories/{id}/share/{user_id}',
  'POST /collaboration/stories/{id}/share',
  'GET /collaboration/notifications',
  'POST /collaboration/notifications/read-all',
  'POST /collaboration/notifications/{id}/read',
  'POST /collaboration/notifications/{id}/unread',
  'GET /collaboration/notifications/preferences',
  'PATCH /collaboration/notifications/preferences',
  'GET /collaboration/stories/{id}/chat',
  'GET /collaboration/stories/{id}/comments',
  'POST /collaboration/comments',
  'PATCH /collaboration/comments/{id}',
  'DELETE /collaboration/comments/{id}',
  'POST /collaboration/ticket',
  'GET /healthz',
  'GET /readyz',
  'GET /metrics',
]

interface Operation {
  readonly summary?: string
  readonly tags?: readonly string[]
  readonly parameters?: readonly { name: string; in: string }[]
  readonly requestBody?: { readonly content: Readonly<Record<string, unknown>> }
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { schema: unknown }>> }>
  >
}

describe('openapi', () => {
  let server: TestServer
  let document: {
    readonly openapi: string
    readonly info: { readonly version: string }
    readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
    readonly components: { readonly schemas: Readonly<Record<string, unknown>> }
  }

  beforeAll(async () => {
    server = await startTestServer()
    document = (await server.app.inject('/openapi.json')).json()
  })
  afterAll(() => server.close())

  const operations = () =>
    Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({
        name: `${method.toUpperCase()} ${path}`,
        operation,
      })),
    )

  test('openapi: every route, and no other', () => {
    const names = operations().map(({ name }) => name)
    expect(names.toSorted()).toEqual(ROUTES.toSorted())
    expect([document.openapi, document.info.version]).toEqual(['3.1.0', '1.2.3'])
  })

  test('openapi: each says what it is, what it answers, and how it refuses', () => {
    for (const { name, operation } of operations()) {
      expect(operation.summary, name).toBeTruthy()
      expect(operation.tags, name).toHaveLength(1)
      const success = Object.entries(operation.responses).filter(([status]) => status.startsWith('2'))
      // With a person (201) or with an address (202).
      const isShare = name === 'POST /collaboration/stories/{id}/share'
      expect(success, name).toHaveLength(isShare ? 2 : 1)
      for (const refusal of ['4XX', '5XX']) {
        expect(operation.responses[refusal]?.content?.['application/problem+json']?.schema, name).toEqual({
          $ref: '#/components/schemas/Problem',
        })
      }
    }
  })

  test('openapi: ids are parameters, bodies are described, and lists have cursors', () => {
    for (const { name, operation } of operations()) {
      const inPath = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path')
      expect(inPath, name).toHaveLength(name.split('{').length - 1)
      if (/^(PUT|PATCH)/.test(name)) expect(operation.requestBody, name).toBeDefined()
    }
    const list = document.paths['/api/stories']?.['get']?.parameters?.map(({ name }) => name)
    expect(list).toEqual(expect.arrayContaining(['limit', 'after', 'deleted']))
    const upload = document.paths['/api/stories/import']?.['post']?.requestBody?.content
    expect(Object.keys(upload ?? {})).toEqual(['text/markdown'])
    expect(Object.keys(document.components.schemas)).toEqual(
      expect.arrayContaining(['Story', 'Beat', 'Scene', 'Project', 'Problem']),
    )
  })

  test('docs: a page that loads, and sends nobody to https', async () => {
    const { statusCode, headers, body } = await server.app.inject('/docs/')
    expect(statusCode).toBe(200)
    expect(body).toContain('swagger-ui')
    expect(headers['content-security-policy']).toContain("default-src 'self'")
    expect(headers['content-security-policy']).not.toContain('upgrade-insecure-requests')
    const page = await server.app.inject('/healthz')
    expect(page.headers['content-security-policy']).not.toContain('upgrade-insecure-requests')
    expect(page.headers['strict-transport-security']).toBeUndefined()
  })
})
