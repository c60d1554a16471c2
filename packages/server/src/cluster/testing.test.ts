import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { createInterface } from 'node:readline'
import { expect, it } from 'vitest'
import { startRedis } from './testing.ts'

it('a Redis for tests ends with the process that started it, however that ended', async () => {
  const script = `
    import { startRedis } from '${new URL('./testing.ts', import.meta.url).href}'
    const { port, pause } = await startRedis()
    process.stdin.once('data', () => { pause(); process.kill(process.pid, 'SIGKILL') })
    console.log(port)
  `
  const master = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const [port] = await once(createInterface({ input: master.stdout }), 'line')
  const socket = connect(Number(port), '127.0.0.1')
  await once(socket, 'connect')
  // A server that is killed may reset its connections instead of closing them.
  socket.on('error', () => undefined)
  const gone = new Promise((resolve) => socket.once('close', resolve))
  master.stdin.write('now\n')
  expect(await once(master, 'exit')).toEqual([null, 'SIGKILL'])
  await gone
})

it('says that there is no Redis where there is none', async () => {
  await expect(startRedis({ args: ['--no-such-setting', 'yes'] })).rejects.toThrow(
    /did not start.*no-such-setting/s,
  )
})
