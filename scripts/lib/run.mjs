import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { whenNpmEnds } from './npm-watch.mjs'

/** One Ctrl-C can arrive twice, from the terminal and from npm, milliseconds apart. */
const SAME_SIGNAL_MS = 300

/** A closing terminal should let the child end in good order, as a stop does. */
const FORWARDED = { SIGINT: 'SIGINT', SIGTERM: 'SIGTERM', SIGHUP: 'SIGTERM' }

/**
 * Runs a program in the foreground and resolves to its exit code, 128 + n after signal n.
 * Signals to this process go to the child, each once, and SIGTERM when the npm above has ended; this process ends
 * when the child has.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions & { onStart?: (pid: number) => void }} options
 *   with `detached` the child has a process group of its own: Ctrl-C reaches it through here alone, but so does
 *   nothing at all once this process was killed, so somebody else has to look after it then
 * @returns {Promise<number>}
 */
export function runForeground(program, args, { onStart, ...options } = {}) {
  const child = spawn(program, args, { stdio: 'inherit', ...options })
  if (child.pid !== undefined) onStart?.(child.pid)
  // A terminal sends Ctrl-C to all of the group: the child has it already.
  const reachedByCtrlC = process.stdin.isTTY && !options.detached
  const stopForwarding = forwardSignals(child, reachedByCtrlC ? ['SIGINT'] : [])
  const stopWatching = whenNpmEnds(() => child.kill('SIGTERM'))
  return exitOf(child).finally(() => {
    stopForwarding()
    stopWatching()
  })
}

/**
 * Runs a program that needs no signals of its own and resolves to its exit code and everything it said.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions} options
 * @returns {Promise<{ code: number, output: string }>}
 */
export async function runCaptured(program, args, options = {}) {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options })
  const chunks = []
  child.stdout?.on('data', (chunk) => chunks.push(chunk))
  child.stderr?.on('data', (chunk) => chunks.push(chunk))
  const code = await exitOf(child)
  return { code, output: Buffer.concat(chunks).toString('utf8') }
}

/** @returns {Promise<number>} */
function exitOf(child) {
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => resolve(code ?? 128 + (constants.signals[signal] ?? 0)))
  })
}

/** Takes all of these signals, so that this process outlives them, and hands them on, but for those in `kept`. */
function forwardSignals(child, kept) {
  const handlers = Object.entries(FORWARDED).map(([received, sent]) => {
    let last = Number.NEGATIVE_INFINITY
    const handler = () => {
      const now = performance.now()
      if (now - last >= SAME_SIGNAL_MS && !kept.includes(received)) child.kill(sent)
      last = now
    }
    process.on(received, handler)
    return [received, handler]
  })
  return () => {
    for (const [received, handler] of handlers) process.off(received, handler)
  }
}
