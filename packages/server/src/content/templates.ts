import type { NewStory } from '@storyweave/protocol'
import type { PlannedBeat } from './story-plan.ts'

/** The shapes a new story can begin with. A beat's goal is a question or hint that the writer overwrites. */

type Template = NonNullable<NewStory['template']>
type Line = readonly [title: string, goal: string]

/** Every beat begins with one empty scene, so that writing can start anywhere. */
const beat = (act: string | null, [title, goal]: Line): PlannedBeat => ({
  title,
  goal,
  conflict: '',
  outcome: '',
  act,
  scenes: [{ title: null }],
})

const act = (name: string, ...lines: readonly Line[]): PlannedBeat[] => lines.map((line) => beat(name, line))

const ONE = 'Act One'
const TWO = 'Act Two'
const THREE = 'Act Three'

const THREE_ACTS = [
  ...act(
    ONE,
    ['Opening', 'Show a day in this life as it has always been, and the one thing that is wrong with it.'],
    ['Disturbance', 'Something happens that cannot be slept off. What is it, and who else noticed?'],
    ['The door closes', 'The decision that makes going back impossible. Let it be chosen, not suffered.'],
  ),
  ...act(
    TWO,
    ['First attempts', 'The obvious plan is tried, and half works. What does it cost?'],
    ['Midpoint', 'New knowledge turns the question round: what was wanted is not what is needed.'],
    ['The net tightens', 'Whoever stands against it is winning. Which friend is lost on the way?'],
    [
      'Lowest point',
      'The plan is in ruins, and the old flaw is to blame. Stay here long enough for it to hurt.',
    ],
  ),
  ...act(
    THREE,
    [
      'One more way',
      'Out of what was lost comes a last idea that the person of the opening could not have had.',
    ],
    ['Climax', 'The two who want opposite things meet, and only one can have it.'],
    ['After', 'The same place as at the opening. What is different, and who sees it?'],
  ),
]

const SAVE_THE_CAT = [
  ...act(
    ONE,
    ['Opening image', 'One picture of the world before. The last page will answer it.'],
    ['Theme stated', 'Somebody says, in passing, what the story is about. Nobody listens yet.'],
    ['Set-up', 'Home, work, play: show what is missing in each of them.'],
    ['Catalyst', 'The news, the stranger, the letter: life as it was ends here.'],
    ['Debate', 'Should I go? Let the reasons against be good ones.'],
  ),
  ...act(
    'Act Two, first half',
    ['Break into two', 'The choice is made, and the new world has other rules.'],
    ['B story', 'Someone new comes in, through whom the theme can be talked about.'],
    ['Fun and games', 'What the cover promises: play with the new world and its rules.'],
    ['Midpoint', 'A false victory, or a false defeat. The clock starts, and it gets personal.'],
  ),
  ...act(
    'Act Two, second half',
    ['Bad guys close in', 'Pressure from outside, doubt from within: the team comes apart.'],
    ['All is lost', 'The opposite of the midpoint. Something dies here, or somebody.'],
    ['Dark night of the soul', 'Alone with the ruins. The old way will not work again.'],
  ),
  ...act(
    THREE,
    ['Break into three', 'The answer comes from where the two stories meet.'],
    ['Finale', 'Gather, plan, attack, fail, dig deeper, win: the lesson is put to use.'],
    ['Final image', 'The opening picture again, and the proof that something changed.'],
  ),
]

const HEROS_JOURNEY = [
  ...act(
    'Departure',
    ['The ordinary world', 'Where the hero belongs, and why they no longer quite fit.'],
    ['The call', 'An invitation, a threat, a loss: the world beyond asks for them by name.'],
    ['The refusal', 'Fear has a point. What would be left behind?'],
    ['The mentor', 'Someone who has been there gives advice, a gift, or a push.'],
    ['Across the threshold', 'The first step out. Who guards the gate, and how is it passed?'],
  ),
  ...act(
    'Initiation',
    ['Tests, allies, enemies', 'Learning the rules of the new world by breaking them.'],
    ['The approach', 'Nearer to the thing most feared. Old wounds open; plans are made.'],
    ['The ordeal', 'A death, real or not. What they were does not come out again.'],
    ['The reward', 'They hold what they came for. What does it turn out to be?'],
  ),
  ...act(
    'Return',
    ['The road back', 'What was taken is wanted back. Home is further away than it was.'],
    ['The resurrection', 'The last test, with everything learned, for more than themselves.'],
    ['Home with the elixir', 'They bring something back that heals, or at least explains.'],
  ),
]

const STORY_CIRCLE = [
  ...act(
    'Order',
    ['You', 'A person in a place they know. Make us be them.'],
    ['Need', 'Something is missing. They may not know its name.'],
    ['Go', 'They step over the line into what they do not know.'],
  ),
  ...act(
    'Chaos',
    ['Search', 'They adapt: try, fail, shed what does not help.'],
    ['Find', 'They get what they wanted. It is not as they thought.'],
    ['Take', 'The price is named, and it is paid.'],
  ),
  ...act(
    'Order again',
    ['Return', 'Back over the line, with what they carry.'],
    ['Change', 'The place is the same. They are not: show it in one act.'],
  ),
]

const TEMPLATES: Readonly<Record<Template, readonly PlannedBeat[]>> = {
  blank: [beat(null, ['', ''])],
  three_acts: THREE_ACTS,
  save_the_cat: SAVE_THE_CAT,
  heros_journey: HEROS_JOURNEY,
  story_circle: STORY_CIRCLE,
}

export const templateBeats = (template: Template): readonly PlannedBeat[] => TEMPLATES[template]
