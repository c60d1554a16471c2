import { CLIENT_MESSAGE_TYPES, CLOSE, COMMENT_REQUESTS } from '@storyweave/protocol'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { refusedUpgrade, type Wire } from '../../support/wire.ts'
import { ASKERS, type Asker } from '../askers.ts'
import { House } from '../house.ts'
import type { RoomAnswer } from './answers.ts'
import { enter, OUTSIDERS, roomAddress, type Witness, witnessOf } from './entrance.ts'
import { MESSAGE_ROWS, type MessageRow } from './message-rows.ts'

let house: House
let witnesses: Readonly<Record<Witness, Wire>>
let cells = 0

beforeAll(async () => {
  house = await House.open()
  witnesses = { owner: await enter(house, 'owner'), editor: await enter(house, 'editor') }
})
afterAll(async () => {
  console.log(`Rights of messages: ${MESSAGE_ROWS.length} rows, ${cells} cells.`)
  await house.close()
})

test('rights: every message type has its row, and every row is of a message type', () => {
  expect(new Set(MESSAGE_ROWS.map(({ type }) => type))).toEqual(new Set(CLIENT_MESSAGE_TYPES))
})

test('rights: everything that can be done with a comment has its row', () => {
  const { created, updated, settled } = COMMENT_REQUESTS
  const actions = [created.shape.action.value, updated.shape.action.value, ...settled.shape.action.options]
  const rows = MESSAGE_ROWS.filter(({ type }) => type === 'comment')
  expect(new Set(rows.map(({ when }) => when?.split(':')[0]))).toEqual(new Set(actions))
})

const nameOf = ({ type, when }: MessageRow): string => (when === undefined ? type : `${type}, ${when}`)

describe('rights: who gets what by a message', () => {
  test.each(MESSAGE_ROWS.map((row) => [nameOf(row), row] as const))('%s', async (_, row) => {
    const answers: [Asker, RoomAnswer][] = []
    for (const asker of ASKERS) {
      answers.push([asker, await answerTo(row, asker)])
      cells++
    }
    expect(Object.fromEntries(answers)).toEqual(row.answers)
  })
})

async function answerTo(row: MessageRow, asker: Asker): Promise<RoomAnswer> {
  if (OUTSIDERS.has(asker)) return `http ${await refusedUpgrade(roomAddress(house, asker))}`
  if (asker === 'revoked') await house.letIn()
  const wire = await enter(house, asker)
  const witness = witnessOf(asker)
  const other = { asker: witness, wire: witnesses[witness], id: house.idOf(witness) ?? 0 }
  const request_id = crypto.randomUUID()
  const message = await row.prepare({ house, asker, wire, other })
  if (asker === 'revoked') await revoke(wire)
  wire.say({ ...message, type: row.type, request_id })
  const answer = await firstOf(row, { wire, other: other.wire, request_id, userId: house.idOf(asker) ?? 0 })
  wire.close()
  return answer
}

/** Told on the open socket; what is said from then on is said too late, and there is no way back in. */
async function revoke(wire: Wire): Promise<void> {
  await house.revoke()
  await wire.message('access_revoked')
  expect(await refusedUpgrade(roomAddress(house, 'revoked'))).toBe(404)
}

interface Exchange {
  readonly wire: Wire
  readonly other: Wire
  readonly request_id: string
  readonly userId: number
}

/** The first thing that says what became of the message. */
function firstOf(row: MessageRow, { wire, other, request_id, userId }: Exchange): Promise<RoomAnswer> {
  const isIt = (message: { request_id?: unknown }) => message.request_id === request_id
  return Promise.race<RoomAnswer>([
    wire.message('ack', isIt).then(() => 'ack'),
    wire.message('error', isIt).then(({ code }) => code),
    wire.message('pong', isIt).then(() => 'pong'),
    ...(row.type === 'typing'
      ? [other.message('typing', ({ user_id }) => user_id === userId).then((): RoomAnswer => 'heard')]
      : []),
    closing(wire),
  ])
}

async function closing(wire: Wire): Promise<RoomAnswer> {
  const code = await wire.whenClosed()
  if (code === CLOSE.accessRevoked) return `close ${code}`
  throw new Error(`The socket was closed with ${code}.`)
}
