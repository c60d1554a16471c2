import * as Y from 'yjs'
import { type ServerKnowledge, unknownParts } from '../documents/server-knowledge.ts'
import type { Passage, Span } from './entry.ts'
import type { TakenOut } from './take-out.ts'

/** Words that one Yjs client has written without a break. */
interface Run {
  readonly span: Span
  readonly text: string
}

/**
 * The words that a document holds and can't show, because what they stand on is nowhere: another tab has taken it
 * out. Their place is lost with it; they are given in the order in which each client has written them.
 */
export function takeOrphans(
  doc: Y.Doc,
  knowledge: ServerKnowledge,
  except: readonly Span[],
): readonly TakenOut[] {
  const pending = doc.store.pendingStructs
  if (pending === null) return []
  const runs = Y.decodeUpdateV2(pending.update).structs.flatMap((struct) =>
    struct instanceof Y.Item && struct.content instanceof Y.ContentString
      ? runsOf(struct.id, struct.content.str, knowledge, except)
      : [],
  )
  const passages = joined(runs)
    .filter(({ text }) => text.trim() !== '')
    .map(passageOf)
  if (passages.length === 0) return []
  return [{ place: { kind: 'scene', key: '' }, passages, spans: runs.map(({ span }) => span) }]
}

function runsOf(
  { client, clock }: Y.ID,
  words: string,
  knowledge: ServerKnowledge,
  except: readonly Span[],
): readonly Run[] {
  const range = { client, from: clock, to: clock + words.length }
  return unknownParts(range, knowledge, except).map((span) => ({
    span,
    text: words.slice(span.from - clock, span.to - clock),
  }))
}

function joined(runs: readonly Run[]): readonly Run[] {
  const done: Run[] = []
  for (const run of runs) {
    const last = done.at(-1)
    const isNext = last?.span.client === run.span.client && last.span.to === run.span.from
    if (!isNext) done.push(run)
    else done[done.length - 1] = { span: { ...last.span, to: run.span.to }, text: last.text + run.text }
  }
  return done
}

const passageOf = ({ span: { client, from }, text }: Run): Passage => ({
  place: { item: { client, clock: from }, assoc: -1 },
  before: '',
  content: [{ text }],
  text,
})
