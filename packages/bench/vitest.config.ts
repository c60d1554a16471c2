import { defineProject } from 'vitest/config'

export default defineProject({
  test: { name: 'bench', testTimeout: 30_000, hookTimeout: 60_000, include: ['src/**/*.test.ts'] },
})
