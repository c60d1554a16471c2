import { defineProject } from 'vitest/config'

export default defineProject({
  test: {
    name: 'server',
    // Suites share nothing but their modules, which a worker then loads once.
    isolate: false,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    include: ['src/**/*.test.ts'],
  },
})
