import type {
  Agreement,
  AttemptChannel,
  EscalationStep,
  Priority,
} from '../../../src/domain/agreement.ts'
import { dueAt, nextWorkingMoment, workingMsBetween } from '../../../src/domain/business-time.ts'
import type { Actor, Decision } from '../../../src/domain/decide/decision.ts'
import type { Allowance } from '../../../src/domain/duration.ts'
import { type DeadlineKind, deadlineOf, type Handoff } from '../../../src/domain/handoff.ts'
import type { Person } from '../../../src/domain/person.ts'

/**
 * What the agreement promises, said a second time and in another way: not by moments that are
 * reckoned ahead, but by how much of the time allowed has been used whenever somebody looks.
 */

interface Standstill {
  from: Date
  to: Date | null
}

interface Clock {
  kind: DeadlineKind
  from: Date
  within: Allowance
  allowedMs: number
  /** Working days end at a time of day, which may come later than the end of their hours. */
  notBefore: Date
  /** Fractions that were not told yet, nor passed over. */
  remind: number[]
  /** Steps that were not taken yet. */
  ladder: EscalationStep[]
  pauses: Standstill[]
  state: 'running' | 'paused' | 'met' | 'off'
  breached: boolean
  snoozed: boolean
  /** Its reminders were moved about: that they come is not certain, only how and how often. */
  moved: boolean
  /** What happened while nobody worked, and is still to be told. */
  owes: { miss: boolean; resume: boolean }
}

export function must(holds: boolean, what: string): void {
  if (!holds) throw new Error(what)
}

const sells = ({ role }: Actor): boolean => role === 'rep' || role === 'sales_manager'
/** Of the people here, marketing is the one who handed over. */
const answers = ({ role }: Actor): boolean => role === 'marketing'
const lasted = ({ from, to }: Standstill): boolean => to === null || to > from
const before = (at: Date): Date => new Date(at.getTime() - 1)

export type Model = ReturnType<typeof createModel>

export function createModel(
  agreement: Agreement,
  { leadType, priority, start }: { leadType: string; priority: Priority; start: Date },
) {
  const type = agreement.lead_types.find(({ id }) => id === leadType)
  const calendar = type?.calendar ?? agreement.calendar
  const agreed = { ...agreement.clocks, ...type?.clocks }
  const clocks = new Map<DeadlineKind, Clock>()
  const pauses: Standstill[] = []
  let limit = start
  let owner: Person | null = null
  let status: 'offered' | 'accepted' | 'connected' | 'returned' = 'offered'
  let acceptances = 0
  const tried: AttemptChannel[] = []
  let over = false
  let silenceFrom = start

  const isOpen = (at: Date): boolean => nextWorkingMoment(at, calendar).getTime() === at.getTime()

  function between({ within }: Pick<Clock, 'within'>, from: Date, to: Date): number {
    return within.clock === 'wall'
      ? Math.max(0, to.getTime() - from.getTime())
      : workingMsBetween(from, to, calendar)
  }

  /** The time used until a moment, pauses left out. */
  function used(clock: Clock, at: Date): number {
    const still = clock.pauses.map(({ from, to }) =>
      between(clock, from, to !== null && to < at ? to : at),
    )
    return still.reduce((rest, ms) => rest - ms, between(clock, clock.from, at))
  }

  const reached = (clock: Clock, at: Date, fraction: number): boolean =>
    used(clock, at) >= Math.round(clock.allowedMs * fraction)
  const isDue = (clock: Clock, at: Date): boolean => at >= clock.notBefore && reached(clock, at, 1)
  const isLate = (clock: Clock, at: Date): boolean =>
    clock.breached || (clock.state === 'running' && isDue(clock, before(at)))

  function termsOf(
    kind: DeadlineKind,
  ):
    | { within?: Allowance | undefined; remind: number[]; escalation?: EscalationStep[] }
    | undefined {
    switch (kind) {
      case 'accept':
        return agreed.accept
      case 'accept-hard':
        return { ...agreed.accept, within: agreed.accept.hard, remind: [] }
      case 'first-attempt':
        return { ...agreed.first_attempt, within: agreed.first_attempt[priority] }
      case 'attempts':
        return agreed.attempts
      case 'idle':
        return agreed.idle
      case 'return-answer':
        return agreed.return_answer
    }
  }

  function startClock(kind: DeadlineKind, from: Date): Clock | undefined {
    const terms = termsOf(kind)
    const within = terms?.within
    if (terms === undefined || within === undefined) return undefined
    const due = dueAt(from, within, calendar).dueAt
    const clock: Clock = {
      kind,
      from,
      within,
      allowedMs: between({ within }, from, due),
      notBefore: within.duration.unit === 'days' ? due : from,
      remind: [...terms.remind],
      ladder: [...(terms.escalation ?? agreement.escalation)],
      pauses: [],
      state: 'running',
      breached: false,
      snoozed: false,
      moved: false,
      owes: { miss: false, resume: false },
    }
    clocks.set(kind, clock)
    return clock
  }

  const pausable = (kind: DeadlineKind): boolean => {
    const names = agreement.pause?.clocks ?? []
    switch (kind) {
      case 'accept':
      case 'accept-hard':
        return names.includes('accept')
      case 'first-attempt':
        return names.includes('first_attempt')
      case 'attempts':
      case 'idle':
        return names.includes(kind)
      case 'return-answer':
      case 'ruling':
      case 'ready':
        return false
    }
  }

  const anyPaused = (): boolean => [...clocks.values()].some(({ state }) => state === 'paused')

  function stopPause(clock: Clock, at: Date): void {
    const open = clock.pauses.at(-1)
    if (open === undefined || open.to !== null) return
    open.to = at
    // With no time left it is due when work goes on.
    if (used(clock, open.from) >= clock.allowedMs && clock.within.duration.unit === 'days') {
      const next = clock.within.clock === 'wall' ? at : nextWorkingMoment(at, calendar)
      if (next > clock.notBefore) clock.notBefore = next
    }
  }

  function endPause(at: Date): void {
    const whole = pauses.at(-1)
    if (whole !== undefined && whole.to === null) whole.to = at < limit ? at : limit
  }

  function goOn(at: Date): void {
    const end = at < limit ? at : limit
    endPause(end)
    for (const clock of clocks.values()) {
      if (clock.state !== 'paused') continue
      stopPause(clock, end)
      clock.state = 'running'
    }
  }

  /** Ends a clock, and holds what was recorded against what is so. */
  function end(kind: DeadlineKind, state: 'met' | 'off', at: Date, after: Handoff): void {
    const clock = clocks.get(kind)
    if (clock === undefined || clock.state === 'met' || clock.state === 'off') return
    const late = isLate(clock, at)
    stopPause(clock, at)
    clock.state = state
    if (!anyPaused()) endPause(at)
    const deadline = deadlineOf(after, kind)
    const onTime = state === 'met' ? 'met' : 'cancelled'
    must(
      deadline?.state === (late ? 'missed' : onTime),
      `${kind} ends as ${late ? 'missed' : onTime}`,
    )
    must(
      ((deadline?.breachedAt ?? null) !== null) === late,
      `the breach of ${kind} is a fact or none`,
    )
    must(deadline?.steps.length === 0, `${kind} has nothing left to do`)
  }

  /** It says nothing that was said: the hard limit after the limit, silence after a late attempt. */
  function isSilent(kind: DeadlineKind, now: Date): boolean {
    const late = (other: DeadlineKind): boolean => {
      const clock = clocks.get(other)
      return clock?.state === 'running' && isDue(clock, now)
    }
    if (kind === 'accept-hard') return late('accept')
    return kind === 'idle' && (late('first-attempt') || late('attempts'))
  }

  const mayAct = (by: Actor): boolean =>
    sells(by) && (owner === null || owner.id === by.person.id || by.role === 'sales_manager')

  startClock('accept', start)
  startClock('accept-hard', start)

  return {
    mayAccept: (by: Actor): boolean => status === 'offered' && mayAct(by),
    accepted(by: Actor, now: Date, after: Handoff): void {
      acceptances += 1
      must(acceptances === 1, 'a lead is accepted once')
      for (const kind of ['accept', 'accept-hard'] as const) end(kind, 'met', now, after)
      owner = by.person
      status = 'accepted'
      silenceFrom = now
      for (const kind of ['first-attempt', 'attempts', 'idle'] as const) startClock(kind, now)
    },

    mayReturn: (by: Actor): boolean => status !== 'returned' && mayAct(by),
    returned(now: Date, after: Handoff): void {
      for (const kind of ['accept', 'accept-hard'] as const) end(kind, 'met', now, after)
      for (const kind of ['first-attempt', 'attempts', 'idle'] as const) {
        end(kind, 'off', now, after)
      }
      startClock('return-answer', now)
      status = 'returned'
    },

    mayAnswer: (by: Actor): boolean =>
      answers(by) && clocks.get('return-answer')?.state === 'running',
    answered(now: Date, after: Handoff): void {
      end('return-answer', 'met', now, after)
    },

    mayTry: (by: Actor): boolean => (status === 'accepted' || status === 'connected') && mayAct(by),
    tried(
      { at, channel, connects }: { at: Date; channel: AttemptChannel; connects: boolean },
      now: Date,
      after: Handoff,
    ): void {
      end('first-attempt', 'met', at, after)
      tried.push(channel)
      if (connects) status = 'connected'
      if (over) return
      const { count, channels } = agreed.attempts
      over = connects || (tried.length >= count && new Set(tried).size >= channels)
      if (over) {
        end('attempts', 'met', at, after)
        end('idle', 'met', at, after)
        return
      }
      if (at <= silenceFrom) return
      silenceFrom = at
      const idle = startClock('idle', at)
      if (idle === undefined) return
      idle.moved = at < now
      for (const { from, to: ended } of pausable('idle') ? pauses : []) {
        const to = ended ?? (limit <= now ? limit : null)
        if (to !== null && to <= at) continue
        if (isDue(idle, from)) break
        idle.pauses.push({ from: from > at ? from : at, to: null })
        idle.moved = true
        if (to !== null) stopPause(idle, to)
        else idle.state = 'paused'
      }
    },

    mayPause(by: Actor, now: Date): boolean {
      const running = [...clocks.values()].filter(
        (clock) => pausable(clock.kind) && clock.state === 'running' && !clock.breached,
      )
      return (
        mayAct(by) &&
        !anyPaused() &&
        pauses.filter(lasted).length < (agreement.pause?.times ?? 0) &&
        running.some((clock) => !isDue(clock, now))
      )
    },
    paused(now: Date, until: Date): void {
      const { at_most: most } = agreement.pause ?? { at_most: undefined }
      must(
        most !== undefined && until.getTime() === dueAt(now, most, calendar).dueAt.getTime(),
        'a pause ends at its limit',
      )
      limit = until
      pauses.push({ from: now, to: null })
      for (const clock of clocks.values()) {
        if (!pausable(clock.kind) || clock.state !== 'running' || clock.breached) continue
        if (isDue(clock, now)) continue
        clock.pauses.push({ from: now, to: null })
        clock.state = 'paused'
        clock.moved = true
        clock.owes.resume = false
      }
    },

    mayGoOn: (by: Actor): boolean => mayAct(by) && anyPaused(),
    wentOn: goOn,

    snoozed(kind: DeadlineKind, by: Actor, now: Date, after: Handoff): void {
      const clock = clocks.get(kind)
      must(
        kind === 'return-answer' ? answers(by) : mayAct(by),
        'only whoever it concerns puts a reminder off',
      )
      must(
        clock?.state === 'running' && !clock.snoozed && !isDue(clock, now),
        'once, inside the deadline',
      )
      const deadline = deadlineOf(after, kind)
      const reminders =
        deadline?.steps.flatMap((step) => (step.do === 'remind' ? [step] : [])) ?? []
      const [reminder] = reminders
      must(reminders.length === 1, 'one reminder is left')
      if (clock === undefined || deadline === undefined || reminder === undefined) return
      must(
        reminder.at > now && reminder.at < deadline.dueAt && isOpen(reminder.at),
        'later, inside the deadline, in working time',
      )
      clock.snoozed = true
      clock.moved = true
      clock.remind = [reminder.fraction]
    },

    /** A clock came round, and this was decided. */
    ticked(
      kind: DeadlineKind,
      now: Date,
      decision: Decision | null,
      nextOwner: Person | null,
    ): void {
      const clock = clocks.get(kind)
      if (clock === undefined || clock.state === 'met' || clock.state === 'off') {
        must(decision === null, `${kind} is over and does nothing`)
        return
      }
      const expected: string[] = []
      if (clock.state === 'paused') {
        if (now < limit) {
          must(decision === null, `${kind} stands still`)
          return
        }
        goOn(now)
        clock.owes.resume = true
        expected.push('Resumed')
      }
      const [open, silent] = [isOpen(now), isSilent(kind, now)]
      const said = decision?.events ?? []
      const lines = decision?.notices.filter(({ where }) => 'thread' in where).length ?? 0

      if (isDue(clock, now) && !clock.breached) {
        expected.push('DeadlineMissed')
        clock.breached = true
        clock.owes.miss = !silent
        const at = decision === null ? null : deadlineOf(decision.handoff, kind)?.breachedAt
        must(
          at !== null && at !== undefined && at <= now && isDue(clock, at),
          `${kind} is not late early`,
        )
      }
      if (open && !silent) {
        const due = clock.ladder.filter(({ at }) => clock.breached && reached(clock, now, at))
        clock.ladder = clock.ladder.filter((step) => !due.includes(step))
        expected.push(...due.map(({ at, to }) => `Escalated ${at} ${to}`))
        // The next owner is one of sales.
        const sales = kind !== 'return-answer'
        if (sales && nextOwner !== null && due.some(({ to }) => to === 'next_owner')) {
          expected.push('Reassigned')
          owner = nextOwner
        }
        const told = clock.breached ? undefined : reminderOf(clock, now, said)
        if (told !== undefined) {
          expected.push(`ReminderSent ${told}`)
          clock.remind = clock.remind.filter((fraction) => fraction > told)
        }
      }
      const happened = said.map(({ type, data }) => [type, data.fraction, data.to])
      const shown = happened.map((parts) => parts.filter((part) => typeof part !== 'undefined'))
      const names = shown.map((parts) =>
        parts[0] === 'Reassigned' ? 'Reassigned' : parts.join(' '),
      )
      must(
        names.join() === expected.join(),
        `${kind} at ${now.toISOString()}: expected ${expected.join()}, not ${names.join()}`,
      )

      must(
        open || decision === null || decision.notices.length === 0,
        'nobody is spoken to outside working time',
      )
      must(lines <= 1, 'one line at most is told')
      const owed = open && (clock.owes.resume || (clock.owes.miss && !silent))
      if (owed) must(lines === 1, `${kind} tells what happened`)
      if (silent && !owed) must(lines === 0, `${kind} says nothing twice`)
      if (open) clock.owes = { miss: false, resume: false }
      if (open && !owed && !silent && said.length === 0) {
        must(decision === null, `${kind} has nothing to do`)
      }
      if (silent && open) {
        const late = clock.breached
        clock.ladder = clock.ladder.filter(({ at }) => !late || !reached(clock, now, at))
        clock.remind = clock.remind.filter((fraction) => !late && !reached(clock, now, fraction))
      }
    },

    /** The state is that of the model, and no deadline lies before its time. */
    agrees(handoff: Handoff): void {
      must(handoff.status === status, `the handoff is ${status}`)
      must(handoff.owner?.id === owner?.id || status === 'offered', `${owner?.name} has the lead`)
      must(handoff.deadlines.length === clocks.size, 'no clock is missing')
      for (const clock of clocks.values()) {
        const deadline = deadlineOf(handoff, clock.kind)
        if (deadline === undefined) throw new Error(`${clock.kind} is missing`)
        must(
          (deadline.state === 'paused') === (clock.state === 'paused'),
          `${clock.kind} stands still or not`,
        )
        if (clock.state !== 'running') continue
        must(deadline.state === (clock.breached ? 'missed' : 'running'), `${clock.kind} runs`)
        must(isDue(clock, deadline.dueAt), `${clock.kind} is not due early`)
        must(!isDue(clock, before(deadline.dueAt)), `${clock.kind} is not due late`)
      }
    },
  }

  /** The last reminder whose time has come; where they were moved about, the one that was told. */
  function reminderOf(clock: Clock, now: Date, said: Decision['events']): number | undefined {
    // A moment is a whole millisecond, and one that was moved was rounded before.
    const slack = clock.moved ? 1 : 0
    const come = clock.remind.filter(
      (fraction) => used(clock, now) + slack >= Math.round(clock.allowedMs * fraction),
    )
    if (!clock.moved) return come.at(-1)
    const told = said.find(({ type }) => type === 'ReminderSent')?.data.fraction
    return come.find((fraction) => fraction === told)
  }
}
