import type { Feature } from '../feature.ts'
import { changeStage, openOutcome, submitOutcome } from './outcome-form.ts'

/** What became of a lead after sales accepted it. */
export const handoffOutcome: Feature = {
  actions: {
    'handoff.outcome': openOutcome,
    'handoff.outcome/deal_stage': changeStage,
  },
  views: { 'handoff.outcome': submitOutcome },
}
