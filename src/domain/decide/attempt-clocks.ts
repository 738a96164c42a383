import type { Agreement, Clocks } from '../agreement.ts'
import { connects, sequenceComplete } from '../attempts.ts'
import { clocksOf, clockTerms } from '../clocks.ts'
import { meet, pause, resume, startDeadline } from '../deadlines.ts'
import type { Deadline, DeadlineKind, Handoff, Pause, Step } from '../handoff.ts'
import type { Context } from './decision.ts'
import { kindsOf, pausesOf } from './pause.ts'

/**
 * The deadlines of a handoff as its list of attempts says, each attempt in the order in which it was
 * logged: the first counted one meets the clock of the first attempt; a connection, or a complete
 * sequence, meets those of the sequence and of idleness; until then each counted one starts the
 * clock of idleness anew. Where a correction takes back what had met a clock, that clock runs again
 * as if it had never been met. A breach that was recorded stays a fact. Deadlines about which the
 * list says nothing new are the same objects as before.
 */
export function attemptClocks(handoff: Handoff, context: Context): Deadline[] {
  const { agreement } = context
  const terms = clocksOf(agreement, handoff.leadType).attempts
  const { firstAt, overAt, idleFrom } = milestonesOf(handoff, terms)
  /** From another moment on it is another run, which was neither late nor put off yet. */
  const again = (deadline: Deadline, from: Date, before: Date | null): Deadline => {
    const same = from.getTime() === deadline.startedAt.getTime()
    const run = same ? deadline : { ...deadline, breachedAt: null, snoozedAt: null }
    return runAgain(run, from, before, handoff, context)
  }

  /** Where the clocks have begun anew since, it runs from then on, unless it was met before. */
  const beganAt = ({ startedAt }: Deadline, metAt: Date | null): Date => {
    const anew = [handoff.restartedAt, handoff.acceptedAt].reduce(laterOf, startedAt)
    return metAt === null || metAt >= anew ? anew : startedAt
  }
  const metBy = (deadline: Deadline, at: Date | null): Deadline => {
    if (deadline.metAt?.getTime() === at?.getTime()) return deadline
    const open = deadline.metAt === null ? deadline : again(deadline, beganAt(deadline, at), at)
    return at === null ? open : meet(open, at)
  }
  return handoff.deadlines.map((deadline) => {
    if (deadline.state === 'cancelled' || deadline.stoppedAt !== null) return deadline
    switch (deadline.kind) {
      case 'first-attempt':
        return metBy(deadline, firstAt)
      case 'attempts':
        return metBy(deadline, overAt)
      case 'idle': {
        const begun = laterOf(handoff.acceptedAt ?? deadline.startedAt, handoff.restartedAt)
        if (overAt !== null && overAt < begun) return metBy(deadline, overAt)
        const from = laterOf(begun, idleFrom)
        const moved = from.getTime() - deadline.startedAt.getTime()
        // A silence that was recorded is not recorded again from an earlier moment.
        if (moved === 0 || (moved < 0 && deadline.breachedAt !== null)) {
          return metBy(deadline, overAt)
        }
        const anew = again(deadline, from, overAt)
        return overAt === null ? anew : meet(anew, overAt)
      }
      default:
        return deadline
    }
  })
}

const laterOf = (one: Date, other: Date | null): Date =>
  other !== null && other > one ? other : one

interface Milestones {
  firstAt: Date | null
  /** When nothing more was asked of the sequence. */
  overAt: Date | null
  /** The latest counted attempt before that. */
  idleFrom: Date | null
}

function milestonesOf(handoff: Handoff, terms: Clocks['attempts']): Milestones {
  const counted = handoff.attempts.filter((attempt) => attempt.counted)
  const over = counted.findIndex(
    ({ outcome }, place) =>
      connects(outcome) ||
      sequenceComplete({ ...handoff, attempts: counted.slice(0, place + 1) }, terms),
  )
  const tried = (over === -1 ? counted : counted.slice(0, over)).map(({ at }) => at.getTime())
  return {
    firstAt: counted[0]?.at ?? null,
    overAt: counted[over]?.at ?? null,
    idleFrom: tried.length === 0 ? null : new Date(Math.max(...tried)),
  }
}

/**
 * A clock that runs from a moment, as it would stand now had nothing met it: with the pauses of the
 * handoff (those that began before it is met after all), its breach, and without reminders of the
 * past.
 */
function runAgain(
  deadline: Deadline,
  from: Date,
  before: Date | null,
  handoff: Handoff,
  { agreement, now }: Context,
): Deadline {
  const terms = clockTerms(agreement, handoff, deadline.kind)
  if (terms === undefined) return deadline
  let clock = startDeadline(deadline.kind, from, terms)
  const limit = endOfPause(handoff) ?? now
  for (const { from: start, to, reason } of pausesFor(deadline.kind, handoff, agreement)) {
    // Over at its limit, also where no timer has come round to saying so.
    const end = to ?? (limit <= now ? limit : null)
    if (start >= clock.dueAt || (before !== null && start >= before)) break
    if (end !== null && end <= from) continue
    clock = pause(clock, start > from ? start : from, end ?? limit, reason)
    if (end !== null) clock = resume(clock, end, terms)
  }
  if (deadline.breachedAt !== null) {
    const steps = clock.steps.filter((step) => step.at > now)
    return { ...deadline, state: 'missed', metAt: null, steps }
  }
  // In a pause they wait behind its end, whatever their time.
  const wanted = (step: Step): boolean =>
    clock.state === 'paused' || step.at > now || step.do !== 'remind'
  const steps = clock.steps.filter(wanted)
  return { ...clock, snoozedAt: deadline.snoozedAt, steps }
}

/** When the handoff stood still, as far as the agreement lets a clock of that kind stand still. */
function pausesFor(kind: DeadlineKind, handoff: Handoff, { pause: terms }: Agreement): Pause[] {
  const stands = terms?.clocks.some((clock) => kindsOf[clock].includes(kind)) ?? false
  return stands ? pausesOf(handoff) : []
}

/** When the pause of now ends by itself; undefined where there is none. */
const endOfPause = ({ deadlines }: Handoff): Date | undefined =>
  deadlines.flatMap(({ steps }) => steps).find((step) => step.do === 'resume')?.at
