import type { Beat, Story } from '@storyweave/protocol'
import type { Person } from '../support/person.ts'
import { Seat } from './seat.ts'

export interface TwoDesks {
  readonly story: Story
  readonly beat: Beat
  /** Its owner's. */
  readonly own: Seat
  /** Of the one who edits with them. */
  readonly other: Seat
}

/** A story of two, who both sit in its room. */
export async function twoDesks(owner: Person, guest: Person): Promise<TwoDesks> {
  const story = await owner.newStory('Two desks')
  const [beat] = await owner.beatsOf(story.id)
  if (beat === undefined) throw new Error('A new story has a beat.')
  await owner.call('POST', sharePath(story.id), editor(guest))
  const own = await Seat.take(owner, story.id)
  const other = await Seat.take(guest, story.id)
  return { story, beat, own, other }
}

export const sharePath = (storyId: number): string => `/collaboration/stories/${storyId}/share`
export const editor = ({ me }: Person): object => ({ user_id: me.user_id, role: 'editor' })
