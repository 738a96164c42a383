import fc from 'fast-check'
import { type Calendar, calendarSchema } from '../../src/domain/calendar.ts'
import type { Allowance } from '../../src/domain/duration.ts'

/** Random material for properties: calendars as teams keep them, near clock changes and holidays. */

const calendar = (timezone: string, hours: unknown, holidays: string[] = []): Calendar =>
  calendarSchema.parse({ timezone, hours, holidays })

export const calendars = {
  /** A lunch break, and two holidays in the first week. */
  rome: calendar('Europe/Rome', { 'mon-fri': ['09:00-13:00', '14:00-18:00'] }, [
    '2026-10-22',
    '2026-11-02',
  ]),
  /** Evenings, and a short Saturday. */
  newYork: calendar('America/New_York', { 'mon-thu': ['12:00-20:00'], sat: ['09:00-11:30'] }),
  /** Nights over midnight, through the half hour by which clocks change here. */
  lordHowe: calendar('Australia/Lord_Howe', { 'mon-sun': ['00:00-05:00', '22:00-24:00'] }),
  /** Hours that differ from day to day. */
  kolkata: calendar('Asia/Kolkata', {
    mon: ['08:00-10:00'],
    tue: ['10:00-19:00'],
    fri: ['13:00-14:00'],
  }),
  always: calendar('Europe/London', 'always'),
} as const

export const anyCalendar = fc.constantFrom(...Object.values(calendars))

/** A moment in the four weeks in which clocks change in most of the calendars above. */
export const anyMoment = fc
  .integer({ min: 0, max: 28 * 24 * 60 })
  .map((minutes) => new Date(Date.UTC(2026, 9, 12) + minutes * 60_000))

const exactly = fc
  .integer({ min: 1, max: 40 * 360 })
  .map((tens): Allowance['duration'] => ({ unit: 'exact', ms: tens * 10_000 }))
const inDays = fc
  .integer({ min: 1, max: 6 })
  .map((days): Allowance['duration'] => ({ unit: 'days', days }))

export const anyAllowance: fc.Arbitrary<Allowance> = fc.record({
  clock: fc.constantFrom('working', 'wall'),
  duration: fc.oneof(exactly, inDays),
})
