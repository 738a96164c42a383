import type { Agreement, Priority } from './agreement.ts'
import { dueAt, momentAt, nextWorkingMoment, workingMsBetween } from './business-time.ts'
import type { Calendar } from './calendar.ts'
import { type ClockTerms, clockTerms } from './clocks.ts'
import type { Deadline, DeadlineKind, Handoff, Step } from './handoff.ts'

/** Starts the clocks that the agreement has for a handoff, out of those that are named. */
export function startClocks(
  kinds: readonly DeadlineKind[],
  { leadType, priority }: { leadType: string; priority: Priority },
  agreement: Agreement,
  now: Date,
): Deadline[] {
  return kinds.flatMap((kind) => {
    const terms = clockTerms(agreement, { leadType, priority }, kind)
    return terms === undefined ? [] : [startDeadline(kind, now, terms)]
  })
}

/** Starts one clock at a moment. */
export function startDeadline(kind: DeadlineKind, from: Date, terms: ClockTerms): Deadline {
  const due = dueAt(from, terms.within, terms.calendar).dueAt
  return {
    kind,
    state: 'running',
    startedAt: from,
    dueAt: due,
    metAt: null,
    breachedAt: null,
    steps: stepsOf(terms, due, (fraction) =>
      momentAt(from, terms.within, terms.calendar, fraction),
    ),
    pauses: [],
    stoppedAt: null,
    snoozedAt: null,
  }
}

/**
 * The steps of a clock, in order of time. A breach is recorded at the very moment it falls due;
 * reminders and escalations are words to people and wait for working time.
 */
function stepsOf(
  { remind, escalation, calendar }: ClockTerms,
  due: Date,
  momentOf: (fraction: number) => Date,
): Step[] {
  const inWorkingTime = (fraction: number): Date => nextWorkingMoment(momentOf(fraction), calendar)
  const reminders = remind
    .map((fraction): Step => ({ at: inWorkingTime(fraction), do: 'remind', fraction }))
    .filter((step) => step.at < due)
  const escalations = escalation.map(
    ({ at: fraction, to }): Step => ({ at: inWorkingTime(fraction), do: 'escalate', fraction, to }),
  )
  return inOrder([...reminders, { at: due, do: 'miss' }, ...escalations])
}

/** A stable sort: what falls together stays in the order of gravity. */
export const inOrder = (steps: Step[]): Step[] =>
  [...steps].sort((a, b) => a.at.getTime() - b.at.getTime())

/** When the next step is to be taken; null where none is left. */
export const wakeAt = (deadline: Deadline): Date | null => deadline.steps[0]?.at ?? null

/**
 * The deadline met at `at`. Met late it keeps its breach, also when no clock had come round to
 * recording it yet.
 */
export function meet(deadline: Deadline, at: Date): Deadline {
  const breachedAt = breachedBy(deadline, at)
  return {
    ...deadline,
    state: breachedAt === null ? 'met' : 'missed',
    metAt: at,
    breachedAt,
    pauses: ended(deadline, at),
    steps: [],
  }
}

/** The deadline called off: what it asked for is no longer wanted. A breach stays a fact. */
export function cancel(deadline: Deadline, at: Date): Deadline {
  const breachedAt = breachedBy(deadline, at)
  return {
    ...deadline,
    state: breachedAt === null ? 'cancelled' : 'missed',
    breachedAt,
    pauses: ended(deadline, at),
    stoppedAt: at,
    steps: [],
  }
}

/** The breach by a moment, recorded or not; nobody can be late for the day of a lead. */
function breachedBy({ kind, state, dueAt: due, breachedAt }: Deadline, at: Date): Date | null {
  if (kind === 'ready') return null
  return breachedAt ?? (state === 'running' && at > due ? due : null)
}

/** The deadlines with some that start anew, each in place of the one of its kind. */
export const withStarted = (deadlines: Deadline[], started: Deadline[]): Deadline[] => [
  ...deadlines.filter(({ kind }) => !started.some((clock) => clock.kind === kind)),
  ...started,
]

/** The handoff's deadlines with some of them changed, those that are still to be met only. */
export function settle(
  handoff: Pick<Handoff, 'deadlines'>,
  kinds: readonly DeadlineKind[],
  change: (deadline: Deadline) => Deadline,
): Deadline[] {
  return handoff.deadlines.map((deadline) =>
    kinds.includes(deadline.kind) && deadline.metAt === null && deadline.stoppedAt === null
      ? change(deadline)
      : deadline,
  )
}

/**
 * The clock stands still from `at` on; it resumes by itself at `until`. The reminders that were
 * still to come wait behind that.
 */
export const pause = (deadline: Deadline, at: Date, until: Date, reason: string): Deadline => ({
  ...deadline,
  state: 'paused',
  pauses: [...deadline.pauses, { from: at, to: null, reason }],
  steps: [{ at: until, do: 'resume' }, ...remindersAfter(at, deadline.steps)],
})

const remindersAfter = (at: Date, steps: Step[]) =>
  steps.filter((step) => step.do === 'remind' && step.at > at)

/**
 * The clock goes on at `at`, at the limit of the pause at the latest, with what was left of the
 * time allowed, measured in its own time. A reminder that had passed before the pause does not come
 * again, and a pause never brings a deadline forward.
 */
export function resume(deadline: Deadline, at: Date, terms: ClockTerms): Deadline {
  if (deadline.state !== 'paused') return deadline
  const from = endOfPause(deadline, at)
  const allowedMs = allowed(deadline, terms)
  const passedMs = passed(deadline, from, terms)
  const momentOf = (fraction: number): Date =>
    clockOf(terms).after(from, Math.max(0, allowedMs * fraction - passedMs))
  const due = laterOf(momentOf(1), deadline.dueAt)
  const remind = deadline.steps.flatMap((step) => (step.do === 'remind' ? [step.fraction] : []))
  return {
    ...deadline,
    state: 'running',
    dueAt: due,
    pauses: ended(deadline, from),
    steps: stepsOf({ ...terms, remind }, due, momentOf),
  }
}

const laterOf = (one: Date, other: Date): Date => new Date(Math.max(one.getTime(), other.getTime()))

/** A clock's own time: working time, or that of the wall. Milliseconds. */
function clockOf({ within: { clock }, calendar }: ClockTerms) {
  return clock === 'wall'
    ? {
        between: (from: Date, to: Date): number => Math.max(0, to.getTime() - from.getTime()),
        after: (from: Date, ms: number): Date => new Date(from.getTime() + Math.round(ms)),
      }
    : {
        between: (from: Date, to: Date): number => workingMsBetween(from, to, calendar),
        after: (from: Date, ms: number): Date =>
          dueAt(from, { clock, duration: { unit: 'exact', ms: Math.round(ms) } }, calendar).dueAt,
      }
}

/** The time allowed, in the clock's own time: working days by the working time in them. */
const allowed = ({ startedAt }: Deadline, terms: ClockTerms): number =>
  clockOf(terms).between(startedAt, dueAt(startedAt, terms.within, terms.calendar).dueAt)

/** How much of it has passed at a moment, in which the clock did not stand still. */
function passed({ startedAt, pauses }: Deadline, at: Date, terms: ClockTerms): number {
  const { between } = clockOf(terms)
  const still = pauses.map(({ from, to }) => between(from, to !== null && to < at ? to : at))
  return still.reduce((rest, ms) => rest - ms, between(startedAt, at))
}

/** When a pause is over: when it is ended, or at its limit. */
function endOfPause({ steps }: Deadline, at: Date): Date {
  const limit = steps.find((step) => step.do === 'resume')?.at ?? at
  return limit < at ? limit : at
}

/** What is learnt late may have been done before the pause. */
function ended(deadline: Deadline, at: Date): Deadline['pauses'] {
  const end = endOfPause(deadline, at)
  return deadline.pauses.map((one) =>
    one.to === null ? { ...one, to: laterOf(end, one.from) } : one,
  )
}

/**
 * Puts the next reminder off to half of the time that is left, in working time and inside the
 * deadline; it takes the place of those that were still to come. Null where there is no such
 * moment, or it was put off before.
 */
export function snooze(deadline: Deadline, now: Date, terms: ClockTerms): Deadline | null {
  if (deadline.state !== 'running' || deadline.snoozedAt !== null) return null
  const allowedMs = allowed(deadline, terms)
  const passedMs = passed(deadline, now, terms)
  const half = clockOf(terms).after(now, Math.max(0, allowedMs - passedMs) / 2)
  const at = nextWorkingMoment(half, terms.calendar)
  if (at <= now || at >= deadline.dueAt) return null
  const others = deadline.steps.filter((step) => step.do !== 'remind')
  const fraction = (passedMs / allowedMs + 1) / 2
  return {
    ...deadline,
    snoozedAt: now,
    steps: inOrder([{ at, do: 'remind', fraction }, ...others]),
  }
}

/** How late something is, or was when it was met. Milliseconds, on the wall and in working time. */
export interface Lateness {
  rawMs: number
  workingMs: number
}

/** The measure of a breach, which grows until it is met or called off; null where nothing was missed. */
export function latenessOf(deadline: Deadline, now: Date, calendar: Calendar): Lateness | null {
  if (deadline.breachedAt === null) return null
  const until = deadline.metAt ?? deadline.stoppedAt ?? now
  return {
    rawMs: Math.max(0, until.getTime() - deadline.breachedAt.getTime()),
    workingMs: workingMsBetween(deadline.breachedAt, until, calendar),
  }
}

/** The clock stands still now. */
export const isPaused = (handoff: Handoff): boolean =>
  handoff.deadlines.some(({ state }) => state === 'paused')

/** Clocks that stand still: since when, why, and when they go on by themselves. */
export interface Standstill {
  since: Date
  /** id of a reason of the agreement */
  reason: string
  until: Date
}

/** How a handoff stands still; undefined where its clocks go on. */
export function standstillOf({ deadlines }: Pick<Handoff, 'deadlines'>): Standstill | undefined {
  return deadlines.flatMap((deadline) => {
    const open = deadline.state === 'paused' ? deadline.pauses.at(-1) : undefined
    const until = wakeAt(deadline)
    return open === undefined || until === null
      ? []
      : [{ since: open.from, reason: open.reason, until }]
  })[0]
}
