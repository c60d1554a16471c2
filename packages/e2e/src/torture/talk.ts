import type { ServerMessage } from '@storyweave/protocol'

/** What one writer said in chat and comments, and when the server confirms it. */
export class Talk {
  /** Texts by the name that their sender gave them. */
  readonly chat = new Map<string, string>()
  readonly comments = new Map<string, string>()
  readonly #answered: () => void

  constructor(answered: () => void) {
    this.#answered = answered
  }

  take(message: ServerMessage): void {
    if (message.type === 'chat' && message.client_id !== null) this.#stored(message.client_id)
    if (message.type === 'ack' && typeof message.request_id === 'string') this.#stored(message.request_id)
  }

  #stored(clientId: string): void {
    if (!this.chat.has(clientId) && !this.comments.has(clientId)) return
    this.#answered()
  }
}
