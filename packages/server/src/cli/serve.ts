import { readConfig } from '../config/config.ts'
import { type RunningServer, startServer } from '../main.ts'

/** Docker and systemd can be told to wait for 30 s; then they kill. */
const LEAVE_MS = 25_000

/** Serves until SIGINT or SIGTERM; the last line it prints is the address. */
export async function serve(): Promise<void> {
  const config = readConfig(process.env)
  let server: RunningServer | undefined
  let isStopping = false
  const stop = (signal: NodeJS.Signals) => {
    // A signal to the whole group of processes comes twice; the second must not cut the first one short.
    if (isStopping) return
    isStopping = true
    // Nobody was let in: what was begun is undone with the connection and the process.
    if (server === undefined) return process.exit(0)
    process.stderr.write(`${signal}: writing what is left, then stopping.\n`)
    setTimeout(() => complain(TOO_LATE), LEAVE_MS).unref()
    server.stop().then(
      () => process.exit(0),
      (error: unknown) => complain(`The server did not stop cleanly: ${String(error)}\n`),
    )
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  server = await startServer(config)
  if (config.authMode === 'open') process.stdout.write(OPEN_MODE)
  if (server.setupLink !== undefined) {
    process.stdout.write(`This house has no owner yet. From another machine, begin at ${server.setupLink}\n`)
  }
  process.stdout.write(`StoryWeave is at ${server.address}\n`)
}

function complain(why: string): void {
  process.stderr.write(why)
  process.exit(1)
}

const TOO_LATE =
  'The database did not take what was left in time. Nobody was told that it is saved: it is on the devices of those ' +
  'who wrote it, and comes when they are back.\n'

const OPEN_MODE =
  'OPEN MODE: nobody proves who they are, and everyone writes. For trying things out on this machine only.\n'
