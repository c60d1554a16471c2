import { encodeStateVector } from 'yjs'
import type { AppendRefusal } from '../ports.ts'
import type { Carets } from './carets.ts'
import type { Content } from './content.ts'
import type { Incoming, Job } from './jobs.ts'
import type { RefusalCode } from './open-key.ts'
import { REFUSALS } from './row.ts'

/** What is answered to jobs. `take` is for what an answer leaves to be done. */

/** One ack for an Update and for the Step2 of a pair; for one asked of our own accord, one for each refusal it mends. */
export function accept({ key, answers, bytes }: Incoming, take: (job: Job) => void): void {
  key.member.leave(bytes)
  if (answers === 'update' || answers === 'pair') key.acknowledge()
  if (answers === 'own_accord') take({ kind: 'mend', key })
}

export function refuse(
  { key, answers, update, bytes }: Incoming,
  code: RefusalCode,
  message: string,
  take: (job: Job) => void,
): void {
  key.member.leave(bytes)
  if (answers === 'update' || answers === 'pair') {
    key.remember(update)
    key.refuse(code, message)
  } else key.tellRefusal(code, message)
  if (answers === 'update' && code === 'pending') take({ kind: 'ask', key })
}

/** A job that can't be done: the document is no more. */
export function abandon(job: Job, code: AppendRefusal, take: (job: Job) => void): void {
  const message = REFUSALS[code]
  if (job.kind === 'card') job.edit.done({ ok: false, code, message })
  else if (job.kind === 'project') job.done()
  else if (job.kind === 'hold') job.begin(() => undefined)
  else if (job.kind === 'incoming') refuse(job, code, message, take)
  else if (job.kind === 'step1') job.key.member.leave(job.bytes)
  else if (job.kind === 'landed') abandon(job.row.job, code, take)
  else if (job.kind === 'say') job.say()
}

type Say = (job: Job, say: () => void) => void

/** A Step1 is answered with the server's own and a Step2, and with how the others' carets stand. */
export function answerStep1(
  job: Extract<Job, { kind: 'step1' }>,
  content: Content,
  carets: Carets,
  say: Say,
): void {
  const { key } = job
  const update = content.since(job.stateVector)
  const stateVector = encodeStateVector(content.doc)
  say(job, () => {
    key.member.leave(job.bytes)
    if (update === undefined) return key.tellRefusal('bad_message', 'The state vector does not decode.')
    key.restart()
    key.askForState(stateVector, 'pair')
    key.send({ type: 'step2', key: key.key, update }, 'asked')
    carets.tell(key)
  })
}

export function mend(job: Extract<Job, { kind: 'mend' }>, content: Content, say: Say): void {
  const home = job.key.refusedWithin(content.doc)
  say(job, () => job.key.acknowledgeHome(home))
}

export function ask(job: Extract<Job, { kind: 'ask' }>, content: Content, say: Say): void {
  const stateVector = encodeStateVector(content.doc)
  say(job, () => {
    if (!job.key.hasAsked) job.key.askForState(stateVector, 'own_accord')
  })
}
