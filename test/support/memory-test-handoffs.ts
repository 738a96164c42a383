import type { TestHandoff } from '../../src/domain/test-handoff.ts'
import type { TestHandoffs, TestMessenger } from '../../src/use-cases/ports/test-handoffs.ts'

/** Handoffs to try Baton with, in a variable. */
export function createMemoryTestHandoffs(): TestHandoffs {
  let test: TestHandoff | undefined
  let heldUntil = 0
  const change = (id: string, changes: Partial<TestHandoff>): TestHandoff | undefined => {
    if (test?.id !== id) return undefined
    test = { ...test, ...changes }
    return test
  }
  return {
    async add(added) {
      if (test !== undefined) return false
      test = added
      return true
    },
    find: async (_, id) => (test?.id === id ? test : undefined),
    posted: async ({ id }, { channelId, ts }) => change(id, { place: { channelId, ts } }),
    async answer({ id }, answer, removeAt) {
      const open = test !== undefined && test.answer === null && test.removeAt > answer.at
      return open ? change(id, { answer, removeAt }) : undefined
    },
    async end({ id }, now) {
      change(id, { removeAt: now })
    },
    async takeDue(_, now, ms) {
      if (test === undefined || test.removeAt > now || heldUntil > now.getTime()) return []
      heldUntil = now.getTime() + ms
      return [test]
    },
    async remove({ id }) {
      if (test?.id === id) test = undefined
    },
  }
}

/** A Slack that takes everything. */
export const calmTestMessenger: TestMessenger = {
  post: async () => ({ kind: 'done', channelId: 'C0SALES', ts: '1.1' }),
  redraw: async () => ({ kind: 'done', channelId: 'C0SALES', ts: '1.1' }),
  find: async () => ({ kind: 'absent' }),
  delete: async () => ({ kind: 'done', channelId: 'C0SALES', ts: '1.1' }),
}
