import type { Agreement, ReturnReason } from '../agreement.ts'
import { calendarDateIn } from '../business-time.ts'
import { cancel, meet, settle, startClocks } from '../deadlines.ts'
import type { Handoff, Returned } from '../handoff.ts'
import {
  type Actor,
  type Context,
  type Decided,
  decided,
  type Refusal,
  refuse,
} from './decision.ts'
import { notForThem } from './rights.ts'

export interface Return {
  /** id of a return reason of the agreement */
  reason: string
  criterion: string | undefined
  /** a calendar date, YYYY-MM-DD */
  readyOn: string | undefined
  readyWhen: string | undefined
  note: string | undefined
}

/**
 * Sales gives the lead back with a reason out of the agreement, which says the lead status and the
 * lifecycle stage that follow. A return answers the handoff, so it meets the accept clocks; those
 * of the attempts are called off. Refuses a reason the agreement does not know, one without what it
 * needs, somebody else's lead, and a handoff that has moved on.
 */
export function returnLead(
  handoff: Handoff,
  command: Return,
  actor: Actor,
  { agreement, now }: Context,
): Decided {
  if (!['offered', 'accepted', 'connected'].includes(handoff.status)) {
    return refuse({ code: 'moved-on', status: handoff.status, leadStatus: handoff.leadStatus })
  }
  const objection = notForThem(handoff, actor)
  if (objection !== undefined) return refuse(objection)
  const reason = agreement.return_reasons.find((known) => known.id === command.reason)
  if (reason === undefined) {
    return refuse({
      code: 'unknown-reason',
      reason: command.reason,
      known: agreement.return_reasons.map((known) => known.id),
    })
  }
  const today = calendarDateIn(now, agreement.calendar.timezone)
  const missing = whatIsMissing(command, reason, agreement, today)
  if (missing !== undefined) return refuse(missing)

  const returned: Returned = {
    reason: reason.id,
    criterion: command.criterion ?? null,
    readyOn: command.readyOn ?? null,
    readyWhen: command.readyWhen ?? null,
    note: command.note ?? null,
    by: actor.person,
    at: now,
  }
  const deadlines = settle(handoff, ['accept', 'accept-hard'], (deadline) => meet(deadline, now))
  return decided(
    handoff,
    {
      status: 'returned',
      leadStatus: reason.status,
      lifecycleStage: reason.stage,
      returned,
      deadlines: [
        ...settle({ ...handoff, deadlines }, attemptClocks, (deadline) => cancel(deadline, now)),
        ...startClocks(['return-answer'], handoff, agreement, now),
      ],
    },
    {
      events: [{ type: 'Returned', at: now, by: actor.person, data: dataOf(returned) }],
      notices: [
        {
          where: { thread: true },
          notice: {
            type: 'returned',
            by: actor.person.id,
            to: handoff.handedOffBy?.id ?? null,
            status: reason.status,
            ...dataOf(returned),
          },
        },
      ],
    },
  )
}

const attemptClocks = ['first-attempt', 'attempts', 'idle'] as const

const dataOf = ({ reason, criterion, readyOn, readyWhen, note }: Returned) => ({
  reason,
  criterion,
  readyOn,
  readyWhen,
  note,
})

function whatIsMissing(
  command: Return,
  reason: ReturnReason,
  agreement: Agreement,
  today: string,
): Refusal | undefined {
  const needs = (need: ReturnReason['needs'][number]): boolean => reason.needs.includes(need)
  if (
    needs('ready_on_or_when') &&
    command.readyOn === undefined &&
    command.readyWhen === undefined
  ) {
    return { code: 'needed', field: 'ready_on', reason: reason.id }
  }
  if (command.readyOn !== undefined && command.readyOn < today) {
    return { code: 'date-in-past', field: 'ready_on' }
  }
  if (needs('criterion') && command.criterion === undefined) {
    return { code: 'needed', field: 'criterion', reason: reason.id }
  }
  if (needs('note') && command.note === undefined) {
    return { code: 'needed', field: 'note', reason: reason.id }
  }
  const known = agreement.icp.map((criterion) => criterion.id)
  if (command.criterion !== undefined && !known.includes(command.criterion)) {
    return { code: 'unknown-criterion', criterion: command.criterion, known }
  }
  return undefined
}
