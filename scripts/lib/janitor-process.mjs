import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'

/** How long a process may take to end after it was asked to. */
const PATIENCE_MS = 5000
const LOOK_AGAIN_MS = 20

/** @type {{ folders: string[], processes: { pid: number, signal: NodeJS.Signals }[] }} */
const duties = { folders: [], processes: [] }

// One duty a line on standard input; its end is the end of the process that hired us.
for await (const line of createInterface({ input: process.stdin })) {
  const duty = JSON.parse(line)
  if ('folder' in duty) duties.folders.push(duty.folder)
  else duties.processes.push(duty)
}
// The last started uses the earlier ones: it is told first.
await Promise.all(duties.processes.reverse().map(({ pid, signal }) => end(pid, signal)))
const strays = duties.folders.flatMap(startedIn)
await Promise.all(strays.map((pid) => end(pid, 'SIGKILL')))
for (const folder of duties.folders) rmSync(folder, { recursive: true, force: true, maxRetries: 5 })

/**
 * Processes that work in the folder, as their environment says: what a test was ended in the middle of. Without
 * `/proc` they are not found.
 */
function startedIn(folder) {
  return numbersIn('/proc').filter((pid) => pid !== process.pid && environmentOf(pid).includes(folder))
}

function numbersIn(folder) {
  try {
    return readdirSync(folder)
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
  } catch {
    return []
  }
}

function environmentOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1')
  } catch {
    // Gone by now, or somebody else's.
    return ''
  }
}

async function end(pid, signal) {
  if (!send(pid, signal)) return
  for (let waited = 0; waited < PATIENCE_MS; waited += LOOK_AGAIN_MS) {
    if (!send(pid, 0) || isZombie(pid)) return
    await sleep(LOOK_AGAIN_MS)
  }
  send(pid, 'SIGKILL')
}

/** Whether the process was there to be told. */
function send(pid, signal) {
  try {
    return process.kill(pid, signal)
  } catch (error) {
    if (error.code === 'ESRCH') return false
    throw error
  }
}

/** Ended, and never collected: its parent is gone, and in a container nobody may stand in for it. */
function isZombie(pid) {
  try {
    return /\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'))
  } catch {
    // Gone by now, or a system without /proc.
    return false
  }
}
