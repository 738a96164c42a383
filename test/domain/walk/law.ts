import type { Refusal } from '../../../src/domain/decide/decision.ts'
import {
  type DeadlineKind,
  type Handoff,
  type HandoffStatus,
  isBack,
} from '../../../src/domain/handoff.ts'
import type { Command } from './walk.ts'

/** What may be, written down apart from the rules. */

/** From which status to which a handoff may move, and by which commands; no other way exists. */
export const moves: readonly {
  from: HandoffStatus
  to: HandoffStatus
  by: readonly Command['do'][]
}[] = [
  { from: 'offered', to: 'accepted', by: ['accept'] },
  // It was given back after somebody had been reached: whoever accepts goes on from there.
  { from: 'offered', to: 'connected', by: ['accept'] },
  { from: 'offered', to: 'returned', by: ['return'] },
  { from: 'offered', to: 'unresponsive', by: ['return'] },

  { from: 'accepted', to: 'connected', by: ['attempt', 'correct'] },
  { from: 'accepted', to: 'qualified', by: ['deal'] },
  { from: 'accepted', to: 'closed', by: ['deal'] },
  { from: 'accepted', to: 'returned', by: ['return'] },
  { from: 'accepted', to: 'unresponsive', by: ['return'] },
  { from: 'accepted', to: 'offered', by: ['give-back'] },

  { from: 'connected', to: 'accepted', by: ['correct'] },
  { from: 'connected', to: 'qualified', by: ['deal'] },
  { from: 'connected', to: 'closed', by: ['deal'] },
  { from: 'connected', to: 'returned', by: ['return'] },
  { from: 'connected', to: 'unresponsive', by: ['return'] },
  { from: 'connected', to: 'offered', by: ['give-back'] },

  { from: 'qualified', to: 'closed', by: ['deal'] },
  { from: 'closed', to: 'qualified', by: ['deal'] },

  // Only a ruling brings a return back to sales; marketing's way is another round.
  { from: 'returned', to: 'offered', by: ['rule'] },
  { from: 'returned', to: 'accepted', by: ['rule'] },
  { from: 'returned', to: 'connected', by: ['rule'] },
  { from: 'unresponsive', to: 'offered', by: ['rule'] },
  { from: 'unresponsive', to: 'accepted', by: ['rule'] },
  { from: 'unresponsive', to: 'connected', by: ['rule'] },
]

/** From which status on a lead may begin another round, which is offered. */
export const anotherRound: readonly HandoffStatus[] = ['returned', 'unresponsive', 'closed']

/** How a handoff stands: its status, and for one that is back what was said to the return. */
export type Standing =
  | Exclude<HandoffStatus, 'returned' | 'unresponsive'>
  | 'unanswered'
  | 'acknowledged'
  | 'contested'
  | 'ruled'
  | 'handed-over-again'

export function standingOf({ status, returned }: Handoff): Standing {
  if (!isBack(status)) return status === 'returned' || status === 'unresponsive' ? 'ruled' : status
  const answer = returned?.answer ?? 'unanswered'
  return answer === 'contested' && returned?.contest?.ruling ? 'ruled' : answer
}

/** Nothing more is to come of these. */
export const isEnd = (standing: Standing): boolean =>
  standing === 'closed' || standing === 'handed-over-again'

/** Which clocks may press, or stand still, by how a handoff stands: somebody is there to meet them. */
export const mayRun: Record<Standing, readonly DeadlineKind[]> = {
  offered: ['accept', 'accept-hard'],
  accepted: ['first-attempt', 'attempts', 'idle'],
  connected: [],
  qualified: [],
  closed: [],
  unanswered: ['return-answer', 'ready'],
  acknowledged: ['ready'],
  contested: ['ruling', 'ready'],
  ruled: ['ready'],
  'handed-over-again': [],
}

/** And which of them must, so that nothing is forgotten. */
export const mustRun: Partial<Record<Standing, readonly DeadlineKind[]>> = {
  offered: ['accept', 'accept-hard'],
  unanswered: ['return-answer'],
  contested: ['ruling'],
}

/** Refusals that no rule here decides, and who does. */
export const refusedElsewhere: Partial<Record<Refusal['code'], string>> = {
  'named-in-agreement': 'the form of the roles, before anything is asked of a handoff',
  erased: 'before any rule is asked: see actAfterLooking, and test/domain/erasure',
}

/** Every refusal; a new one does not compile until it is listed. */
export const refusalCodes: Record<Refusal['code'], true> = {
  'role-required': true,
  'offered-to': true,
  'accepted-by-you': true,
  'accepted-by': true,
  'owned-by': true,
  'not-accepted-yet': true,
  'moved-on': true,
  'unknown-lead-type': true,
  'unknown-reason': true,
  needed: true,
  'unknown-criterion': true,
  'date-in-past': true,
  'attempt-in-future': true,
  'unknown-attempt': true,
  'nothing-to-correct': true,
  'no-pause-agreed': true,
  'paused-already': true,
  'paused-too-often': true,
  'nothing-to-pause': true,
  'not-paused': true,
  'nothing-to-snooze': true,
  'answered-already': true,
  'unknown-lead': true,
  'same-lead': true,
  'attempts-first': true,
  'stage-not-allowed': true,
  'contest-too-late': true,
  'nobody-to-rule': true,
  'not-contested': true,
  'ruled-already': true,
  'ruled-so-already': true,
  'party-to-it': true,
  'ready-already': true,
  'unknown-deal-stage': true,
  'unknown-lost-reason': true,
  'deal-stage-already': true,
  'nobody-has-it': true,
  'yours-already': true,
  'theirs-already': true,
  'cannot-sell': true,
  'off-duty': true,
  full: true,
  'named-in-agreement': true,
  'already-open': true,
  erased: true,
}
