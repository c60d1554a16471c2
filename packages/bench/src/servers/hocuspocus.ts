import { Server } from '@hocuspocus/server'

/** Hocuspocus as it comes, in memory: nothing is stored. */

const server = new Server({ port: 0, address: '127.0.0.1', quiet: true, stopOnSignals: false })
await server.listen()
console.log(`ready ${server.address.port}`)
