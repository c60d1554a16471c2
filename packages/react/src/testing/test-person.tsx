import {
  type ClientPorts,
  createBrowserRest,
  MemoryStore,
  StoryRoom as Room,
  type Signal,
  type StoryRoomApi,
} from '@storyweave/client'
import type { FakeClock } from '@storyweave/client/testing'
import { SCHEMA_VERSION } from '@storyweave/prose'
import { personColor, type Role } from '@storyweave/protocol'
import type { ReactNode } from 'react'
import { StoryRoom } from '../provider/story-room.tsx'
import { StoryWeaveProvider, type StoryWeaveProviderProps } from '../provider/story-weave-provider.tsx'
import type { Member } from './line.ts'
import { restFetch } from './rest-server.ts'
import type { StoryServer } from './story-server.ts'

export interface TestPersonOptions {
  readonly name: string
  /** `owner` for the first person, `editor` for the others, if left out. */
  readonly role?: Role
  readonly guest?: boolean
}

/** Somebody in a test room: with a room of their own to act by, or components that are rendered as theirs. */
export class TestPerson {
  readonly userId: number
  readonly name: string
  /** What a `StoryWeaveProvider` needs to speak as this person. */
  readonly provider: Required<Pick<StoryWeaveProviderProps, 'baseUrl' | 'me' | 'fetch' | 'openRoom'>>
  readonly #member: Member
  readonly #server: StoryServer
  readonly #clock: FakeClock
  readonly #store = new MemoryStore()
  readonly #signals = new Set<(signal: Signal) => void>()
  #isOnline = true
  #room: StoryRoomApi | undefined
  #clients = 0

  constructor(
    { name, role = 'editor', guest = false }: TestPersonOptions,
    userId: number,
    server: StoryServer,
    clock: FakeClock,
  ) {
    this.userId = userId
    this.name = name
    this.#server = server
    this.#clock = clock
    this.#member = { user_id: userId, name, email: null, color: personColor(userId), guest, role, isIn: true }
    server.sharing.join(this.#member)
    this.provider = {
      baseUrl: 'http://test.invalid',
      me: { user_id: userId, name },
      fetch: restFetch(server, this.#member, () => this.#isOnline),
      openRoom: (storyId) => this.#openRoom(storyId),
    }
  }

  /** This person's room without React: connected when it is first asked for. */
  get room(): StoryRoomApi {
    if (this.#room === undefined) {
      this.#room = this.#openRoom(this.#server.storyId)
      this.#room.connect()
    }
    return this.#room
  }

  /** Puts provider and room of this person around what a test renders. */
  readonly Wrapper = ({ children }: { readonly children?: ReactNode }): ReactNode => (
    <StoryWeaveProvider {...this.provider}>
      <StoryRoom storyId={this.#server.storyId}>{children}</StoryRoom>
    </StoryWeaveProvider>
  )

  /** The network is gone: sockets break, requests fail. */
  goOffline(): void {
    this.#isOnline = false
    this.#server.cut(this.userId)
  }

  /** The network is back, and the browser says so. */
  goOnline(): void {
    this.#isOnline = true
    for (const listener of [...this.#signals]) listener('online')
  }

  leave(): void {
    this.#room?.destroy()
    this.#room = undefined
  }

  #openRoom(storyId: number): StoryRoomApi {
    return new Room({ storyId, userId: this.userId, schema: SCHEMA_VERSION }, this.#ports())
  }

  #ports(): ClientPorts {
    const { baseUrl, fetch } = this.provider
    const rest = createBrowserRest({ baseUrl, fetch })
    return {
      now: () => this.#clock.now(),
      setTimer: (run, delayMs) => this.#clock.setTimer(run, delayMs),
      // Two documents must not share a Yjs client id.
      random: () => (this.userId + ++this.#clients / 2 ** 10) / 2 ** 10,
      openSocket: (path, events) => {
        if (this.#isOnline) return this.#server.connect(this.#member, path, events)
        queueMicrotask(() => events.closed(1006))
        return { send: () => {}, close: () => {} }
      },
      fetchTicket: async () => (await rest.ticket()).ticket,
      checkStory: async (id) => {
        await rest.stories.get(id)
      },
      onSignal: (listener) => {
        this.#signals.add(listener)
        return () => this.#signals.delete(listener)
      },
      store: this.#store,
      history: {
        chatBefore: (id, before) => rest.chat.list(id, { before }),
        comments: (id) => rest.comments.list(id),
      },
      note: () => {},
    }
  }
}
