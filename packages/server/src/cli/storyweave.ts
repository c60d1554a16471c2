#!/usr/bin/env node
import { Command } from 'commander'
import { BusSetupError } from '../cluster/bus-setup-error.ts'
import { ConfigError } from '../config/config-error.ts'
import { ListenError } from '../config/listen-error.ts'
import { DatabaseSetupError } from '../db/setup-error.ts'
import { CliError } from './cli-error.ts'
import type { CopyOptions } from './copy-house.ts'
import type { ImportOptions } from './import-file.ts'
import type { SecretOptions } from './secret.ts'
import type { NewUser } from './user.ts'

/** What the person at the keyboard can mend. */
const MENDABLE = [ConfigError, ListenError, DatabaseSetupError, BusSetupError, CliError]

/** That gets its message; anything else keeps its stack. */
function explain(error: unknown): string {
  const isPlain = MENDABLE.some((kind) => error instanceof kind)
  if (isPlain && error instanceof Error) return error.message
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

// Each command loads what it needs when it is called: a server's modules are no use to a list of tokens.
const program = new Command('storyweave').description('A self-hosted, real-time writers’ room')

program
  .command('serve')
  .description('serve the house; settings come from the environment')
  .action(async () => (await import('./serve.ts')).serve())
program
  .command('migrate')
  .description('bring the database’s tables up to date, and end; also where servers have MIGRATE=never')
  .action(async () => (await import('./migrate-house.ts')).migrateHouse())
program
  .command('copy')
  .description(
    'move a house to an empty database, each table counted and summed on both sides; stop its servers first',
  )
  .option('--from <place>', 'sqlite:FOLDER (its DATA_DIR) or postgres://…; without it the file in DATA_DIR')
  .option('--to <place>', 'postgres://… or sqlite:FOLDER; without it DATABASE_URL')
  .addHelpText(
    'after',
    `
The copy is one transaction: it is there whole, or the new database is as it was. The old one is only read.
A password in --from or --to shows in the list of processes; in DATABASE_URL it does not.
Sessions hang on the house’s secret, which is in no database: the command says at its end what to set.

  storyweave copy --from sqlite:data --to postgres://story@db.example.com/story?sslmode=verify-full
  storyweave copy --from postgres://story@db.example.com/story --to sqlite:another-folder`,
  )
  .action(async (options: CopyOptions) => (await import('./copy-house.ts')).copy(options))
program
  .command('backup')
  .description('copy a house on SQLite into one file, also beside its running server')
  .argument('<file>', 'the file to make; it must not be there yet')
  .action(async (file: string) => (await import('./backup.ts')).backUpHouse(file))
program
  .command('import')
  .description('make a story of a Markdown file: # is its title, ## begins a beat, ### or * * * a scene')
  .argument('<file>', 'the Markdown file, UTF-8, up to 20 MB')
  .option('--story <title>', 'the story’s title, instead of the one in the file')
  .option('--owner <email>', 'whose story it is; without it the owner of the house')
  .action(async (path: string, options: ImportOptions) =>
    (await import('./import-file.ts')).importFile(path, options),
  )
program
  .command('secret')
  .description('tell a house of several nodes that its AUTH_SECRET is another one now; stop its nodes first')
  .option('--changed', 'the AUTH_SECRET that is set now is the new one')
  .action(async (options: SecretOptions) => (await import('./secret.ts')).takeSecret(options))

const token = program.command('token').description('tokens with which other servers act as the house')
token
  .command('create')
  .description('make one, and print it this once')
  .requiredOption('--name <name>', 'whom it is for')
  .action(async (options: { name: string }) => (await import('./token.ts')).createToken(options))
token
  .command('list')
  .description('show them, without what they are')
  .action(async () => (await import('./token.ts')).listTokens())
token
  .command('revoke')
  .description('let one open nothing any more')
  .argument('<id>', 'its number')
  .action(async (id: string) => (await import('./token.ts')).revokeToken(id))

const user = program.command('user').description('the people of the house')
user
  .command('add')
  .description('make an account for somebody, and print its password this once')
  .requiredOption('--email <address>', 'their address, which you know to be theirs')
  .requiredOption('--name <name>', 'what the others call them')
  .action(async (options: NewUser) => (await import('./user.ts')).addUser(options))
user
  .command('password')
  .description('give somebody a new password, sign them out everywhere, and print it this once')
  .argument('<email>', 'the address they sign in with')
  .action(async (email: string) => (await import('./user.ts')).renewPassword(email))
user
  .command('list')
  .description('show everyone')
  .action(async () => (await import('./user.ts')).showUsers())

try {
  await program.parseAsync()
} catch (error) {
  process.stderr.write(`${explain(error)}\n`)
  process.exitCode = 1
}
