import type { Agreement, AttemptChannel, AttemptOutcome, Priority } from './agreement.ts'
import { connects, judgeAttempt, sequenceComplete } from './attempts.ts'
import { calendarOf, clocksOf, clockTerms } from './clocks.ts'
import { cancel, latenessOf, meet, pause, resume, startDeadline } from './deadlines.ts'
import { type Allowance, formatAllowance } from './duration.ts'
import type { Attempt, Deadline, DeadlineKind, Pause } from './handoff.ts'

/** What a handoff's times would have come to under another agreement. */

/** What was recorded of one clock, where it does not depend on the agreement. */
export interface PastClock {
  kind: DeadlineKind
  startedAt: Date
  metAt: Date | null
  /** When it was called off. */
  stoppedAt: Date | null
  pauses: Pause[]
}

/** The times of a handoff that was made: all that a replay needs of it. */
export interface PastHandoff {
  id: string
  leadType: string
  priority: Priority
  agreementVersion: number
  createdAt: Date
  acceptedAt: Date | null
  returnedAt: Date | null
  attempts: { channel: AttemptChannel; outcome: AttemptOutcome; at: Date }[]
  clocks: PastClock[]
}

/** How one clock of a handoff stands under an agreement. */
export interface Judged {
  kind: DeadlineKind
  clause: string
  within: Allowance
  /** Met late, or not met in time. */
  late: boolean
  /** How late on the clock of the clause, up to when it was met, called off, or now; 0 in time. */
  lateMs: number
}

/** What a handoff comes to under one agreement: its clocks, and how many attempts count. */
export interface Outcome {
  clocks: Judged[]
  counted: number
}

/**
 * Runs the clocks of an agreement over what happened: acceptance, attempts, return, pauses. A clock
 * that is still running is late from its deadline on.
 */
export function outcomeUnder(past: PastHandoff, agreement: Agreement, now: Date): Outcome {
  const run = runnerOf(past, agreement, now)
  const { createdAt, acceptedAt, returnedAt } = past
  const accept = run('accept', createdAt, acceptedAt ?? returnedAt)
  const hard = run('accept-hard', createdAt, acceptedAt ?? returnedAt)
  const answer = past.clocks.find(({ kind }) => kind === 'return-answer')
  const answered = answer && run('return-answer', answer.startedAt, answer.metAt)
  const start = judgedOf(past, agreement, [accept, hard, answered], now)
  if (acceptedAt === null) return { clocks: start, counted: 0 }

  const window = run('attempts', acceptedAt, null)
  const sequence = runSequence(past, agreement, window)
  const first = run('first-attempt', acceptedAt, sequence.firstAt)
  const whole = run('attempts', acceptedAt, sequence.overAt)
  const ofSales = [first, whole, idleOf(acceptedAt, sequence, run)]
  return {
    clocks: [...start, ...judgedOf(past, agreement, ofSales, now)],
    counted: sequence.countedAt.length,
  }
}

type Runner = (kind: DeadlineKind, from: Date, metAt: Date | null) => Deadline | undefined

/** Runs single clocks: from a start through the pauses to where it was met or called off. */
function runnerOf(past: PastHandoff, agreement: Agreement, now: Date): Runner {
  return (kind, from, metAt) => {
    const known = clockTerms(agreement, past, kind)
    if (known === undefined) return undefined
    // nobody is told anything in a replay
    const terms = { ...known, remind: [], escalation: [] }
    const recorded = past.clocks.find((clock) => clock.kind === kind)
    // a return ends the clocks of sales, and starts that of marketing
    const ended = kind === 'return-answer' ? null : past.returnedAt
    const end = metAt ?? recorded?.stoppedAt ?? ended
    let deadline = startDeadline(kind, from, terms)
    for (const { from: at, to, reason } of pausesOf(past, kind)) {
      // a pause of a clock that had run out, or of an earlier run of it, changes nothing
      if (at < from || at > deadline.dueAt || (end !== null && at >= end)) continue
      deadline = pause(deadline, at, to ?? end ?? now, reason)
      if (to !== null && (end === null || to < end)) deadline = resume(deadline, to, terms)
    }
    if (metAt !== null) return meet(deadline, metAt)
    if (end !== null) return cancel(deadline, end)
    const missed = deadline.state === 'running' && deadline.dueAt <= now
    return missed ? { ...deadline, state: 'missed', breachedAt: deadline.dueAt } : deadline
  }
}

/** A counted attempt starts the clock of idleness anew; earlier pauses are known from the sequence. */
function pausesOf({ clocks }: PastHandoff, kind: DeadlineKind): Pause[] {
  const of = (one: DeadlineKind): Pause[] =>
    clocks.find((clock) => clock.kind === one)?.pauses ?? []
  if (kind !== 'idle') return of(kind)
  const last = of('idle')
  const known = new Set(last.map(({ from }) => from.getTime()))
  const earlier = of('attempts').filter(({ from }) => !known.has(from.getTime()))
  return [...earlier, ...last].sort((a, b) => a.from.getTime() - b.from.getTime())
}

interface Sequence {
  /** Moments of the counted attempts, in the order they were logged. */
  countedAt: Date[]
  firstAt: Date | null
  /** The connection, or the last attempt that was asked for. */
  overAt: Date | null
}

/** Judges the attempts one by one, as they were logged, by the terms of an agreement. */
function runSequence(
  past: PastHandoff,
  agreement: Agreement,
  window: Deadline | undefined,
): Sequence {
  const terms = clocksOf(agreement, past.leadType).attempts
  const calendar = calendarOf(agreement, past.leadType)
  const deadlines = window === undefined ? [] : [window]
  const attempts: Attempt[] = []
  let overAt: Date | null = null
  for (const made of past.attempts) {
    const soFar = { acceptedAt: past.acceptedAt, deadlines, attempts }
    const verdict = judgeAttempt(soFar, made, terms, calendar)
    const number = attempts.length + 1
    const counted = verdict.clause === 'counted'
    attempts.push({ id: `${number}`, number, ...made, note: null, by: null, counted, verdict })
    const over = (counted && connects(made.outcome)) || sequenceComplete({ attempts }, terms)
    if (over) overAt ??= made.at
  }
  const countedAt = attempts.filter(({ counted }) => counted).map(({ at }) => at)
  return { countedAt, firstAt: countedAt[0] ?? null, overAt }
}

/** Accepted and idle: the stretch between two counted attempts that ran out first. */
function idleOf(acceptedAt: Date, { countedAt, overAt }: Sequence, run: Runner) {
  const starts = [acceptedAt, ...countedAt.filter((at) => overAt === null || at < overAt)]
  const stretches = starts.map((from, index) => run('idle', from, starts[index + 1] ?? overAt))
  return stretches.find((stretch) => isLate(stretch)) ?? stretches.at(-1)
}

const isLate = (deadline: Deadline | undefined): boolean => (deadline?.breachedAt ?? null) !== null

function judgedOf(
  past: PastHandoff,
  agreement: Agreement,
  deadlines: readonly (Deadline | undefined)[],
  now: Date,
): Judged[] {
  return deadlines.flatMap((deadline): Judged[] => {
    if (deadline === undefined) return []
    const terms = clockTerms(agreement, past, deadline.kind)
    if (terms === undefined) return []
    const { clause, within, calendar } = terms
    const lateness = latenessOf(deadline, now, calendar)
    const lateMs = (within.clock === 'wall' ? lateness?.rawMs : lateness?.workingMs) ?? 0
    return [{ kind: deadline.kind, clause, within, late: lateness !== null, lateMs }]
  })
}

/** One clause over many handoffs: what was agreed then, what is proposed, and who would be late. */
export interface ReplayLine {
  clause: string
  /** As the file writes it, such as `4h`; null where there was, or would be, no such clock. */
  before: string | null
  after: string | null
  handoffs: number
  lateBefore: number
  lateAfter: number
  /** The longest lateness, on the clock of the clause. Milliseconds. */
  mostLateMsBefore: number
  mostLateMsAfter: number
  /** Handoffs that would be late and were not, and the other way round. */
  newlyLate: string[]
  noLongerLate: string[]
}

export interface Replay {
  handoffs: number
  attempts: { logged: number; countedBefore: number; countedAfter: number }
  lines: ReplayLine[]
}

export interface ReplayTally {
  add(past: PastHandoff, before: Outcome, after: Outcome): void
  result(): Replay
}

/** Adds up what handoffs came to and would have come to, clause by clause. */
export function replayTally(): ReplayTally {
  const lines = new Map<string, ReplayLine>()
  const attempts = { logged: 0, countedBefore: 0, countedAfter: 0 }
  let handoffs = 0

  const lineOf = (clause: string, before: string | null, after: string | null): ReplayLine => {
    const key = `${clause} ${before} ${after}`
    const line = lines.get(key) ?? {
      clause,
      before,
      after,
      handoffs: 0,
      lateBefore: 0,
      lateAfter: 0,
      mostLateMsBefore: 0,
      mostLateMsAfter: 0,
      newlyLate: [],
      noLongerLate: [],
    }
    lines.set(key, line)
    return line
  }

  return {
    add(past, before, after) {
      handoffs += 1
      attempts.logged += past.attempts.length
      attempts.countedBefore += before.counted
      attempts.countedAfter += after.counted
      for (const [was, would] of pairs(before.clocks, after.clocks)) {
        const clause = (would ?? was)?.clause ?? ''
        const line = lineOf(clause, allowed(was), allowed(would))
        line.handoffs += 1
        line.lateBefore += was?.late ? 1 : 0
        line.lateAfter += would?.late ? 1 : 0
        line.mostLateMsBefore = Math.max(line.mostLateMsBefore, was?.lateMs ?? 0)
        line.mostLateMsAfter = Math.max(line.mostLateMsAfter, would?.lateMs ?? 0)
        if (would?.late && !was?.late) line.newlyLate.push(past.id)
        if (was?.late && !would?.late) line.noLongerLate.push(past.id)
      }
    },
    result: () => ({
      handoffs,
      attempts,
      lines: [...lines.values()].sort((a, b) => placeOf(a) - placeOf(b)),
    }),
  }
}

const allowed = (judged: Judged | undefined): string | null =>
  judged === undefined
    ? null
    : `${formatAllowance(judged.within)}${judged.within.clock === 'wall' ? ' by the clock' : ''}`

const inOrder: readonly string[] = [
  'clocks.accept.within',
  'clocks.accept.hard',
  'clocks.first_attempt.hot',
  'clocks.first_attempt.standard',
  'clocks.attempts.within',
  'clocks.idle.within',
  'clocks.return_answer.within',
]
const placeOf = ({ clause }: ReplayLine): number => inOrder.indexOf(clause)

/** The same clock before and after; either may be missing. */
function pairs(
  before: readonly Judged[],
  after: readonly Judged[],
): [Judged | undefined, Judged | undefined][] {
  const kinds = new Set([...before, ...after].map(({ kind }) => kind))
  return [...kinds].map((kind) => [
    before.find((judged) => judged.kind === kind),
    after.find((judged) => judged.kind === kind),
  ])
}
