import { FakeClock } from '@storyweave/client/testing'
import { act } from 'react'
import type { TestBeat } from './outline-server.ts'
import { StoryServer, type StoryServerOptions } from './story-server.ts'
import { TestPerson, type TestPersonOptions } from './test-person.tsx'

export interface TestRoomOptions {
  /** Their names, or more about them; the first owns the story. Ada and Ben if left out. */
  readonly people?: readonly (string | TestPersonOptions)[]
  /** One beat with one empty scene if left out. Their ids are 1, 2, and so on. */
  readonly beats?: readonly TestBeat[]
  readonly title?: string
}

export interface TestRoom {
  readonly storyId: number
  readonly people: readonly TestPerson[]
  /** Throws where nobody is called so. */
  person(name: string): TestPerson
  /** Time stands until a test moves it: what waits for a moment, waits for `pass`. */
  readonly clock: FakeClock
  /** Lets time pass and everything arrive that is on its way; React has rendered it afterwards. */
  pass(ms?: number): Promise<void>
  /** Everyone leaves, and nothing is left running. */
  close(): void
}

/** What is typed waits some milliseconds for more of it, and so does what is told of it. */
const MOMENT_MS = 500
/** So many turns of promises nothing takes. */
const TURNS = 100

/** A room in this page's memory, with real clients and without a network: for tests of hooks and components. */
export function createTestRoom(options: TestRoomOptions = {}): TestRoom {
  const {
    people: named = ['Ada', 'Ben'],
    beats = [{ title: 'Beat 1', scenes: [''] }],
    title = 'A story',
  } = options
  const clock = new FakeClock()
  const server = new StoryServer({ clock, title, beats } satisfies StoryServerOptions)
  const people = named.map((one, index) => {
    const person = typeof one === 'string' ? { name: one } : one
    return new TestPerson({ role: index === 0 ? 'owner' : 'editor', ...person }, index + 1, server, clock)
  })
  return {
    storyId: server.storyId,
    people,
    person: (name) => {
      const person = people.find((one) => one.name === name)
      if (person === undefined) throw new Error(`Nobody in this room is called ${name}.`)
      return person
    },
    clock,
    pass: (ms = MOMENT_MS) =>
      within(async () => {
        await settled()
        clock.advance(ms)
        await settled()
      }),
    close: () => {
      for (const person of people) person.leave()
      server.destroy()
    },
  }
}

/** In React's `act` where the test has asked for it: testing libraries do. */
async function within(run: () => Promise<void>): Promise<void> {
  const { IS_REACT_ACT_ENVIRONMENT } = globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }
  if (IS_REACT_ACT_ENVIRONMENT === true) await act(run)
  else await run()
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < TURNS; turn++) await Promise.resolve()
}
