import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach } from 'vitest'
import { insertNotification } from '../db/repositories/notifications.ts'
import { grantRole } from '../db/repositories/permissions.ts'
import { type Queries, transact } from '../db/repositories/queries.ts'
import {
  addStory,
  addUser,
  type TemporaryDatabase,
  type TestDatabaseKind,
  temporaryDatabase,
} from '../db/testing.ts'
import {
  openPostOffice,
  type PostOffice,
  type PostOfficeOptions,
  StandingTime,
  type TestMail,
  testMail,
} from './testing.ts'

export const LINK = 'https://write.example/join#the-token'

/** A house whose mail goes to a mail server of the test's: opened before each test and closed behind it. */
export class MailHouse {
  database!: TemporaryDatabase
  time!: StandingTime
  /** The one that was opened last. */
  office!: PostOffice
  /** Sends through `office`. */
  mail!: TestMail
  story!: { readonly userId: number; readonly storyId: number }
  /** An editor of the story. */
  bob!: number
  readonly #offices: PostOffice[] = []

  async open(kind: TestDatabaseKind): Promise<void> {
    this.time = new StandingTime()
    this.database = await temporaryDatabase({ kind, now: this.time.now })
    this.story = await addStory(this.database)
    this.bob = await this.addPerson('Bob', 'bob@example.com')
    await this.openOffice()
  }

  async close(): Promise<void> {
    await this.mail.desk.stop()
    await Promise.all(this.#offices.splice(0).map((one) => one.close()))
    await this.database.close()
  }

  closeLater(office: PostOffice): void {
    this.#offices.push(office)
  }

  openOffice = async (options: PostOfficeOptions = {}): Promise<void> => {
    this.office = await openPostOffice(options)
    this.closeLater(this.office)
    this.mail = this.makeMail()
  }

  makeMail = (changes: { url?: string; secret?: string; db?: Queries } = {}): TestMail => {
    const { db = this.database.db, ...rest } = changes
    return testMail({ db }, { url: this.office.url, time: this.time, random: randomBytes, ...rest })
  }

  addPerson = async (name: string, email: string): Promise<number> => {
    const { db } = this.database
    const { storyId } = this.story
    const userId = await addUser({ db }, { name })
    await db.updateTable('users').set({ email }).where('id', '=', userId).execute()
    const at = this.time.now()
    await transact(db, (trx) => grantRole(trx, { storyId, userId, role: 'editor', invitedBy: null, at }))
    return userId
  }

  /** As a change of a story does it; of Bob's, if nobody else is named. */
  notify = (message: string, userId = this.bob, storyId = this.story.storyId, beatId: number | null = null) =>
    transact(this.database.db, async (trx) => {
      const at = this.time.now()
      const actor = { userId: this.story.userId, name: 'Alice' }
      const place = { storyId, beatId, sceneId: null, commentId: null, chatMessageId: null }
      const fresh = { userId, kind: 'mentioned', message, actor, at, ...place } as const
      const { id } = await insertNotification(trx, fresh)
      await this.mail.queue.bundle(trx, { userId, storyId, at })
      return id
    })

  read = (id: number) =>
    this.database.db
      .updateTable('notifications')
      .set({ read_at: this.time.now() })
      .where('id', '=', id)
      .execute()

  invite = (to: string, storyTitle = 'Dune') =>
    this.mail.queue.sendInvitation(to, { storyTitle, inviterName: 'Alice', role: 'editor' }, LINK)

  sendAfter = async (ms: number, desk = this.mail.desk): Promise<void> => {
    this.time.pass(ms)
    await desk.sendDue()
  }

  subjects = () => this.office.received.map(({ headers }) => headers.get('subject'))
  queued = () => this.database.db.selectFrom('mails').selectAll().execute()
}

/** Of the suite that calls it. */
export function mailHouse(kind: TestDatabaseKind): MailHouse {
  const house = new MailHouse()
  beforeEach(() => house.open(kind))
  afterEach(() => house.close())
  return house
}
