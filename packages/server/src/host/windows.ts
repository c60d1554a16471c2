import type { ServerMessage } from '@storyweave/protocol'
import type { Connection } from '../room/ports.ts'

/** The open windows of each person, over all rooms of this process: sockets that take text. */
export class Windows {
  readonly #byPerson = new Map<number, Set<Connection>>()

  add(userId: number, connection: Connection): void {
    const known = this.#byPerson.get(userId)
    if (known === undefined) this.#byPerson.set(userId, new Set([connection]))
    else known.add(connection)
  }

  /** Does nothing where it was never added. */
  remove(userId: number, connection: Connection): void {
    const windows = this.#byPerson.get(userId)
    windows?.delete(connection)
    if (windows?.size === 0) this.#byPerson.delete(userId)
  }

  get userIds(): number[] {
    return [...this.#byPerson.keys()]
  }

  tell(userId: number, message: ServerMessage): void {
    const windows = this.#byPerson.get(userId)
    if (windows === undefined) return
    const data = JSON.stringify(message)
    for (const window of windows) window.send(data, 'told')
  }
}
