import { collectDefaultMetrics, Gauge, type Registry } from 'prom-client'

export interface Measured {
  rooms(): { readonly rooms: number; readonly sockets: number }
  isDatabaseAway(): boolean
}

/** What this process says of itself at `/metrics`; read when it is asked for. */
export function measureServer(registry: Registry, { rooms, isDatabaseAway }: Measured): void {
  collectDefaultMetrics({ register: registry })
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read())
      },
    })
  gauge('storyweave_rooms', 'Rooms in memory', () => rooms().rooms)
  gauge('storyweave_sockets', 'Sockets in rooms', () => rooms().sockets)
  gauge('storyweave_database_away', '1 while the database can not be written', () =>
    isDatabaseAway() ? 1 : 0,
  )
}
