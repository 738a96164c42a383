import type { Agreement, ReturnReason } from '../agreement.ts'
import { sequenceComplete } from '../attempts.ts'
import { calendarDateIn } from '../business-time.ts'
import { calendarOf, clocksOf } from '../clocks.ts'
import { cancel, meet, settle, startClocks, withStarted } from '../deadlines.ts'
import {
  countedAttempts,
  type Handoff,
  type LeadField,
  type Returned,
  type ReturnFacts,
} from '../handoff.ts'
import type { Lead } from '../lead.ts'
import { stageAfterReturn } from '../lifecycle.ts'
import type { Person } from '../person.ts'
import {
  type Actor,
  type Context,
  type Decided,
  decided,
  type Refusal,
  refuse,
} from './decision.ts'
import { readyClock } from './ready.ts'
import { notForThem } from './rights.ts'

export interface Return {
  /** id of a return reason of the agreement */
  reason: string
  criterion: string | undefined
  /** a calendar date, YYYY-MM-DD */
  readyOn: string | undefined
  readyWhen: string | undefined
  /** The field of the lead that is wrong. */
  field: LeadField | undefined
  /** The lead that this one is a duplicate of: its address, and who that is where it is known. */
  duplicateOf: { email: string; lead: Lead | undefined } | undefined
  note: string | undefined
  /** Who of marketing is told where nobody is named as the one who handed over. */
  marketingLead: Person | null
}

/**
 * Sales gives the lead back with a reason out of the agreement, which says the lead status and the
 * lifecycle stage that follow. A return answers the handoff, so it meets the accept clocks; those
 * of the attempts are called off, and marketing's starts. A lead whose status becomes the agreement's
 * word for unresponsive is that. Refuses a reason the agreement does not know, one without what it
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
  const missing =
    whatIsMissing(command, reason, agreement, today) ??
    whatIsUntrue(handoff, command, reason, agreement)
  if (missing !== undefined) return refuse(missing)

  const facts: ReturnFacts = {
    reason: reason.id,
    criterion: command.criterion ?? null,
    readyOn: command.readyOn ?? null,
    readyWhen: command.readyWhen ?? null,
    field: command.field ?? null,
    duplicateOf: command.duplicateOf?.email ?? null,
    note: command.note ?? null,
  }
  const returned: Returned = {
    ...facts,
    by: actor.person,
    at: now,
    answer: null,
    contest: null,
    readySince: null,
  }
  const answered = settle(handoff, ['accept', 'accept-hard'], (deadline) => meet(deadline, now))
  const calendar = calendarOf(agreement, handoff.leadType)
  return decided(
    handoff,
    {
      status: reason.status === agreement.lead_statuses.unresponsive ? 'unresponsive' : 'returned',
      leadStatus: reason.status,
      lifecycleStage: stageAfterReturn(agreement, handoff, reason.stage),
      returned,
      deadlines: withStarted(
        settle({ deadlines: answered }, attemptClocks, (deadline) => cancel(deadline, now)),
        [
          ...startClocks(['return-answer'], handoff, agreement, now),
          ...(facts.readyOn === null ? [] : [readyClock(facts.readyOn, now, calendar)]),
        ],
      ),
    },
    {
      events: [{ type: 'Returned', at: now, by: actor.person, data: { ...facts } }],
      notices: [
        {
          where: { thread: true },
          notice: {
            type: 'returned',
            by: actor.person.id,
            to: whoToTell(handoff, command, actor)?.id ?? null,
            status: reason.status,
            ...facts,
          },
        },
      ],
      rule: `return_reasons.${reason.id}`,
    },
  )
}

/** Who handed over, or marketing's lead; nobody is told what they did themselves. */
const whoToTell = (
  { handedOffBy }: Handoff,
  { marketingLead }: Return,
  { person }: Actor,
): Person | undefined =>
  [handedOffBy, marketingLead].find((one) => one !== null && one.id !== person.id) ?? undefined

const attemptClocks = ['first-attempt', 'attempts', 'idle'] as const

function whatIsMissing(
  command: Return,
  reason: ReturnReason,
  agreement: Agreement,
  today: string,
): Refusal | undefined {
  const needs = (need: ReturnReason['needs'][number]): boolean => reason.needs.includes(need)
  const needed = (field: Extract<Refusal, { code: 'needed' }>['field']): Refusal => ({
    code: 'needed',
    field,
    reason: reason.id,
  })
  if (
    needs('ready_on_or_when') &&
    command.readyOn === undefined &&
    command.readyWhen === undefined
  ) {
    return needed('ready_on')
  }
  if (command.readyOn !== undefined && command.readyOn < today) {
    return { code: 'date-in-past', field: 'ready_on' }
  }
  if (needs('criterion') && command.criterion === undefined) return needed('criterion')
  // What no list has is told in the note.
  const unnamed = command.field === undefined || command.field === 'other'
  if (needs('field') && unnamed && command.note === undefined) {
    return needed(command.field === undefined ? 'field' : 'note')
  }
  if (needs('other_lead') && command.duplicateOf === undefined && command.note === undefined) {
    return needed('duplicate_of')
  }
  if (needs('note') && command.note === undefined) return needed('note')
  const known = agreement.icp.map((criterion) => criterion.id)
  if (command.criterion !== undefined && !known.includes(command.criterion)) {
    return { code: 'unknown-criterion', criterion: command.criterion, known }
  }
  return undefined
}

/** What Baton itself knows better. */
function whatIsUntrue(
  handoff: Handoff,
  { duplicateOf }: Return,
  reason: ReturnReason,
  agreement: Agreement,
): Refusal | undefined {
  if (duplicateOf !== undefined) {
    if (duplicateOf.email === handoff.lead.email) return { code: 'same-lead' }
    if (duplicateOf.lead === undefined) return { code: 'unknown-lead', email: duplicateOf.email }
  }
  const terms = clocksOf(agreement, handoff.leadType).attempts
  return reason.needs.includes('attempts') && !sequenceComplete(handoff, terms)
    ? { code: 'attempts-first', counted: countedAttempts(handoff), of: terms.count }
    : undefined
}
