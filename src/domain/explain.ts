import type { Agreement } from './agreement.ts'
import { calendarDateIn, type DueStep, dueAt } from './business-time.ts'
import type { Calendar } from './calendar.ts'
import { type ClockTerms, clockTerms } from './clocks.ts'
import type { Allowance } from './duration.ts'
import {
  type Deadline,
  type DeadlineKind,
  deadlineOf,
  type Handoff,
  type Pause,
} from './handoff.ts'

/** Why a deadline is due when it is: the sum step by step, out of the agreement's own terms. */

/** A time in which the clock stood still; an `open` one still lasts, and ends at `to` by itself. */
export interface PauseStep {
  kind: 'pause'
  from: Date
  to: Date
  workingMs: 0
  /** id of a reason of the agreement */
  reason: string
  open: boolean
}

/** A step of the sum. They follow each other without a hole from the start to the deadline. */
export type SumStep = DueStep | PauseStep

/** What set a clock going. */
export type Beginning = 'handed-over' | 'accepted' | 'attempt' | 'returned' | 'contested' | 'anew'

export interface Explanation {
  deadline: Deadline
  began: Beginning
  /** The place in the agreement file that sets this clock, and what it allows. */
  clause: string
  within: Allowance
  calendar: Calendar
  /** The time allowed, in the clock's own time. */
  allowedMs: number
  steps: SumStep[]
  /** What the sum comes to: the deadline; while it is paused, the latest that it can become. */
  dueAt: Date
  /** It was met or called off while the clock stood still. */
  settledWhilePaused: boolean
}

/**
 * The sum behind a deadline of a handoff, under the agreement of its version. Undefined where the
 * handoff has no such deadline, or the agreement no such clock.
 */
export function explainDeadline(
  handoff: Handoff,
  kind: DeadlineKind,
  agreement: Agreement,
): Explanation | undefined {
  const deadline = deadlineOf(handoff, kind)
  const terms = clockTerms(agreement, handoff, kind)
  if (deadline === undefined || terms === undefined) return undefined
  const pauses = pausesOf(deadline)
  const whole = sumOf(deadline.startedAt, terms, pauses)
  // Settled in a pause the clock never went on, so that this pause has moved nothing.
  const settledWhilePaused =
    deadline.state !== 'paused' &&
    pauses.length > 0 &&
    whole.dueAt.getTime() !== deadline.dueAt.getTime()
  const { clause, within, calendar } = terms
  return {
    deadline,
    began: beginningOf(handoff, deadline),
    clause,
    within,
    calendar,
    ...(settledWhilePaused ? sumOf(deadline.startedAt, terms, pauses.slice(0, -1)) : whole),
    settledWhilePaused,
  }
}

function beginningOf(
  { acceptedAt, restartedAt }: Handoff,
  { kind, startedAt }: Deadline,
): Beginning {
  if (restartedAt?.getTime() === startedAt.getTime()) return 'anew'
  switch (kind) {
    case 'accept':
    case 'accept-hard':
      return 'handed-over'
    case 'return-answer':
    case 'ready':
      return 'returned'
    case 'ruling':
      return 'contested'
    case 'first-attempt':
    case 'attempts':
      return 'accepted'
    case 'idle':
      return acceptedAt?.getTime() === startedAt.getTime() ? 'accepted' : 'attempt'
  }
}

/** The pauses with their ends; one that still lasts ends when the agreement ends it. */
function pausesOf({ pauses, steps }: Deadline): PauseStep[] {
  const endsAt = steps.find((step) => step.do === 'resume')?.at
  return pauses.flatMap(({ from, to, reason }: Pause): PauseStep[] => {
    const end = to ?? endsAt
    // One that lasted no time has moved nothing.
    if (end === undefined || end <= from) return []
    return [{ kind: 'pause', from, to: end, workingMs: 0, reason, open: to === null }]
  })
}

/** The time allowed up to each pause, and after it what was left. */
function sumOf(
  startedAt: Date,
  { within, calendar }: ClockTerms,
  pauses: readonly PauseStep[],
): Pick<Explanation, 'steps' | 'dueAt' | 'allowedMs'> {
  let sum = dueAt(startedAt, within, calendar)
  const allowedMs = workingMsOf(sum.steps)
  let leftMs = allowedMs
  const steps: SumStep[] = []
  for (const pause of pauses) {
    const before = stepsUntil(sum.steps, pause.from)
    leftMs -= workingMsOf(before)
    steps.push(...before, pause)
    sum = goingOn(pause.to, { clock: within.clock, ms: leftMs }, calendar, sum.dueAt)
  }
  return { dueAt: sum.dueAt, steps: [...steps, ...sum.steps], allowedMs }
}

/** What was left, from the end of a pause on: no pause brings a deadline forward. */
function goingOn(
  from: Date,
  { clock, ms }: { clock: Allowance['clock']; ms: number },
  calendar: Calendar,
  before: Date,
): { dueAt: Date; steps: DueStep[] } {
  const exactly = (length: number) =>
    dueAt(from, { clock, duration: { unit: 'exact', ms: length } }, calendar)
  const rest = exactly(ms)
  if (rest.dueAt >= before) return { dueAt: rest.dueAt, steps: rest.steps.slice(1) }
  // Nothing counts between the two: the steps of a longer sum say why.
  const steps = stepsUntil(exactly(ms + 1).steps, before).slice(1)
  return {
    dueAt: before,
    steps: [...steps, { kind: 'due', from: before, to: before, workingMs: 0 }],
  }
}

const workingMsOf = (steps: readonly SumStep[]): number =>
  steps.reduce((sum, { workingMs }) => sum + workingMs, 0)

/**
 * The steps of a sum as far as it came. It is counted in hours from there on, so that the marks of
 * full days have no place in it.
 */
function stepsUntil(steps: readonly DueStep[], at: Date): DueStep[] {
  const until: DueStep[] = []
  for (const { kind, from, to, workingMs } of steps) {
    if (kind === 'start') until.push({ kind, from, to, workingMs })
    if (kind === 'start' || kind === 'day' || kind === 'due' || from >= at) continue
    const end = to < at ? to : at
    const counted = workingMs === 0 ? 0 : end.getTime() - from.getTime()
    const previous = until.at(-1)
    if (kind === 'span' && previous?.kind === 'span' && +previous.to === +from) {
      until.pop()
      until.push({ ...previous, to: end, workingMs: previous.workingMs + counted })
    } else {
      until.push({ kind, from, to: end, workingMs: counted })
    }
  }
  return until
}

// Folding, for people

/** How many weekends, holidays and other days without hours were passed over. */
export interface DaysOff {
  weekends: number
  holidays: number
  others: number
}

/** Times that do not count. */
export type SkippedKind = 'break' | 'night' | 'weekend' | 'day-off' | 'holiday'

/** A line of the sum as people read it. */
export type SumLine =
  | { kind: 'start'; at: Date }
  /** Counts: a span of the calendar's hours, or time of the wall clock. */
  | { kind: 'span' | 'wall'; from: Date; to: Date; workingMs: number }
  /** Days of which all hours count, and the days between them that do not. */
  | { kind: 'full-days'; from: Date; to: Date; workingMs: number; days: number; daysOff: DaysOff }
  /** So many working days are full, in a sum that counts days. */
  | { kind: 'days-passed'; at: Date; days: number; of: number; daysOff: DaysOff }
  /** Does not count; `dates` are those of the holidays, in the calendar's zone. */
  | { kind: 'skipped'; why: SkippedKind; from: Date; to: Date; dates: string[] }
  | { kind: 'pause'; from: Date; to: Date; reason: string; open: boolean }
  | { kind: 'due'; at: Date }

/** Up to this many lines are read without folding. */
const shortSum = 12
/** Above this, weekends and holidays between full days are counted in place of being named. */
const longSum = 24

/**
 * The sum as lines, as short as a reader wants it: a short one in full, in a longer one days that
 * count as a whole in one line, and in a very long one with the days off between them.
 */
export function foldSum(steps: readonly SumStep[], calendar: Calendar): SumLine[] {
  const full = inDays(steps)
    ? linesOfDays(steps, calendar)
    : steps.map((step) => lineOf(step, calendar))
  if (full.length <= shortSum) return full
  const byDay = merged(inDays(steps) ? full : withFullDays(full, calendar), isNight)
  return byDay.length <= longSum ? byDay : merged(byDay, isDayOff)
}

const inDays = (steps: readonly SumStep[]): boolean => steps.some(({ kind }) => kind === 'day')

function lineOf(step: SumStep, calendar: Calendar): SumLine {
  const { kind, from, to } = step
  switch (kind) {
    case 'start':
    case 'due':
      return { kind, at: from }
    case 'pause':
      return { kind, from, to, reason: step.reason, open: step.open }
    case 'span':
    case 'wall':
      return { kind, from, to, workingMs: step.workingMs }
    case 'day':
      return { kind: 'days-passed', at: from, days: 1, of: 1, daysOff: noDaysOff }
    default:
      return { kind: 'skipped', why: kind, from, to, dates: datesOf(step, calendar) }
  }
}

/** Where days are counted, hours and nights say nothing: only full days and days off are told. */
function linesOfDays(steps: readonly SumStep[], calendar: Calendar): SumLine[] {
  const of = steps.filter(({ kind }) => kind === 'day').length
  let days = 0
  return steps.flatMap((step): SumLine[] => {
    const { kind } = step
    if (kind === 'span' || kind === 'wall' || kind === 'break' || kind === 'night') return []
    if (kind !== 'day') return [lineOf(step, calendar)]
    days += 1
    return [{ kind: 'days-passed', at: step.from, days, of, daysOff: noDaysOff }]
  })
}

/** The dates of the holidays that a step is about. */
function datesOf({ kind, from, to }: SumStep, { holidays, timezone }: Calendar): string[] {
  if (kind !== 'holiday') return []
  const first = calendarDateIn(from, timezone)
  const last = calendarDateIn(new Date(to.getTime() - 1), timezone)
  return holidays.filter((date) => date >= first && date <= last)
}

/** Spans and breaks between two nights become one line; the first and the last day stay in full. */
function withFullDays(lines: readonly SumLine[], calendar: Calendar): SumLine[] {
  const folded: SumLine[] = []
  let day: SumLine[] = []
  for (const line of lines) {
    if (line.kind === 'span' || isBreak(line)) {
      day.push(line)
      continue
    }
    const before = folded.at(-1)
    const isFull = endsDay(before) && endsDay(line)
    folded.push(...(isFull ? [fullDay(day, calendar)].filter(isLine) : day), line)
    day = []
  }
  return folded
}

const isLine = (line: SumLine | undefined): line is SumLine => line !== undefined
const isBreak = (line: SumLine): boolean => line.kind === 'skipped' && line.why === 'break'
const isNight = (line: SumLine): boolean => line.kind === 'skipped' && line.why === 'night'
const isDayOff = (line: SumLine): boolean => line.kind === 'skipped' && line.why !== 'break'
const endsDay = (line: SumLine | undefined): boolean => line !== undefined && isDayOff(line)

/** A stretch of hours over midnight is several days. */
function fullDay(day: readonly SumLine[], { timezone }: Calendar): SumLine | undefined {
  const spans = day.flatMap((line) => (line.kind === 'span' ? [line] : []))
  const [first, last] = [spans[0], spans.at(-1)]
  if (first === undefined || last === undefined) return undefined
  const dateAt = (at: number): number => Date.parse(calendarDateIn(new Date(at), timezone))
  const days = 1 + (dateAt(+last.to - 1) - dateAt(+first.from)) / 86_400_000
  const workingMs = spans.reduce((sum, span) => sum + span.workingMs, 0)
  return { kind: 'full-days', from: first.from, to: last.to, workingMs, days, daysOff: noDaysOff }
}

/** Full days that only such lines part become one line. */
function merged(lines: readonly SumLine[], parts: (line: SumLine) => boolean): SumLine[] {
  const folded: SumLine[] = []
  for (const line of lines) {
    const between = trailing(folded, parts)
    const before = folded.at(-1 - between.length)
    const joint = before === undefined ? undefined : joined(before, between, line)
    if (joint !== undefined) folded.splice(-1 - between.length)
    folded.push(joint ?? line)
  }
  return folded
}

/** The last lines that may be folded away. */
function trailing(lines: readonly SumLine[], parts: (line: SumLine) => boolean): SumLine[] {
  const kept = lines.findLastIndex((line) => !parts(line))
  return lines.slice(kept + 1)
}

function joined(before: SumLine, between: readonly SumLine[], line: SumLine): SumLine | undefined {
  if (before.kind === 'full-days' && line.kind === 'full-days') {
    return {
      ...before,
      to: line.to,
      workingMs: before.workingMs + line.workingMs,
      days: before.days + line.days,
      daysOff: daysOffIn(before.daysOff, between),
    }
  }
  if (before.kind === 'days-passed' && line.kind === 'days-passed') {
    return { ...line, daysOff: daysOffIn(before.daysOff, between) }
  }
  return undefined
}

const noDaysOff: DaysOff = { weekends: 0, holidays: 0, others: 0 }

const daysOffIn = (before: DaysOff, between: readonly SumLine[]): DaysOff =>
  between.reduce((sum, line) => {
    if (line.kind !== 'skipped') return sum
    return {
      weekends: sum.weekends + (line.why === 'weekend' ? 1 : 0),
      holidays: sum.holidays + line.dates.length,
      others: sum.others + (line.why === 'day-off' ? 1 : 0),
    }
  }, before)
