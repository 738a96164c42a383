import { describe, expect, test } from 'vitest'
import { buildDigest } from '../../../../src/adapters/slack/messages/digest.ts'
import { buildWeeklyReport } from '../../../../src/adapters/slack/messages/weekly-report.ts'
import { locales } from '../../../../src/domain/agreement.ts'
import { type Figures, periodBetween, reportOf } from '../../../../src/domain/report.ts'
import type { Digest, WeeklyReport } from '../../../../src/use-cases/ports/bulletins.ts'
import {
  accepted,
  aHandoff,
  aLead,
  aMember,
  anAgreement,
  minutesAfter,
  returned,
} from '../../../support/builders.ts'
import { faultsOf, messageBlocksSchema } from '../../../support/slack-limits.ts'
import { drawn } from './showing.ts'

const agreement = anAgreement({
  promises: {
    sales: [
      { measure: 'clock', clock: 'accept', share: '95%' },
      { measure: 'clock', clock: 'first_attempt', share: '90%' },
    ],
  },
})
const url = 'https://acme.example/archives/C0SQL/p1'

const aDigest = (overrides: Partial<Digest> = {}): Digest => {
  const entries: Digest['entries'] = [
    { list: 'offered', handoff: aHandoff(), agreement, url },
    { list: 'working', handoff: accepted(aHandoff()), agreement, url: undefined },
  ]
  return {
    ...{ kind: 'daily', reader: aMember(), zone: 'Asia/Kolkata', now: minutesAfter(60) },
    ...{ entries, total: entries.length, late: 1 },
    ...overrides,
  }
}

const period = periodBetween('2026-11-16', '2026-11-22', 'Europe/Rome')
if (typeof period === 'string') throw new Error(period)
const { total: nothing } = reportOf(
  { handoffs: [], paces: [], clocks: [], attempts: [] },
  { period, groupBy: null, meaningOf: () => undefined },
)
const week: Figures = {
  ...nothing,
  ...{ handoffs: 23, accepted: 19, returned: 4, idle: 2 },
  clocks: [
    { kind: 'accept', met: 18, missed: 5, share: 18 / 23 },
    { kind: 'first-attempt', met: 18, missed: 1, share: 18 / 19 },
  ],
  returnedBy: { ...nothing.returnedBy, reason: [{ id: 'not-ready', count: 3 }] },
  deals: { byStage: [], won: 2, lost: 1 },
}
const aReport = (overrides: Partial<WeeklyReport> = {}): WeeklyReport => ({
  ...{ kind: 'weekly', period, week, agreement },
  before: {
    ...nothing,
    handoffs: 18,
    clocks: [{ kind: 'accept', met: 9, missed: 1, share: 0.9 }],
  },
  remark: { what: 'below', clock: 'accept', share: 18 / 23, promised: 0.95 },
  ...overrides,
})

describe.each(locales)('the digest in %s', (locale) => {
  const reader = aMember({ locale })

  test('says what is due, late or not, by the reader’s own clock', () => {
    const { text, blocks } = buildDigest(aDigest({ reader, total: 6 }))
    expect(drawn(blocks)).toMatchSnapshot()
    expect(faultsOf(messageBlocksSchema, blocks)).toEqual([])
    expect(text).toContain(aHandoff().lead.name)
  })

  test.each([
    [1, 0],
    [3, 0],
    [1, 1],
    [3, 1],
    [2, 1],
  ])('counts %i, of which %i late', (total, late) => {
    expect(buildDigest(aDigest({ reader, total, late })).text.split('\n')[0]).toMatchSnapshot()
  })

  test('tells marketing which returns to answer', () => {
    const entries: Digest['entries'] = [
      { list: 'toAnswer', handoff: returned(accepted(aHandoff())), agreement, url },
    ]
    const { blocks } = buildDigest(aDigest({ reader, entries, total: 1, late: 0 }))
    expect(drawn(blocks)).toMatchSnapshot()
  })

  test('keeps within Slack’s limits, and shows hostile names as they read', () => {
    const name = '<!channel> *bold* <https://evil.example|click> '.repeat(40)
    const lead = aLead({ name, company: { name } })
    const entries = Array.from({ length: 10 }, () => ({
      ...{ list: 'offered' as const, handoff: aHandoff({ lead }), agreement },
      url: `${url}?${'x'.repeat(1_000)}`,
    }))
    const { text, blocks } = buildDigest(aDigest({ reader, entries, total: 500 }))
    expect(faultsOf(messageBlocksSchema, blocks)).toEqual([])
    expect(JSON.stringify([text, blocks])).not.toMatch(/<!channel>|<https:\/\/evil/)
  })
})

describe.each(locales)('the weekly report in %s', (language) => {
  const agreed = { ...agreement, language }

  test('says in a few lines how the week was, beside what was agreed and the week before', () => {
    const { blocks } = buildWeeklyReport(aReport({ agreement: agreed }))
    expect(drawn(blocks)).toMatchSnapshot()
    expect(faultsOf(messageBlocksSchema, blocks)).toEqual([])
  })

  test('leaves out what there is nothing to tell of', () => {
    const quiet = { ...nothing, handoffs: 1 }
    const report = aReport({ agreement: agreed, week: quiet, before: nothing, remark: undefined })
    expect(drawn(buildWeeklyReport(report).blocks)).toMatchSnapshot()
  })

  test.each([
    { what: 'fell', clock: 'attempts', share: 0.6, before: 0.9 },
    { what: 'returns', share: 0.3, reason: 'not-ready' },
    { what: 'idle', count: 1 },
    { what: 'idle', count: 2 },
    { what: 'kept' },
  ] as const)('remarks on %j', (remark) => {
    const { text } = buildWeeklyReport(aReport({ agreement: agreed, remark }))
    expect(text.split('\n').at(-2)).toMatchSnapshot()
  })
})
