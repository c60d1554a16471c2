import { can } from '@storyweave/client'
import {
  Fault,
  type GuestRole,
  type Invitation,
  type LinkChanges,
  type MadeInvitation,
  type MadeLink,
  type NewLink,
  type Permission,
  type Role,
  type ShareLink,
} from '@storyweave/protocol'
import { isoNow } from './event-draft.ts'
import type { Member, ServerClock } from './line.ts'

export interface SharingHost {
  readonly storyId: number
  readonly clock: ServerClock
  /** A person's rights are other ones, or they are out. */
  roleChanged(member: Member, by: Member): void
}

const HOUR_MS = 60 * 60 * 1_000
const USUAL_HOURS = 7 * 24
const USUAL_GUESTS = 10
const OWNER_ID = 1
const ADDRESS = 'http://test.invalid/join#'

/** Who is in the story of the test's server, and the ways in. Nobody comes in by them: a test has its people from the start. */
export class SharingServer {
  readonly #host: SharingHost
  readonly #people = new Map<number, Member>()
  #invitations: readonly Invitation[] = []
  /** Newest first. */
  #links: readonly ShareLink[] = []
  #lastId = 0

  constructor(host: SharingHost) {
    this.#host = host
  }

  join(member: Member): void {
    this.#people.set(member.user_id, member)
  }

  member(userId: number): Member | undefined {
    return this.#people.get(userId)
  }

  permissions(member: Member): Permission[] {
    const seesAddresses = can(member.role, member.guest, 'see_addresses')
    return [...this.#people.values()].flatMap(({ isIn, user_id, name: user_name, email, guest, role }) => {
      const invited_by = user_id === OWNER_ID ? null : OWNER_ID
      const created_at = new Date(0).toISOString()
      const shown = seesAddresses ? email : null
      return isIn ? { user_id, user_name, guest, role, email: shown, invited_by, created_at } : []
    })
  }

  share(member: Member, userId: number, role: Role): object {
    this.setRole(member, userId, role)
    return { story_id: this.#host.storyId, user_id: userId, role, invited_by: member.user_id }
  }

  setRole(member: Member, userId: number, role: Role): Permission | undefined {
    mustShare(member)
    const person = this.#person(userId)
    Object.assign(person, { role, isIn: true })
    this.#host.roleChanged(person, member)
    return this.permissions(member).find(({ user_id }) => user_id === userId)
  }

  /** Anyone may leave; nobody takes the story from its owner. */
  remove(member: Member, userId: number): void {
    if (userId !== member.user_id) mustShare(member)
    const person = this.#person(userId)
    person.isIn = false
    this.#host.roleChanged(person, member)
  }

  invitations(member: Member): readonly Invitation[] {
    mustShare(member)
    return this.#invitations
  }

  invite(member: Member, email: string, role: GuestRole): MadeInvitation {
    mustShare(member)
    const known = this.#invitations.find((one) => one.email === email)
    const invitation: Invitation = {
      ...{ id: known?.id ?? ++this.#lastId, story_id: this.#host.storyId, email, role },
      ...{ invited_by: member.user_id, expires_at: this.#in(USUAL_HOURS), accepted_at: null },
      created_at: isoNow(this.#host.clock),
    }
    this.#invitations = [...this.#invitations.filter((one) => one !== known), invitation]
    return { ...invitation, link: this.#address() }
  }

  resend(member: Member, id: number): MadeInvitation {
    const { email, role } = found(this.invitations(member), id)
    return this.invite(member, email, role)
  }

  withdraw(member: Member, id: number): void {
    const gone = found(this.invitations(member), id)
    this.#invitations = this.#invitations.filter((one) => one !== gone)
  }

  links(member: Member): readonly ShareLink[] {
    mustShare(member)
    return this.#links
  }

  makeLink(member: Member, { role, expires_in_hours, max_uses, passcode }: NewLink): MadeLink {
    mustShare(member)
    const link: ShareLink = {
      ...{ id: ++this.#lastId, story_id: this.#host.storyId, role: role ?? 'editor', uses: 0 },
      ...{ max_uses: max_uses ?? USUAL_GUESTS, expires_at: this.#in(expires_in_hours ?? USUAL_HOURS) },
      ...{ has_passcode: passcode !== undefined, enabled: true, created_by: member.user_id },
      created_at: isoNow(this.#host.clock),
    }
    this.#links = [link, ...this.#links]
    return { ...link, link: this.#address() }
  }

  changeLink(member: Member, id: number, { expires_in_hours, passcode, ...changes }: LinkChanges): ShareLink {
    const before = found(this.links(member), id)
    const after: ShareLink = {
      ...before,
      ...Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined)),
      ...(expires_in_hours !== undefined && { expires_at: this.#in(expires_in_hours) }),
      ...(passcode !== undefined && { has_passcode: passcode !== null }),
    }
    this.#links = this.#links.map((one) => (one === before ? after : one))
    return after
  }

  removeLink(member: Member, id: number): void {
    const gone = found(this.links(member), id)
    this.#links = this.#links.filter((one) => one !== gone)
  }

  #person(userId: number): Member {
    const person = this.#people.get(userId)
    if (person === undefined) throw new Fault('not_found', 'There is no such person.')
    if (userId === OWNER_ID) throw new Fault('forbidden', 'The story belongs to this person.')
    return person
  }

  #in(hours: number): string {
    return new Date(this.#host.clock.now() + hours * HOUR_MS).toISOString()
  }

  #address(): string {
    return `${ADDRESS}${++this.#lastId}`
  }
}

function mustShare({ role, guest }: Member): void {
  if (!can(role, guest, 'share')) throw new Fault('forbidden', 'Only an owner may do this.')
}

function found<Thing extends { readonly id: number }>(things: readonly Thing[], id: number): Thing {
  const thing = things.find((one) => one.id === id)
  if (thing === undefined) throw new Fault('not_found', 'There is no such thing.')
  return thing
}
