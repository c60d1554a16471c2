import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type WebSocket, WebSocketServer } from 'ws'

/** The floor: each frame goes to the room's other sockets, as it is. A room is a path. */

const rooms = new Map<string, Set<WebSocket>>()
const http = createServer()
const server = new WebSocketServer({ server: http, perMessageDeflate: false })

server.on('connection', (socket, { url = '/' }) => {
  const room = rooms.get(url) ?? new Set<WebSocket>()
  rooms.set(url, room.add(socket))
  socket.on('message', (data, binary) => {
    for (const other of room) if (other !== socket) other.send(data, { binary })
  })
  socket.on('close', () => room.delete(socket))
})

http.listen(0, '127.0.0.1', () => console.log(`ready ${(http.address() as AddressInfo).port}`))
