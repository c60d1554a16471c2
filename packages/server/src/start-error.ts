import { isDatabaseAway } from './api/errors/database-away.ts'
import { complaint } from './db/postgres/complaint.ts'
import { DatabaseSetupError } from './db/setup-error.ts'

/** What a start failed of. PostgreSQL was there when it was tried, and may go away before the house is open. */
export function startError(error: unknown, { databaseUrl }: { readonly databaseUrl?: string | undefined }): unknown {
  if (databaseUrl === undefined || error instanceof DatabaseSetupError || !isDatabaseAway(error)) return error
  return new DatabaseSetupError(complaint(databaseUrl, error), error)
}
