import type { ServerMessage } from '@storyweave/protocol'
import type { Person } from '../support/person.ts'
import { Wire } from '../support/wire.ts'
import { Page } from './page.ts'

type Answer = Extract<ServerMessage, { type: 'ack' | 'error' }>

/** A person's socket in a story's room, on their node. */
export class Seat {
  readonly person: Person
  readonly wire: Wire
  readonly storyId: number
  #requests = 0

  private constructor(person: Person, wire: Wire, storyId: number) {
    this.person = person
    this.wire = wire
    this.storyId = storyId
  }

  /** `at`: another node than the person's own. */
  static async take(person: Person, storyId: number, at = person.address): Promise<Seat> {
    const wire = await Wire.openAt(await socketUrl(person, storyId, at))
    await wire.message('initial_state')
    return new Seat(person, wire, storyId)
  }

  get id(): number {
    return this.person.me.user_id
  }

  say(message: object): void {
    this.wire.say(message)
  }

  /** The answer to a command. */
  answer(message: object): Promise<Answer> {
    this.#requests += 1
    const request_id = this.#requests
    this.say({ ...message, request_id })
    return new Promise((resolve) => {
      const isMine = (answer: Answer): boolean => answer.request_id === request_id
      void this.wire.message('ack', isMine).then(resolve)
      void this.wire.message('error', isMine).then(resolve)
    })
  }

  open(beatId: number): Promise<Page> {
    return Page.open(this.wire, beatId)
  }

  /** What came so far counts no more. */
  forget(): void {
    this.wire.messages.splice(0)
  }

  close(): void {
    this.wire.close()
  }
}

export async function socketUrl(person: Person, storyId: number, at = person.address): Promise<string> {
  const path = `/collaboration/ws/story/${storyId}?ticket=${await person.ticket()}`
  return `${at.replace(/^http/, 'ws')}${path}`
}
