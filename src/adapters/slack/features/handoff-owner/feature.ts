import type { Feature } from '../feature.ts'
import { submitOwner } from './owner.ts'

/** Another owner for a lead; the form is opened from the menu of the card. */
export const handoffOwner: Feature = {
  views: { 'handoff.reassign': submitOwner },
}
