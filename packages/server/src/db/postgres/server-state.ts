import { DatabaseSetupError } from '../setup-error.ts'

/** The oldest that is still cared for by its makers, or was until lately. */
const OLDEST_MAJOR = 14

/** What a server says of itself. */
export interface ServerState {
  /** As `server_version_num` has it: 150018 is 15.18. */
  readonly version: number
  readonly encoding: string
  /** It can't be written: a standby, or an operator has said so. */
  readonly readOnly: boolean
}

export const SERVER_STATE = `
  select current_setting('server_version_num')::integer as version,
    current_setting('server_encoding') as encoding,
    current_setting('transaction_read_only') = 'on' as "readOnly"`

/** @throws DatabaseSetupError where a house can't live there. */
export function requireUsable({ version, encoding, readOnly }: ServerState): void {
  const major = Math.floor(version / 10_000)
  if (major < OLDEST_MAJOR) {
    throw new DatabaseSetupError(
      `The database server is PostgreSQL ${major}, and StoryWeave needs ${OLDEST_MAJOR} or newer: upgrade it`,
    )
  }
  if (encoding !== 'UTF8') {
    throw new DatabaseSetupError(
      `The database keeps text as ${encoding}, which can't hold every letter: create it with encoding 'UTF8'`,
    )
  }
  if (readOnly) {
    throw new DatabaseSetupError(
      'The database can only be read: name the primary server in the database address, not a copy of it',
    )
  }
}
