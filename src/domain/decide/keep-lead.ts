import type { Agreement, LifecycleStage } from '../agreement.ts'
import { type KnownLead, type Lead, type LeadChange, type LeadInput, mergeLead } from '../lead.ts'
import { mayMove } from '../lifecycle.ts'
import type { Refusal } from './decision.ts'

/** What another program tells of a lead; what it leaves out stays. */
export interface LeadNews extends Omit<LeadInput, 'name'> {
  /** Needed where nothing is known of the lead yet. */
  name?: string | undefined
  lifecycleStage?: LifecycleStage | undefined
}

export type LeadKept =
  | { ok: true; lead: Lead; stage: LifecycleStage; changes: LeadChange[] }
  | {
      ok: false
      refusal: Extract<Refusal, { code: 'stage-not-allowed' }> | { code: 'name-needed' }
    }

/**
 * News of a lead, or a new one, which is in stage `lead` unless they say otherwise. Refuses a new one
 * without a name, and a stage that the agreement does not let the lead come to.
 */
export function keepLead(
  agreement: Agreement,
  known: KnownLead | undefined,
  { lifecycleStage, ...news }: LeadNews,
  newId: string,
): LeadKept {
  const name = news.name ?? known?.lead.name
  if (name === undefined) return { ok: false, refusal: { code: 'name-needed' } }
  const from = known?.stage ?? null
  const stage = lifecycleStage ?? from ?? 'lead'
  if (from !== null && !mayMove(agreement, from, stage)) {
    return { ok: false, refusal: { code: 'stage-not-allowed', from, to: stage } }
  }
  return {
    ok: true,
    lead: mergeLead(known?.lead, { ...news, name }, newId),
    stage,
    changes: from === stage ? [] : [{ what: 'stage', from, to: stage, rule: 'api' }],
  }
}
