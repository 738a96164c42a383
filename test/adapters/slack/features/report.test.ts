import { afterEach, describe, expect, test } from 'vitest'
import { readAsked, written } from '../../../../src/adapters/slack/features/report/asked.ts'
import { buildReport } from '../../../../src/adapters/slack/features/report/message.ts'
import { locales } from '../../../../src/domain/agreement.ts'
import { type CountedFacts, periodNamed, reportOf } from '../../../../src/domain/report.ts'
import type { ReportQuestion } from '../../../../src/use-cases/ports/reports.ts'
import type { ToldReport } from '../../../../src/use-cases/report.ts'
import { eventually } from '../../../support/baton.ts'
import { anAgreement, fixedNow } from '../../../support/builders.ts'
import { faultsOf, messageBlocksSchema } from '../../../support/slack-limits.ts'
import { startWorkplace, type Workplace } from './workplace.ts'

const hour = 3_600_000
const spread = (median: number) => ({ median: median * hour, p90: 3 * median * hour })
const row = { criterion: null, field: null, version: 1, dealStage: null, band: null, reached: null }
const pace = {
  ...{ accepted: 8, tried: 6, idle: 1 },
  ...{ acceptRaw: spread(2), acceptWorking: spread(1) },
  ...{ attemptRaw: spread(1), attemptWorking: spread(0.5) },
  ...{ systemMs: 8_000, queueMs: 8 * hour, offHoursMs: 8 * hour, repMs: 3 * hour },
}

/** Eight were accepted and two returned, of two reps. */
const factsOf = (...keys: (string | null)[]): CountedFacts => ({
  handoffs: keys.flatMap((key) => [
    { ...row, key, status: 'accepted' as const, reason: null, count: 8 },
    { ...row, key, status: 'returned' as const, reason: 'not-ready', count: 2 },
  ]),
  paces: [
    { ...pace, key: null, whole: true },
    ...keys.map((key) => ({ ...pace, key, whole: false })),
  ],
  clocks: keys.map((key) => ({ key, kind: 'accept' as const, met: 9, missed: 1, ms: 0 })),
  attempts: keys.map((key) => ({ key, channel: 'call', clause: 'counted', count: 12 })),
})

const toldOf = (facts: CountedFacts, groupBy: ToldReport['report']['groupBy']): ToldReport => ({
  kind: 'report',
  report: reportOf(facts, {
    period: periodNamed('month', fixedNow, 'Europe/Rome'),
    groupBy,
    meaningOf: () => undefined,
  }),
  inForce: { agreement: anAgreement(), version: 1, inForceFrom: fixedNow },
  names: new Map([['per_anna', 'Anna *Rossi*']]),
  sight: 'everything',
})

describe.each(locales)('a report (%s)', (locale) => {
  const asked = { period: 'month', groupBy: 'rep' } as const

  test('says what is most telling first, within the limits of Slack', () => {
    const built = buildReport(toldOf(factsOf('per_anna', null), 'rep'), { locale, asked })
    for (const { blocks } of [built.message, built.drawn]) {
      expect(faultsOf(messageBlocksSchema, blocks)).toEqual([])
    }
    expect(built.message.text).toMatchSnapshot()
    expect(built.drawn.blocks).toMatchSnapshot()
    expect(JSON.stringify(built.message.blocks)).not.toContain('*Rossi*')
  })

  test('fits with hundreds of groups with long names', () => {
    const keys = Array.from({ length: 300 }, (_, place) => `${place} ${'&<W'.repeat(100)}`)
    const built = buildReport(toldOf(factsOf(...keys), 'source'), { locale, asked })
    for (const { blocks } of [built.message, built.drawn]) {
      expect(faultsOf(messageBlocksSchema, blocks)).toEqual([])
    }
  })

  test.each([
    ['rep', 'bar'],
    ['type', 'bar'],
    ['source', 'bar'],
    ['week', 'line'],
    ['month', 'line'],
  ] as const)('by %s comes with a %s chart', (groupBy, kind) => {
    const told = toldOf(factsOf('2026-W47', '2026-W48'), groupBy)
    const { drawn, message } = buildReport(told, { locale, asked: { period: 'month', groupBy } })
    expect(faultsOf(messageBlocksSchema, drawn.blocks)).toEqual([])
    const values = (value: number) => [{ value }, { value }]
    expect(drawn.blocks).toContainEqual(
      expect.objectContaining({ type: 'data_visualization', chart: expect.anything() }),
    )
    expect(drawn.blocks?.find(({ type }) => type === 'data_visualization')).toMatchObject({
      chart: {
        type: kind,
        series: [{ data: values(10) }, { data: values(8) }, { data: values(2) }],
      },
    })
    expect(JSON.stringify(message)).not.toContain('data_visualization')
  })

  test('has no chart where there is nothing to compare', () => {
    for (const told of [toldOf(factsOf(null), null), toldOf(factsOf('per_anna'), 'rep')]) {
      const { drawn } = buildReport(told, { locale, asked })
      expect(JSON.stringify(drawn)).not.toContain('data_visualization')
    }
  })

  test('has a sentence where there is nothing', () => {
    const { message } = buildReport(toldOf(factsOf(), null), { locale, asked })
    expect(message.text).toContain(locale === 'it' ? 'nessun lead' : 'No lead was handed over')
  })
})

test('what a button remembers is what was asked for', () => {
  const dates = { period: { first: '2026-10-01', last: '2026-10-31' }, groupBy: null }
  expect(readAsked(written(dates))).toEqual(dates)
  expect(readAsked('last-month|rep')).toEqual({ period: 'last-month', groupBy: 'rep' })
  for (const forged of ['', 'month|colour', 'nonsense']) expect(readAsked(forged)).toBeUndefined()
})

describe('/sla report', () => {
  let place: Workplace
  afterEach(() => place.stop())
  const agreement = anAgreement({
    people: [
      { email: 'anna@acme.example', role: 'rep' },
      { email: 'ben@acme.example', role: 'marketing' },
      { email: 'sara@acme.example', role: 'sales_manager' },
    ],
  })
  const asked: ReportQuestion[] = []
  const start = () =>
    startWorkplace({
      agreement,
      through: (world) => ({
        ...world,
        reports: {
          facts: async (_, question) => {
            asked.push(question)
            return question.groupBy === 'rep' ? factsOf('per_anna', 'per_luca') : factsOf(null)
          },
        },
      }),
    })
  const ask = async (user: string, text: string) => {
    const sent = await place.slack.sendCommand({ user, command: '/sla', text })
    expect(sent.status).toBe(200)
    // a refusal goes with the acknowledgement, a report after it
    return JSON.stringify(sent.body === '' ? await sent.nextResponse() : sent.body)
  }

  test('a manager sees everybody, a rep the own row', async () => {
    place = await start()
    const all = await ask('U0SARA', 'report month by rep')
    expect(all).toContain('Luca Bianchi')
    expect(all).toContain('Anna Rossi')
    expect(all).toContain('20 handoffs')
    const own = await ask('U0ANNA', 'report month by rep')
    expect(own).toContain('20 handoffs')
    expect(own).toContain('Anna Rossi')
    expect(own).not.toContain('Luca Bianchi')
  })

  test('a rep is asked about by the owner; marketing gets no figures by rep', async () => {
    place = await start()
    asked.length = 0
    await ask('U0ANNA', 'report')
    expect(asked).toMatchObject([{ owner: 'per_anna', groupBy: null }])
    await ask('U0ANNA', 'report by rep')
    expect(asked).toMatchObject([{ owner: 'per_anna' }, { owner: null, groupBy: 'rep' }])
    expect(await ask('U0BEN', 'report by rep')).toContain('Figures by rep are for managers')
    expect(asked).toHaveLength(2)
    expect(await ask('U0MARIO', 'report')).toContain('people with a role')
  })

  test('a period that is none says what there is', async () => {
    place = await start()
    expect(await ask('U0SARA', 'report next year')).toContain('I know the periods')
    expect(await ask('U0SARA', 'report 2026-02-30 2026-03-01')).toContain('2026-10-31')
  })

  test('a report is shared with the channel, and taken away as a file', async () => {
    place = await start()
    const { card: message } = await place.offer()
    const click = { user: 'U0SARA', value: 'month|rep', message }
    const shared = await place.slack.clickButton({ ...click, actionId: 'report.share' })
    const { body: told } = await shared.nextResponse()
    expect(told).toMatchObject({ response_type: 'in_channel', replace_original: false })
    const chosen = await place.slack.clickButton({ ...click, actionId: 'report.period' })
    const { body: anew } = await chosen.nextResponse()
    // where the old one stood
    expect(anew).toMatchObject({ response_type: 'ephemeral', replace_original: true })
    const taken = await place.slack.clickButton({ ...click, actionId: 'report.csv' })
    expect(taken.status).toBe(200)
    await eventually(() => place.slack.callsOf('files.completeUploadExternal')[0])
  })
})
