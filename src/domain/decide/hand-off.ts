import type { LifecycleStage, Priority } from '../agreement.ts'
import { cancel, meet, settle, startClocks } from '../deadlines.ts'
import { type Handoff, isBack, isOpen, type PreviousRound } from '../handoff.ts'
import type { Lead, Score } from '../lead.ts'
import { mayMove } from '../lifecycle.ts'
import { mayHandOver, type Person } from '../person.ts'
import { missingFields, promisedFields } from '../promises.ts'
import { leadTypeFor } from '../routing.ts'
import {
  type Actor,
  type Context,
  changesOf,
  type Decided,
  type Decision,
  decided,
  refuse,
  type Turn,
} from './decision.ts'

export interface HandOff {
  id: string
  workspaceId: string
  lead: Lead
  leadType: string | undefined
  priority: Priority
  reason: string
  whatChanged: string | undefined
  owner: Person | null
  agreementVersion: number
  /** Where the lead stands; null for what nothing is known of yet. */
  known: { stage: LifecycleStage | null; status: string | null }
  score: Score | null
  /** The turn of the rotation that chose the owner; null where none did. */
  turn: Turn | null
  /** The last handoff of the same lead. */
  before: Handoff | null
}

/**
 * Marketing hands a sales-qualified lead over. The lead becomes an SQL, the clocks of acceptance
 * start; a lead that was handed over before begins another round. `actor` is null where the API's
 * key speaks for marketing without naming a person. Refuses a lead type that the agreement does not
 * know, a person without a role, a lead that sales has now, one that was returned where nobody says
 * what changed since, and one whose stage the agreement does not let become an SQL.
 */
export function handOff(
  command: HandOff,
  actor: Actor | null,
  { agreement, now }: Context,
): Decided {
  const type = leadTypeFor(agreement, command.lead, command.leadType)
  if (type === undefined) {
    return refuse({
      code: 'unknown-lead-type',
      leadType: command.leadType ?? '',
      known: agreement.lead_types.map((known) => known.id),
    })
  }
  if (actor !== null && !mayHandOver(actor.role)) {
    return refuse({ code: 'role-required', needed: 'hand-over' })
  }
  const { before, known } = command
  if (before !== null && isOpen(before.status)) {
    return refuse({ code: 'already-open', handoffId: before.id, status: before.status })
  }
  if (before !== null && isBack(before.status) && command.whatChanged === undefined) {
    return refuse({ code: 'needed', field: 'what_changed' })
  }
  if (known.stage !== null && !mayMove(agreement, known.stage, 'sql')) {
    return refuse({ code: 'stage-not-allowed', from: known.stage, to: 'sql' })
  }
  const handoff: Handoff = {
    id: command.id,
    workspaceId: command.workspaceId,
    version: 1,
    lead: command.lead,
    leadType: type.id,
    priority: command.priority,
    reason: command.reason,
    channel: type.channel,
    status: 'offered',
    leadStatus: agreement.lead_statuses.new,
    lifecycleStage: 'sql',
    owner: command.owner,
    handedOffBy: actor?.person ?? null,
    agreementVersion: command.agreementVersion,
    round: (before?.round ?? 0) + 1,
    previous: before && roundOf(before),
    whatChanged: command.whatChanged ?? null,
    news: null,
    score: command.score,
    cameFrom: known.stage,
    returned: null,
    deal: null,
    acceptedAt: null,
    acceptedBy: null,
    restartedAt: null,
    deadlines: startClocks(
      ['accept', 'accept-hard'],
      { leadType: type.id, priority: command.priority },
      agreement,
      now,
    ),
    attempts: [],
    createdAt: now,
  }
  const promised = promisedFields(agreement)
  const data = {
    leadType: type.id,
    priority: command.priority,
    owner: command.owner?.id ?? null,
    ...(handoff.round === 1 ? {} : { round: handoff.round, previous: before?.id }),
    ...(command.whatChanged === undefined ? {} : { whatChanged: command.whatChanged }),
    // kept as it was at this moment, so that what is learnt later changes no figure
    ...(promised === null ? {} : { missing: missingFields(command.lead, promised) }),
  }
  return {
    ok: true,
    decision: {
      handoff,
      events: [{ type: 'HandedOff', at: now, by: actor?.person ?? null, data }],
      notices: [],
      changes: changesOf(known, handoff, 'handoff'),
      ...(command.turn === null ? {} : { turn: command.turn }),
      redraw: true,
    },
  }
}

/** How a handoff that sales gave back ended, as the next round tells it; null for any other. */
function roundOf({ id, leadStatus, status, returned }: Handoff): PreviousRound | null {
  if (!isBack(status) || returned === null) return null
  const { by: _by, answer: _answer, contest: _contest, readySince: _since, ...said } = returned
  return { handoffId: id, leadStatus, ...said }
}

/**
 * What a next round does to the one before it: the return is answered, and what it waited for is not
 * waited for any more; a contest that nobody has ruled on is withdrawn. Null where nothing changes.
 */
export function answeredByNextRound(
  before: Handoff,
  next: Handoff,
  actor: Actor | null,
  now: Date,
): Decision | null {
  const { returned } = before
  if (!isBack(before.status) || returned === null || returned.answer === 'handed-over-again') {
    return null
  }
  const by = actor?.person ?? null
  const answered = settle(before, ['return-answer'], (deadline) => meet(deadline, now))
  const result = decided(
    before,
    {
      returned: { ...returned, answer: 'handed-over-again' },
      deadlines: settle({ deadlines: answered }, ['ruling', 'ready'], (one) => cancel(one, now)),
    },
    {
      events: [
        {
          type: 'ReturnAnswered',
          at: now,
          by,
          data: { answer: 'handed-over-again', handoff: next.id, whatChanged: next.whatChanged },
        },
      ],
      notices: [
        { where: { thread: true }, notice: { type: 'handed-over-again', by: by?.id ?? null } },
      ],
    },
  )
  return result.ok ? result.decision : null
}
