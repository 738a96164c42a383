import type { SetUps } from '../../src/use-cases/ports/set-up.ts'

/** How far the first run has come, in variables. */
export function createMemorySetUps(): SetUps {
  let setUpAt: Date | null = null
  let greeted = false
  return {
    setUpAt: async () => setUpAt,
    async done(_workspaceId, at) {
      setUpAt ??= at
    },
    async greet() {
      const isFirst = !greeted
      greeted = true
      return isFirst
    },
    async notGreeted() {
      greeted = false
    },
  }
}
