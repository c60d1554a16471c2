import type { AppendResult, AppendRow } from '../room/ports.ts'

export interface BeatResults {
  readonly storyId: number
  readonly beatId: number
  readonly results: AppendResult[]
}

/** The log's answers for a batch, by document, in their order. */
export function byBeat(rows: readonly AppendRow[], results: readonly AppendResult[]): Iterable<BeatResults> {
  const beats = new Map<number, BeatResults>()
  for (const [index, { storyId, beatId }] of rows.entries()) {
    const result = results[index]
    if (result === undefined) throw new Error('The log has not answered every row.')
    const known = beats.get(beatId)
    if (known === undefined) beats.set(beatId, { storyId, beatId, results: [result] })
    else known.results.push(result)
  }
  return beats.values()
}
