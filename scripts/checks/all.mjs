import { readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { command } from '../lib/complaint.mjs'
import { root } from '../lib/root.mjs'
import { runCaptured } from '../lib/run.mjs'
import { checkConformance } from './conformance.mjs'
import { checkDockerfile } from './dockerfile.mjs'
import { checkFileLength } from './file-length.mjs'
import { checkImports } from './imports.mjs'
import { checkLockfile } from './lockfile.mjs'
import { checkRoomClock } from './room-clock.mjs'
import { checkSpecRules } from './spec-rules.mjs'
import { runSteps } from './steps.mjs'
import { workspacePackages } from './workspace.mjs'

/** Compilers at a time: each takes a core and some hundred megabytes. */
const PARALLEL_COMPILERS = 2

const groups = [
  {
    parallel: 1,
    steps: [
      {
        title: 'format and lint (Biome)',
        run: () => tool('@biomejs/biome', 'biome', ['check', '--error-on-warnings']),
      },
    ],
  },
  { parallel: PARALLEL_COMPILERS, steps: typeScriptProjects().map(compilerStep) },
  {
    parallel: 1,
    steps: [
      { title: 'imports', run: () => sentences(checkImports) },
      { title: 'no clock in the room', run: () => sentences(checkRoomClock) },
      { title: 'lock file', run: () => sentences(checkLockfile) },
      { title: 'Dockerfile', run: () => sentences(checkDockerfile) },
      { title: 'length of files', run: () => sentences(checkFileLength) },
      { title: 'rules and their tests', run: () => sentences(checkSpecRules) },
      { title: 'what was asked for and its tests', run: () => sentences(checkConformance) },
    ],
  },
]

await command(async () => {
  let failed = 0
  for (const { steps, parallel } of groups) failed += await runSteps(steps, parallel)
  console.log(failed === 0 ? '\nAll checks passed.' : `\n${failed} of the checks failed.`)
  return failed === 0 ? 0 : 1
})

/** Every `tsconfig*.json` of a package, and the room's, which knows less than its package's. */
function typeScriptProjects() {
  const folders = workspacePackages(root).map((workspace) => workspace.folder)
  return [...folders, 'packages/server/src/room'].flatMap((folder) =>
    readdirSync(join(root, folder))
      .filter((name) => /^tsconfig.*\.json$/.test(name))
      .map((name) => `${folder}/${name}`),
  )
}

function compilerStep(project) {
  return { title: `types: ${project}`, run: () => tool('typescript', 'tsc', ['-p', project]) }
}

/** A program of an installed package, from its manifest. */
async function tool(packageName, bin, args) {
  const require = createRequire(join(root, 'package.json'))
  const manifest = `${packageName}/package.json`
  const script = join(dirname(require.resolve(manifest)), require(manifest).bin[bin])
  const { code, output } = await runCaptured(process.execPath, [script, ...args], { cwd: root })
  return { ok: code === 0, output: output || `${relative(root, script)} ended with exit code ${code}.` }
}

async function sentences(check) {
  const found = check(root)
  return { ok: found.length === 0, output: found.join('\n') }
}
