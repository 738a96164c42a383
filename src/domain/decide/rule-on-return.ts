import type { Agreement, Side } from '../agreement.ts'
import { clocksOf } from '../clocks.ts'
import { cancel, meet, settle, startClocks, withStarted } from '../deadlines.ts'
import {
  type Contest,
  type Handoff,
  type HandoffEvent,
  isBack,
  type Returned,
  type Ruling,
  type Vote,
} from '../handoff.ts'
import { mayMove } from '../lifecycle.ts'
import type { Notice } from '../notice.ts'
import { rulesFor } from '../person.ts'
import { clocksToStart, isConnected, leadStatusKeyOf } from './attempt-standing.ts'
import {
  type Actor,
  type Context,
  type Decided,
  decided,
  type Refusal,
  refuse,
} from './decision.ts'

export interface RuleOnReturn {
  ruling: Ruling
  /** Why; for `clarify` how the term is to be understood. */
  words: string | undefined
}

/**
 * A manager rules on a contested return. It is ruled when both sides rule alike: the return stands,
 * stands with the term put more clearly, or is overturned, and then sales goes on with the lead as it
 * left it, on new clocks. As long as they do not agree, each may rule differently. Refuses whoever
 * is no manager or is party to it, and what is not contested or ruled already.
 */
export function ruleOnReturn(
  handoff: Handoff,
  { ruling, words }: RuleOnReturn,
  actor: Actor,
  context: Context,
): Decided {
  const { returned } = handoff
  // Handed over again, it is withdrawn.
  const contest = returned?.answer === 'contested' ? returned.contest : null
  if (!isBack(handoff.status) || returned === null || contest === null) {
    return refuse({ code: 'not-contested' })
  }
  const side = sideOf(actor, contest)
  const objection = notForJudge(actor, side, returned, contest)
  if (objection !== undefined) return refuse(objection)
  if (side === null) return refuse({ code: 'role-required', needed: 'manager' })
  const own = contest.votes.find((vote) => vote.side === side)
  if (own?.ruling === ruling && own.words === (words ?? own.words)) {
    return refuse({ code: 'ruled-so-already' })
  }
  if (ruling === 'clarify' && words === undefined) return refuse({ code: 'needed', field: 'words' })

  const { now } = context
  const vote: Vote = { side, ruling, words: words ?? null, by: actor.person, at: now }
  const votes = [...contest.votes.filter((other) => other.side !== side), vote]
  const agreed = votes.length === 2 && votes.every((one) => one.ruling === ruling)
  const ruled: Contest = { ...contest, votes, ruling: agreed ? ruling : null }
  const next: Returned = { ...returned, contest: ruled }
  return decided(handoff, agreed ? outcomeOf(handoff, next, ruling, context) : { returned: next }, {
    events: eventsOf(vote, ruled, handoff, now),
    notices: [{ where: { thread: true }, notice: noticeOf(vote, ruled, next) }],
    rule: 'protocols.ruling',
  })
}

/** A manager rules for their own side, an admin where nobody else has. */
function sideOf({ person, role }: Actor, { votes }: Contest): Side | null {
  if (role !== 'admin') return rulesFor(role)
  const own = votes.find(({ by }) => by.id === person.id)?.side
  const free = (['sales', 'marketing'] as const).find(
    (side) => !votes.some((vote) => vote.side === side),
  )
  return own ?? free ?? null
}

function notForJudge(
  { person }: Actor,
  side: Side | null,
  { by }: Returned,
  contest: Contest,
): Refusal | undefined {
  if (contest.ruling !== null) return { code: 'ruled-already' }
  if (side === null) return { code: 'role-required', needed: 'manager' }
  return [by.id, contest.by.id].includes(person.id) ? { code: 'party-to-it' } : undefined
}

/** What a ruling changes. */
function outcomeOf(
  handoff: Handoff,
  returned: Returned,
  ruling: Ruling,
  { agreement, now }: Context,
): Partial<Handoff> {
  const settled = settle(handoff, ['ruling'], (deadline) => meet(deadline, now))
  return ruling === 'overturn'
    ? reopened({ ...handoff, deadlines: settled }, agreement, now)
    : { returned, deadlines: settled }
}

/** Sales goes on where it returned the lead; its clocks begin anew. */
function reopened(handoff: Handoff, agreement: Agreement, now: Date): Partial<Handoff> {
  const { acceptedAt, attempts, leadType, lifecycleStage } = handoff
  const { lead_statuses: statuses } = agreement
  const terms = clocksOf(agreement, leadType).attempts
  const kinds =
    acceptedAt === null ? (['accept', 'accept-hard'] as const) : clocksToStart(attempts, terms)
  return {
    ...(acceptedAt === null
      ? { status: 'offered', leadStatus: statuses.new }
      : {
          status: isConnected(attempts) ? 'connected' : 'accepted',
          leadStatus: statuses[leadStatusKeyOf(attempts)],
        }),
    lifecycleStage: mayMove(agreement, lifecycleStage, 'sql') ? 'sql' : lifecycleStage,
    returned: null,
    restartedAt: now,
    deadlines: withStarted(
      settle(handoff, ['ready', 'return-answer'], (one) => cancel(one, now)),
      startClocks(kinds, handoff, agreement, now),
    ),
  }
}

function eventsOf(
  { side, ruling, words, by }: Vote,
  { term, ruling: outcome, why, votes }: Contest,
  handoff: Handoff,
  at: Date,
): HandoffEvent[] {
  const given: HandoffEvent = { type: 'RulingGiven', at, by, data: { side, ruling, words, term } }
  if (outcome === null) return [given]
  const ruled: HandoffEvent = {
    type: 'ReturnRuled',
    at,
    by,
    data: {
      ruling: outcome,
      term,
      reason: handoff.returned?.reason ?? null,
      why,
      words: votes.flatMap((vote) => (vote.words === null ? [] : [vote.words])),
      by: votes.map((vote) => vote.by.id),
    },
  }
  return outcome === 'overturn'
    ? [given, ruled, { type: 'Reopened', at, by, data: {} }]
    : [given, ruled]
}

function noticeOf(vote: Vote, contest: Contest, { by }: Returned): Notice {
  const others = (ids: string[]): string[] => [...new Set(ids)].filter((id) => id !== vote.by.id)
  const outcome =
    contest.ruling !== null ? 'ruled' : contest.votes.length === 2 ? 'disagreed' : 'awaited'
  const to = {
    awaited: [],
    disagreed: others(contest.votes.map((one) => one.by.id)),
    ruled: others([by.id, contest.by.id]),
  }[outcome]
  const { side, ruling, words } = vote
  return { type: 'ruling', by: vote.by.id, side, ruling, words, outcome, to }
}
