import type { Feature } from '../feature.ts'
import { changeAttempt, submitCorrection } from './correct.ts'

/** Putting a logged attempt right; the form is opened from the menu of the card. */
export const handoffCorrect: Feature = {
  actions: { 'handoff.correct/attempt': changeAttempt },
  views: { 'handoff.correct': submitCorrection },
}
