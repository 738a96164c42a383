import type { Handoff } from '../handoff.ts'
import { mayAnswerReturns, maySell, mayStandIn, rulesFor } from '../person.ts'
import type { Actor, Refusal } from './decision.ts'

/** Whoever of sales has the lead acts on it, and their manager. */
export function notForThem(handoff: Handoff, actor: Actor): Refusal | undefined {
  if (!maySell(actor.role)) return { code: 'role-required', needed: 'sales' }
  const { owner } = handoff
  if (owner === null || owner.id === actor.person.id || mayStandIn(actor.role)) return undefined
  return { code: 'owned-by', owner }
}

/** Marketing answers, and whoever handed the lead over, as long as they may act at all. */
export function notForMarketing(handoff: Handoff, actor: Actor): Refusal | undefined {
  const handedOver = handoff.handedOffBy?.id === actor.person.id && actor.role !== null
  return handedOver || mayAnswerReturns(actor.role)
    ? undefined
    : { code: 'role-required', needed: 'marketing' }
}

/** The managers of both sides, and admins, who may stand in for either. */
export const notForJudges = ({ role }: Actor): Refusal | undefined =>
  rulesFor(role) !== null || role === 'admin'
    ? undefined
    : { code: 'role-required', needed: 'manager' }
