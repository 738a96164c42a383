import { defineConfig } from 'vitest/config'
import everything from '../../vitest.config.ts'

// The fault tests alone, at full figures, one file after the other: each wants the machine.
export default defineConfig({
  ...everything,
  test: {
    ...everything.test,
    include: ['test/faults/**/*.test.ts'],
    env: { FAULTS: 'full' },
    fileParallelism: false,
  },
})
