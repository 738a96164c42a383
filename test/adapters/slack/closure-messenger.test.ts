import { expect, test } from 'vitest'
import { buildClosure } from '../../../src/adapters/slack/closure-messenger.ts'
import { closings } from '../../../src/domain/closed-channel.ts'
import { faultsOf, messageBlocksSchema } from '../../support/slack-limits.ts'

test.each(closings)('what is told of %s reads well in both languages', (closing) => {
  for (const locale of ['en', 'it'] as const) {
    for (const channel of ['sql-handoffs', 'C0SQL', 'x'.repeat(80)]) {
      const { text, blocks = [] } = buildClosure(
        { channel, closing, waiting: 1, since: new Date(0) },
        locale,
      )
      expect(faultsOf(messageBlocksSchema, blocks)).toEqual([])
      expect(text).toContain(channel === 'C0SQL' ? '<#C0SQL>' : '#')
    }
  }
})
