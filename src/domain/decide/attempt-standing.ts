import type { Clocks } from '../agreement.ts'
import { connects, sequenceComplete } from '../attempts.ts'
import type { Attempt, DeadlineKind } from '../handoff.ts'

/** How a handoff stands by its attempts. */

/** It was logged by mistake. */
export const isVoid = ({ verdict }: Attempt): boolean => verdict.clause === 'void'

/** The attempt reached somebody, and counts. */
export const isConnection = ({ counted, outcome }: Attempt): boolean => counted && connects(outcome)

export const isConnected = (attempts: readonly Attempt[]): boolean => attempts.some(isConnection)

/** The lead status of the agreement that an accepted lead has by its attempts. */
export function leadStatusKeyOf(
  attempts: readonly Attempt[],
): 'accepted' | 'attempting' | 'connected' {
  if (isConnected(attempts)) return 'connected'
  return attempts.every(isVoid) ? 'accepted' : 'attempting'
}

/**
 * The clocks that start when sales goes on with a lead, by the attempts that were made already: a
 * first attempt is not asked for again, and nothing is after a connection or a complete sequence.
 */
export function clocksToStart(
  attempts: Attempt[],
  terms: Clocks['attempts'],
): readonly DeadlineKind[] {
  if (isConnected(attempts) || sequenceComplete({ attempts }, terms)) return []
  return attempts.some(({ counted }) => counted)
    ? ['attempts', 'idle']
    : ['first-attempt', 'attempts', 'idle']
}
