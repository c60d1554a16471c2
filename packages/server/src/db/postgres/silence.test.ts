import { once } from 'node:events'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Silence } from './silence.ts'

let mute: Server

beforeAll(async () => {
  mute = createServer((socket) => socket.resume()).listen(0, '127.0.0.1')
  await once(mute, 'listening')
})
afterAll(() => void mute.close())

it('away: a connection that was silent while it might be is given up when it is silent again later', async () => {
  const silence = new Silence(20)
  const socket = silence.socket()
  socket.connect((mute.address() as AddressInfo).port, '127.0.0.1')
  await once(socket, 'timeout')
  expect(socket.destroyed).toBe(false)
  silence.limit()
  socket.write('Is anybody there?')
  const [error] = await once(socket, 'error')
  expect(error).toMatchObject({ code: 'ETIMEDOUT' })
})
