import { describe, expect, test } from 'vitest'
import { understandReport } from '../../src/content/words/report.ts'
import {
  periodBetween,
  periodNamed,
  periodNames,
  reportOf,
  returnedByScore,
  sightOf,
} from '../../src/domain/report.ts'
import { fixedNow } from '../support/builders.ts'

const zone = 'Europe/Rome'

describe('the period of a report', () => {
  test.each([
    ['today', '2026-11-23', '2026-11-23'],
    ['week', '2026-11-23', '2026-11-29'],
    ['month', '2026-11-01', '2026-11-30'],
    ['quarter', '2026-10-01', '2026-12-31'],
    ['last-week', '2026-11-16', '2026-11-22'],
    ['last-month', '2026-10-01', '2026-10-31'],
    ['last-quarter', '2026-07-01', '2026-09-30'],
  ] as const)('%s is %s to %s', (name, firstDay, lastDay) => {
    expect(periodNamed(name, fixedNow, zone)).toMatchObject({ firstDay, lastDay })
  })

  test('goes by the days of the zone, also over a change of the clocks', () => {
    const period = periodBetween('2026-10-25', '2026-10-25', zone)
    expect(period).toMatchObject({
      from: new Date('2026-10-24T22:00:00Z'),
      to: new Date('2026-10-25T23:00:00Z'),
    })
  })

  test('begins on the first day of a quarter, whatever the day it is asked for on', () => {
    const late = new Date('2026-05-31T12:00:00Z')
    expect(periodNamed('quarter', late, zone)).toMatchObject({ firstDay: '2026-04-01' })
    expect(periodNamed('last-quarter', late, zone)).toMatchObject({ lastDay: '2026-03-31' })
  })

  test.each([
    ['2026-02-30', '2026-03-01', 'not-a-date'],
    ['yesterday', '2026-03-01', 'not-a-date'],
    ['2026-03-02', '2026-03-01', 'ends-before-it-begins'],
    ['2020-01-01', '2026-03-01', 'too-long'],
  ])('is refused from %s to %s: %s', (first, last, refusal) => {
    expect(periodBetween(first, last, zone)).toBe(refusal)
  })
})

describe('what is asked for', () => {
  test.each([
    ['', 'month', null],
    ['Last month by rep', 'last-month', 'rep'],
    ['last-quarter', 'last-quarter', null],
    ['this week by lead type', 'week', 'type'],
    ['by source', 'month', 'source'],
    ['month by month', 'month', 'month'],
    ['mese scorso per venditore', 'last-month', 'rep'],
    ['questo trimestre per motivo', 'quarter', 'reason'],
  ])('“%s” is understood', (text, period, groupBy) => {
    expect(understandReport(text)).toEqual({ period, groupBy })
  })

  test('two dates are a period', () => {
    const period = { first: '2026-10-01', last: '2026-10-31' }
    expect(understandReport('2026-10-01 2026-10-31 by score')).toEqual({ period, groupBy: 'score' })
    expect(understandReport('2026-10-01 to 2026-10-31')).toEqual({ period, groupBy: null })
  })

  test.each(['next month', 'month by colour', 'constructor', 'by rep by rep', '2026-10-01'])(
    '“%s” is not',
    (text) => expect(understandReport(text)).toBeUndefined(),
  )
})

test('whoever has no role sees no figures', () => {
  expect(sightOf(null)).toBeNull()
  expect(sightOf('rep')).toBe('own')
  expect(sightOf('marketing')).toBe('all-but-reps')
  expect(sightOf('sales_manager')).toBe('everything')
})

test('high scores that are returned less say so', () => {
  const row = { key: null, reason: null, criterion: null, field: null, version: 1, dealStage: null }
  const period = periodNamed(periodNames[0], fixedNow, zone)
  const { total } = reportOf(
    {
      handoffs: [
        { ...row, status: 'returned', band: '0-49', reached: false, count: 3 },
        { ...row, status: 'accepted', band: '50-69', reached: false, count: 1 },
        { ...row, status: 'returned', band: '85+', reached: true, count: 1 },
        { ...row, status: 'accepted', band: '85+', reached: true, count: 9 },
      ],
      paces: [],
      clocks: [],
      attempts: [],
    },
    { period, groupBy: null, meaningOf: () => undefined },
  )
  expect(total).toMatchObject({ handoffs: 14, returned: 4, open: 10, reachedThreshold: 10 })
  expect(returnedByScore(total)).toEqual({ low: 0.75, high: 0.1 })
})
