import { allows } from '../access/rights.ts'
import type { OpenKey, WriteRight } from './documents/open-key.ts'
import type { Shelf } from './documents/shelf.ts'
import type { Member } from './member.ts'

export interface ScopesContext {
  readonly shelf: Shelf
  /** The version of the prose's schema that this server writes. */
  readonly schemaVersion: number
  /** True where somebody else has locked the beat. */
  isClosedTo(userId: number, beatId: number): boolean
}

/** What each open key may do, and its client being told: roles, schemas and locks come together here. */
export class Scopes {
  readonly #context: ScopesContext

  constructor(context: ScopesContext) {
    this.#context = context
  }

  /** An older schema deletes what it does not know, for everyone: its speakers only read. */
  of({ role, visitor: { guest, schema, userId } }: Member, beatId: number): WriteRight {
    const { schemaVersion, isClosedTo } = this.#context
    const isCurrent = schema === undefined || schema >= schemaVersion
    const mayWrite = isCurrent && allows({ role, guest }, 'write')
    const isOpen = mayWrite && !isClosedTo(userId, beatId)
    return { mayWrite, scope: isOpen ? 'read-write' : 'readonly' }
  }

  /** A beat was locked, or is free again. */
  beatChanged(beatId: number): void {
    for (const open of this.#context.shelf.get(beatId)?.audience ?? []) this.#tell(open)
  }

  /** The member has another role now. */
  memberChanged(member: Member): void {
    const { shelf } = this.#context
    const beats = new Set<number>()
    for (const known of member.keys.values()) {
      if (known.state !== 'open') continue
      beats.add(known.open.beatId)
      this.#tell(known.open)
    }
    for (const beatId of beats) shelf.get(beatId)?.carets.restamp(member.awarenessOwner)
  }

  /** Who may write again is asked for what was refused: only so does what hangs on it become visible. */
  #tell(open: OpenKey): void {
    const { mayWrite, scope } = this.of(open.member, open.beatId)
    open.mayWrite = mayWrite
    if (open.scope === scope) return
    open.scope = scope
    open.send({ type: 'scope', key: open.key, scope })
    if (scope === 'read-write' && open.hasRefused) {
      this.#context.shelf.get(open.beatId)?.take({ kind: 'ask', key: open })
    }
  }
}
