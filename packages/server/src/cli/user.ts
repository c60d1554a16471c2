import { randomInt } from 'node:crypto'
import { hashPassword } from 'better-auth/crypto'
import { z } from 'zod'
import { changePassword, insertPassword } from '../auth/passwords.ts'
import { isPlaceholder } from '../auth/people.ts'
import { checkName } from '../auth/sign-up.ts'
import { isUniqueViolation } from '../db/constraint.ts'
import type { Database } from '../db/open.ts'
import { transact } from '../db/repositories/queries.ts'
import { findAccount, insertHouseUser, listUsers } from '../db/repositories/users.ts'
import { CliError } from './cli-error.ts'
import { withDatabase } from './house.ts'

export interface NewUser {
  readonly email: string
  readonly name: string
}

/** Without letters and digits that are taken for one another: 31 signs, so 20 of them carry 99 bits. */
const SIGNS = 'abcdefghjkmnpqrstuvwxyz23456789'
const PASSWORD_SIGNS = 20

/** Makes an account and prints its password, this once; also while a server serves the same house. */
export async function addUser({ email: written, name }: NewUser): Promise<void> {
  const email = written.toLowerCase()
  if (!z.email().safeParse(email).success || isPlaceholder(email)) {
    throw new CliError(`--email: ${written} is no e-mail address.`)
  }
  const complaint = checkName(name)
  if (complaint !== undefined) throw new CliError(`--name: ${complaint}.`)
  const password = makePassword()
  const passwordHash = await hashPassword(password)
  await withDatabase(async (database) => {
    await refuseOpenHouse(database)
    const userId = await insert(database, { email, name: name.trim(), passwordHash })
    process.stderr.write(`${name.trim()} <${email}> is person ${userId}. Their password, shown this once:\n`)
    process.stdout.write(`${password}\n`)
  })
}

const makePassword = (): string =>
  Array.from({ length: PASSWORD_SIGNS }, () => SIGNS[randomInt(SIGNS.length)]).join('')

/** Gives a person another password and prints it, this once; whoever is signed in as them is signed out. */
export async function renewPassword(written: string): Promise<void> {
  const email = written.toLowerCase()
  const password = makePassword()
  const passwordHash = await hashPassword(password)
  await withDatabase(async (database) => {
    await refuseOpenHouse(database)
    const at = Date.now()
    const name = await transact(database.db, async (trx) => {
      const person = await findAccount(trx, email)
      if (person === undefined) throw new CliError(`There is no account with the address ${written}.`)
      if (!(await changePassword(trx, { userId: person.id, passwordHash, at }))) {
        throw new CliError(`${person.name} signs in without a password here: their issuer keeps it.`)
      }
      return person.name
    })
    process.stderr.write(`${name} <${email}> is signed out everywhere. Their password, shown this once:\n`)
    process.stdout.write(`${password}\n`)
  })
}

async function refuseOpenHouse({ db }: Database): Promise<void> {
  const house = await db.selectFrom('house').select('mode').executeTakeFirst()
  if (house?.mode !== 'open') return
  throw new CliError('In open mode nobody has an account: this house was filled with AUTH_MODE=open.')
}

async function insert(
  { db }: Database,
  { email, name, passwordHash }: NewUser & { readonly passwordHash: string },
): Promise<number> {
  const at = Date.now()
  try {
    return await transact(db, async (trx) => {
      const userId = await insertHouseUser(trx, { email, name, at })
      await insertPassword(trx, { userId, passwordHash, at })
      return userId
    })
  } catch (error) {
    if (isUniqueViolation(error)) throw new CliError(`There already is an account with the address ${email}.`)
    throw error
  }
}

/** One line a person. */
export async function showUsers(): Promise<void> {
  await withDatabase(async ({ db }) => {
    for (const { id, name, email, guest } of await listUsers(db)) {
      const address = guest ? 'guest' : isPlaceholder(email) ? 'of another issuer' : email
      process.stdout.write(`${id}\t${name}\t${address}\n`)
    }
  })
}
