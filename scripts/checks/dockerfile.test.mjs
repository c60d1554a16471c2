import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { root } from '../lib/root.mjs'
import { checkDockerfile } from './dockerfile.mjs'
import { scratchRepository } from './scratch-repository.mjs'

const DOCKERFILE = `
FROM node AS manifests
COPY package.json ./
${['bench', 'client', 'e2e', 'prose', 'protocol', 'server', 'web'].map((name) => `COPY packages/${name}/package.json packages/${name}/`).join('\n')}
FROM manifests AS dependencies
RUN npm ci && \\
  rm -rf node_modules/vite
FROM node
COPY packages/prose packages/prose
COPY packages/server packages/server
ENTRYPOINT ["node", "/app/packages/server/src/main.ts"]
`

const GOOD = {
  Dockerfile: DOCKERFILE,
  '.dockerignore': '*\n!package.json\n!packages\n',
  'package.json': '{}',
  'packages/prose/package.json': JSON.stringify({
    name: '@storyweave/prose',
    exports: { '.': './src/index.ts' },
    dependencies: { yjs: '1' },
  }),
  'packages/prose/src/index.ts': "import 'yjs'",
  'packages/server/package.json': JSON.stringify({
    name: '@storyweave/server',
    dependencies: { '@storyweave/prose': '1', pg: '1', vite: '1' },
    devDependencies: { vitest: '1' },
  }),
  'packages/server/src/main.ts':
    "import 'node:fs'\nimport 'pg/lib'\nimport '@storyweave/prose'\nimport type { T } from 'vitest'",
  'packages/server/src/main.test.ts': "import 'vitest'",
}

const complaints = (changes) => checkDockerfile(scratchRepository({ ...GOOD, ...changes }))

it('our own is content with the tree', () => {
  expect(checkDockerfile(root)).toEqual([])
  expect(complaints({})).toEqual([])
})

it.each([
  [
    'a path that is not there',
    DOCKERFILE.replace('package.json ./', 'package-lock.json ./'),
    'copies package-lock.json',
  ],
  ['a workspace that npm does not know', DOCKERFILE.replace(/COPY packages\/prose\/.*\n/, ''), 'npm ci'],
  ['a shell around the server', DOCKERFILE.replace(/ENTRYPOINT.*/, 'ENTRYPOINT node main.ts'), 'ENTRYPOINT'],
  [
    'a package that is left out',
    DOCKERFILE.replace('COPY packages/prose packages/prose', ''),
    'packages/prose',
  ],
  [
    'a dependency that is removed',
    DOCKERFILE.replace('vite', 'pg'),
    'imports pg, which the Dockerfile removes',
  ],
])('tells of %s', (_, Dockerfile, complaint) => {
  expect(complaints({ Dockerfile })).toEqual([expect.stringContaining(complaint)])
})

it('tells of what the server imports and the image has not', () => {
  expect(complaints({ 'packages/server/src/tool.ts': "import 'vitest'" })).toEqual([
    'packages/server/src/tool.ts imports vitest, which is no dependency of packages/server: it is not in the image.',
  ])
  expect(complaints({ '.dockerignore': '*\n!packages\n' })).toEqual([
    '.dockerignore keeps package.json from the Dockerfile, which copies it.',
  ])
})

it('nobody is root in the image, and its health is asked of the process alone', () => {
  const text = readFileSync(join(root, 'Dockerfile'), 'utf8')
  const last = text.slice(text.lastIndexOf('\nFROM '))
  expect(last).toMatch(/^USER node$/m)
  expect(last).toMatch(/^VOLUME \/data$/m)
  expect(last).toMatch(/HEALTHCHECK [^\n]*\\\n {2}CMD \["node", "-e", ".*\/healthz/)
})
