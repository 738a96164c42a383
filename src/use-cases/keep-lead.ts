import type { Refusal } from '../domain/decide/decision.ts'
import { keepLead, type LeadKept, type LeadNews } from '../domain/decide/keep-lead.ts'
import type { Handoff } from '../domain/handoff.ts'
import { refusalOfErased, unlessErased } from './erase-lead.ts'
import type { World } from './ports/world.ts'

export type KeepLeadResult =
  | { kind: 'kept'; created: boolean }
  | { kind: 'name-needed' }
  | { kind: 'refused'; refusal: Refusal; handoff: Handoff | null }

/**
 * Keeps what another program tells of a lead, and has it scored. Refuses a new lead without a name, a
 * stage that the agreement does not let it come to, and any other stage while sales has it: then the
 * stage is that of its handoff.
 */
export async function keepNews(
  world: World,
  workspaceId: string,
  news: LeadNews,
): Promise<KeepLeadResult> {
  const { agreement } = await world.agreements.inForce(workspaceId)
  const open =
    news.lifecycleStage === undefined
      ? undefined
      : await world.handoffs.openOfLead(workspaceId, news.email)
  if (open !== undefined && open.lifecycleStage !== news.lifecycleStage) {
    const { id: handoffId, status } = open
    return {
      kind: 'refused',
      refusal: { code: 'already-open', handoffId, status },
      handoff: open,
    }
  }
  const newId = world.newId('lead')
  const kept = await world.leads
    .keep(workspaceId, news.email, (known) => keepLead(agreement, known, news, newId), world.now())
    .catch(unlessErased)
  if (kept === undefined) {
    const refusal = await refusalOfErased(world, workspaceId, news)
    return { kind: 'refused', refusal, handoff: null }
  }
  const { decided, created } = kept
  if (!decided.ok) return refusedOf(decided)
  world.scorer.due()
  return { kind: 'kept', created }
}

const refusedOf = ({ refusal }: Extract<LeadKept, { ok: false }>): KeepLeadResult =>
  refusal.code === 'name-needed'
    ? { kind: 'name-needed' }
    : { kind: 'refused', refusal, handoff: null }
