import { describe, expect, test } from 'vitest'
import { buildSetUpReport } from '../../../../src/adapters/slack/features/first-run/message.ts'
import { buildTestCard } from '../../../../src/adapters/slack/features/test-handoff/message.ts'
import { locales } from '../../../../src/domain/agreement.ts'
import { newTest, type TestAnswer } from '../../../../src/domain/test-handoff.ts'
import { anAgreement, aPerson, fixedNow } from '../../../support/builders.ts'
import { faultsOf, messageBlocksSchema } from '../../../support/slack-limits.ts'

const agreement = anAgreement()
const by = aPerson()
const id = 'hof_test0123456789abcdef'
const cases = locales.flatMap((locale) =>
  [null, 'accepted' as const, 'returned' as const].map((answer) => ({ locale, answer })),
)

function cardOf(locale: 'en' | 'it', kind: TestAnswer | null) {
  const test = newTest(agreement, { id, workspaceId: 'T0ACME', agreementVersion: 1 }, fixedNow)
  if (test === undefined) throw new Error('the agreement has lead types')
  const answer = kind && { kind, byId: by.id, at: fixedNow }
  const leadTypeName = agreement.lead_types[0]?.name[locale] ?? ''
  const view = { locale, leadTypeName, agreement, dates: 'plain' as const, now: fixedNow }
  return buildTestCard({ ...test, answer }, answer && by, { ...view, zone: 'Europe/Rome' })
}

describe('the card of a test', () => {
  test.each(cases)('reads well and keeps within the limits ($locale, $answer)', (one) => {
    const { blocks, text } = cardOf(one.locale, one.answer)
    expect(faultsOf(messageBlocksSchema, blocks)).toEqual([])
    const shown = JSON.stringify(blocks)
    expect(shown.includes('"action_id":"test.accept"')).toBe(one.answer === null)
    expect(shown).not.toContain('"action_id":"handoff.')
    expect({ text, blocks }).toMatchSnapshot()
  })
})

test.each(locales)('the report of the set-up has the button that sends one (%s)', (locale) => {
  const { blocks = [] } = buildSetUpReport([], locale)
  expect(faultsOf(messageBlocksSchema, blocks)).toEqual([])
  expect(JSON.stringify(blocks)).toContain('"action_id":"test.send"')
})
