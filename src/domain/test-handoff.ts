import type { Agreement } from './agreement.ts'
import { accept } from './decide/accept.ts'
import type { Decided } from './decide/decision.ts'
import { handOff } from './decide/hand-off.ts'
import type { Handoff } from './handoff.ts'
import { viewerOf } from './home.ts'
import type { Member, Person } from './person.ts'

/**
 * A handoff to try Baton with: its card looks like any other, and it is kept apart from the real
 * ones, so that no figure, clock or program outside hears of it.
 */

export const testAnswers = ['accepted', 'returned'] as const
export type TestAnswer = (typeof testAnswers)[number]

export interface TestHandoff {
  id: string
  workspaceId: string
  leadType: string
  agreementVersion: number
  /** As the agreement names it. */
  channel: string
  createdAt: Date
  /** When its card goes away. */
  removeAt: Date
  /** What somebody answered, by the id of their row; null while nobody has. */
  answer: { kind: TestAnswer; byId: string; at: Date } | null
  /** Where its card stands in Slack; null while that is not known. */
  place: { channelId: string; ts: string } | null
}

/** It stays for so long, and for so long after an answer. */
const staysMs = 10 * 60_000
const staysAnsweredMs = 60_000

/** Whether a member may send one: managers, admins, and whoever administers the Slack workspace. */
export function maySendTest(agreement: Agreement, member: Member): boolean {
  const { role, administers } = viewerOf(agreement, member)
  return administers || role === 'sales_manager' || role === 'marketing_manager'
}

/** A new one, in the channel of the first lead type; undefined where the agreement has none. */
export function newTest(
  agreement: Agreement,
  about: Pick<TestHandoff, 'id' | 'workspaceId' | 'agreementVersion'>,
  now: Date,
): TestHandoff | undefined {
  const [type] = agreement.lead_types
  if (type === undefined) return undefined
  return {
    ...about,
    leadType: type.id,
    channel: type.channel,
    createdAt: now,
    removeAt: new Date(now.getTime() + staysMs),
    answer: null,
    place: null,
  }
}

/** When it goes away once it was answered: never later than it would have anyway. */
export const removalAfter = ({ removeAt }: TestHandoff, at: Date): Date =>
  new Date(Math.min(removeAt.getTime(), at.getTime() + staysAnsweredMs))

/** The words of a lead that nobody is. */
export interface TestWords {
  name: string
  reason: string
}

/**
 * The handoff that the card of a test shows, by the rules of the real ones: offered, or accepted by
 * `by`. Nothing of it is ever written down.
 */
export function handoffOf(
  test: TestHandoff,
  { name, reason }: TestWords,
  by: Person | null,
  agreement: Agreement,
): Handoff {
  const { id, workspaceId, leadType, agreementVersion, createdAt, answer } = test
  const offered = stateOf(
    handOff(
      {
        ...{ id, workspaceId, leadType, agreementVersion, reason, lead: leadOf(id, name) },
        ...{ priority: 'standard', whatChanged: undefined, owner: null, score: null, turn: null },
        ...{ known: { stage: null, status: null }, before: null },
      },
      null,
      { agreement, now: createdAt },
    ),
  )
  if (by === null || answer?.kind !== 'accepted') return offered
  return stateOf(accept(offered, { person: by, role: 'rep' }, { agreement, now: answer.at }))
}

const leadOf = (id: string, name: string): Handoff['lead'] => ({
  ...{ id, name, email: `${id.replace(/^hof_/, '').replace(/^test/, 'test-')}@baton.invalid` },
  ...{ title: null, phone: null, company: {}, attributes: {}, source: null, crm: null },
  ...{ journeyStage: null, type: null },
})

function stateOf(decided: Decided): Handoff {
  if (!decided.ok) throw new Error(`the rules refuse a test handoff: ${decided.refusal.code}`)
  return decided.decision.handoff
}
