import type { Agreement } from '../agreement.ts'
import {
  type Deadline,
  type DeadlineKind,
  deadlineOf,
  type Handoff,
  type HandoffEvent,
  isPending,
  type Step,
} from '../handoff.ts'
import type { AddressedNotice } from '../notice.ts'
import { type Context, type Decision, decided } from './decision.ts'

/** People that a clock speaks to, looked up by the use-case: ids of their rows. */
export interface Concerned {
  /** The managers of sales (of marketing for its own clock). */
  managers: string[]
}

/**
 * A clock came round: takes the steps of a deadline whose time has come. Null where there is
 * nothing to do, so that a job that comes twice, early, or for something already done is harmless.
 *
 * However many steps fall together (after a sleep or a restart), each is recorded but one line at
 * most is told in the thread: the gravest.
 */
export function wake(
  handoff: Handoff,
  kind: DeadlineKind,
  concerned: Concerned,
  { agreement, now }: Context,
): Decision | null {
  const deadline = deadlineOf(handoff, kind)
  if (deadline === undefined || !isPending(deadline)) return null
  const due = deadline.steps.filter((step) => step.at <= now)
  if (due.length === 0) return null

  const missed = due.some((step) => step.do === 'miss')
  const taken = withoutStaleReminders(due, missed || deadline.breachedAt !== null)
  const next: Deadline = {
    ...deadline,
    state: missed ? 'missed' : deadline.state,
    breachedAt: missed ? deadline.dueAt : deadline.breachedAt,
    steps: deadline.steps.filter((step) => step.at > now),
  }
  const silent = kind === 'accept-hard' && breachedBefore(handoff, 'accept')
  const result = decided(
    handoff,
    { deadlines: handoff.deadlines.map((other) => (other.kind === kind ? next : other)) },
    {
      events: taken.map((step) => eventOf(step, next, now)),
      notices: silent ? [] : noticesOf(taken, handoff, next, concerned, agreement),
      redraw: missed,
    },
  )
  return result.ok ? result.decision : null
}

/** The hard limit adds a fact but no second alarm to a handoff that is late already. */
const breachedBefore = (handoff: Handoff, kind: DeadlineKind): boolean =>
  (deadlineOf(handoff, kind)?.breachedAt ?? null) !== null

/** Of reminders that fall together the last is enough; after the breach none is wanted. */
function withoutStaleReminders(due: Step[], breached: boolean): Step[] {
  const reminders = due.filter((step) => step.do === 'remind')
  const wanted = breached ? undefined : reminders.at(-1)
  return due.filter((step) => step.do !== 'remind' || step === wanted)
}

function eventOf(step: Step, deadline: Deadline, now: Date): HandoffEvent {
  const about = { kind: deadline.kind, dueAt: deadline.dueAt.toISOString() }
  switch (step.do) {
    case 'remind':
      return {
        type: 'ReminderSent',
        at: now,
        by: null,
        data: { ...about, fraction: step.fraction },
      }
    case 'miss':
      return { type: 'DeadlineMissed', at: now, by: null, data: about }
    case 'escalate':
      return {
        type: 'Escalated',
        at: now,
        by: null,
        data: { ...about, fraction: step.fraction, to: step.to },
      }
  }
}

function noticesOf(
  taken: Step[],
  handoff: Handoff,
  { kind, dueAt }: Deadline,
  concerned: Concerned,
  agreement: Agreement,
): AddressedNotice[] {
  const deadline = { kind, dueAt }
  const to = responsible(handoff, kind)
  const escalatedTo = (target: string): boolean =>
    taken.some((step) => step.do === 'escalate' && step.to === target)
  const inThread = ((): AddressedNotice['notice'] | undefined => {
    if (escalatedTo('manager')) return { type: 'escalated', deadline, to: concerned.managers }
    if (escalatedTo('owner') || taken.some((step) => step.do === 'miss')) {
      return { type: 'missed', deadline, to }
    }
    const reminder = taken.find((step) => step.do === 'remind')
    return reminder?.do === 'remind'
      ? { type: 'reminder', deadline, fraction: reminder.fraction, to }
      : undefined
  })()
  return [
    ...(inThread === undefined ? [] : [{ where: { thread: true as const }, notice: inThread }]),
    ...(escalatedTo('managers_channel')
      ? [
          {
            where: { channel: agreement.managers_channel },
            notice: { type: 'escalated-to-channel' as const, deadline },
          },
        ]
      : []),
  ]
}

/** Who has to act: the owner; marketing, where the clock is marketing's. */
function responsible(handoff: Handoff, kind: DeadlineKind): string | null {
  const person = kind === 'return-answer' ? handoff.handedOffBy : handoff.owner
  return person?.id ?? null
}
