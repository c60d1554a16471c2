import { useEffect, useMemo, useState } from 'react'
import {
  type Direction,
  type Lane,
  type LanePlace,
  lanesOf,
  laneWithout,
  placeOf,
  stepPlace,
  targetOf,
  withLifted,
} from '../arrange/lanes.ts'
import type { Arrangement } from '../arrange/use-arrangement.ts'
import { useBeatName } from '../arrange/use-beat-name.ts'
import { useEvent } from '../hooks/use-event.ts'
import { useStrings } from '../provider/strings.ts'
import { boardStrings } from './strings.ts'

/** A card that is off the board until it is put down. */
export interface Lifted {
  readonly id: number
  readonly place: LanePlace
  readonly by: 'keys' | 'pointer'
}

export interface Lift {
  /** The lanes as they would be if it were put down now. */
  readonly lanes: readonly Lane[]
  readonly lifted: Lifted | undefined
  /** The lane that it was lifted from. */
  readonly home: string | undefined
  /** What happened last, for who does not see it. */
  readonly said: string
  readonly say: (words: string) => void
  readonly start: (id: number, by: Lifted['by']) => void
  readonly step: (direction: Direction) => void
  readonly moveTo: (place: LanePlace) => void
  readonly drop: () => void
  readonly cancel: () => void
}

/** Lifting cards and putting them down, by keys and by pointer alike. What others move meanwhile moves meanwhile. */
export function useLift({ beats, moveBeat }: Pick<Arrangement, 'beats' | 'moveBeat'>): Lift {
  const words = useStrings('board', boardStrings)
  const beatName = useBeatName()
  const [lifted, setLifted] = useState<Lifted>()
  const [said, say] = useState('')
  const standing = useMemo(() => lanesOf(beats), [beats])
  const beat = beats.find(({ id }) => id === lifted?.id)
  useEffect(() => {
    if (lifted === undefined || beat !== undefined) return
    setLifted(undefined)
    say(words.goneWhileLifted)
  }, [lifted, beat, words])

  const nameOf = (id: number): string => {
    const named = beats.find((one) => one.id === id)
    return named === undefined ? '' : beatName(named)
  }
  const placeWords = (place: LanePlace, id: number): string => {
    const there = laneWithout(standing, place, id)
    if (there === undefined) return ''
    return words.place(there.lane.act ?? words.noAct, there.index + 1, there.rest.length + 1)
  }
  const start = useEvent((id: number, by: Lifted['by']) => {
    const [place, name] = [placeOf(standing, id), nameOf(id)]
    if (place === undefined) return
    setLifted({ id, place, by })
    say(words.lifted(name, placeWords(place, id)))
  })
  const moveTo = useEvent((place: LanePlace) => {
    if (lifted === undefined || isSamePlace(place, lifted.place)) return
    setLifted({ ...lifted, place })
    say(placeWords(place, lifted.id))
  })
  const step = useEvent((direction: Direction) => {
    if (lifted !== undefined) moveTo(stepPlace(standing, lifted.place, lifted.id, direction))
  })
  const drop = useEvent(() => {
    if (lifted === undefined) return
    const { id, place } = lifted
    const target = targetOf(beats, standing, place, id)
    setLifted(undefined)
    say(words.dropped(nameOf(id), placeWords(place, id)))
    if (target !== undefined) moveBeat(id, target)
  })
  const cancel = useEvent(() => {
    if (lifted === undefined) return
    setLifted(undefined)
    say(words.cancelled(nameOf(lifted.id)))
  })
  const lanes = useMemo(
    () => (lifted === undefined ? standing : withLifted(standing, lifted.place, lifted.id)),
    [standing, lifted],
  )
  const home = lifted === undefined ? undefined : placeOf(standing, lifted.id)?.lane
  return { lanes, lifted, home, said, say, start, step, moveTo, drop, cancel }
}

const isSamePlace = (one: LanePlace, other: LanePlace) => one.lane === other.lane && one.after === other.after
