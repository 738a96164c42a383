import type { Handoff } from '../handoff.ts'
import { mayAnswerReturns, maySell, mayStandIn } from '../person.ts'
import type { Actor, Refusal } from './decision.ts'

/** Whoever of sales has the lead acts on it, and their manager. */
export function notForThem(handoff: Handoff, actor: Actor): Refusal | undefined {
  if (!maySell(actor.role)) return { code: 'role-required', needed: 'sales' }
  const { owner } = handoff
  if (owner === null || owner.id === actor.person.id || mayStandIn(actor.role)) return undefined
  return { code: 'owned-by', owner }
}

/** Marketing answers, and whoever handed the lead over. */
export function notForMarketing(handoff: Handoff, actor: Actor): Refusal | undefined {
  const handedOver = handoff.handedOffBy?.id === actor.person.id
  return handedOver || mayAnswerReturns(actor.role)
    ? undefined
    : { code: 'role-required', needed: 'marketing' }
}
