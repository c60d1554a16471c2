import { readConfig } from '../config/config.ts'
import { startServer } from '../main.ts'

/** Serves until SIGINT or SIGTERM; the last line it prints is the address. */
export async function serve(): Promise<void> {
  const config = readConfig(process.env)
  const server = await startServer(config)
  let isStopping = false
  const stop = (signal: NodeJS.Signals) => {
    // A signal to the whole group of processes comes twice; the second must not cut the first one short.
    if (isStopping) return
    isStopping = true
    process.stderr.write(`${signal}: writing what is left, then stopping.\n`)
    server.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`The server did not stop cleanly: ${String(error)}\n`)
        process.exit(1)
      },
    )
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  if (config.authMode === 'open') process.stdout.write(OPEN_MODE)
  if (server.setupLink !== undefined) {
    process.stdout.write(`This house has no owner yet. From another machine, begin at ${server.setupLink}\n`)
  }
  process.stdout.write(`StoryWeave is at ${server.address}\n`)
}

const OPEN_MODE =
  'OPEN MODE: nobody proves who they are, and everyone writes. For trying things out on this machine only.\n'
