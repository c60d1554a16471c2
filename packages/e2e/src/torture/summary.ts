import { FATES, type Fate } from './fates.ts'
import type { TortureResult } from './torture.ts'

/** The whole of a run as a table for people. */
export function summaryOf(result: TortureResult, seed: number): string {
  const { words, locks } = result
  const rows: [string, string | number][] = [
    ['seed', seed],
    ['words typed', words.typed],
    ['  acknowledged', words.acknowledged],
    ['  acknowledged and missing', words.missing],
    ['  refused, in a drawer or in the text', words.refused - words.nowhere],
    ['  refused, and nowhere', words.nowhere],
    ['  refused to the face', words.handedBack],
    ['  never answered', words.doubtful],
    ...(Object.keys(FATES) as Fate[]).map((fate): [string, number] => [
      FATES[fate],
      result.fates.get(fate) ?? 0,
    ]),
    ['locks taken', locks.taken],
    ['  refused', locks.refused],
    ['  rows of others than the holder', locks.trespasses],
    ['chat lines', result.chat],
    ['comments', result.comments],
    ['longest wait of a word for its answer', seconds(result.longestWaitMs)],
    ['longest time without any answer', seconds(result.longestSilenceMs)],
    ['until all was saved and the same', seconds(result.convergedMs)],
    ...result.memory.map((sizes, node): [string, string] => [
      `memory of node ${node + 1}, MiB`,
      sizes.map((size) => size ?? '?').join(' → '),
    ]),
    ...[...result.log.counts].map(([event, count]): [string, number] => [`said “${event}”`, count]),
  ]
  const width = Math.max(...rows.map(([name]) => name.length))
  const table = rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`)
  return [...table, ...result.faults.map((fault) => `FAULT  ${fault}`)].join('\n')
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`
