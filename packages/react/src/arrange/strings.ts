import type { BeatSummary } from '@storyweave/protocol'

export const arrangeStrings = {
  /** What a beat is called where its title stands in a sentence. */
  beat: (title: string, number: number) => (title === '' ? `Beat ${number}` : `“${title}”`),
  stayed: (beat: string, why: string) => `${beat} stays where it was. ${why}`,
}

type NamedBeat = Pick<BeatSummary, 'title' | 'beat_index'>

export const beatName = ({ title, beat_index }: NamedBeat, words = arrangeStrings): string =>
  words.beat(title.trim(), beat_index + 1)
