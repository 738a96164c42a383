import type { AttemptChannel, AttemptOutcome, Clocks } from './agreement.ts'
import { dueAt } from './business-time.ts'
import type { Calendar } from './calendar.ts'
import { formatAllowance } from './duration.ts'
import { type AttemptVerdict, deadlineOf, type Handoff } from './handoff.ts'

export interface AttemptMade {
  channel: AttemptChannel
  outcome: AttemptOutcome
  at: Date
}

const connecting: readonly AttemptOutcome[] = ['connected', 'meeting-booked']

/** Whether the outcome is a connection. */
export const connects = (outcome: AttemptOutcome): boolean => connecting.includes(outcome)

/**
 * Whether an attempt counts, and the clause that says so. A connection counts on any agreed
 * channel, however soon it comes: the sequence exists to make one.
 */
export function judgeAttempt(
  handoff: Handoff,
  made: AttemptMade,
  terms: Clocks['attempts'],
  calendar: Calendar,
): AttemptVerdict {
  if (handoff.acceptedAt !== null && made.at < handoff.acceptedAt) {
    return { clause: 'before-acceptance' }
  }
  if (!terms.counted.includes(made.channel)) return { clause: 'channel', channel: made.channel }
  if (connects(made.outcome)) return { clause: 'counted' }
  if (terms.not_counted.includes(made.outcome)) return { clause: 'outcome', outcome: made.outcome }

  const window = deadlineOf(handoff, 'attempts')
  if (window !== undefined && made.at > window.dueAt) return { clause: 'window' }

  const tooClose = handoff.attempts
    .filter((other) => other.counted && other.channel === made.channel)
    .find((other) => {
      const [earlier, later] = other.at <= made.at ? [other.at, made.at] : [made.at, other.at]
      return later < dueAt(earlier, terms.gap, calendar).dueAt
    })
  if (tooClose !== undefined) {
    const sinceMs = Math.abs(made.at.getTime() - tooClose.at.getTime())
    return { clause: 'gap', sinceMs, gap: formatAllowance(terms.gap) }
  }
  return { clause: 'counted' }
}

/** Whether the counted attempts are as many, over as many channels, as the agreement asks for. */
export function sequenceComplete(handoff: Handoff, terms: Clocks['attempts']): boolean {
  const counted = handoff.attempts.filter((attempt) => attempt.counted)
  const channels = new Set(counted.map((attempt) => attempt.channel))
  return counted.length >= terms.count && channels.size >= terms.channels
}
