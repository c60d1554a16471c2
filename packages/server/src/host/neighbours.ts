import {
  decodeHouseMessage,
  decodeStoryMessage,
  encodeHouseMessage,
  encodeStoryMessage,
  type HouseMessage,
  type StoryMessage,
} from './node-codec.ts'

/** What carries messages between the nodes of a house. They may be lost; from one node on one channel they come in order. */
export interface Messenger {
  /** Tells the other nodes that listen to the channel; never throws. */
  publish(channel: string, message: Uint8Array): void
  /** @returns how to stop listening */
  subscribe(channel: string, hear: (message: Uint8Array, from: string) => void): () => void
  /** False while nothing is carried. */
  readonly isUp: boolean
  onChange(listener: (isUp: boolean) => void): () => void
}

const HOUSE = 'house'
const storyChannel = (storyId: number): string => `story:${storyId}`

export interface NeighboursOptions {
  readonly messenger: Messenger
  readonly note: (event: string, details: Readonly<Record<string, unknown>>) => void
}

/** The other nodes of the house, as this one talks with them. */
export class Neighbours {
  readonly #options: NeighboursOptions

  constructor(options: NeighboursOptions) {
    this.#options = options
  }

  get areHeard(): boolean {
    return this.#options.messenger.isUp
  }

  /** Called with whether the others can be heard, each time that changes. */
  onChange(listener: (areHeard: boolean) => void): void {
    this.#options.messenger.onChange(listener)
  }

  tellStory(storyId: number, message: StoryMessage): void {
    this.#options.messenger.publish(storyChannel(storyId), encodeStoryMessage(message))
  }

  /** @returns how to stop listening */
  hearStory(storyId: number, hear: (node: string, message: StoryMessage) => void): () => void {
    return this.#options.messenger.subscribe(storyChannel(storyId), (bytes, from) => {
      const message = decodeStoryMessage(bytes)
      if (message === undefined) this.#options.note('node_message_ignored', { story: storyId, node: from })
      else hear(from, message)
    })
  }

  tellHouse(message: HouseMessage): void {
    this.#options.messenger.publish(HOUSE, encodeHouseMessage(message))
  }

  hearHouse(hear: (node: string, message: HouseMessage) => void): void {
    this.#options.messenger.subscribe(HOUSE, (bytes, from) => {
      const message = decodeHouseMessage(bytes)
      if (message === undefined) this.#options.note('node_message_ignored', { node: from })
      else hear(from, message)
    })
  }
}

/** There are no other nodes, or none that this one could hear. */
export const NOBODY: Messenger = {
  publish: () => undefined,
  subscribe: () => () => undefined,
  isUp: true,
  onChange: () => () => undefined,
}
