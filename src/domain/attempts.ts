import type { AttemptChannel, AttemptOutcome, Clocks } from './agreement.ts'
import { dueAt } from './business-time.ts'
import type { Calendar } from './calendar.ts'
import { type Allowance, formatAllowance } from './duration.ts'
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
  handoff: Pick<Handoff, 'acceptedAt' | 'attempts' | 'deadlines'>,
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

  // While the clock stands still the window has no end yet.
  const window = deadlineOf(handoff, 'attempts')
  if (window !== undefined && window.state !== 'paused' && made.at > window.dueAt) {
    return { clause: 'window' }
  }

  const gap = gapOn(made.channel, terms)
  const tooClose = handoff.attempts
    .filter((other) => other.counted && other.channel === made.channel)
    .find((other) => {
      const [earlier, later] = other.at <= made.at ? [other.at, made.at] : [made.at, other.at]
      return later < dueAt(earlier, gap, calendar).dueAt
    })
  if (tooClose !== undefined) {
    const sinceMs = Math.abs(made.at.getTime() - tooClose.at.getTime())
    return { clause: 'gap', sinceMs, gap: formatAllowance(gap) }
  }
  return { clause: 'counted' }
}

const gapOn = (channel: AttemptChannel, { gap, gaps }: Clocks['attempts']): Allowance =>
  gaps[channel] ?? gap

/** From when on another attempt over a channel counts. */
export interface NextAttempt {
  channel: AttemptChannel
  /** null where no counted attempt stands in its way */
  from: Date | null
}

/**
 * When the next attempts of a running sequence count: the counted channels, those that are over for
 * good left out, and the end of the window. Undefined where no sequence runs.
 */
export function nextAttempts(
  handoff: Handoff,
  terms: Clocks['attempts'],
  calendar: Calendar,
): { channels: NextAttempt[]; until: Date } | undefined {
  const window = deadlineOf(handoff, 'attempts')
  if (window?.state !== 'running') return undefined
  const fromOn = (channel: AttemptChannel): Date | null => {
    const gap = gapOn(channel, terms)
    const free = handoff.attempts
      .filter((other) => other.counted && other.channel === channel)
      .map((other) => dueAt(other.at, gap, calendar).dueAt.getTime())
    return free.length === 0 ? null : new Date(Math.max(...free))
  }
  const channels = [...new Set(terms.counted)]
    .map((channel): NextAttempt => ({ channel, from: fromOn(channel) }))
    .filter(({ from }) => from === null || from <= window.dueAt)
  return { channels, until: window.dueAt }
}

/** Whether the counted attempts are as many, over as many channels, as the agreement asks for. */
export function sequenceComplete(
  handoff: Pick<Handoff, 'attempts'>,
  terms: Clocks['attempts'],
): boolean {
  const counted = handoff.attempts.filter((attempt) => attempt.counted)
  const channels = new Set(counted.map((attempt) => attempt.channel))
  return counted.length >= terms.count && channels.size >= terms.channels
}
