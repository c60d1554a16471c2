import type { StoryEvent } from '@storyweave/protocol'
import type { Member, ServerClock } from './line.ts'

type WithoutPlace<Event> = Event extends { story_seq: number } ? Omit<Event, 'story_seq'> : never

/** An event before it has its place among the story's events. */
export type StoryEventDraft = WithoutPlace<StoryEvent>

export const isoNow = (clock: Pick<ServerClock, 'now'>): string => new Date(clock.now()).toISOString()

/** Whose doing an event is, and when. */
export const doneBy = ({ user_id, name: user_name }: Member, clock: Pick<ServerClock, 'now'>) => ({
  user_id,
  user_name,
  timestamp: isoNow(clock),
})
