import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { calendarSchema } from '../../src/domain/calendar.ts'

const hours = { 'mon-fri': ['09:00-13:00', '14:00-18:00'] }

function spansOf(days: Record<string, unknown>): string[] {
  const { spans } = calendarSchema.parse({ timezone: 'Europe/Rome', hours: days })
  return spans.map((list) => list.map((span) => `${span.fromMinute}-${span.toMinute}`).join(' '))
}

function faultsOf(input: Record<string, unknown>): string[] {
  const result = calendarSchema.safeParse({ timezone: 'Europe/Rome', hours, ...input })
  return (result.error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`)
}

describe('a calendar', () => {
  it('lays its hours out over the week, in order of time', () => {
    expect(spansOf({ 'mon-tue': ['14:00-18:00', '09:00-13:00'], sun: ['20:00-24:00'] })).toEqual([
      '540-780 840-1080',
      '540-780 840-1080',
      '',
      '',
      '',
      '',
      '1200-1440',
    ])
  })

  it('knows ranges that wrap around the end of the week', () => {
    expect(spansOf({ 'sat-mon': ['00:00-01:00'] })).toEqual([
      '0-60',
      '',
      '',
      '',
      '',
      '0-60',
      '0-60',
    ])
    expect(spansOf({ 'wed-tue': ['00:00-01:00'] })).toEqual(Array(7).fill('0-60'))
    expect(spansOf({ 'mon-mon': ['00:00-01:00'] })[1]).toBe('')
  })

  it('puts days that are named twice together', () => {
    expect(spansOf({ 'mon-fri': ['09:00-13:00'], fri: ['13:00-15:00'] })[4]).toBe('540-780 780-900')
  })

  it('may be always open', () => {
    const calendar = calendarSchema.parse({ timezone: 'Europe/Rome', hours: 'always' })
    expect(calendar).toMatchObject({ always: true, holidays: [] })
  })

  it('spells its zone as the zone does, and keeps its holidays in order and once', () => {
    const holidays = ['2027-01-01', '2026-12-25', '2027-01-01']
    expect(calendarSchema.parse({ timezone: 'europe/ROME', hours, holidays })).toMatchObject({
      timezone: 'Europe/Rome',
      holidays: ['2026-12-25', '2027-01-01'],
    })
  })

  it('is plain data that can be kept as JSON', () => {
    const calendar = calendarSchema.parse({ timezone: 'Europe/Rome', hours })
    expect(JSON.parse(JSON.stringify(calendar))).toEqual(calendar)
  })
})

describe('a faulty calendar tells where and what is expected', () => {
  const timezone = 'timezone: expects a time zone such as Europe/Rome'
  it.each(['Europe/Roma', '+01:00', '', 3, undefined, 'x'.repeat(1_000)])('zone %j', (zone) => {
    expect(faultsOf({ timezone: zone })).toEqual([timezone])
  })

  it.each([undefined, null, 'never', 3, ['09:00-18:00']])('hours %j', (value) => {
    expect(faultsOf({ hours: value })).toEqual([
      'hours: expects always, or days with their hours such as mon-fri: ["09:00-18:00"]',
    ])
  })

  it.each(['monday', 'mon-', '-mon', 'mon-fri-sun', 'Mon', 'mon,tue', ''])('day %j', (day) => {
    expect(faultsOf({ hours: { ...hours, [day]: ['09:00-10:00'] } })).toEqual([
      `hours.${day}: expects a day such as mon, or a range such as mon-fri`,
    ])
  })

  it.each(['9:00-18:00', '09:00', '09:00-25:00', '24:00-24:00', '09:60-10:00', 9, null])(
    'span %j',
    (span) => {
      expect(faultsOf({ hours: { mon: ['07:00-08:00', span] } })).toEqual([
        'hours.mon.1: expects hours such as "09:00-18:00", ending at "24:00" at the latest',
      ])
    },
  )

  it.each(['18:00-09:00', '09:00-09:00'])('reversed or empty span %j', (span) => {
    expect(faultsOf({ hours: { mon: [span] } })).toEqual([
      'hours.mon.0: expects an end after the start (hours over midnight are written as two days)',
    ])
  })

  it('spans that overlap, within a day or through two ranges', () => {
    expect(faultsOf({ hours: { mon: ['09:00-13:00', '12:59-18:00'] } })).toEqual([
      'hours.mon.1: expects hours that do not overlap others on mon',
    ])
    expect(faultsOf({ hours: { ...hours, 'fri-sat': ['17:00-19:00'] } })).toEqual([
      'hours.fri-sat.0: expects hours that do not overlap others on fri',
    ])
  })

  it('a single span in place of a list', () => {
    expect(faultsOf({ hours: { mon: '09:00-18:00' } })).toEqual([
      'hours.mon: expects a list of hours such as ["09:00-13:00", "14:00-18:00"]',
    ])
  })

  it('no hours at all', () => {
    expect(faultsOf({ hours: { mon: [] } })).toEqual(['hours: expects hours on at least one day'])
    expect(faultsOf({ hours: {} })).toEqual(['hours: expects hours on at least one day'])
  })

  it.each(['2026-02-30', '25.12.2026', 'Christmas', 20261225])('holiday %j', (holiday) => {
    expect(faultsOf({ holidays: ['2026-12-25', holiday] })).toEqual([
      'holidays.1: expects a date such as 2026-12-25',
    ])
  })

  it('several faults at once', () => {
    expect(faultsOf({ timezone: 'x', hours: { mon: ['x'] }, holidays: 'y' })).toHaveLength(3)
  })

  it('never by throwing, whatever it is given', () => {
    fc.assert(
      fc.property(fc.anything(), fc.anything(), (zone, value) => {
        calendarSchema.safeParse(value)
        calendarSchema.safeParse({ timezone: zone, hours: value, holidays: value })
      }),
    )
  })
})
