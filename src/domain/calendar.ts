import { Temporal } from 'temporal-polyfill'
import { z } from 'zod'

/** Hours inside one local day, in minutes since midnight; the end (up to 1,440) is not inside. */
export type Span = { fromMinute: number; toMinute: number }

/**
 * When working time counts. Plain data (safe to keep as JSON), ready for business-time.ts:
 * `spans` has seven lists, Monday first, each in order of time; `holidays` are ISO dates in order.
 * With `always`, working time is wall time: no spans, no holidays.
 */
export type Calendar = {
  timezone: string
  always: boolean
  spans: Span[][]
  holidays: string[]
}

const weekdays: readonly string[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']

const expected = {
  timezone: 'expects a time zone such as Europe/Rome',
  hours: 'expects always, or days with their hours such as mon-fri: ["09:00-18:00"]',
  day: 'expects a day such as mon, or a range such as mon-fri',
  spans: 'expects a list of hours such as ["09:00-13:00", "14:00-18:00"]',
  span: 'expects hours such as "09:00-18:00", ending at "24:00" at the latest',
  order: 'expects an end after the start (hours over midnight are written as two days)',
  none: 'expects hours on at least one day',
  holidays: 'expects a list of dates such as ["2026-12-25"]',
  holiday: 'expects a date such as 2026-12-25',
} as const

const timezoneSchema = z
  .string(expected.timezone)
  .max(64, expected.timezone)
  .transform((name, context) => {
    const id = timezoneId(name)
    if (id !== undefined) return id
    context.addIssue({ code: 'custom', message: expected.timezone })
    return z.NEVER
  })

/** The zone's name in its own spelling; undefined for what is no named zone (an offset is none). */
function timezoneId(name: string): string | undefined {
  if (!/^[A-Za-z]/.test(name)) return undefined
  try {
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name).timeZoneId
  } catch {
    return undefined
  }
}

const spanSchema = z
  .string(expected.span)
  .regex(/^([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00)$/, expected.span)
  .transform(
    (text): Span => ({ fromMinute: minuteOf(text.slice(0, 5)), toMinute: minuteOf(text.slice(6)) }),
  )
  .refine((span) => span.fromMinute < span.toMinute, { error: expected.order })

function minuteOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3))
}

const dayHoursSchema = z.record(
  z.string(),
  z.array(spanSchema, expected.spans).max(48, 'expects at most 48 spans a day'),
  expected.hours,
)

type Hours = { always: boolean; spans: Span[][] }

/** Tells `always` from days by hand, so that a fault inside the days keeps its own path. */
const hoursSchema = z
  .custom<unknown>((value) => value !== undefined, expected.hours)
  .transform((value, context): Hours => {
    if (value === 'always') return { always: true, spans: weekdays.map(() => []) }
    const days = dayHoursSchema.safeParse(value)
    const faults = days.success ? [] : days.error.issues
    for (const { path, message } of faults) context.addIssue({ code: 'custom', path, message })
    if (!days.success) return z.NEVER

    const week = spansByWeekday(days.data)
    for (const { path, message } of week.faults) {
      context.addIssue({ code: 'custom', path, message })
    }
    return { always: false, spans: week.spans }
  })

type Fault = { path: (string | number)[]; message: string }

/** Lays the days out over the week; what can't be laid out becomes a fault at its own place. */
function spansByWeekday(hours: Record<string, Span[]>): { spans: Span[][]; faults: Fault[] } {
  const spans: Span[][] = weekdays.map(() => [])
  const faults: Fault[] = []
  for (const [spec, daySpans] of Object.entries(hours)) {
    const days = daysOf(spec)
    if (days === undefined) faults.push({ path: [spec], message: expected.day })
    for (const [index, span] of daySpans.entries()) {
      const clash = (days ?? []).find((day) => spans[day]?.some((other) => overlap(span, other)))
      if (clash !== undefined) {
        const message = `expects hours that do not overlap others on ${weekdays[clash]}`
        faults.push({ path: [spec, index], message })
      }
      for (const day of days ?? []) spans[day]?.push(span)
    }
  }
  for (const list of spans) list.sort((a, b) => a.fromMinute - b.fromMinute)
  const none = faults.length === 0 && spans.every((list) => list.length === 0)
  return { spans, faults: none ? [{ path: [], message: expected.none }] : faults }
}

function overlap(a: Span, b: Span): boolean {
  return a.fromMinute < b.toMinute && b.fromMinute < a.toMinute
}

/** `mon` or `mon-fri` (may wrap, as `sat-mon`) to places in the week; undefined if it is neither. */
function daysOf(spec: string): number[] | undefined {
  const [first, last, ...rest] = spec.split('-').map((day) => weekdayIndex(day))
  if (first === undefined || first < 0 || rest.length > 0) return undefined
  if (last === undefined) return [first]
  if (last < 0) return undefined
  const length = ((last - first + 7) % 7) + 1
  return Array.from({ length }, (_, offset) => (first + offset) % 7)
}

function weekdayIndex(day: string): number {
  return weekdays.indexOf(day)
}

const holidaysSchema = z
  .array(z.iso.date(expected.holiday), expected.holidays)
  .max(2_000, 'expects at most 2,000 dates')
  .default([])
  .transform((dates) => [...new Set(dates)].sort())

/** A calendar as the agreement file writes it: `timezone`, `hours`, `holidays`. */
export const calendarSchema = z
  .strictObject(
    { timezone: timezoneSchema, hours: hoursSchema, holidays: holidaysSchema },
    {
      error: (issue) => (issue.code === 'invalid_type' ? 'expects timezone and hours' : undefined),
    },
  )
  .transform(
    ({ timezone, hours, holidays }): Calendar => ({
      timezone,
      always: hours.always,
      spans: hours.spans,
      holidays,
    }),
  )
