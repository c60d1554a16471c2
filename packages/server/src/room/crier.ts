import {
  assertNever,
  type CardChanges,
  type CursorMoveMessage,
  LIMITS,
  type ServerMessage,
  type TypingMessage,
} from '@storyweave/protocol'
import { CardNewsDesk } from './card-news.ts'
import { Coalesced } from './coalesced.ts'
import type { Audience } from './documents/audience.ts'
import type { Author } from './documents/row.ts'
import type { Member } from './member.ts'
import type { Sign } from './nodes/node-message.ts'
import type { ConnectionId, Millis, RoomPorts, Weight } from './ports.ts'
import { nextIdle, PresenceTeller, presentUsers, type Tab } from './presence.ts'

/** What is told to everyone later, and less often than it happens. */
export type News = 'presence' | 'cursors' | 'typing' | 'card_news'

type Told<Type extends ServerMessage['type']> = Extract<ServerMessage, { type: Type }>

export interface CrierContext {
  readonly ports: RoomPorts
  readonly members: ReadonlyMap<ConnectionId, Member>
  /** Everyone in the room, on whatever node. */
  tabs(): Iterable<Tab>
  audienceOf(beatId: number): Audience | undefined
  now(): Millis
  later(news: News, at: Millis): void
  /** Everyone on this node was told who is here. */
  presenceTold(): void
  /** Passing signs of this node's sockets have gone out. */
  signsTold(signs: readonly Sign[]): void
}

/** Tells the whole room: events at once; presence, cursors and card changes coalesced. */
export class Crier {
  readonly #context: CrierContext
  readonly #presence = new PresenceTeller()
  readonly #cursors = new Coalesced<Told<'cursor_move'>>(LIMITS.cursorIntervalMs)
  readonly #typing = new Coalesced<Told<'typing'>>(LIMITS.typingIntervalMs)
  readonly #cardNews = new CardNewsDesk()
  #presenceToldAt: Millis = 0

  constructor(context: CrierContext) {
    this.#context = context
  }

  /** Tells everyone who speaks JSON; the frame is made once. */
  tellAll(
    message: ServerMessage,
    weight: Weight = 'told',
    wants: (member: Member) => boolean = () => true,
  ): void {
    const { members, ports } = this.#context
    const to = [...members.values()].filter((member) => !member.visitor.documentsOnly && wants(member))
    if (to.length > 0)
      ports.send(
        to.map(({ id }) => id),
        JSON.stringify(message),
        weight,
      )
  }

  presenceChanged(): void {
    const { later, now } = this.#context
    later('presence', Math.max(now(), this.#presenceToldAt + LIMITS.presenceIntervalMs))
  }

  cursorMoved(member: Member, { request_id: _, ...move }: CursorMoveMessage): void {
    const { later, now } = this.#context
    later('cursors', this.#cursors.take(member.id, { ...move, ...authorOf(member) }, now()))
  }

  typed(member: Member, { where }: TypingMessage): void {
    const { later, now } = this.#context
    later('typing', this.#typing.take(member.id, { type: 'typing', where, ...authorOf(member) }, now()))
  }

  cardEdited(beatId: number, changes: CardChanges, author: Author, except: ConnectionId | undefined): void {
    const { later, now } = this.#context
    later('card_news', this.#cardNews.take(beatId, changes, author, except, now()))
  }

  /** The socket is gone: its cursor is no news any more. */
  forget(connectionId: ConnectionId): void {
    this.#cursors.drop(connectionId)
    this.#typing.drop(connectionId)
  }

  tell(news: News): void {
    switch (news) {
      case 'presence':
        return this.#tellPresence()
      case 'cursors':
        return this.#tellOthers(this.#cursors)
      case 'typing':
        return this.#tellOthers(this.#typing)
      case 'card_news':
        return this.#tellCardNews()
      default:
        return assertNever(news)
    }
  }

  #tellPresence(): void {
    const { tabs, now, later, presenceTold } = this.#context
    presenceTold()
    const present = [...tabs()]
    const news = this.#presence.news(presentUsers(present, now()))
    const idle = nextIdle(present, now())
    if (idle !== undefined) later('presence', idle)
    if (news === undefined) return
    this.#presenceToldAt = now()
    this.tellAll(news, 'presence')
  }

  /** Everyone who is here, to one who missed some of it; not to be dropped again, or it would be repeated for ever. */
  repeatPresence(member: Member): void {
    const { tabs, now } = this.#context
    member.tell({ type: 'presence_update', users: presentUsers(tabs(), now()) })
  }

  #tellOthers(signs: Coalesced<Sign>): void {
    const due = signs.due(this.#context.now())
    for (const [from, sign] of due) this.tellAll(sign, 'presence', ({ id }) => id !== from)
    if (due.length > 0) this.#context.signsTold(due.map(([, sign]) => sign))
  }

  /** A passing sign of somebody on another node, where it was coalesced. */
  signedElsewhere(sign: Sign): void {
    this.tellAll(sign, 'presence')
  }

  /** To the sockets that do not have the document open, not to the one it came from. */
  #tellCardNews(): void {
    const { now, later, audienceOf } = this.#context
    for (const { beatId, author, changes, except } of this.#cardNews.due(now())) {
      const audience = audienceOf(beatId)
      const { userId: user_id, name: user_name } = author
      const timestamp = new Date(now()).toISOString()
      const edit: ServerMessage = { type: 'edit', beat_id: beatId, changes, user_id, user_name, timestamp }
      this.tellAll(edit, 'told', ({ id }) => id !== except && audience?.has(id) !== true)
    }
    const next = this.#cardNews.next()
    if (next !== undefined) later('card_news', next)
  }
}

const authorOf = ({ visitor }: Member) => ({ user_id: visitor.userId, user_name: visitor.name })
