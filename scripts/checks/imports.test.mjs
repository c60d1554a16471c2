import { describe, expect, it } from 'vitest'
import { checkImports } from './imports.mjs'
import { scratchRepository } from './scratch-repository.mjs'

const SERVER = 'packages/server/src'

/** What the check says of one file with one line. */
function complaints(path, line) {
  return checkImports(scratchRepository({ [path]: `// first line\n${line}\n` }))
}

describe('the import rule refuses', () => {
  it.each([
    [
      'packages/protocol/src/a.ts',
      "import { x } from '@storyweave/prose'",
      'knows no platform and no other package',
    ],
    ['packages/protocol/src/a.ts', "import { readFile } from 'node:fs'", 'knows no platform'],
    ['packages/protocol/src/a.ts', "import { Doc } from 'yjs'", 'knows no platform'],
    ['packages/prose/src/a.ts', "import { x } from '@storyweave/client'", 'knows the protocol alone'],
    ['packages/client/src/a.ts', "import { x } from '@storyweave/server'", 'no server: only the protocol'],
    ['packages/client/src/a.ts', "import { x } from '@storyweave/prose'", 'no prose'],
    ['packages/client/src/a.ts', "import { useState } from 'react'", 'no framework'],
    ['packages/web/src/a.tsx', "import { x } from '@storyweave/server/db/open.ts'", 'other side of the wire'],
    [`${SERVER}/room/a.ts`, "import { Pool } from 'pg'", 'the room decides'],
    [`${SERVER}/room/a.ts`, "import { x } from '../db/open.ts'", 'the room decides'],
    [`${SERVER}/room/a.ts`, "import { randomUUID } from 'node:crypto'", 'the room decides'],
    [
      `${SERVER}/room/deep/a.ts`,
      "import { x } from '../../ws/socket.ts'",
      'Name what the room needs in room/ports.ts',
    ],
    [`${SERVER}/access/a.ts`, "import { x } from '../room/room.ts'", 'a pure predicate'],
    [`${SERVER}/access/a.ts`, "import { Doc } from 'yjs'", 'a pure predicate'],
    [`${SERVER}/db/a.ts`, "import { x } from '../api/app.ts'", 'knows none of them'],
    [`${SERVER}/db/a.ts`, "import { x } from '../room/room.ts'", 'knows none of them'],
    [`${SERVER}/ws/a.ts`, "import { x } from '../db/open.ts'", 'a socket carries frames'],
    [`${SERVER}/ws/a.ts`, "import type { Room } from '../room/room.ts'", 'a socket carries frames'],
    [`${SERVER}/cluster/a.ts`, "import { x } from '../host/rooms.ts'", 'the bus carries bytes'],
    [`${SERVER}/cluster/a.ts`, "import { Pool } from 'pg'", 'the bus carries bytes'],
    [`${SERVER}/host/a.ts`, "import { x } from '../cluster/bus.ts'", 'the host runs rooms on ports'],
    [`${SERVER}/host/a.ts`, "import { x } from '../api/ports.ts'", 'the host runs rooms on ports'],
    [`${SERVER}/auth/a.ts`, "import { x } from '../api/app.ts'", 'sign-in knows the settings and the tables'],
    [`${SERVER}/api/a.ts`, "import { x } from '../auth/people.ts'", 'knows no socket and no sign-in'],
    [`${SERVER}/content/a.ts`, "import { x } from '../api/app.ts'", 'what a new account begins with'],
    [`${SERVER}/config/a.ts`, "import { x } from '../db/open.ts'", 'read before anything else exists'],
    [`${SERVER}/main.ts`, "import { x } from '@storyweave/client'", 'the server never imports the client'],
  ])('%s: %s', (path, line, why) => {
    const found = complaints(path, line)
    expect(found).toHaveLength(1)
    expect(found[0]).toContain(`${path}:2 may not import '`)
    expect(found[0]).toContain(why)
  })

  it.each([
    ['a re-export', "export { x } from '../db/open.ts'"],
    ['a re-export of everything', "export * from '../db/open.ts'"],
    ['a type import', "import type { X } from '../db/open.ts'"],
    ['a type in place', "export type X = import('../db/open.ts').X"],
    ['the type of a module', "export type X = typeof import('../db/open.ts')"],
    ['a lazy import', "export const x = () => import('../db/open.ts')"],
    ['an import for its effect', "import '../db/open.ts'"],
    ['a worker', "export const x = new URL('../db/worker.ts', import.meta.url)"],
  ])('a forbidden module in each disguise: %s', (_, line) => {
    expect(complaints(`${SERVER}/room/a.ts`, line)).toHaveLength(1)
  })

  it('an inner file that its package does not export', () => {
    const found = complaints('packages/web/src/a.ts', "import { x } from '@storyweave/client/src/machine.ts'")
    expect(found).toEqual([expect.stringContaining('@storyweave/client does not export it.')])
  })

  it("another package's file by path, though the package itself may be imported", () => {
    const found = complaints('packages/client/src/a.ts', "import { x } from '../../protocol/src/names.ts'")
    expect(found).toEqual([expect.stringContaining('reaches into packages/protocol by path')])
  })

  it('a file of tests in what is delivered', () => {
    const found = complaints(`${SERVER}/api/a.ts`, "import { temporaryDatabase } from '../db/testing.ts'")
    expect(found).toEqual([expect.stringContaining('it is made for tests')])
  })

  it('a test that imports the other side', () => {
    expect(
      complaints('packages/client/src/a.test.ts', "import { x } from '@storyweave/server'"),
    ).toHaveLength(1)
  })

  it('a folder that has no row', () => {
    const found = complaints(`${SERVER}/billing/a.ts`, "import { x } from '../db/open.ts'")
    expect(found).toEqual([
      expect.stringContaining(`${SERVER}/billing/a.ts stands where the import rule has no row.`),
    ])
  })
})

describe('the import rule allows', () => {
  it.each([
    ['packages/web/src/a.tsx', "import { x } from '@storyweave/client'"],
    ['packages/web/src/a.tsx', "import './look.css'"],
    [`${SERVER}/room/a.ts`, "import * as Y from 'yjs'"],
    [`${SERVER}/room/a.ts`, "import { encode } from 'lib0/encoding'"],
    [`${SERVER}/room/a.ts`, "import { allows } from '../access/rights.ts'"],
    [`${SERVER}/db/a.ts`, "import type { UpdateLog } from '../room/ports.ts'"],
    [`${SERVER}/db/a.ts`, "import { type UpdateLog } from '../room/ports.ts'"],
    [`${SERVER}/host/a.ts`, "import type { LiveRooms } from '../api/ports.ts'"],
    [`${SERVER}/api/a.ts`, "import { insertBeat } from '../db/repositories/beats.ts'"],
    [`${SERVER}/auth/a.test.ts`, "import { temporaryDatabase } from '../db/testing.ts'"],
    [`${SERVER}/room/a.test.ts`, "import { seedBeat } from '@storyweave/prose'"],
    [`${SERVER}/main.ts`, "import { openDatabase } from './db/open.ts'"],
    [`${SERVER}/main.ts`, "import manifest from '../package.json' with { type: 'json' }"],
    ['packages/e2e/src/a.ts', "import { Room } from '@storyweave/server/room/room.ts'"],
    ['packages/e2e/src/a.ts', "import { temporaryDatabase } from '@storyweave/server/db/testing.ts'"],
  ])('%s: %s', (path, line) => {
    expect(complaints(path, line)).toEqual([])
  })
})

it('a file that is not TypeScript is an error that names it', () => {
  expect(() => complaints(`${SERVER}/room/a.ts`, 'import {')).toThrow(`${SERVER}/room/a.ts can't be parsed`)
})
