import { join } from 'node:path'
import { Complaint, command } from './lib/complaint.mjs'
import { thisHost } from './lib/host.mjs'
import { installDependencies } from './lib/install.mjs'
import { hireJanitor } from './lib/janitor.mjs'
import { ownNode, ownNodeEnv } from './lib/own-node.mjs'
import { root } from './lib/root.mjs'
import { runForeground } from './lib/run.mjs'
import { requireTools, startServers } from './lib/test-servers.mjs'

// `npm run torture -- cluster [--minutes 10] [--writers 100] [--seed N]`: many writers in a house of three nodes whose
// nodes and servers are killed, stopped and cut off from each other; docs/torture.md says what is looked at.
await command(async () => {
  const [what, ...args] = process.argv.slice(2)
  if (what !== 'cluster')
    throw new Complaint('Say what is to be tortured: npm run torture -- cluster [--minutes 10]')
  await installDependencies(root)
  const node = ownNode(root)
  const tools = await requireTools(thisHost())
  const janitor = hireJanitor()
  try {
    const servers = await startServers(tools, janitor)
    return await runForeground(node, [join(root, 'packages/e2e/src/torture/run.ts'), ...args], {
      cwd: root,
      env: { ...ownNodeEnv(root), ...servers, TMPDIR: janitor.folder },
      // A group of its own: whatever it has started is put away with it, however it ends. All of it is throwaway.
      detached: true,
      onStart: (pid) => janitor.adopt(-pid, 'SIGKILL'),
    })
  } finally {
    await janitor.cleanUp()
  }
})
