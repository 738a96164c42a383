import { defineConfig } from 'vitest/config'
import { tableReporter } from './test/faults/support/table-reporter.ts'
import { summaryReporter } from './test/support/summary-reporter.ts'

// The runner wants a default export.
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/bench/**', 'node_modules/**'],
    globalSetup: ['test/support/global-setup.ts'],
    reporters: ['default', tableReporter(), summaryReporter()],
    testTimeout: 20_000,
    hookTimeout: 20_000,
  },
})
