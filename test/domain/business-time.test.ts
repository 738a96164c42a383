import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  calendarDateIn,
  dueAt,
  momentAt,
  nextWorkingMoment,
  workingMsBetween,
} from '../../src/domain/business-time.ts'
import { type Calendar, calendarSchema } from '../../src/domain/calendar.ts'
import { type Allowance, durationSchema } from '../../src/domain/duration.ts'

const rome = calendar({ holidays: ['2026-12-25', '2026-12-28', '2027-01-01'] })

function calendar(overrides: Record<string, unknown> = {}): Calendar {
  return calendarSchema.parse({
    timezone: 'Europe/Rome',
    hours: { 'mon-fri': ['09:00-13:00', '14:00-18:00'], sat: ['09:00-12:00'] },
    ...overrides,
  })
}

function working(duration: string): Allowance {
  return { clock: 'working', duration: durationSchema.parse(duration) }
}

function wall(duration: string): Allowance {
  return { clock: 'wall', duration: durationSchema.parse(duration) }
}

function due(from: string, allowance: Allowance, within: Calendar = rome): string {
  return dueAt(new Date(from), allowance, within).dueAt.toISOString()
}

function stepsOf(from: string, allowance: Allowance, within: Calendar = rome): string[] {
  return dueAt(new Date(from), allowance, within).steps.map(
    (step) => `${step.kind} ${step.from.toISOString().slice(0, 16)} ${step.workingMs / 60_000}m`,
  )
}

// In these examples Rome is an hour ahead of UTC, and 2026-11-24 is a Tuesday.
describe('hours of working time', () => {
  it('count inside the spans only, and over the lunch break', () => {
    expect(due('2026-11-24T11:00:00Z', working('4h'))).toBe('2026-11-24T16:00:00.000Z')
  })

  it('that end exactly with a span are due at its end', () => {
    expect(due('2026-11-24T08:00:00Z', working('4h'))).toBe('2026-11-24T12:00:00.000Z')
  })

  it('run on from the last span of a week to the next', () => {
    expect(due('2026-11-27T16:30:00Z', working('4h'))).toBe('2026-11-30T08:30:00.000Z')
  })

  it('start with the next span when they are asked for from outside', () => {
    expect(due('2026-11-29T10:00:00Z', working('15m'))).toBe('2026-11-30T08:15:00.000Z')
  })

  it('of no length are due at once inside a span, and at the next start outside', () => {
    expect(due('2026-11-24T09:10:00Z', working('0m'))).toBe('2026-11-24T09:10:00.000Z')
    expect(due('2026-11-24T12:10:00Z', working('0m'))).toBe('2026-11-24T13:00:00.000Z')
    expect(due('2026-11-24T12:00:00Z', working('0m'))).toBe('2026-11-24T13:00:00.000Z')
  })

  it('skip holidays', () => {
    expect(due('2026-12-24T16:30:00Z', working('1h'))).toBe('2026-12-26T08:30:00.000Z')
  })

  it('keep milliseconds', () => {
    expect(due('2026-11-24T11:59:59.999Z', working('1s'))).toBe('2026-11-24T13:00:00.999Z')
  })

  it('of two thousand are still summed', () => {
    const [from, allowed] = [new Date('2026-11-24T11:00:00Z'), working('2000h')]
    const answer = dueAt(from, allowed, rome)
    expect(workingMsBetween(from, answer.dueAt, rome)).toBe(2_000 * 3_600_000)
    expect(answer.steps.length).toBeGreaterThan(500)
  })
})

describe('working days', () => {
  it('keep the time of day, counted as people count them', () => {
    expect(due('2026-11-24T09:30:00Z', working('2d'))).toBe('2026-11-26T09:30:00.000Z')
  })

  it('pass over days without hours and holidays', () => {
    expect(due('2026-11-28T09:30:00Z', working('1d'))).toBe('2026-11-30T09:30:00.000Z')
    expect(due('2026-12-24T09:30:00Z', working('2d'))).toBe('2026-12-29T09:30:00.000Z')
  })

  it('are counted from the next start when they are asked for from outside', () => {
    expect(due('2026-11-24T12:30:00Z', working('1d'))).toBe('2026-11-25T13:00:00.000Z')
    expect(due('2026-11-24T20:00:00Z', working('1d'))).toBe('2026-11-26T08:00:00.000Z')
  })

  it('end with the span before where the due day has none at that time', () => {
    expect(due('2026-11-27T14:30:00Z', working('1d'))).toBe('2026-11-28T11:00:00.000Z')
  })

  it('end with the start of the first span where the due day starts later', () => {
    const late = calendar({ hours: { mon: ['08:00-18:00'], tue: ['10:00-18:00'] } })
    expect(due('2026-11-23T07:30:00Z', working('1d'), late)).toBe('2026-11-24T09:00:00.000Z')
  })

  it('none of them is the next working moment', () => {
    expect(due('2026-11-24T09:30:00Z', working('0d'))).toBe('2026-11-24T09:30:00.000Z')
    expect(due('2026-11-24T12:30:00Z', working('0d'))).toBe('2026-11-24T13:00:00.000Z')
  })

  it('keep the time of day over a clock change, also where every hour is a working hour', () => {
    const always = calendar({ hours: 'always' })
    expect(due('2026-03-28T09:30:00Z', working('1d'), always)).toBe('2026-03-29T08:30:00.000Z')
  })

  it('due at a time that a clock change skips are due when the clock changes', () => {
    const always = calendar({ hours: 'always' })
    expect(due('2026-03-28T01:30:00Z', working('1d'), always)).toBe('2026-03-29T01:00:00.000Z')
  })
})

describe('the wall clock', () => {
  it('is plain addition, in which a day has 24 hours', () => {
    expect(due('2026-03-28T09:30:00Z', wall('1d'))).toBe('2026-03-29T09:30:00.000Z')
    expect(due('2026-11-28T23:00:00Z', wall('24h'))).toBe('2026-11-29T23:00:00.000Z')
  })

  it('is what a calendar without closing hours counts', () => {
    const always = calendar({ hours: 'always', holidays: ['2026-11-24'] })
    expect(due('2026-11-24T02:00:00Z', working('90s'), always)).toBe('2026-11-24T02:01:30.000Z')
    expect(due('2026-03-29T00:00:00Z', working('999999h'), always)).toBe('2140-04-26T15:00:00.000Z')
  })
})

describe('clock changes', () => {
  const nights = calendar({ timezone: 'Europe/Rome', hours: { 'mon-sun': ['01:00-05:00'] } })

  it('an hour that is skipped is not counted', () => {
    expect(due('2026-03-29T00:00:00Z', working('3h'), nights)).toBe('2026-03-29T03:00:00.000Z')
    expect(due('2026-03-29T00:00:00Z', working('4h'), nights)).toBe('2026-03-30T00:00:00.000Z')
  })

  it('an hour that comes twice is counted twice', () => {
    expect(due('2026-10-24T23:00:00Z', working('5h'), nights)).toBe('2026-10-25T04:00:00.000Z')
  })

  it('a span that ends inside the hour that comes twice is there twice', () => {
    const early = calendar({ hours: { 'mon-sun': ['01:00-02:30'] } })
    expect(due('2026-10-24T23:00:00Z', working('2h'), early)).toBe('2026-10-25T01:30:00.000Z')
  })

  it('a date that a zone left out is no working day', () => {
    const apia = calendar({ timezone: 'Pacific/Apia', hours: { 'mon-sun': ['09:00-18:00'] } })
    expect(due('2011-12-29T20:00:00Z', working('1d'), apia)).toBe('2011-12-30T20:00:00.000Z')
  })

  it('a day that starts at one in the morning keeps its hours', () => {
    const cairo = calendar({ timezone: 'Africa/Cairo', hours: { 'mon-sun': ['00:00-24:00'] } })
    expect(
      workingMsBetween(new Date('2026-04-23T12:00Z'), new Date('2026-04-24T12:00Z'), cairo),
    ).toBe(24 * 3_600_000)
  })
})

describe('the steps of the sum', () => {
  it('name the spans that count and the break between them', () => {
    expect(stepsOf('2026-11-24T11:00:00Z', working('4h'))).toEqual([
      'start 2026-11-24T11:00 0m',
      'span 2026-11-24T11:00 60m',
      'break 2026-11-24T12:00 0m',
      'span 2026-11-24T13:00 180m',
      'due 2026-11-24T16:00 0m',
    ])
  })

  it('name nights, the days without hours, and holidays', () => {
    const noSaturday = calendar({
      hours: { 'mon-wed': ['09:00-18:00'], fri: ['09:00-18:00'] },
      holidays: ['2026-11-30'],
    })
    expect(stepsOf('2026-11-24T05:00:00Z', working('31h'), noSaturday)).toEqual([
      'start 2026-11-24T05:00 0m',
      'night 2026-11-24T05:00 0m',
      'span 2026-11-24T08:00 540m',
      'night 2026-11-24T17:00 0m',
      'span 2026-11-25T08:00 540m',
      'day-off 2026-11-25T17:00 0m',
      'span 2026-11-27T08:00 540m',
      'weekend 2026-11-27T17:00 0m',
      'holiday 2026-11-29T23:00 0m',
      'span 2026-12-01T08:00 240m',
      'due 2026-12-01T12:00 0m',
    ])
  })

  it('mark each working day that is full', () => {
    expect(stepsOf('2026-11-27T09:00:00Z', working('2d'))).toEqual([
      'start 2026-11-27T09:00 0m',
      'span 2026-11-27T09:00 180m',
      'break 2026-11-27T12:00 0m',
      'span 2026-11-27T13:00 240m',
      'night 2026-11-27T17:00 0m',
      'span 2026-11-28T08:00 60m',
      'day 2026-11-28T09:00 0m',
      'span 2026-11-28T09:00 120m',
      'weekend 2026-11-28T11:00 0m',
      'span 2026-11-30T08:00 60m',
      'day 2026-11-30T09:00 0m',
      'due 2026-11-30T09:00 0m',
    ])
  })

  it('join spans that touch at midnight', () => {
    const late = calendar({ hours: { 'mon-sun': ['00:00-06:00', '20:00-24:00'] } })
    expect(stepsOf('2026-11-24T19:00:00Z', working('6h'), late)).toEqual([
      'start 2026-11-24T19:00 0m',
      'span 2026-11-24T19:00 360m',
      'due 2026-11-25T01:00 0m',
    ])
  })

  it('on the wall clock are one', () => {
    expect(stepsOf('2026-11-24T19:00:00Z', wall('1h'))).toEqual([
      'start 2026-11-24T19:00 0m',
      'wall 2026-11-24T19:00 60m',
      'due 2026-11-24T20:00 0m',
    ])
  })
})

describe('a moment inside the time allowed', () => {
  const moment = (from: string, allowance: Allowance, fraction: number): string =>
    momentAt(new Date(from), allowance, rome, fraction).toISOString()

  it('is a fraction of the working time', () => {
    expect(moment('2026-11-24T11:00:00Z', working('4h'), 0.5)).toBe('2026-11-24T14:00:00.000Z')
    expect(moment('2026-11-24T11:00:00Z', working('4h'), 1)).toBe('2026-11-24T16:00:00.000Z')
    expect(moment('2026-11-24T11:00:00Z', working('4h'), 1.5)).toBe('2026-11-25T09:00:00.000Z')
  })

  it('is a fraction of the wall time on the wall clock', () => {
    expect(moment('2026-11-24T11:00:00Z', wall('1d'), 0.5)).toBe('2026-11-24T23:00:00.000Z')
  })

  it('is a fraction of the working time between the ends of working days', () => {
    expect(moment('2026-11-24T09:30:00Z', working('1d'), 0.5)).toBe('2026-11-24T14:30:00.000Z')
    expect(moment('2026-11-24T09:30:00Z', working('1d'), 1)).toBe('2026-11-25T09:30:00.000Z')
    expect(moment('2026-11-24T09:30:00Z', working('1d'), 1.5)).toBe('2026-11-25T14:30:00.000Z')
  })
})

describe('the next working moment', () => {
  it('is the same moment inside a span and the next start outside', () => {
    const next = (from: string): string => nextWorkingMoment(new Date(from), rome).toISOString()
    expect(next('2026-11-24T08:00:00Z')).toBe('2026-11-24T08:00:00.000Z')
    expect(next('2026-11-24T12:00:00Z')).toBe('2026-11-24T13:00:00.000Z')
    expect(next('2026-12-25T10:00:00Z')).toBe('2026-12-26T08:00:00.000Z')
  })
})

describe('the date in a zone', () => {
  it('is the local one', () => {
    expect(calendarDateIn(new Date('2026-11-24T23:30:00Z'), 'Europe/Rome')).toBe('2026-11-25')
    expect(calendarDateIn(new Date('2026-11-24T23:30:00Z'), 'UTC')).toBe('2026-11-24')
    expect(calendarDateIn(new Date('1969-12-31T23:30:00Z'), 'America/New_York')).toBe('1969-12-31')
  })
})

describe('what has no answer is refused', () => {
  const mondays = calendar({
    hours: { mon: ['09:00-10:00'] },
    holidays: Array.from({ length: 300 }, (_, week) =>
      new Date(Date.UTC(2026, 10, 23 + week * 7)).toISOString().slice(0, 10),
    ),
  })
  const from = new Date('2026-11-20T10:00:00Z')

  it('a calendar that holidays leave nothing of for five years', () => {
    expect(() => dueAt(from, working('1h'), mondays)).toThrow(/no working time in the five years/)
    expect(() => dueAt(from, working('1d'), mondays)).toThrow(RangeError)
    expect(() => nextWorkingMoment(from, mondays)).toThrow(RangeError)
    expect(workingMsBetween(from, new Date('2027-11-20T10:00:00Z'), mondays)).toBe(0)
  })

  it('an allowance that ends more than a hundred years away', () => {
    const hourAWeek = calendar({ hours: { mon: ['09:00-10:00'] } })
    expect(() => dueAt(from, working('999999h'), hourAWeek)).toThrow(/hundred years/)
  })

  it('a date that is none', () => {
    expect(() => dueAt(new Date(Number.NaN), working('1h'), rome)).toThrow(RangeError)
  })
})

/**
 * The slow oracle: it looks at every minute on its own, through Intl instead of Temporal, and
 * knows nothing of days beyond the date that each minute reads on the wall.
 */
const quarterMs = 15 * 60_000
const minuteMs = 60_000

type WallMinute = { date: string; minute: number }
const formats = new Map<string, Intl.DateTimeFormat>()
const quarters = new Map<string, WallMinute>()

function wallMinute(timezone: string, at: number): WallMinute {
  const quarter = Math.floor(at / quarterMs) * quarterMs
  const key = `${timezone} ${quarter}`
  const known = quarters.get(key) ?? readClock(timezone, quarter)
  quarters.set(key, known)
  return { date: known.date, minute: known.minute + Math.floor((at - quarter) / minuteMs) }
}

function readClock(timezone: string, at: number): WallMinute {
  const format =
    formats.get(timezone) ??
    new Intl.DateTimeFormat('sv-SE', {
      timeZone: timezone,
      dateStyle: 'short',
      timeStyle: 'short',
    })
  formats.set(timezone, format)
  const [date = '', time = ''] = format.format(at).split(' ')
  return { date, minute: Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5)) }
}

function isWorking(within: Calendar, { date, minute }: WallMinute): boolean {
  if (within.holidays.includes(date)) return false
  const weekday = (new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7
  return (within.spans[weekday] ?? []).some(
    (span) => minute >= span.fromMinute && minute < span.toMinute,
  )
}

function oracleMinutes(from: number, minutes: number, within: Calendar): number {
  let left = minutes
  for (let at = from; ; at += minuteMs) {
    if (!isWorking(within, wallMinute(within.timezone, at))) continue
    if (left === 0) return at
    left -= 1
    if (left === 0) return at + minuteMs
  }
}

function oracleDays(from: number, days: number, within: Calendar): number {
  const start = oracleMinutes(from, 0, within)
  const { date: startDate, minute: timeOfDay } = wallMinute(within.timezone, start)
  const seen = new Set([startDate])
  const dueDay: { at: number; minute: number }[] = []
  for (let at = start; seen.size <= days + 1; at += minuteMs) {
    const { date, minute } = wallMinute(within.timezone, at)
    if (!isWorking(within, { date, minute })) continue
    seen.add(date)
    if (seen.size === days + 1) dueDay.push({ at, minute })
  }
  const same = dueDay.find(({ minute }) => minute === timeOfDay)
  const before = dueDay.filter(({ minute }) => minute < timeOfDay).at(-1)
  return same?.at ?? (before === undefined ? undefined : before.at + minuteMs) ?? dueDay[0]?.at ?? 0
}

// Moments within days of a clock change, and one far from any, for each zone.
const places: [timezone: string, ...near: string[]][] = [
  ['America/New_York', '2026-03-08', '2026-11-01', '2026-07-01'],
  ['Europe/London', '2026-03-29', '2026-10-25', '2027-01-01'],
  ['Europe/Rome', '2026-03-29', '2026-10-25', '2026-12-24'],
  ['Asia/Kolkata', '2026-05-05'],
  ['Australia/Lord_Howe', '2026-04-05', '2026-10-04', '2026-06-01'],
  ['Pacific/Apia', '2011-12-30', '2026-11-23'],
]

const anyPlace = fc.constantFrom(
  ...places.flatMap(([timezone, ...dates]) => dates.map((near) => ({ timezone, near }))),
)

const time = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`

/** One to three spans a day, often at night, where clocks change. */
const anyDay = fc
  .oneof(
    fc
      .uniqueArray(fc.integer({ min: 0, max: 96 }), { minLength: 1, maxLength: 3 })
      .map((quarter) => quarter.map((q) => q * 15)),
    fc.uniqueArray(fc.integer({ min: 0, max: 300 }), { minLength: 1, maxLength: 3 }),
  )
  .chain((starts) =>
    fc.tuple(
      fc.constant(starts),
      fc.uniqueArray(fc.integer({ min: 301, max: 1_440 }), { minLength: 3, maxLength: 3 }),
    ),
  )
  .map(([starts, ends]) => {
    const edges = [...new Set([...starts, ...ends])].sort((a, b) => a - b)
    const spans: string[] = []
    for (let index = 0; index + 1 < edges.length; index += 2) {
      spans.push(`${time(edges[index] ?? 0)}-${time(edges[index + 1] ?? 1_440)}`)
    }
    return spans
  })

const anyCase = anyPlace.chain(({ timezone, near }) => {
  const middle = Date.parse(near)
  const dayNear = fc
    .integer({ min: -4, max: 8 })
    .map((days) => new Date(middle + days * 86_400_000).toISOString().slice(0, 10))
  return fc.record({
    calendar: fc
      .record({
        timezone: fc.constant(timezone),
        hours: fc.record(
          { 'mon-wed': anyDay, thu: anyDay, fri: anyDay, sat: anyDay, sun: anyDay },
          { requiredKeys: ['mon-wed', 'sun'] },
        ),
        holidays: fc.array(dayNear, { maxLength: 3 }),
      })
      .map((input) => calendarSchema.parse(input)),
    minutesAway: fc.integer({ min: -3 * 1_440, max: 2 * 1_440 }),
    near: fc.constant(middle),
  })
})

const instantOf = ({ near, minutesAway }: { near: number; minutesAway: number }): number =>
  near + minutesAway * minuteMs

const exact = (ms: number): Allowance => ({ clock: 'working', duration: { unit: 'exact', ms } })
const inDays = (days: number): Allowance => ({ clock: 'working', duration: { unit: 'days', days } })
const anyMs = fc.integer({ min: 1, max: 60 * 3_600_000 })
const anyAllowance = fc.oneof(
  anyMs.map(exact),
  fc.integer({ min: 0, max: 8 }).map(inDays),
  anyMs.map((ms): Allowance => ({ clock: 'wall', duration: { unit: 'exact', ms } })),
)

/** How many random deadlines are counted minute by minute; a long run asks for more of them. */
const oracleCases = Number(process.env.ORACLE_CASES ?? 600)
const oracleTimeout = 20_000 + oracleCases * 30
const againstTheOracle = { numRuns: Math.ceil(oracleCases / 2) }

describe('for any calendar and moment', () => {
  it(
    'working hours are what a count of every minute gives',
    () => {
      fc.assert(
        fc.property(anyCase, fc.integer({ min: 0, max: 2_400 }), (given, minutes) => {
          const from = instantOf(given)
          const answer = dueAt(new Date(from), exact(minutes * minuteMs), given.calendar).dueAt
          expect(answer.toISOString()).toBe(
            new Date(oracleMinutes(from, minutes, given.calendar)).toISOString(),
          )
        }),
        againstTheOracle,
      )
    },
    oracleTimeout,
  )

  it(
    'working days are what a count of every minute gives',
    () => {
      fc.assert(
        fc.property(anyCase, fc.integer({ min: 1, max: 6 }), (given, days) => {
          const from = instantOf(given)
          const answer = dueAt(new Date(from), inDays(days), given.calendar).dueAt
          expect(answer.toISOString()).toBe(
            new Date(oracleDays(from, days, given.calendar)).toISOString(),
          )
        }),
        againstTheOracle,
      )
    },
    oracleTimeout,
  )

  it('two allowances in a row are their sum', () => {
    fc.assert(
      fc.property(anyCase, anyMs, anyMs, (given, first, second) => {
        const from = new Date(instantOf(given))
        const add = (start: Date, ms: number): Date => dueAt(start, exact(ms), given.calendar).dueAt
        expect(add(add(from, first), second)).toEqual(add(from, first + second))
      }),
    )
  })

  it('a later start or a longer allowance is never due earlier', () => {
    fc.assert(
      fc.property(anyCase, anyAllowance, anyMs, (given, allowance, ms) => {
        const from = instantOf(given)
        const at = (start: number): number =>
          dueAt(new Date(start), allowance, given.calendar).dueAt.getTime()
        expect(at(from + ms)).toBeGreaterThanOrEqual(at(from))
        expect(at(from)).toBeGreaterThanOrEqual(from)
      }),
    )
  })

  it('exactly the allowed time lies between the start and the deadline: it is never early', () => {
    fc.assert(
      fc.property(anyCase, anyMs, (given, ms) => {
        const from = new Date(instantOf(given))
        const { dueAt: end } = dueAt(from, exact(ms), given.calendar)
        expect(workingMsBetween(from, end, given.calendar)).toBe(ms)
        const before = new Date(end.getTime() - 1)
        expect(workingMsBetween(from, before, given.calendar)).toBe(ms - 1)
      }),
    )
  })

  it('the steps follow each other without a hole and sum up to the working time', () => {
    fc.assert(
      fc.property(anyCase, anyAllowance, (given, allowance) => {
        const from = new Date(instantOf(given))
        const { dueAt: end, steps } = dueAt(from, allowance, given.calendar)
        expect(steps[0]).toMatchObject({ kind: 'start', from })
        expect(steps.at(-1)).toMatchObject({ kind: 'due', to: end })
        for (const [index, step] of steps.entries()) {
          if (index > 0) expect(step.from).toEqual(steps[index - 1]?.to)
          if (!['start', 'day', 'due'].includes(step.kind)) {
            expect(step.to.getTime()).toBeGreaterThan(step.from.getTime())
          }
        }
        const counted = steps.reduce((sum, step) => sum + step.workingMs, 0)
        expect(counted).toBe(
          allowance.clock === 'wall'
            ? end.getTime() - from.getTime()
            : workingMsBetween(from, end, given.calendar),
        )
      }),
    )
  })

  it('moments come in the order of their fractions, the whole being the deadline', () => {
    fc.assert(
      fc.property(anyCase, anyAllowance, (given, allowance) => {
        const from = new Date(instantOf(given))
        const [half, most, whole, late] = [0.5, 0.8, 1, 1.5].map((fraction) =>
          momentAt(from, allowance, given.calendar, fraction).getTime(),
        )
        expect(whole).toBe(dueAt(from, allowance, given.calendar).dueAt.getTime())
        expect([half, most, whole, late]).toEqual(
          [half ?? 0, most ?? 0, whole ?? 0, late ?? 0].sort((a, b) => a - b),
        )
      }),
    )
  })
})
