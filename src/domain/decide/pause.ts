import type { Agreement, PauseTerms, pausableClocks } from '../agreement.ts'
import { dueAt } from '../business-time.ts'
import { calendarOf, clockTerms } from '../clocks.ts'
import { isPaused, pause, resume, settle } from '../deadlines.ts'
import type { Deadline, DeadlineKind, Handoff, Pause } from '../handoff.ts'
import {
  type Actor,
  type Context,
  type Decided,
  decided,
  type Refusal,
  refuse,
} from './decision.ts'
import { notForThem } from './rights.ts'

/** The deadlines that each clock of the agreement sets. */
export const kindsOf: Record<(typeof pausableClocks)[number], readonly DeadlineKind[]> = {
  accept: ['accept', 'accept-hard'],
  first_attempt: ['first-attempt'],
  attempts: ['attempts'],
  idle: ['idle'],
}

/**
 * The clocks of a handoff stand still, for a reason of the agreement and no longer than it allows.
 * Refuses a handoff without clocks that run (one that is overdue is late, whether a timer has said
 * so or not), one that is paused or was paused too often, an unknown reason, and somebody else's
 * lead.
 */
export function pauseHandoff(
  handoff: Handoff,
  { reason }: { reason: string },
  actor: Actor,
  { agreement, now }: Context,
): Decided {
  const objection = notForThem(handoff, actor)
  if (objection !== undefined) return refuse(objection)
  const pausable = pausableNow(handoff, agreement)
  if ('code' in pausable) return refuse(pausable)
  const { terms } = pausable
  // What is due already is a breach, also where no clock has come round to recording it.
  const running = pausable.running.filter((deadline) => now < deadline.dueAt)
  if (running.length === 0) return refuse({ code: 'nothing-to-pause' })
  const known = terms.reasons.map(({ id }) => id)
  if (!known.includes(reason)) return refuse({ code: 'unknown-reason', reason, known })

  const until = dueAt(now, terms.at_most, calendarOf(agreement, handoff.leadType)).dueAt
  const paused = new Set(running.map(({ kind }) => kind))
  return decided(
    handoff,
    {
      deadlines: handoff.deadlines.map((deadline) =>
        paused.has(deadline.kind) ? pause(deadline, now, until, reason) : deadline,
      ),
    },
    {
      events: [
        {
          type: 'Paused',
          at: now,
          by: actor.person,
          data: { reason, until: until.toISOString(), kinds: [...paused] },
        },
      ],
      notices: [
        {
          where: { thread: true },
          notice: { type: 'paused', by: actor.person.id, reason, until },
        },
      ],
    },
  )
}

/** The clocks that a pause would stop, by its terms; why not, where it would stop none. */
export function pausableNow(
  handoff: Handoff,
  { pause: terms }: Agreement,
): { terms: PauseTerms; running: Deadline[] } | Refusal {
  if (terms === undefined) return { code: 'no-pause-agreed' }
  if (isPaused(handoff)) return { code: 'paused-already' }
  const kinds = terms.clocks.flatMap((clock) => kindsOf[clock])
  const running = handoff.deadlines.filter(
    ({ kind, state }) => kinds.includes(kind) && state === 'running',
  )
  if (running.length === 0) return { code: 'nothing-to-pause' }
  const { times } = terms
  return pausesOf(handoff).length < times ? { terms, running } : { code: 'paused-too-often', times }
}

/**
 * When the handoff stood still, for any time at all. Each clock keeps its own record of a pause: the
 * longest one is the pause.
 */
export function pausesOf({ deadlines }: Handoff): Pause[] {
  const endOf = ({ to }: Pause): number => to?.getTime() ?? Number.POSITIVE_INFINITY
  const records = deadlines
    .flatMap(({ pauses }) => pauses)
    .filter((one) => one.from.getTime() < endOf(one))
    .sort((a, b) => a.from.getTime() - b.from.getTime() || endOf(b) - endOf(a))
  const whole: Pause[] = []
  for (const one of records) {
    const last = whole.at(-1)
    if (last === undefined || one.from.getTime() >= endOf(last)) whole.push(one)
  }
  return whole
}

/** The clocks go on with the time that was left. Refuses a handoff that is not paused. */
export function resumeHandoff(
  handoff: Handoff,
  actor: Actor,
  { agreement, now }: Context,
): Decided {
  const objection = notForThem(handoff, actor)
  if (objection !== undefined) return refuse(objection)
  if (!isPaused(handoff)) return refuse({ code: 'not-paused' })
  return decided(
    handoff,
    { deadlines: resumed(handoff, agreement, now) },
    { events: [{ type: 'Resumed', at: now, by: actor.person, data: {} }] },
  )
}

/** The deadlines with every clock that stood still going on. */
export function resumed(handoff: Handoff, agreement: Agreement, at: Date): Deadline[] {
  const paused = handoff.deadlines.filter(({ state }) => state === 'paused')
  return settle(
    handoff,
    paused.map(({ kind }) => kind),
    (deadline) => {
      const terms = clockTerms(agreement, handoff, deadline.kind)
      return terms === undefined ? deadline : resume(deadline, at, terms)
    },
  )
}
