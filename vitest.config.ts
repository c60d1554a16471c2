import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    // Two files at a time: much of what they do is waiting, for browsers, disks and clocks of servers.
    maxWorkers: 2,
    projects: ['packages/*/vitest.config.ts', 'scripts/vitest.config.ts'],
  },
})
