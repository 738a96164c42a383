import type { AttemptChannel, AttemptOutcome, Clocks } from '../agreement.ts'
import { judgeAttempt, sequenceComplete } from '../attempts.ts'
import type { Calendar } from '../calendar.ts'
import { calendarOf, clocksOf } from '../clocks.ts'
import { type Attempt, type AttemptVerdict, countedAttempts, type Handoff } from '../handoff.ts'
import { attemptClocks } from './attempt-clocks.ts'
import { isConnected, isConnection, isVoid, leadStatusKeyOf } from './attempt-standing.ts'
import { type Actor, type Context, type Decided, decided, refuse } from './decision.ts'
import { clockSkewMs } from './log-attempt.ts'
import { notForThem } from './rights.ts'

/** What is undefined stays as it is. */
export interface CorrectAttempt {
  number: number
  channel: AttemptChannel | undefined
  outcome: AttemptOutcome | undefined
  at: Date | undefined
  note: string | undefined
  /** It did not happen; false takes that back. */
  void: boolean | undefined
}

/**
 * A logged attempt is put right. It is judged again as if it had been logged so, and so are those
 * that were logged after it; status and clocks follow. A breach that was recorded stays a fact, and
 * the event keeps what was said before. Refuses an attempt that is not there, a correction that
 * changes nothing, a time in the future, somebody else's lead, and a handoff that has moved on.
 */
export function correctAttempt(
  handoff: Handoff,
  command: CorrectAttempt,
  actor: Actor,
  { agreement, now }: Context,
): Decided {
  if (handoff.status === 'offered') return refuse({ code: 'not-accepted-yet' })
  if (handoff.status !== 'accepted' && handoff.status !== 'connected') {
    return refuse({ code: 'moved-on', status: handoff.status, leadStatus: handoff.leadStatus })
  }
  const objection = notForThem(handoff, actor)
  if (objection !== undefined) return refuse(objection)
  const was = handoff.attempts.find(({ number }) => number === command.number)
  if (was === undefined) return refuse({ code: 'unknown-attempt', number: command.number })
  if (command.at !== undefined && command.at.getTime() > now.getTime() + clockSkewMs) {
    return refuse({ code: 'attempt-in-future' })
  }
  const put = putRight(was, command)
  if (told(put) === told(was)) return refuse({ code: 'nothing-to-correct' })

  const terms = clocksOf(agreement, handoff.leadType).attempts
  const attempts = judgedAgain(handoff, put, terms, calendarOf(agreement, handoff.leadType))
  const is = attempts.find(({ number }) => number === put.number) ?? put
  const others = attempts.filter((attempt) => attempt !== is && !handoff.attempts.includes(attempt))
  const corrected: Handoff = { ...handoff, attempts }
  const connected = isConnected(attempts)
  const after: Handoff = {
    ...corrected,
    status: connected ? 'connected' : 'accepted',
    leadStatus:
      connected && handoff.status === 'connected'
        ? handoff.leadStatus
        : agreement.lead_statuses[leadStatusKeyOf(attempts)],
    deadlines: attemptClocks(corrected, { agreement, now }),
  }
  const firstConnection = connected && handoff.status !== 'connected'
  const finished = sequenceComplete(after, terms) && !sequenceComplete(handoff, terms) && !connected
  return decided(handoff, after, {
    events: [
      {
        type: 'AttemptCorrected',
        at: now,
        by: actor.person,
        data: {
          number: is.number,
          before: recordOf(was),
          after: recordOf(is),
          others: others.map(({ number, verdict }) => ({ number, verdict })),
        },
      },
      ...(firstConnection
        ? [
            {
              type: 'Connected' as const,
              at: now,
              by: actor.person,
              data: { number: attempts.find(isConnection)?.number },
            },
          ]
        : []),
    ],
    notices: [
      {
        where: { thread: true },
        notice: {
          type: 'attempt-corrected',
          by: actor.person.id,
          number: is.number,
          was: saidOf(was),
          is: saidOf(is),
          verdict: is.verdict,
          counted: countedAttempts(after),
          of: terms.count,
          others: others
            .filter(({ number, counted }) => counted !== wasCounted(handoff, number))
            .map(({ number, counted }) => ({ number, counted })),
          finished,
          connected: firstConnection,
        },
      },
    ],
    rule: 'lead_statuses',
  })
}

function putRight(was: Attempt, command: CorrectAttempt): Attempt {
  const gone = command.void ?? isVoid(was)
  return {
    ...was,
    channel: command.channel ?? was.channel,
    outcome: command.outcome ?? was.outcome,
    at: command.at ?? was.at,
    note: command.note ?? was.note,
    // A verdict follows for whatever did happen.
    verdict: gone ? { clause: 'void' } : isVoid(was) ? { clause: 'counted' } : was.verdict,
  }
}

const saidOf = (attempt: Attempt) => ({
  channel: attempt.channel,
  outcome: attempt.outcome,
  at: attempt.at,
  note: attempt.note,
  void: isVoid(attempt),
})

const recordOf = ({ channel, outcome, at, note, verdict }: Attempt) => ({
  channel,
  outcome,
  madeAt: at.toISOString(),
  note,
  verdict,
})

const told = (attempt: Attempt): string => JSON.stringify(saidOf(attempt))

/** The attempts with one put right; those whose verdict stays are the same objects as before. */
function judgedAgain(
  handoff: Handoff,
  put: Attempt,
  terms: Clocks['attempts'],
  calendar: Calendar,
): Attempt[] {
  const judged: Attempt[] = []
  for (const known of handoff.attempts) {
    const attempt = known.number === put.number ? put : known
    const before = { ...handoff, attempts: judged, acceptedAt: acceptanceOf(known, handoff) }
    const verdict: AttemptVerdict =
      attempt.number < put.number || isVoid(attempt)
        ? attempt.verdict
        : judgeAttempt(before, attempt, terms, calendar)
    const same = attempt === known && JSON.stringify(verdict) === JSON.stringify(known.verdict)
    judged.push(same ? known : { ...attempt, verdict, counted: verdict.clause === 'counted' })
  }
  return judged
}

/** The acceptance that an attempt was made after: not that of an owner who came later. */
function acceptanceOf({ at, verdict }: Attempt, { acceptedAt, restartedAt }: Handoff): Date | null {
  if (acceptedAt === null || restartedAt === null || at >= acceptedAt) return acceptedAt
  return verdict.clause === 'before-acceptance' ? acceptedAt : null
}

const wasCounted = (handoff: Handoff, number: number): boolean =>
  handoff.attempts.some((attempt) => attempt.number === number && attempt.counted)
