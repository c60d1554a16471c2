import { allows } from '../access/rights.ts'
import type { Member } from './member.ts'
import type { ConnectionId, Standing } from './ports.ts'
import type { Scopes } from './scopes.ts'

export interface StandingsContext {
  readonly members: ReadonlyMap<ConnectionId, Member>
  readonly scopes: Scopes
  /** They may write no longer: what they hold and ask for is let go. */
  roleLost(userId: number): void
  /** Closes their socket; they are in the room no longer. */
  sendAway(member: Member): void
}

/** Lets a person's standing in the story (role, name, guest or not) change while they are here, on all their sockets. */
export class Standings {
  readonly #context: StandingsContext

  constructor(context: StandingsContext) {
    this.#context = context
  }

  /** Undefined: they have no role any more. */
  set(userId: number, standing: Standing | undefined): void {
    for (const member of [...this.#context.members.values()]) {
      if (member.visitor.userId !== userId) continue
      if (standing === undefined) this.#revoke(member)
      else this.#change(member, standing)
    }
  }

  /** What still waits of them is refused, and what still comes is not heard. */
  #revoke(member: Member): void {
    member.tell({ type: 'access_revoked' })
    for (const known of member.keys.values()) if (known.state === 'open') known.open.mayWrite = false
    this.#context.roleLost(member.visitor.userId)
    this.#context.sendAway(member)
  }

  /** A guest's rights are not those of a member in the same role. */
  #change(member: Member, standing: Standing): void {
    const { role, guest } = standing
    const hasOtherRights = role !== member.role || guest !== member.visitor.guest
    if (!member.stand(standing)) return
    if (hasOtherRights) member.tell({ type: 'permission_changed', role })
    if (!allows({ role, guest }, 'lock')) this.#context.roleLost(member.visitor.userId)
    this.#context.scopes.memberChanged(member)
  }
}
