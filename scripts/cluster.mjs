import { join } from 'node:path'
import { command } from './lib/complaint.mjs'
import { thisHost } from './lib/host.mjs'
import { installDependencies } from './lib/install.mjs'
import { hireJanitor } from './lib/janitor.mjs'
import { ownNode, ownNodeEnv } from './lib/own-node.mjs'
import { root } from './lib/root.mjs'
import { runForeground } from './lib/run.mjs'
import { requireTools, startServers } from './lib/test-servers.mjs'
import { runVitest } from './lib/vitest-run.mjs'
import { buildWeb } from './lib/web-build.mjs'

// `npm run cluster`: PostgreSQL, Redis, three nodes and HAProxy on this machine, for as long as nobody presses Ctrl-C.
// `npm run cluster -- bench`: what the same load costs one node and two.
// `npm run cluster -- test [paths]`: the journeys of two people, each at another node, and the contract of the room.
const NODES = '3'
const JOURNEYS = ['browser', 'locks', 'rights/room', 'cluster'].map((folder) => `packages/e2e/src/${folder}`)

await command(async () => {
  await installDependencies(root)
  const node = ownNode(root)
  const tools = await requireTools(thisHost())
  await buildWeb(root, node)
  const [what, ...paths] = process.argv.slice(2)
  const janitor = hireJanitor()
  try {
    const servers = await startServers(tools, janitor)
    const env = { ...ownNodeEnv(root), ...servers, STORYWEAVE_E2E_NODES: NODES }
    if (what === 'test') {
      const args = paths.length > 0 ? paths : JOURNEYS
      return (await runVitest({ root, node, args, env, janitor })).code
    }
    const script = what === 'bench' ? 'packages/bench/src/two-nodes.ts' : 'packages/e2e/src/serve-cluster.ts'
    const args = what === 'bench' ? paths : []
    return await runForeground(node, [join(root, script), ...args], {
      cwd: root,
      env: { ...env, TMPDIR: janitor.folder },
      onStart: (pid) => janitor.adopt(pid, 'SIGTERM'),
    })
  } finally {
    await janitor.cleanUp()
  }
})
