import { changeSecret } from '../auth/house-secret.ts'
import { readConfig } from '../config/config.ts'
import { countServerConnections } from '../db/copy/copy-house.ts'
import { CliError } from './cli-error.ts'
import { withDatabase } from './house.ts'

export interface SecretOptions {
  readonly changed?: boolean
}

/** Makes the AUTH_SECRET that is set now the house's. */
export async function takeSecret({ changed }: SecretOptions): Promise<void> {
  const { authSecret } = readConfig(process.env)
  if (changed !== true)
    throw new CliError('Say --changed, to make the AUTH_SECRET that is set now the house’s.')
  if (authSecret === undefined) throw new CliError('AUTH_SECRET is missing: set it to the new one.')
  await withDatabase(async ({ db }) => {
    const count = await countServerConnections(db)
    if (count > 0) {
      throw new CliError(`The house is served (its nodes have ${count} connections): stop every node first.`)
    }
    await changeSecret(db, authSecret)
    process.stdout.write(
      'The house has this AUTH_SECRET now. In browsers everybody has to sign in again, and letters that were ' +
        'waiting to be sent are lost. Give it to every node.\n',
    )
  })
}
