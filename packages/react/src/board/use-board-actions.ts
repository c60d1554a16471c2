import type { Beat, BeatSummary } from '@storyweave/protocol'
import { useMemo } from 'react'
import { type Lane, targetOf } from '../arrange/lanes.ts'
import type { Arrangement } from '../arrange/use-arrangement.ts'
import { useBeatName } from '../arrange/use-beat-name.ts'
import { useAction } from '../hooks/use-action.ts'
import { useAsk } from '../hooks/use-ask.ts'
import { useEvent } from '../hooks/use-event.ts'
import { useRoom } from '../provider/room.ts'
import { useStrings } from '../provider/strings.ts'
import { useWeave } from '../provider/weave.ts'
import { boardStrings } from './strings.ts'

export interface BoardActions {
  readonly step: (id: number, by: -1 | 1) => void
  /** To the end of another lane. */
  readonly toLane: (id: number, lane: Lane) => void
  readonly rename: (beat: BeatSummary, title: string) => void
  /** With a way back in the toast. */
  readonly remove: (beat: BeatSummary) => void
  /** At the end of a lane. */
  readonly add: (lane: Lane | undefined) => void
  readonly isAdding: boolean
  /** With its first beat, behind all others. */
  readonly addAct: (name: string) => void
  readonly renameAct: (from: string, to: string) => void
}

/** What one can do on the board beside lifting cards. */
export function useBoardActions(
  lanes: readonly Lane[],
  { beats, moveBeat, stepBeat }: Arrangement,
  onMade: (beat: Beat) => void,
): BoardActions {
  const room = useRoom()
  const { rest, toasts } = useWeave()
  const words = useStrings('board', boardStrings)
  const beatName = useBeatName()
  const { storyId } = room
  // What is asked for one card waits for no other.
  const restore = useAsk((id: number) => rest.beats.restore(id))
  const remove = useAsk(async (beat: BeatSummary) => {
    await rest.beats.remove(beat.id)
    toasts.say(words.removed(beatName(beat)), { label: words.undo, run: () => restore(beat.id) })
  })
  const rename = useAsk((beat: BeatSummary, title: string) =>
    room.sendEdit(beat.id, { title }, { title: beat.title }),
  )
  const add = useAction(async (lane: Lane | undefined) => {
    const after = lane?.beats.at(-1)?.id
    const place = after === undefined ? {} : { after_beat_id: after }
    onMade(await rest.beats.create(storyId, { title: '', act: lane?.act ?? null, ...place }))
  })
  const addAct = useAsk((act: string) => rest.beats.create(storyId, { title: '', act }))
  const renameAct = useAsk((from: string, to: string) => rest.beats.renameAct(storyId, { from, to }))
  const step = useEvent((id: number, by: -1 | 1) => void stepBeat(id, by))
  const toLane = useEvent((id: number, lane: Lane) => {
    const place = { lane: lane.key, after: lane.beats.at(-1)?.id ?? null }
    const target = targetOf(beats, lanes, place, id)
    if (target !== undefined) moveBeat(id, target)
  })
  return useMemo(
    () => ({ step, toLane, rename, remove, add: add.run, isAdding: add.busy, addAct, renameAct }),
    [step, toLane, rename, remove, add.run, add.busy, addAct, renameAct],
  )
}
