import type { Beat, ClientMessageType, Comment, CommentRequest } from '@storyweave/protocol'
import type { Wire } from '../../support/wire.ts'
import type { Asker, Column } from '../askers.ts'
import type { House } from '../house.ts'
import { members, type RoomAnswer, writers } from './answers.ts'
import type { Witness } from './entrance.ts'

/** One line of the rights table for JSON messages. */
export interface MessageRow {
  readonly type: ClientMessageType
  /** Where a type has several rows: what this one is about; of comments the action first. */
  readonly when?: string
  readonly answers: Column<RoomAnswer>
  /** The message without its type; whoever is about to be revoked is still an editor here. */
  readonly prepare: (stage: MessageStage) => Promise<object> | object
}

/** One cell while it is being prepared. */
export interface MessageStage {
  readonly house: House
  readonly asker: Asker
  /** The asker's own socket. */
  readonly wire: Wire
  /** Somebody else in the room, with the right to write. */
  readonly other: { readonly asker: Witness; readonly wire: Wire; readonly id: number }
}

const newBeat = ({ house }: MessageStage): Promise<Beat> =>
  house.call('owner', 'POST', `/api/stories/${house.story.id}/beats`, { title: 'A beat' })

const newComment = ({ house }: MessageStage, by: Asker): Promise<Comment> =>
  house.call(by, 'POST', '/collaboration/comments', {
    story_id: house.story.id,
    beat_id: house.beat.id,
    content: 'Why here?',
  })

/** Sends a message and waits for its answer, whichever it is. */
/** @returns whether it was done. */
async function said(wire: Wire, message: object): Promise<boolean> {
  const request_id = crypto.randomUUID()
  wire.say({ ...message, request_id })
  const answer = await Promise.race([
    wire.message('ack', (ack) => ack.request_id === request_id),
    wire.message('error', (error) => error.request_id === request_id),
  ])
  return answer.type === 'ack'
}

/** A beat that is locked by the asker, where they may lock one. */
const ownLock = async (stage: MessageStage) => {
  const beat_id = (await newBeat(stage)).id
  await said(stage.wire, { type: 'beat_lock', beat_id })
  return { beat_id }
}

const anothersLock = async (stage: MessageStage) => {
  const beat_id = (await newBeat(stage)).id
  await said(stage.other.wire, { type: 'beat_lock', beat_id })
  return { beat_id }
}

type SettleAction = Extract<CommentRequest, { comment: { id: number } }>['action']

/** The two rows of something that is done to a comment: to one's own, and to another's. */
const commentRows = (
  action: SettleAction,
  others: Column<RoomAnswer>,
  fields: object = {},
): readonly MessageRow[] => [
  {
    type: 'comment',
    when: `${action}: their own`,
    answers: members('ack'),
    prepare: async (stage) => {
      const { id } = await newComment(stage, stage.asker)
      return { action, comment: { id, ...fields } }
    },
  },
  {
    type: 'comment',
    when: `${action}: another’s`,
    answers: others,
    prepare: async (stage) => {
      const { id } = await newComment(stage, stage.other.asker)
      return { action, comment: { id, ...fields } }
    },
  },
]

const settling = { ...members('forbidden'), owner: 'ack', editor: 'ack' } as const

export const MESSAGE_ROWS: readonly MessageRow[] = [
  {
    type: 'edit',
    answers: writers('ack', 'forbidden'),
    prepare: ({ house, asker }) => ({ beat_id: house.beat.id, changes: { goal: `As ${asker} sees it` } }),
  },
  {
    type: 'cursor_move',
    answers: members('ack'),
    prepare: ({ house }) => ({ beat_id: house.beat.id, position: 0, field: 'goal' }),
  },
  {
    type: 'beat_lock',
    answers: writers('ack', 'forbidden'),
    prepare: async (stage) => ({ beat_id: (await newBeat(stage)).id }),
  },
  {
    type: 'beat_unlock',
    when: 'their own lock',
    answers: writers('ack', 'not_lock_holder'),
    prepare: ownLock,
  },
  {
    type: 'beat_unlock',
    when: 'another’s lock',
    answers: { ...members('not_lock_holder'), owner: 'ack' },
    prepare: anothersLock,
  },
  { type: 'beat_lock_request', answers: writers('ack', 'forbidden'), prepare: anothersLock },
  {
    type: 'beat_lock_answer',
    answers: writers('ack', 'not_lock_holder'),
    prepare: async (stage) => {
      const { beat_id } = await ownLock(stage)
      const asked = await said(stage.other.wire, { type: 'beat_lock_request', beat_id })
      // Whoever answers has heard the question, wherever it was asked.
      if (asked) await stage.wire.message('beat_lock_requested', (message) => message.beat_id === beat_id)
      return { beat_id, user_id: stage.other.id, grant: false }
    },
  },
  { type: 'chat', answers: members('ack'), prepare: () => ({ message: 'Good morning' }) },
  // Never stored and never answered: the others hear of it.
  { type: 'typing', answers: members('heard'), prepare: () => ({ where: 'chat' }) },
  {
    type: 'comment',
    when: 'created',
    answers: members('ack'),
    prepare: ({ house }) => ({
      action: 'created',
      comment: { beat_id: house.beat.id, content: 'Why?' },
    }),
  },
  ...commentRows('updated', members('forbidden'), { content: 'Why now?' }),
  ...commentRows('resolved', settling),
  ...commentRows('reopened', settling),
  ...commentRows('deleted', { ...members('forbidden'), owner: 'ack' }),
  { type: 'ping', answers: members('pong'), prepare: () => ({}) },
  { type: 'auth', answers: members('ack'), prepare: ({ house, asker }) => ({ token: house.tokenOf(asker) }) },
]
