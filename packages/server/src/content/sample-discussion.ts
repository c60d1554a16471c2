import type { PlannedDiscussion } from './discussion-plan.ts'

/** What the sample's writer has noted beside it. A note says how the room works only where it has cause to. */
export const SAMPLE_DISCUSSION: PlannedDiscussion = {
  threads: [
    {
      beat: 'The complaint',
      scene: 'On the quay',
      words: 'He simply believed that a thing, once measured, could be asked to do better',
      notes: [
        'This explains him before he has done anything. Cut it, and let the cats in the customs shed do the work? ' +
          'I have marked the words so that I come back to them; the mark stays with them, whatever I change around it.',
        'Read it again, and it stays: when he looks at the water at the end “as if it could be measured from here”, ' +
          'this line must stand behind him. Once I am sure of it, I’ll resolve this, and the mark goes.',
      ],
    },
    {
      beat: 'Whoever climbs at night',
      scene: 'Waiting',
      words: 'a clock that good will not stay wrong by itself',
      notes: [
        'Why must he climb again and again? If it never loses a second, setting it back once would be enough.',
        'Because it has to be wound, and to be wound it has to be stopped. The rest of the sentence says so now. ' +
          'Resolved: out of the way, but kept, in case somebody asks the same again.',
      ],
      resolved: true,
    },
    {
      beat: 'What the minutes are for',
      notes: [
        'A note on the whole beat, as no single sentence is to blame. She wants the truth and has known it for nine ' +
          'years; he wants it left alone and is the one who says it. So neither of them gets what is on the card. ' +
          'Keep it so: where goal and outcome say the same, nothing has happened.',
      ],
    },
  ],
  chat: [
    { message: 'Finished, as far as I can see. One clock, one secret, and nobody wicked in it.', beats: [] },
    {
      message:
        'Read it aloud from the top. #1 and #5 answer each other now: Voss measures in both, but only in the second ' +
        'does he know what for.',
      beats: [1, 5],
    },
    {
      message:
        'Still open, in #4: does Ines say “Joost” aloud, even once? From her father it is a name. From her it would ' +
        'be an answer.',
      beats: [4],
    },
    {
      message:
        'And before anybody else reads along: what belongs to a sentence goes beside that sentence, as a comment. ' +
        'This here is for everything else, the weather and the tea included.',
      beats: [],
    },
  ],
}
