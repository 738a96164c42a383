import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { describe, expect, test } from 'vitest'
import { changeWords } from '../../src/content/words/agreement.ts'
import { agreementSchema } from '../../src/domain/agreement.ts'
import { agreementDiff } from '../../src/domain/agreement-diff.ts'
import { writtenAgreement } from '../../src/domain/agreement-written.ts'
import {
  digestMomentOn,
  digestOf,
  digestsDue,
  isWorkingDay,
  momentOn,
  remarkOn,
  schedulesOf,
  subjectOf,
  weekliesDue,
  weeksTold,
  zoneOf,
} from '../../src/domain/bulletin.ts'
import { type HomeEntry, viewerOf } from '../../src/domain/home.ts'
import { type Figures, periodBetween, reportOf } from '../../src/domain/report.ts'
import { aMember, anAgreement } from '../support/builders.ts'

const zones = [
  'Europe/Rome',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
  'America/St_Johns',
  'Pacific/Apia',
  'Africa/Casablanca',
  'America/Sao_Paulo',
  'Pacific/Chatham',
] as const

const aDay = fc
  .integer({ min: 0, max: 366 * 20 })
  .map((days) => new Temporal.PlainDate(2015, 1, 1).add({ days }).toString())
const aTime = fc
  .integer({ min: 0, max: 24 * 60 - 1 })
  .map((minute) => Temporal.PlainTime.from('00:00').add({ minutes: minute }).toString().slice(0, 5))

const at = (moment: string): Date => new Date(moment)
const instant = (moment: Date) => Temporal.Instant.fromEpochMilliseconds(moment.getTime())
const hoursAround = (moment: Date, hours: number): Date =>
  new Date(moment.getTime() + hours * 3_600_000)

const anyDay = { timezone: 'Europe/Rome', hours: 'always' }
const withPeople = (
  people: NonNullable<Parameters<typeof anAgreement>[0]>['people'],
  overrides: Parameters<typeof anAgreement>[0] = {},
) => anAgreement({ ...overrides, people })

describe('a time of day', () => {
  test('is that time on that day, or as much later as the clock skips', () => {
    fc.assert(
      fc.property(aDay, aTime, fc.constantFrom(...zones), (day, time, zone) => {
        const local = instant(momentOn(day, time, zone)).toZonedDateTimeISO(zone)
        const told = local.toPlainTime().toString().slice(0, 5)
        if (local.toPlainDate().toString() !== day || told !== time) {
          const before = local.subtract({ hours: 25 }).offsetNanoseconds
          // only a clock that was put forward may say so
          expect(local.offsetNanoseconds).toBeGreaterThan(before)
          expect(local.toPlainDateTime().toString() > `${day}T${time}`).toBe(true)
        }
      }),
    )
  })

  test('comes once for each day, in their order', () => {
    fc.assert(
      fc.property(aDay, aTime, fc.constantFrom(...zones), (day, time, zone) => {
        const next = Temporal.PlainDate.from(day).add({ days: 1 }).toString()
        // Samoa skipped a day in 2011; since 2015 no zone of these did
        expect(momentOn(next, time, zone) > momentOn(day, time, zone)).toBe(true)
      }),
    )
  })

  test('that the clock skips is an hour later, and half an hour on Lord Howe Island', () => {
    expect(momentOn('2027-03-28', '02:30', 'Europe/Rome')).toEqual(at('2027-03-28T01:30:00Z'))
    expect(momentOn('2026-10-04', '02:10', 'Australia/Lord_Howe')).toEqual(
      at('2026-10-03T15:40:00Z'),
    )
  })

  test('that comes twice is the first of them', () => {
    expect(momentOn('2026-10-25', '02:30', 'Europe/Rome')).toEqual(at('2026-10-25T00:30:00Z'))
  })

  test('is that of each person, by half hours too', () => {
    expect(momentOn('2026-11-24', '08:30', 'Asia/Kolkata')).toEqual(at('2026-11-24T03:00:00Z'))
  })
})

describe('the zone of somebody', () => {
  const agreement = anAgreement()
  test('is that of Slack', () => {
    expect(zoneOf({ zone: 'Asia/Kolkata' }, agreement)).toBe('Asia/Kolkata')
  })
  test.each([null, '', 'Nowhere/At all'])('is the agreement’s for %j', (zone) => {
    expect(zoneOf({ zone }, agreement)).toBe('Europe/Rome')
  })
})

describe('a digest', () => {
  const anna = aMember({ email: 'anna@acme.example', zone: 'Europe/Rome' })
  const moment = at('2026-11-24T07:30:00Z')

  test('is due at half past eight on a working day', () => {
    expect(digestMomentOn('2026-11-24', anna, anAgreement())).toEqual(moment)
  })

  test.each([
    ['a Saturday', '2026-11-28'],
    ['a holiday', '2026-12-25'],
  ])('is not due on %s', (_, day) => {
    expect(digestMomentOn(day, anna, anAgreement())).toBeUndefined()
  })

  test('is not due on a day off, nor where a calendar of one’s own has no hours', () => {
    const off = withPeople([
      { email: 'anna@acme.example', role: 'rep', off: ['2026-11-23/2026-11-25'] },
    ])
    expect(digestMomentOn('2026-11-24', anna, off)).toBeUndefined()
    expect(digestMomentOn('2026-11-26', anna, off)).toBeDefined()
    const own = withPeople([
      {
        email: 'anna@acme.example',
        role: 'rep',
        cap: 1,
        calendar: { timezone: 'Europe/Rome', hours: { sat: ['09:00-12:00'] } },
      },
    ])
    expect(digestMomentOn('2026-11-24', anna, own)).toBeUndefined()
    expect(digestMomentOn('2026-11-28', anna, own)).toBeDefined()
  })

  test('is never due where the agreement says so', () => {
    const agreement = anAgreement({ bulletins: { digest: 'never' } })
    expect(digestMomentOn('2026-11-24', anna, agreement)).toBeUndefined()
    expect(agreement.bulletins.weekly).toEqual({ day: 'mon', at: '09:00' })
  })

  test('is planned for whoever Slack knows, from its moment on', () => {
    const due = (member: typeof anna, now: Date) =>
      digestsDue(anAgreement(), [member], { since: hoursAround(now, -2), now })
    const key = `digest:2026-11-24:${anna.id}`
    const planned = [{ key, kind: 'daily', recipient: anna.slackId, dueAt: moment }]
    expect(due(anna, moment)).toEqual(planned)
    expect(due(anna, hoursAround(moment, 1.99))).toEqual(planned)
    expect(due(anna, new Date(moment.getTime() - 1))).toEqual([])
    expect(due(anna, hoursAround(moment, 2))).toEqual([])
    expect(due({ ...anna, slackId: null }, moment)).toEqual([])
    expect(due({ ...anna, external: true }, moment)).toEqual([])
    expect(subjectOf(key)).toEqual({ kind: 'daily', day: '2026-11-24', personId: anna.id })
  })

  test('is planned exactly once a day by looks that follow each other', () => {
    const agreement = anAgreement({ calendar: anyDay })
    const look = fc.integer({ min: 1, max: 110 })
    fc.assert(
      fc.property(
        aDay,
        aTime,
        fc.constantFrom(...zones, null),
        fc.array(look, { minLength: 60, maxLength: 80 }),
        (day, time, zone, minutes) => {
          agreement.bulletins.digest = { at: time }
          const member = { ...anna, zone }
          let now = at(`${day}T00:00:00Z`)
          const first = now
          const dueAt = new Map<string, Date>()
          for (const length of minutes) {
            now = new Date(now.getTime() + length * 60_000)
            const window = { since: hoursAround(now, -2), now }
            for (const one of digestsDue(agreement, [member], window)) dueAt.set(one.key, one.dueAt)
          }
          const moments = Array.from({ length: 12 }, (_, days) =>
            Temporal.PlainDate.from(day)
              .add({ days: days - 2 })
              .toString(),
          )
            .map((one) => digestMomentOn(one, member, agreement))
            .filter((one) => one !== undefined && one > first && one <= now)
          const found = [...dueAt.values()].filter((one) => one > first)
          expect(found.sort((a, b) => a.getTime() - b.getTime())).toEqual(moments)
        },
      ),
      { numRuns: 30 },
    )
  })
})

describe('what a digest holds', () => {
  const agreement = withPeople([
    { email: 'anna@acme.example', role: 'rep' },
    { email: 'ben@acme.example', role: 'marketing' },
    { email: 'ada@acme.example', role: 'admin' },
  ])
  const viewer = (email: string, id: string) => viewerOf(agreement, aMember({ id, email }))
  const entry = (overrides: Partial<HomeEntry>): HomeEntry => ({
    id: 'hof_1',
    status: 'accepted',
    ownerId: 'anna',
    leadType: 'new-equipment',
    dueAt: at('2026-11-24T10:00:00Z'),
    answer: null,
    isRuled: false,
    readySince: null,
    createdAt: at('2026-11-23T09:00:00Z'),
    ...overrides,
  })
  const idsFor = (email: string, id: string, entries: HomeEntry[]) =>
    digestOf(entries, viewer(email, id), { day: '2026-11-24', zone: 'Europe/Rome' }).map(
      (one) => one.id,
    )

  test('is due by the end of their day, or late, what is due first', () => {
    const entries = [
      entry({ id: 'today', dueAt: at('2026-11-24T22:59:59Z') }),
      entry({ id: 'tomorrow', dueAt: at('2026-11-24T23:00:00Z') }),
      entry({ id: 'late', dueAt: at('2026-11-20T10:00:00Z') }),
      entry({ id: 'nothing', dueAt: null }),
      entry({ id: 'luca’s', ownerId: 'luca' }),
      entry({ id: 'closed', status: 'closed' }),
    ]
    expect(idsFor('anna@acme.example', 'anna', entries)).toEqual(['late', 'today'])
  })

  test('is a return to answer for marketing, and not for an admin', () => {
    const entries = [entry({ id: 'back', status: 'returned' })]
    expect(idsFor('ben@acme.example', 'ben', entries)).toEqual(['back'])
    expect(idsFor('ada@acme.example', 'ada', entries)).toEqual([])
    expect(idsFor('anna@acme.example', 'anna', entries)).toEqual([])
  })
})

describe('the weekly report', () => {
  const due = (now: string, overrides: Parameters<typeof anAgreement>[0] = {}) =>
    weekliesDue(anAgreement(overrides), { since: hoursAround(at(now), -2), now: at(now) })
  const calendar = (holidays: string[]) => ({
    timezone: 'Europe/Rome',
    hours: { 'mon-fri': ['09:00-13:00', '14:00-18:00'] },
    holidays,
  })

  test('is due on Monday at nine in the zone of the agreement', () => {
    expect(due('2026-11-23T08:00:00Z')).toEqual([
      {
        key: 'weekly:2026-W48',
        kind: 'weekly',
        recipient: anAgreement().managers_channel,
        dueAt: at('2026-11-23T08:00:00Z'),
      },
    ])
    expect(due('2026-11-23T07:59:59Z')).toEqual([])
    expect(due('2026-11-24T08:00:00Z')).toEqual([])
  })

  test('is due at the first working moment of the week where its day is a holiday', () => {
    const closed = { calendar: calendar(['2026-11-23', '2026-11-24']) }
    expect(due('2026-11-23T08:30:00Z', closed)).toEqual([])
    expect(due('2026-11-25T08:00:00Z', closed)).toMatchObject([{ key: 'weekly:2026-W48' }])
    const friday = {
      calendar: calendar(['2026-11-27']),
      bulletins: { weekly: { day: 'fri' as const, at: '16:00' } },
    }
    expect(due('2026-11-23T08:00:00Z', friday)).toMatchObject([{ key: 'weekly:2026-W48' }])
  })

  test('is due after a week in which nobody works', () => {
    const week = ['2026-11-23', '2026-11-24', '2026-11-25', '2026-11-26', '2026-11-27']
    expect(due('2026-11-30T08:00:00Z', { calendar: calendar(week) }).map(({ key }) => key)).toEqual(
      ['weekly:2026-W49', 'weekly:2026-W48'],
    )
  })

  test('is about the week before, also over the turn of a year', () => {
    expect(weeksTold('2026-W48')).toEqual({
      last: { first: '2026-11-16', last: '2026-11-22' },
      before: { first: '2026-11-09', last: '2026-11-15' },
    })
    expect(weeksTold('2027-W01').last).toEqual({ first: '2026-12-28', last: '2027-01-03' })
  })

  test('comes once for each week, whatever is closed', () => {
    fc.assert(
      fc.property(
        aDay,
        fc.uniqueArray(fc.integer({ min: -14, max: 40 }), { maxLength: 20 }),
        (day, offsets) => {
          const start = Temporal.PlainDate.from(day)
          const holidays = offsets.map((days) => start.add({ days }).toString())
          const agreement = anAgreement({ calendar: calendar(holidays) })
          const keys: string[] = []
          for (let hours = 0; hours < 24 * 28; hours += 1) {
            const now = hoursAround(at(`${day}T00:00:00Z`), hours)
            const window = { since: hoursAround(now, -1), now }
            keys.push(...weekliesDue(agreement, window).map(({ key }) => key))
          }
          expect(new Set(keys).size).toBe(keys.length)
        },
      ),
      { numRuns: 5 },
    )
  })
})

describe('a working day', () => {
  test('is every day where all time counts', () => {
    const { calendar } = anAgreement({ calendar: { ...anyDay, holidays: ['2026-11-28'] } })
    expect(isWorkingDay('2026-11-28', calendar)).toBe(true)
  })
})

describe('what is agreed on bulletins', () => {
  test.each(['24:00', '8:30', '08:60', 'noon'])('refuses %j as a time', (time) => {
    expect(() => anAgreement({ bulletins: { digest: { at: time } } })).toThrow('time of day')
  })

  test('is told of as a change, clause by clause', () => {
    const before = anAgreement()
    const after = anAgreement({
      bulletins: { digest: 'never', weekly: { day: 'fri', at: '16:00' } },
    })
    const changes = agreementDiff(before, after)
    expect(changes.map(({ clause }) => clause)).toEqual([
      'bulletins.digest',
      'bulletins.weekly.day',
      'bulletins.weekly.at',
    ])
    const told = changes.map((change) => changeWords(change, 'en'))
    expect(told[0]).toContain('Digest of the morning: never instead of')
    expect(told[2]).toBe('Weekly report at: 16:00 instead of 09:00')
    expect(agreementSchema.parse(writtenAgreement(after)).bulletins).toEqual(after.bulletins)
  })
})

describe('the times to be woken at', () => {
  test('are one for each zone, and one for the week', () => {
    const readers = [
      aMember({ zone: 'Asia/Kolkata' }),
      aMember({ zone: 'Europe/Rome' }),
      aMember({ zone: null }),
    ]
    expect(schedulesOf(anAgreement(), readers)).toEqual([
      { id: 'digest Asia/Kolkata', pattern: '30 8 * * *', timezone: 'Asia/Kolkata' },
      { id: 'digest Europe/Rome', pattern: '30 8 * * *', timezone: 'Europe/Rome' },
      { id: 'weekly', pattern: '0 9 * * 1', timezone: 'Europe/Rome' },
    ])
  })

  test('are none where nothing is told', () => {
    const agreement = anAgreement({ bulletins: { digest: 'never', weekly: 'never' } })
    expect(schedulesOf(agreement, [aMember()])).toEqual([])
  })
})

describe('the remark on a week', () => {
  const agreement = anAgreement({
    promises: {
      sales: [
        { measure: 'clock', clock: 'accept', share: '95%' },
        { measure: 'clock', clock: 'first_attempt', share: '90%' },
      ],
    },
  })
  const figures = (overrides: Partial<Figures> = {}): Figures => {
    const period = periodBetween('2026-11-16', '2026-11-22', 'Europe/Rome')
    if (typeof period === 'string') throw new Error(period)
    const facts = { handoffs: [], paces: [], clocks: [], attempts: [] }
    const report = reportOf(facts, { period, groupBy: null, meaningOf: () => undefined })
    return { ...report.total, handoffs: 20, ...overrides }
  }
  const kept = (kind: 'accept' | 'first-attempt' | 'attempts', met: number, missed: number) => ({
    ...{ kind, met, missed },
    share: met / (met + missed),
  })

  test('is what is furthest below its promise', () => {
    const clocks = [kept('accept', 18, 2), kept('first-attempt', 14, 6)]
    expect(remarkOn(figures({ clocks }), figures(), agreement)).toEqual({
      ...{ what: 'below', clock: 'first-attempt', share: 0.7, promised: 0.9 },
    })
  })

  test('is what fell most where the promises were kept', () => {
    const week = figures({ clocks: [kept('accept', 20, 0), kept('attempts', 6, 4)] })
    const before = figures({ clocks: [kept('attempts', 9, 1)] })
    expect(remarkOn(week, before, agreement)).toMatchObject({ what: 'fell', clock: 'attempts' })
  })

  test('is that many leads came back, then that some were left', () => {
    const returned = {
      returned: 6,
      returnedBy: { reason: [{ id: 'not-ready', count: 4 }], criterion: [], field: [] },
    }
    expect(remarkOn(figures({ ...returned, idle: 2 }), figures(), agreement)).toEqual({
      ...{ what: 'returns', share: 0.3, reason: 'not-ready' },
    })
    expect(remarkOn(figures({ idle: 2 }), figures(), agreement)).toEqual({ what: 'idle', count: 2 })
  })

  test('is that everything was kept, and nothing where nothing was measured', () => {
    const clocks = [kept('accept', 20, 0)]
    expect(remarkOn(figures({ clocks }), figures(), agreement)).toEqual({ what: 'kept' })
    expect(remarkOn(figures(), figures(), agreement)).toBeUndefined()
  })
})
