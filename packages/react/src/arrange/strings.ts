import type { BeatSummary } from '@storyweave/protocol'

export const arrangeStrings = {
  stayed: (beat: string, why: string) => `${beat} stays where it was. ${why}`,
}

/** What a beat is called where its title stands in a sentence. */
export const beatName = ({ title, beat_index }: Pick<BeatSummary, 'title' | 'beat_index'>): string =>
  title.trim() === '' ? `Beat ${beat_index + 1}` : `“${title.trim()}”`
