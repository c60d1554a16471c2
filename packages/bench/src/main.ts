import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { Child } from './child.ts'
import { Load, type Measured, type Measurement } from './measure.ts'
import { openHouse } from './storyweave.ts'
import { table } from './table.ts'
import type { Workload } from './workload.ts'

/** Many rooms: what one update costs the server, ours beside its peers, one after the other in one run. */

const SERVERS = ['raw', 'hocuspocus', 'storyweave'] as const

const { values } = parseArgs({
  options: {
    rooms: { type: 'string', default: '300' },
    seconds: { type: 'string', default: '20' },
    only: { type: 'string' },
    /** Writes a CPU profile of our server into this folder. */
    profile: { type: 'string' },
  },
})

const load = {
  peoplePerRoom: 4,
  updatesPerSecond: 2,
  warmUpSeconds: 5,
  seconds: Math.min(120, Number(values.seconds)),
  windows: 1,
}
const rooms = Math.min(1_000, Number(values.rooms))

async function measure(measured: Measured, workload: Workload): Promise<Measurement> {
  const begun = await Load.begin(measured, workload)
  try {
    return await begun.measure()
  } finally {
    begun.end()
  }
}

async function measurePeer(name: 'raw' | 'hocuspocus'): Promise<Measurement> {
  const script = fileURLToPath(new URL(`./servers/${name}.ts`, import.meta.url))
  const { child, caught: port } = await Child.start([script], /^ready (\d+)$/)
  const places = Array.from({ length: rooms }, (_, room) => ({
    urls: [`ws://127.0.0.1:${port}/room-${room}`],
    key: `beat/${room + 1}`,
  }))
  const speaks = name === 'raw' ? 'relay' : 'document'
  try {
    return await measure({ server: name, children: [child] }, { ...load, places, speaks, headers: {} })
  } finally {
    await child.stop()
  }
}

async function measureStoryWeave(): Promise<Measurement> {
  const { profile } = values
  const nodeOptions = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`]
  const house = await openHouse(rooms, nodeOptions)
  const { child, places, headers } = house
  try {
    return await measure(
      { server: 'storyweave', children: [child] },
      { ...load, places, headers, speaks: 'document' },
    )
  } finally {
    await house.remove()
  }
}

const measurements: Measurement[] = []
for (const server of SERVERS) {
  if (values.only !== undefined && values.only !== server) continue
  measurements.push(await (server === 'storyweave' ? measureStoryWeave() : measurePeer(server)))
}
console.log(`${rooms} rooms of ${load.peoplePerRoom}, one writer each, ${load.updatesPerSecond} updates/s\n`)
console.log(table(measurements))
const file = join(await mkdtemp(join(tmpdir(), 'storyweave-bench-')), 'many-rooms.json')
await writeFile(file, JSON.stringify({ rooms, ...load, node: process.version, measurements }, undefined, 2))
console.log(`\nHocuspocus stores nothing here; StoryWeave has every update on disk. Raw figures: ${file}`)
