import type { Feature } from '../feature.ts'
import { openHistory } from './history.ts'

/** What became of a lead, round by round: also behind the menu of its card and `/handoff find`. */
export const leadStory: Feature = { actions: { 'lead.history': openHistory } }
