import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { runCaptured, runForeground } from './run.mjs'

const RUN = fileURLToPath(new URL('./run.mjs', import.meta.url))

/** A child that tells of each signal, and goes when it is told to stop. */
const CHILD = `
  process.on('SIGINT', () => console.log('SIGINT'))
  process.on('SIGTERM', () => { console.log('SIGTERM'); process.exit(7) })
  setInterval(() => {}, 1000)
  console.log('up')
`
const PARENT = `
  import { runForeground } from '${RUN}'
  process.exitCode = await runForeground(process.execPath, ['-e', ${JSON.stringify(CHILD)}])
`

it('the exit code is that of the program, 128 + n after signal n', async () => {
  expect(await runForeground(process.execPath, ['-e', 'process.exit(3)'])).toBe(3)
  expect(await runForeground(process.execPath, ['-e', 'process.kill(process.pid, "SIGKILL")'])).toBe(137)
})

it('a program that is not there is an error', async () => {
  await expect(runForeground('/not/there', [])).rejects.toThrow('ENOENT')
})

it('both outputs are captured', async () => {
  const script = 'console.log("to stdout"); console.error("to stderr"); process.exit(2)'
  const { code, output } = await runCaptured(process.execPath, ['-e', script])
  expect(code).toBe(2)
  expect(output).toContain('to stdout')
  expect(output).toContain('to stderr')
})

it('signals are handed on, one Ctrl-C that comes twice only once', async () => {
  const parent = spawn(process.execPath, ['--input-type=module', '-e', PARENT], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  parent.stdout.on('data', (chunk) => {
    said += chunk
  })
  await once(parent.stdout, 'data')
  parent.kill('SIGINT')
  await once(parent.stdout, 'data')
  parent.kill('SIGINT')
  parent.kill('SIGTERM')
  expect(await once(parent, 'exit')).toEqual([7, null])
  expect(said).toBe('up\nSIGINT\nSIGTERM\n')
})

it('a child ends when the npm that started its parent has been ended', async () => {
  // As npm does it: a shell between the two, which does not hand signals on.
  const shell = spawn('sh', ['-c', '"$NODE" --input-type=module -e "$PARENT"; exit $?'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE: process.execPath, PARENT, npm_lifecycle_event: 'start' },
  })
  let said = ''
  shell.stdout.on('data', (chunk) => {
    said += chunk
  })
  await once(shell.stdout, 'data')
  shell.kill('SIGTERM')
  await once(shell.stdout, 'close')
  expect(said).toBe('up\nSIGTERM\n')
})
