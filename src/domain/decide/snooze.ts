import { clockTerms } from '../clocks.ts'
import { snooze } from '../deadlines.ts'
import {
  type Deadline,
  type DeadlineKind,
  deadlineOf,
  type Handoff,
  type Step,
} from '../handoff.ts'
import {
  type Actor,
  type Context,
  type Decided,
  decided,
  type Refusal,
  refuse,
} from './decision.ts'
import { notForJudges, notForMarketing, notForThem } from './rights.ts'

/**
 * The next reminder of a deadline is put off, once, and inside the deadline. Refuses where there is
 * nothing to put off, or it was put off before.
 */
export function snoozeReminder(
  handoff: Handoff,
  { kind }: { kind: DeadlineKind },
  actor: Actor,
  { agreement, now }: Context,
): Decided {
  const objection = notForWhomItIs(kind, handoff, actor)
  if (objection !== undefined) return refuse(objection)
  const deadline = deadlineOf(handoff, kind)
  const terms = clockTerms(agreement, handoff, kind)
  const later = deadline === undefined || terms === undefined ? null : snooze(deadline, now, terms)
  if (later === null) return refuse({ code: 'nothing-to-snooze' })
  return decided(
    handoff,
    { deadlines: handoff.deadlines.map((other) => (other.kind === kind ? later : other)) },
    {
      events: [
        {
          type: 'ReminderSnoozed',
          at: now,
          by: actor.person,
          data: { kind, until: reminderOf(later)?.at.toISOString() },
        },
      ],
      redraw: false,
    },
  )
}

/** Whoever has to meet a deadline may put its reminder off. */
function notForWhomItIs(kind: DeadlineKind, handoff: Handoff, actor: Actor): Refusal | undefined {
  if (kind === 'ruling') return notForJudges(actor)
  return kind === 'return-answer' ? notForMarketing(handoff, actor) : notForThem(handoff, actor)
}

const reminderOf = ({ steps }: Deadline): Step | undefined =>
  steps.find((step) => step.do === 'remind')
