import type { EscalationStep } from './agreement.ts'
import { dueAt, momentAt, nextWorkingMoment } from './business-time.ts'
import type { Calendar } from './calendar.ts'
import type { Allowance } from './duration.ts'
import type { Deadline, DeadlineKind, Handoff, Step } from './handoff.ts'

export interface ClockTerms {
  within: Allowance
  /** Fractions of the time allowed at which the one concerned is reminded. */
  remind: number[]
  escalation: EscalationStep[]
  calendar: Calendar
}

/**
 * Starts a clock. A breach is recorded at the very moment it falls due; reminders and escalations
 * are words to people and wait for working time.
 */
export function startDeadline(kind: DeadlineKind, from: Date, terms: ClockTerms): Deadline {
  const due = dueAt(from, terms.within, terms.calendar).dueAt
  const inWorkingTime = (fraction: number): Date =>
    nextWorkingMoment(momentAt(from, terms.within, terms.calendar, fraction), terms.calendar)
  const reminders = terms.remind
    .map((fraction): Step => ({ at: inWorkingTime(fraction), do: 'remind', fraction }))
    .filter((step) => step.at < due)
  const escalations = terms.escalation.map(
    ({ at: fraction, to }): Step => ({ at: inWorkingTime(fraction), do: 'escalate', fraction, to }),
  )
  const steps: Step[] = [...reminders, { at: due, do: 'miss' }, ...escalations]
  return {
    kind,
    state: 'running',
    startedAt: from,
    dueAt: due,
    metAt: null,
    breachedAt: null,
    steps: steps.sort((a, b) => a.at.getTime() - b.at.getTime()),
  }
}

/** When the next step is to be taken; null where none is left. */
export const wakeAt = (deadline: Deadline): Date | null => deadline.steps[0]?.at ?? null

/**
 * The deadline met at `at`. Met late it keeps its breach, also when no clock had come round to
 * recording it yet.
 */
export function meet(deadline: Deadline, at: Date): Deadline {
  const late = deadline.breachedAt !== null || at > deadline.dueAt
  return {
    ...deadline,
    state: late ? 'missed' : 'met',
    metAt: at,
    breachedAt: late ? (deadline.breachedAt ?? deadline.dueAt) : null,
    steps: [],
  }
}

/** The deadline called off: what it asked for is no longer wanted. A breach stays a fact. */
export const cancel = (deadline: Deadline): Deadline => ({
  ...deadline,
  state: deadline.breachedAt === null ? 'cancelled' : 'missed',
  steps: [],
})

/** The handoff with some of its deadlines changed, those that are still to be met only. */
export function settle(
  handoff: Handoff,
  kinds: readonly DeadlineKind[],
  change: (deadline: Deadline) => Deadline,
): Deadline[] {
  return handoff.deadlines.map((deadline) =>
    kinds.includes(deadline.kind) && deadline.metAt === null && deadline.state !== 'cancelled'
      ? change(deadline)
      : deadline,
  )
}
