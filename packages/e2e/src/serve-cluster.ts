import { Cluster } from './support/cluster.ts'

// A house of several nodes on this machine, to look at and to try things with; `npm run cluster` starts it.
const nodes = Number(process.env['STORYWEAVE_E2E_NODES'] ?? 3)
const port = Number(process.env['PORT'] ?? 8080)

const cluster = await Cluster.start({ nodes, port, isOwned: false })
const stop = () => {
  cluster.remove().then(
    () => process.exit(0),
    (error: unknown) => {
      process.stderr.write(`The cluster did not stop cleanly: ${String(error)}\n`)
      process.exit(1)
    },
  )
}
process.once('SIGINT', stop)
process.once('SIGTERM', stop)
for (const [index, { pid, nodeAddress }] of cluster.nodes.entries())
  process.stdout.write(`Node n${index + 1} is process ${pid} at ${nodeAddress}\n`)
if (cluster.setupLink !== undefined)
  process.stdout.write(`Make the house's first account at ${cluster.setupLink}\n`)
process.stdout.write(`StoryWeave is at ${cluster.address}\n`)
