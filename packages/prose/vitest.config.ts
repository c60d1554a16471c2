import { defineProject } from 'vitest/config'

export default defineProject({ test: { name: 'prose', include: ['src/**/*.test.ts'] } })
