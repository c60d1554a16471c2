import { parseMarkdown } from '@storyweave/prose'
import type { PlannedBeat } from './story-plan.ts'

/** A finished short story, for a new account to play with. */

interface SampleBeat extends Omit<PlannedBeat, 'scenes'> {
  readonly scenes: readonly { readonly title: string; readonly text: string }[]
}

export const SAMPLE_DETAILS = {
  title: 'Eleven Minutes Slow',
  premise:
    'The clock on the harbour tower has been wrong for nine years, and the whole town has agreed not to see it. ' +
    'Then a harbour master comes who owns a stopwatch.',
  genre: 'Short story',
  logline: 'A clockmaker must mend the clock that her town needs to be broken.',
  length: 'about 1,200 words',
} as const

const BEATS: readonly SampleBeat[] = [
  {
    title: 'The complaint',
    act: 'Act One',
    goal: 'Ines wants to be left alone with her small repairs until the winter is over.',
    conflict:
      'The new harbour master wants the tower clock right by Friday, and hers is the only workshop in town.',
    outcome: 'She is given the key, a form to sign, and four days.',
    scenes: [
      {
        title: 'On the quay',
        text: `The new harbour master stood under the tower with a stopwatch in his hand, and the gulls looked at him
as they looked at everything, to see whether it was food.

“Eleven minutes,” he said. “It is eleven minutes slow.”

“Yes,” said Ines. She had come down for bread and still had the loaf under her arm.

“You know about it?”

“Everybody knows about it.”

He wrote that down. His name was Adriaan Voss, he had been in Sallow Haven for six days, and in that time he had
measured the depth of the basin, the height of the mole, and the number of cats in the customs shed. He was not an
unpleasant man. He simply believed that a thing, once measured, could be asked to do better.

“A harbour,” he said, “is a place where people trust a clock.”

Ines looked up at the white face, the black hands, the green tear that the copper had wept down the stone. Ten past
eight, it said. Behind her the baker, whose wristwatch was Swiss and never wrong, was opening his shutters for the
half-past-eight boat, as he did every morning when the tower said ten past.

“They do trust it,” she said.`,
      },
      {
        title: 'The key',
        text: `The letter lay on her bench when she came back from lunch.

> To the Workshop of I. Marrow. You are requested to restore the tower clock to correct time by noon on Friday, and
> to enter the cause of the fault in the form enclosed. The key is to be returned.

The key was as long as her hand. She had not seen it since the year her brother was lost, when the council took it
away from her father and hung it behind the door in the customs shed, where everyone could reach it and nobody did.

*Cause of the fault*, said the form, and gave her a line and a half.`,
      },
    ],
  },
  {
    title: 'The works',
    act: 'Act One',
    goal: 'Find the worn part, change it, fill in the form.',
    conflict: 'There is no worn part. The clock is in better order than anything on her bench.',
    outcome: 'She understands that somebody sets it back, by hand, again and again.',
    scenes: [
      {
        title: 'A hundred and twelve steps',
        text: `She went up on Monday with oil, a lamp, and a bag of small brass parts, expecting verdigris and pigeons.

There were no pigeons. Somebody had mended the louvres with fishing net, neatly, each knot drawn tight. The wheels
shone. The escapement had been oiled within the month, and not with the fish oil that people use who do not know
better, but with the thin clear stuff that she ordered from the capital herself, at a price, and of which, now that
she came to think of it, she was always one bottle short.

She let it run beside her own watch for an hour. In that hour it lost nothing. She stayed for a second one and it lost
nothing again. It was the best clock in the province, and it was eleven minutes slow, in the way a person can be in
perfect health and facing the wrong way.

On the setting wheel, where the hands are moved, the brass was worn bright in the shape of a thumb.`,
      },
    ],
  },
  {
    title: 'Whoever climbs at night',
    act: 'Act Two',
    goal: 'Catch the one who does it, and make them stop before Friday.',
    conflict: 'It is the last person in Sallow Haven whom she could report.',
    outcome: 'Her father admits it, and asks her to hold the lamp.',
    scenes: [
      {
        title: 'Waiting',
        text: `On Tuesday, by daylight and with the harbour master watching from below, she set the clock right. People came
out of their doors and looked up. No one said a word. The half-past-eight boat left on Wednesday with a third of its
passengers, and the baker threw away forty rolls.

That night she sat behind the weights with a blanket and no light.

At a quarter to two there were steps on the stairs: slow, with a rest at every landing, and on each landing a cough
that she had known since before she knew any words.

“You’ll have left the door on the latch on purpose,” said her father in the dark.

“You’ll have been stealing my oil,” said Ines.

He sat down on the top step and got his breath. He was seventy-eight. There were a hundred and twelve stairs, and he
had climbed them once a fortnight for nine years, because a clock that good will not stay wrong by itself: it must be
wound, and who winds it must stop it, and who stops it must decide what time it is.`,
      },
    ],
  },
  {
    title: 'What the minutes are for',
    act: 'Act Two',
    goal: 'Ines wants the truth about the night of the storm; her father wants it to stay where it is.',
    conflict: 'The truth is no secret. It is only that nobody has ever said it aloud.',
    outcome: 'She learns that the whole town has been waiting with him, each in their own way.',
    scenes: [
      {
        title: 'The boom',
        text: `“They had to close the boom at six,” he said. “That’s the rule in a storm, and I was the one to close it.
The bell struck six, and I put my hand on the lever, and I thought, *he’s late because he’s careful*. And I closed
it. Joost came round the mole at eleven minutes past.”

She had known it. She had stood on the quay, she had seen the light. But there is a difference between a thing you
have seen and a thing your father tells you, sitting on a stair, in the voice he uses for the price of herring.

“If the clock had been slow,” he said.

“Yes.”

“That’s all. I know it mends nothing. The first time I only wanted to see what it looked like, six o’clock, with the
boy already in. Then in the morning the ferry waited. Nobody told it to. The school waited. Old Hendrika rang for
mass when the tower said so, and she has a radio. And I thought, well. They’ve all moved over and made room for
him.”

The pendulum went to and fro between them like someone pacing.

“And if I write that on the form?” said Ines.

Her father gave it some thought. “There’s a line and a half,” he said.`,
      },
    ],
  },
  {
    title: 'Friday, noon',
    act: 'Act Three',
    goal: 'Ines must hand over a clock that is right, to a town that needs it wrong.',
    conflict: 'Voss will have his measurement, and her father cannot climb the stairs for ever.',
    outcome: 'The clock keeps true time on every day but one.',
    scenes: [
      {
        title: 'The form',
        text: `On Friday the whole of Sallow Haven happened to be on the quay. They were mending nets that were whole. They were
waiting for a boat that was in.

Voss held up his stopwatch. The hands of the tower came together; the bell struck twelve; he pressed the button, and
for the first time since he had come his face had nothing to do.

“To the second,” he said.

“To the second,” said Ines, and gave him the key and the form.

He read it. He read it once more. Then he took off his cap, which he had never been seen to do, and looked for a while
at the water beyond the mole, as if it could be measured from here.

“This is in order,” he said. He folded the form in four and put it into the pocket on the inside of his coat, and the
key he hung, himself, behind the door in the customs shed.`,
      },
      {
        title: 'The ninth of November',
        text: `*Cause of the fault*, she had written, in the small hand that goes inside watch cases: *Grief. No part need be
changed. The clock is to run true, and to be stopped once a year, on the ninth of November at six in the evening, for
eleven minutes, by whoever can manage the stairs.*

---

This year it was Voss. He took the stairs at a steady pace, counting, and when he came to the top he found that
someone had left a lamp there, and a chair, and a thin bottle of very good oil.

He stopped the pendulum with one finger. It was quieter than he had expected. Below him, one after another, the
engines in the basin were turned off, until there was only the water, going in and out of the open boom and taking
its time.`,
      },
    ],
  },
]

/** The sample's beats; its prose is read from Markdown each time it is asked for. */
export const sampleBeats = (): PlannedBeat[] =>
  BEATS.map((beat) => ({
    ...beat,
    scenes: beat.scenes.map(({ title, text }) => ({ title, doc: parseMarkdown(text) })),
  }))
