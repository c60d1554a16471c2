import { DatabaseLocks } from './lock-keeper.ts'
import { addStory, addUser, temporaryDatabase } from './testing.ts'
const kind = process.argv[2] as 'sqlite' | 'postgres' | 'memory'
const database = await temporaryDatabase({ kind })
const { storyId, beatIds } = await addStory(database, { beats: 1 })
const people: number[] = []
for (let n = 0; n < 200; n++) people.push(await addUser(database))
const dbs = [database.db]
if (kind === 'postgres') for (let n = 1; n < 4; n++) dbs.push((await database.another()).db)
const nodes = dbs.map((db) => new DatabaseLocks(db, () => 5))
const cpu = process.cpuUsage(); const start = performance.now()
for (let r = 0; r < 30; r++) {
  const got = await Promise.all(people.map((userId, i) => nodes[i % nodes.length]!.take(storyId, { kind: 'take', beatId: beatIds[0]!, userId, durationMs: 60000 })))
  await nodes[0]!.release(beatIds[0]!, got[0]!.userId)
}
const used = process.cpuUsage(cpu)
console.log(kind, 'ms/round', (performance.now() - start) / 30, 'cpu/round', (used.user + used.system) / 30000)
await database.close()
