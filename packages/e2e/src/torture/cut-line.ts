import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'

/** A line to a server of this machine that can be cut, or go dead, for whoever uses it and nobody else. */
export class CutLine {
  readonly port: number
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  #state: 'whole' | 'cut' | 'dead' = 'whole'

  private constructor(server: Server, port: number, to: number) {
    this.port = port
    this.#server = server
    server.on('connection', (socket) => this.#join(socket, to))
  }

  static async to(port: number): Promise<CutLine> {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    if (address === null || typeof address === 'string') throw new Error('The line has no port.')
    return new CutLine(server, address.port, port)
  }

  /** Connections break, and there are no new ones. */
  cut(): void {
    this.#state = 'cut'
    this.#dropAll()
  }

  /** Connections stay, and nothing comes through any more. */
  die(): void {
    this.#state = 'dead'
    for (const socket of this.#sockets) socket.unpipe().pause()
  }

  mend(): void {
    this.#state = 'whole'
    this.#dropAll()
  }

  async close(): Promise<void> {
    this.#dropAll()
    this.#server.close()
    await once(this.#server, 'close')
  }

  #join(near: Socket, to: number): void {
    this.#keep(near)
    if (this.#state === 'cut') near.destroy()
    if (this.#state !== 'whole') return
    const far = connect(to, '127.0.0.1')
    this.#keep(far)
    near.pipe(far)
    far.pipe(near)
    near.once('close', () => far.destroy())
    far.once('close', () => near.destroy())
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket)
    socket.once('close', () => this.#sockets.delete(socket))
    // What breaks here breaks at both ends.
    socket.on('error', () => undefined)
  }

  #dropAll(): void {
    for (const socket of this.#sockets) socket.destroy()
  }
}
