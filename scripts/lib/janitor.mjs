import { spawn } from 'node:child_process'
import { chmodSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Others may pass through it (a server that runs as another user), not look into it. */
const PASSABLE = 0o711

/**
 * A temporary folder and the processes around it, put away by a process of its own when this one ends: in good
 * order, by a signal, or by SIGKILL. What keeps the janitor waiting is a pipe that the system closes in any case.
 * @returns {{ folder: string, adopt: (pid: number, signal: NodeJS.Signals) => void, cleanUp: () => Promise<void> }}
 */
export function hireJanitor() {
  const folder = mkdtempSync(join(tmpdir(), 'storyweave-test-'))
  chmodSync(folder, PASSABLE)
  const script = fileURLToPath(new URL('./janitor-process.mjs', import.meta.url))
  // Detached: Ctrl-C at the terminal is not for the janitor.
  const janitor = spawn(process.execPath, [script], { stdio: ['pipe', 'ignore', 'inherit'], detached: true })
  const gone = new Promise((resolve, reject) => {
    janitor.once('error', reject)
    janitor.once('exit', resolve)
  })
  const tell = (duty) => janitor.stdin.write(`${JSON.stringify(duty)}\n`)
  tell({ folder })
  return {
    folder,
    adopt: (pid, signal) => tell({ pid, signal }),
    cleanUp: async () => {
      janitor.stdin.end()
      await gone
    },
  }
}
