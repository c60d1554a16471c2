import type { STORY_TEMPLATES } from '@storyweave/protocol'

/** The shapes a new story may start from, in words for a writer. */
export const SHAPES: Readonly<
  Record<(typeof STORY_TEMPLATES)[number], { readonly name: string; readonly words: string }>
> = {
  blank: { name: 'Blank', words: 'One empty beat.' },
  three_acts: { name: 'Three acts', words: 'Set-up, confrontation, resolution.' },
  save_the_cat: { name: 'Save the Cat', words: 'Fifteen beats, from opening to final image.' },
  heros_journey: { name: 'Hero’s Journey', words: 'Twelve steps, out and home again.' },
  story_circle: { name: 'Story Circle', words: 'Eight steps around a need.' },
}
