/**
 * @typedef {object} Step
 * @property {string} title
 * @property {() => Promise<{ ok: boolean, output: string }>} run `output` is shown where it is not ok
 */

/**
 * Runs all steps, failed ones or not, and prints each with the time it took.
 * @param {readonly Step[]} steps
 * @param {number} parallel how many at a time
 * @returns {Promise<number>} how many failed
 */
export async function runSteps(steps, parallel) {
  const waiting = [...steps]
  let failed = 0
  const worker = async () => {
    for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) {
      if (!(await runStep(step))) failed += 1
    }
  }
  await Promise.all(Array.from({ length: parallel }, worker))
  return failed
}

async function runStep({ title, run }) {
  const started = performance.now()
  const { ok, output } = await outcome(run)
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  console.log(`${ok ? 'ok  ' : 'FAIL'} ${seconds.padStart(5)} s  ${title}`)
  if (!ok) console.log(output.trimEnd().replace(/^/gm, '       '))
  return ok
}

/** A step that throws has failed; the others still run. */
async function outcome(run) {
  try {
    return await run()
  } catch (error) {
    return { ok: false, output: error instanceof SyntaxError ? error.message : error.stack }
  }
}
