import { defineProject } from 'vitest/config'

export default defineProject({
  // Suites share nothing but their modules. Properties run thousands of documents; a busy machine needs its time for them.
  test: { name: 'prose', isolate: false, include: ['src/**/*.test.ts'], testTimeout: 60_000 },
})
