import { Complaint, command } from './lib/complaint.mjs'
import { thisHost } from './lib/host.mjs'
import { installDependencies } from './lib/install.mjs'
import { hireJanitor } from './lib/janitor.mjs'
import { ownNode, ownNodeEnv } from './lib/own-node.mjs'
import { root } from './lib/root.mjs'
import { requireTools, startServers } from './lib/test-servers.mjs'
import { nothing, runVitest, summaryLine } from './lib/vitest-run.mjs'
import { buildWeb } from './lib/web-build.mjs'

// `npm test`: all tests of all packages, with a real browser and real databases, from a fresh clone.
// The last line of the output is always `N passed, N failed`.
let counts = nothing()
await command(async () => {
  await installDependencies(root)
  const node = ownNode(root)
  const tools = await requireTools(thisHost())
  const webFailures = await failuresOf(() => buildWeb(root, node))
  const run = await testWithServers(node, tools)
  counts = { ...run.counts, failed: run.counts.failed + webFailures }
  return run.code === 0 && counts.failed > 0 ? 1 : run.code
})
console.log(summaryLine(counts))

async function testWithServers(node, tools) {
  const janitor = hireJanitor()
  try {
    const env = { ...ownNodeEnv(root), ...(await startServers(tools, janitor)) }
    return await runVitest({ root, node, args: process.argv.slice(2), env, janitor })
  } finally {
    await janitor.cleanUp()
  }
}

/** An application that can't be built is one failure among the tests', not the end of them. */
async function failuresOf(build) {
  try {
    await build()
    return 0
  } catch (error) {
    if (!(error instanceof Complaint)) throw error
    console.error(error.message)
    return 1
  }
}
