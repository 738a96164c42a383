import { type AttemptMade, connects, judgeAttempt, sequenceComplete } from '../attempts.ts'
import { workingMsBetween } from '../business-time.ts'
import type { Calendar } from '../calendar.ts'
import { calendarOf, clocksOf } from '../clocks.ts'
import { type Attempt, countedAttempts, type Handoff } from '../handoff.ts'
import { attemptClocks } from './attempt-clocks.ts'
import { type Actor, type Context, type Decided, decided, refuse } from './decision.ts'
import { notForThem } from './rights.ts'

export interface LogAttempt extends AttemptMade {
  id: string
  note: string | undefined
}

/** Clocks of two machines differ; a minute ahead is still "now". */
export const clockSkewMs = 60_000

/**
 * A connect attempt is logged and judged by the agreement. A counted one meets the first-attempt
 * clock and starts that of idleness anew; a connection, or a complete sequence, meets the clock of
 * the sequence. Refuses an attempt before acceptance of the lead, on somebody else's lead, or in the
 * future. `actor` is null where the API's key speaks without naming a person.
 */
export function logAttempt(
  handoff: Handoff,
  command: LogAttempt,
  actor: Actor | null,
  { agreement, now }: Context,
): Decided {
  if (handoff.status === 'offered') return refuse({ code: 'not-accepted-yet' })
  if (handoff.status !== 'accepted' && handoff.status !== 'connected') {
    return refuse({ code: 'moved-on', status: handoff.status, leadStatus: handoff.leadStatus })
  }
  const objection = actor === null ? undefined : notForThem(handoff, actor)
  if (objection !== undefined) return refuse(objection)
  if (command.at.getTime() > now.getTime() + clockSkewMs) {
    return refuse({ code: 'attempt-in-future' })
  }

  const terms = clocksOf(agreement, handoff.leadType).attempts
  const calendar = calendarOf(agreement, handoff.leadType)
  const verdict = judgeAttempt(handoff, command, terms, calendar)
  const by = actor?.person ?? null
  const attempt: Attempt = {
    id: command.id,
    number: handoff.attempts.length + 1,
    channel: command.channel,
    outcome: command.outcome,
    note: command.note ?? null,
    at: command.at,
    by,
    counted: verdict.clause === 'counted',
    verdict,
  }
  const after: Handoff = { ...handoff, attempts: [...handoff.attempts, attempt] }
  const connected = attempt.counted && connects(command.outcome)
  const firstConnection = connected && handoff.status !== 'connected'
  const complete = sequenceComplete(after, terms)
  const wasComplete = sequenceComplete(handoff, terms)

  return decided(
    after,
    {
      status: connected ? 'connected' : handoff.status,
      leadStatus: leadStatusAfter(handoff, connected, agreement.lead_statuses),
      deadlines: attemptClocks(after, { agreement, now }),
    },
    {
      events: [
        {
          type: 'AttemptLogged',
          at: now,
          by,
          data: {
            number: attempt.number,
            channel: attempt.channel,
            outcome: attempt.outcome,
            madeAt: attempt.at.toISOString(),
            verdict,
            ...sinceAcceptance(handoff, attempt, calendar),
          },
        },
        ...(firstConnection
          ? [{ type: 'Connected' as const, at: now, by, data: { number: attempt.number } }]
          : []),
      ],
      notices: [
        {
          where: { thread: true },
          notice: {
            type: 'attempt',
            by: by?.id ?? null,
            channel: attempt.channel,
            outcome: attempt.outcome,
            note: attempt.note,
            verdict,
            counted: countedAttempts(after),
            of: terms.count,
            finished: complete && !wasComplete && handoff.status !== 'connected' && !connected,
            connected: firstConnection,
          },
        },
      ],
      rule: connected ? 'lead_statuses.connected' : 'lead_statuses.attempting',
    },
  )
}

/** How long the first counted attempt took, in wall and in working time: what reports are made of. */
function sinceAcceptance(
  { acceptedAt, attempts }: Handoff,
  { at, counted }: Attempt,
  calendar: Calendar,
): { afterMs?: number; workingMs?: number } {
  if (!counted || acceptedAt === null || attempts.some((known) => known.counted)) return {}
  const end = at < acceptedAt ? acceptedAt : at
  return {
    afterMs: end.getTime() - acceptedAt.getTime(),
    workingMs: workingMsBetween(acceptedAt, end, calendar),
  }
}

function leadStatusAfter(
  handoff: Handoff,
  connected: boolean,
  statuses: { attempting: string; connected: string },
): string {
  if (connected) return statuses.connected
  return handoff.status === 'connected' ? handoff.leadStatus : statuses.attempting
}
