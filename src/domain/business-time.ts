import { Temporal } from 'temporal-polyfill'
import type { Calendar } from './calendar.ts'
import type { Allowance } from './duration.ts'

/**
 * Sums over working time. Temporal says where each local day begins and where its clock changes;
 * between two changes a local clock runs evenly, so the rest is plain milliseconds.
 */

/**
 * One step of the sum behind a deadline. Steps follow each other without a hole from the start to
 * the deadline; only `span` and `wall` steps count (`workingMs`), the others say why they do not.
 * - `start`, `due`: the two ends (no length); `day`: one more working day is full (no length)
 * - `span`: inside the calendar's hours; `wall`: the wall clock
 * - `break`: between two spans of a day; `night`: outside the hours of working days
 * - `weekend`: Saturdays and Sundays without hours; `day-off`: other days without hours;
 *   `holiday`: days that would have hours
 */
export type DueStep = {
  kind:
    | 'start'
    | 'span'
    | 'wall'
    | 'break'
    | 'night'
    | 'weekend'
    | 'day-off'
    | 'holiday'
    | 'day'
    | 'due'
  from: Date
  to: Date
  workingMs: number
}

const minuteMs = 60_000
const dayMs = 86_400_000
const idleDaysAtMost = 5 * 366
const daysAtMost = 100 * 366
// Far from the last moment that a Date can name, so that a sum never runs into it.
const instantsUpTo = 8e15

/**
 * When an allowance that starts at `from` is used up, and the steps that explain it.
 * Refuses (RangeError) a calendar without working time for five years, and what ends more than a
 * hundred years of working days away.
 */
export function dueAt(
  from: Date,
  allowance: Allowance,
  calendar: Calendar,
): { dueAt: Date; steps: DueStep[] } {
  const start = instantOf(from)
  const { due, kind, days } = sumOf(start, allowance, calendar)
  const steps = [step('start', start, start)]
  if (kind === 'wall') {
    if (due > start) steps.push(step('wall', start, due, due - start))
  } else {
    let at = start
    for (const mark of days) {
      steps.push(...stepsBetween(at, mark, calendar), step('day', mark, mark))
      at = mark
    }
    steps.push(...stepsBetween(at, due, calendar))
  }
  steps.push(step('due', due, due))
  return { dueAt: dateOf(due), steps }
}

/**
 * When the given fraction (0.5, 1, 1.5 …) of the allowed time has passed; 1 is the deadline itself.
 * Working days are measured by the working time between the start and the deadline. Past the
 * deadline time goes on in the same way. Refuses what `dueAt` refuses.
 */
export function momentAt(
  from: Date,
  allowance: Allowance,
  calendar: Calendar,
  fraction: number,
): Date {
  const { clock, duration } = allowance
  const start = instantOf(from)
  if (clock === 'working' && duration.unit === 'days') {
    const { due } = sumOf(start, allowance, calendar)
    const allowed = workingBetween(start, due, calendar)
    if (fraction === 1) return dateOf(due)
    if (fraction > 1) return dateOf(advance(due, Math.round(allowed * (fraction - 1)), calendar))
    return dateOf(Math.min(due, advance(start, Math.round(allowed * fraction), calendar)))
  }
  const ms = Math.round(exactMs(allowance) * fraction)
  return dateOf(clock === 'wall' ? start + ms : advance(start, ms, calendar))
}

/** Working time between two moments, in milliseconds; 0 where `to` is not after `from`. */
export function workingMsBetween(from: Date, to: Date, calendar: Calendar): number {
  return workingBetween(instantOf(from), instantOf(to), calendar)
}

/** `from` itself inside a span (its end is outside), else the start of the next one. */
export function nextWorkingMoment(from: Date, calendar: Calendar): Date {
  return dateOf(advance(instantOf(from), 0, calendar))
}

/** The date (YYYY-MM-DD) that it is in a zone at a moment. */
export function calendarDateIn(at: Date, timezone: string): string {
  return plainDate(dayAt(timezone, instantOf(at))).toString()
}

/** When a date (YYYY-MM-DD) begins in a zone. */
export function startOfDay(date: string, timezone: string): Date {
  const day = Temporal.PlainDate.from(date)
  return new Date(day.toZonedDateTime(timezone).epochMilliseconds)
}

type Sum = { due: number; kind: 'working' | 'wall'; days: number[] }

function sumOf(start: number, allowance: Allowance, calendar: Calendar): Sum {
  const { clock, duration } = allowance
  if (clock === 'wall') return { due: start + exactMs(allowance), kind: 'wall', days: [] }
  const kind = calendar.always ? 'wall' : 'working'
  if (duration.unit === 'exact') {
    return { due: advance(start, duration.ms, calendar), kind, days: [] }
  }
  const days = dayMarks(start, duration.days, calendar)
  return { due: days.at(-1) ?? advance(start, 0, calendar), kind, days }
}

/** The length of an allowance on the wall clock: there a day is 24 hours. */
function exactMs({ duration }: Allowance): number {
  return duration.unit === 'exact' ? duration.ms : duration.days * dayMs
}

/** The moment at which `ms` of working time have passed since `from`. */
function advance(from: number, ms: number, calendar: Calendar): number {
  if (calendar.always) return from + ms
  let left = ms
  for (const { start, end } of stretchesFrom(from, calendar)) {
    if (left <= end - start) return start + left
    left -= end - start
  }
  throw tooFar(from)
}

function workingBetween(from: number, to: number, calendar: Calendar): number {
  if (to <= from) return 0
  if (calendar.always) return to - from
  let total = 0
  for (let day = dayAt(calendar.timezone, from); dayStart(calendar.timezone, day) < to; day += 1) {
    for (const { start, end } of stretchesOf(calendar, day)) {
      total += Math.max(0, Math.min(end, to) - Math.max(start, from))
    }
  }
  return total
}

/** The moments at which the first, second … working day after the start is full. */
function dayMarks(from: number, count: number, calendar: Calendar): number[] {
  if (count === 0) return []
  const [first] = stretchesFrom(from, calendar)
  if (first === undefined) throw tooFar(from)
  const { timezone } = calendar
  const marks: number[] = []
  const startDay = dayAt(timezone, first.start)
  let lastWorked = startDay
  for (let day = startDay + 1; day - startDay <= daysAtMost; day += 1) {
    const stretches = stretchesOf(calendar, day)
    if (stretches.length > 0) {
      marks.push(sameTimeOn(stretches, first.localStart))
      if (marks.length === count) return marks
      lastWorked = day
    }
    if (day - lastWorked > idleDaysAtMost) throw noWorkingTime(dayStart(timezone, lastWorked))
  }
  throw tooFar(from)
}

/**
 * The time of day on a day with these hours; where it is outside them, the end of the hours
 * before it, or the start of the day's first. A time that comes twice is meant the first time.
 */
function sameTimeOn(stretches: Stretch[], timeOfDay: number): number {
  let before: number | undefined
  for (const { start, end, localStart } of stretches) {
    const sinceStart = timeOfDay - localStart
    if (sinceStart >= 0 && sinceStart < end - start) return start + sinceStart
    if (sinceStart >= end - start) before = end
  }
  return before ?? stretches[0]?.start ?? 0
}

/** The steps from one moment to another, of which the later is inside the hours or at their edge. */
function stepsBetween(from: number, to: number, calendar: Calendar): DueStep[] {
  const steps: DueStep[] = []
  let at = from
  for (const stretch of to > from ? stretchesFrom(from, calendar) : []) {
    const start = Math.min(stretch.start, to)
    if (start > at) steps.push(...idleSteps(at, start, calendar))
    const end = Math.min(stretch.end, to)
    if (end > start) pushSpan(steps, start, end)
    at = Math.max(start, end)
    if (at >= to) break
  }
  return steps
}

/** Adds a span, or lengthens the one before where they touch (at midnight, at a clock change). */
function pushSpan(steps: DueStep[], from: number, to: number): void {
  const previous = steps.at(-1)
  if (previous?.kind === 'span' && previous.to.getTime() === from) {
    const start = previous.from.getTime()
    steps[steps.length - 1] = step('span', start, to, to - start)
  } else {
    steps.push(step('span', from, to, to - from))
  }
}

/** Why the time between two spans does not count; whole days off take in the nights around them. */
function idleSteps(from: number, to: number, calendar: Calendar): DueStep[] {
  const { timezone } = calendar
  const firstDay = dayAt(timezone, from)
  const lastDay = dayAt(timezone, to)
  const runs: { kind: DueStep['kind']; from: number }[] = []
  for (let day = firstDay; day < lastDay; day += 1) {
    const kind = dayOffKind(calendar, day)
    if (kind === undefined || kind === runs.at(-1)?.kind) continue
    runs.push({ kind, from: runs.length === 0 ? from : dayStart(timezone, day) })
  }
  if (runs.length === 0) {
    const worked = stretchesOf(calendar, lastDay).some(({ end }) => end <= from)
    runs.push({ kind: firstDay === lastDay && worked ? 'break' : 'night', from })
  }
  return runs.map((run, index) => step(run.kind, run.from, runs[index + 1]?.from ?? to))
}

function dayOffKind(calendar: Calendar, day: number): DueStep['kind'] | undefined {
  // A date that the zone skipped altogether has no length and is no day off.
  if (dayStart(calendar.timezone, day) === dayStart(calendar.timezone, day + 1)) return undefined
  if (stretchesOf(calendar, day).length > 0) return undefined
  const weekday = weekdayOf(day)
  if ((calendar.spans[weekday] ?? []).length > 0) return 'holiday'
  return weekday >= 5 ? 'weekend' : 'day-off'
}

function step(kind: DueStep['kind'], from: number, to: number, workingMs = 0): DueStep {
  return { kind, from: dateOf(from), to: dateOf(to), workingMs }
}

/** A stretch of real time (epoch milliseconds), and the time of day at which it starts. */
type Stretch = { start: number; end: number; localStart: number }

/** The working stretches after a moment, in order; refuses where there are none for five years. */
function* stretchesFrom(from: number, calendar: Calendar): Generator<Stretch, undefined> {
  const firstDay = dayAt(calendar.timezone, from)
  let lastWorked = firstDay
  for (let day = firstDay; day - firstDay <= daysAtMost; day += 1) {
    for (const stretch of stretchesOf(calendar, day)) {
      lastWorked = day
      if (stretch.end > from) yield startingAt(stretch, from)
    }
    if (day - lastWorked > idleDaysAtMost) {
      throw noWorkingTime(dayStart(calendar.timezone, lastWorked))
    }
  }
}

function startingAt(stretch: Stretch, from: number): Stretch {
  const { start, end, localStart } = stretch
  return start >= from ? stretch : { start: from, end, localStart: localStart + (from - start) }
}

/** The working stretches of one local day: its spans, cut where its clock changes. */
function stretchesOf(calendar: Calendar, day: number): Stretch[] {
  if (calendar.always) return evenStretches(calendar.timezone, day)
  const spans = calendar.spans[weekdayOf(day)]
  if (spans === undefined || spans.length === 0 || holidaysOf(calendar).has(day)) return []
  const worked: Stretch[] = []
  for (const { start, end, localStart } of evenStretches(calendar.timezone, day)) {
    for (const span of spans) {
      const from = Math.max(span.fromMinute * minuteMs, localStart)
      const to = Math.min(span.toMinute * minuteMs, localStart + (end - start))
      if (from < to) {
        const offset = start - localStart
        worked.push({ start: offset + from, end: offset + to, localStart: from })
      }
    }
  }
  return worked
}

/** Days are counted from 1970-01-01, a Thursday; Monday is 0. */
function weekdayOf(day: number): number {
  return (((day + 3) % 7) + 7) % 7
}

const holidaySets = new WeakMap<Calendar, Set<number>>()

function holidaysOf(calendar: Calendar): Set<number> {
  const known = holidaySets.get(calendar)
  if (known !== undefined) return known
  const days = new Set(calendar.holidays.map((date) => Date.parse(date) / dayMs))
  holidaySets.set(calendar, days)
  return days
}

/**
 * What Temporal said about the days of a zone. Kept, because asking it is by far the dearest part
 * of a sum; bounded, because dates come from outside.
 */
type ZoneDays = { starts: Map<number, number>; uneven: Map<number, Stretch[]> }
const zones = new Map<string, ZoneDays>()
const daysKeptPerZone = 10_000

function zoneDays(timezone: string): ZoneDays {
  const known = zones.get(timezone)
  if (known !== undefined && known.starts.size < daysKeptPerZone) return known
  const fresh: ZoneDays = { starts: new Map(), uneven: new Map() }
  zones.set(timezone, fresh)
  return fresh
}

/** The instant at which a local day begins. */
function dayStart(timezone: string, day: number): number {
  const { starts } = zoneDays(timezone)
  const known = starts.get(day)
  if (known !== undefined) return known
  const start = midnight(timezone, day).epochMilliseconds
  starts.set(day, start)
  return start
}

function midnight(timezone: string, day: number): Temporal.ZonedDateTime {
  return plainDate(day).toZonedDateTime(timezone)
}

function plainDate(day: number): Temporal.PlainDate {
  return new Temporal.PlainDate(1970, 1, 1).add({ days: day })
}

/** The local day that holds an instant. */
function dayAt(timezone: string, instant: number): number {
  let day = Math.floor(instant / dayMs)
  while (instant < dayStart(timezone, day)) day -= 1
  while (instant >= dayStart(timezone, day + 1)) day += 1
  return day
}

/** A local day in stretches without a clock change: one, but for the few days that have a change. */
function evenStretches(timezone: string, day: number): Stretch[] {
  const start = dayStart(timezone, day)
  const end = dayStart(timezone, day + 1)
  if (end - start === dayMs) return [{ start, end, localStart: 0 }]
  const { uneven } = zoneDays(timezone)
  const known = uneven.get(day)
  if (known !== undefined) return known
  const stretches = cutAtClockChanges(timezone, day, end)
  uneven.set(day, stretches)
  return stretches
}

function cutAtClockChanges(timezone: string, day: number, end: number): Stretch[] {
  const stretches: Stretch[] = []
  const localMidnight = plainDate(day).toPlainDateTime()
  let at = midnight(timezone, day)
  while (at.epochMilliseconds < end) {
    const change = at.getTimeZoneTransition('next')
    const localStart = localMidnight.until(at.toPlainDateTime()).total('milliseconds')
    const until = Math.min(change?.epochMilliseconds ?? end, end)
    stretches.push({ start: at.epochMilliseconds, end: until, localStart })
    if (change === null) break
    at = change
  }
  return stretches
}

function instantOf(date: Date): number {
  const instant = date.getTime()
  if (!(Math.abs(instant) < instantsUpTo)) throw new RangeError('Expects a date that exists')
  return instant
}

function dateOf(instant: number): Date {
  const date = new Date(instant)
  if (Number.isNaN(date.getTime())) throw new RangeError('The time allowed ends past all dates')
  return date
}

function noWorkingTime(since: number): RangeError {
  const date = dateOf(since).toISOString().slice(0, 10)
  return new RangeError(`The calendar has no working time in the five years after ${date}`)
}

function tooFar(from: number): RangeError {
  const date = dateOf(from).toISOString().slice(0, 10)
  return new RangeError(`The time allowed ends more than a hundred years after ${date}`)
}
