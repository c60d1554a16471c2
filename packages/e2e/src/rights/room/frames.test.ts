import { type Beat, beatDocumentName, CLOSE, encodeClientFrame, FRAME } from '@storyweave/protocol'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Wire } from '../../support/wire.ts'
import { ASKERS, type Asker } from '../askers.ts'
import { House } from '../house.ts'
import type { RoomAnswer } from './answers.ts'
import { enter, OUTSIDERS, witnessOf } from './entrance.ts'
import { FRAME_ROWS, type FrameRow } from './frame-rows.ts'

const ROWS = Object.entries(FRAME_ROWS)

let house: House
let cells = 0

beforeAll(async () => {
  house = await House.open()
})
afterAll(async () => {
  console.log(`Rights of document frames: ${ROWS.length} rows, ${cells} cells.`)
  await house.close()
})

test('rights: every number of the document frames has its row, and every row a number', () => {
  // A client's SyncStatus is as idle as its Stateless: both are the kind "ignored".
  const { syncStatus: _, ...numbers } = FRAME
  expect(new Set(ROWS.map(([, { number }]) => number))).toEqual(new Set(Object.values(numbers)))
})

describe('rights: who gets what by a document frame', () => {
  test.each(ROWS)('%s', async (_, row) => {
    const answers: [Asker, RoomAnswer][] = []
    for (const asker of ASKERS) {
      answers.push([asker, OUTSIDERS.has(asker) ? await atTheDoor(row, asker) : await inside(row, asker)])
      cells++
    }
    expect(Object.fromEntries(answers)).toEqual(row.answers)
  })
})

const open = (wire: Wire, key: string): void => wire.send(encodeClientFrame({ type: 'auth', key, token: '' }))

/** A documents socket without credentials: the frame, then an Auth that must not let it through. */
async function atTheDoor({ frame }: FrameRow, asker: Asker): Promise<RoomAnswer> {
  const path = `/collaboration/documents/story/${house.story.id}`
  const wire = await Wire.openAt(`${house.server.socketAddress}${path}`)
  const key = beatDocumentName(house.beat.id)
  wire.send(frame(key))
  wire.send(encodeClientFrame({ type: 'auth', key, token: house.tokenOf(asker) ?? 'nobody' }))
  await wire.frame('denied')
  // The frame that was an Auth itself is denied for itself.
  const others = wire.frames.filter(({ type }) => type !== 'denied')
  wire.close()
  expect([others, wire.messages]).toEqual([[], []])
  return 'denied'
}

async function inside(row: FrameRow, asker: Asker): Promise<RoomAnswer> {
  if (asker === 'revoked') await house.letIn()
  const path = `/api/stories/${house.story.id}/beats`
  const { id } = await house.call<Beat>('owner', 'POST', path, { title: 'A beat' })
  const key = beatDocumentName(id)
  const wire = await enter(house, asker)
  const witness = await enter(house, witnessOf(asker))
  await settle(witness, key)
  if (row !== FRAME_ROWS.auth) {
    open(wire, key)
    await wire.frame('scope')
  }
  await row.before?.({ key, wire, witness })
  if (asker === 'revoked') {
    await house.revoke()
    await wire.message('access_revoked')
  }
  wire.send(row.frame(key))
  const answer = await Promise.race([row.taken({ key, wire, witness }), closing(wire)])
  wire.close()
  witness.close()
  return answer
}

/** The witness has the document open, and hears what is said about it. */
async function settle(witness: Wire, key: string): Promise<void> {
  open(witness, key)
  await witness.frame('scope')
}

async function closing(wire: Wire): Promise<RoomAnswer> {
  const code = await wire.whenClosed()
  if (code === CLOSE.accessRevoked) return `close ${code}`
  throw new Error(`The socket was closed with ${code}.`)
}
