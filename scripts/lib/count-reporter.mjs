import { writeFileSync } from 'node:fs'

/**
 * A Vitest reporter that writes `{ passed, failed, skipped }` of a whole run, all projects together, as JSON into the
 * file that STORYWEAVE_TEST_COUNTS names. What keeps tests from running counts as a failure: a file that does not
 * load, a hook that throws, an error that nobody caught.
 */
export default class CountReporter {
  onTestRunEnd(modules, unhandledErrors) {
    const counts = { passed: 0, failed: unhandledErrors.length, skipped: 0 }
    for (const module of modules) {
      counts.failed += failuresOutsideTests(module)
      for (const test of module.children.allTests()) counts[outcomeOf(test)] += 1
    }
    writeFileSync(process.env.STORYWEAVE_TEST_COUNTS, JSON.stringify(counts))
  }
}

function failuresOutsideTests(module) {
  const suites = [module, ...module.children.allSuites()]
  return suites.filter((suite) => suite.errors().length > 0).length
}

/** A test that never came to its end, as after Ctrl-C, has not passed. */
function outcomeOf(test) {
  const { state } = test.result()
  return state === 'pending' ? 'skipped' : state
}
