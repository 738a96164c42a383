import type { Agreement, EscalationStep } from '../agreement.ts'
import { nextWorkingMoment } from '../business-time.ts'
import { calendarOf } from '../clocks.ts'
import { inOrder } from '../deadlines.ts'
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
import type { Person } from '../person.ts'
import { type Context, type Decision, decided } from './decision.ts'
import { resumed } from './pause.ts'
import { readyAgain } from './ready.ts'
import { withOwner } from './reassign.ts'

/** People that a clock speaks to, looked up by the use-case: ids of their rows. */
export interface Concerned {
  /** The managers of sales; of marketing for its own clock, of both sides for a ruling. */
  managers: string[]
  /** Who of marketing is told where nobody is named as the one who handed over. */
  marketingLead: string | null
  /** Who is next in the rotation of the lead type; null where there is nobody else. */
  nextOwner: Person | null
}

/**
 * A clock came round: takes the steps of a deadline whose time has come. Null where there is
 * nothing to do, so that a job that comes twice, early, or for something already done is harmless.
 *
 * However many steps fall together (after a sleep or a restart), each is recorded but one line at
 * most is told in the thread: the gravest. Outside working time a breach is recorded and nobody is
 * spoken to before it begins.
 */
export function wake(
  handoff: Handoff,
  kind: DeadlineKind,
  concerned: Concerned,
  context: Context,
): Decision | null {
  const deadline = deadlineOf(handoff, kind)
  if (kind === 'ready') return wakeReady(handoff, deadline, concerned, context)
  if (deadline?.state === 'paused') return wakeUp(handoff, deadline, concerned, context)
  if (deadline === undefined || !isPending(deadline)) return null
  const { agreement, now } = context
  const due = deadline.steps.filter((step) => step.at <= now)
  if (due.length === 0) return null

  const opening = nextWorkingMoment(now, calendarOf(agreement, handoff.leadType))
  const closed = opening > now
  const missed = due.some((step) => step.do === 'miss')
  const breached = missed || deadline.breachedAt !== null
  const words = saidAlready(handoff, kind, now)
    ? due.filter(isResumption)
    : worthTelling(due, breached)
  const told = closed ? [] : words
  const taken = due.filter((step) => step.do === 'miss' || told.includes(step))
  const next: Deadline = {
    ...deadline,
    state: missed ? 'missed' : deadline.state,
    breachedAt: missed ? deadline.dueAt : deadline.breachedAt,
    steps: inOrder([
      ...(closed ? heldUntil(opening, words) : []),
      ...deadline.steps.filter((step) => step.at > now),
    ]),
  }
  const escalates = (target: EscalationStep['to']): boolean =>
    taken.some((step) => step.do === 'escalate' && step.to === target)
  // Marketing's answer and a ruling are no matter of who owns the lead in sales.
  const ofSales = kind !== 'return-answer' && kind !== 'ruling'
  const nextOwner = escalates('next_owner') && ofSales ? concerned.nextOwner : null
  const offDuty = escalates('off_duty') && ofSales ? handoff.owner : null
  const deadlines = handoff.deadlines.map((other) => (other.kind === kind ? next : other))
  const result = decided(
    handoff,
    {
      deadlines,
      ...(nextOwner === null
        ? {}
        : withOwner({ ...handoff, deadlines }, nextOwner, agreement, now)),
    },
    {
      events: [
        ...taken.flatMap((step) => eventsOf(step, next, now)),
        ...(nextOwner === null ? [] : [reassigned(handoff, nextOwner, now)]),
      ],
      notices: noticesOf(told, handoff, next, { ...concerned, nextOwner, offDuty }, agreement),
      redraw: missed || nextOwner !== null,
    },
  )
  if (!result.ok) return null
  return { ...result.decision, ...(offDuty === null ? {} : { offDuty: offDuty.id }) }
}

/** The day has come: marketing is told when working time has begun, which the clock waited for. */
function wakeReady(
  handoff: Handoff,
  deadline: Deadline | undefined,
  { marketingLead }: Concerned,
  { now }: Context,
): Decision | null {
  const due = deadline?.steps.some((step) => step.at <= now) ?? false
  if (!due || handoff.returned?.readySince !== null) return null
  const result = readyAgain(handoff, null, handoff.handedOffBy?.id ?? marketingLead, now)
  return result.ok ? result.decision : null
}

const isResumption = (step: Step): boolean => step.do === 'tell' && step.of === 'resume'

/** What is to be told when working time begins; a breach among it was recorded on the spot. */
const heldUntil = (opening: Date, words: Step[]): Step[] =>
  words.map(
    (step): Step =>
      step.do === 'miss' ? { at: opening, do: 'tell', of: 'miss' } : { ...step, at: opening },
  )

/**
 * A pause has lasted as long as the agreement allows: all clocks that stood still go on from the
 * moment at which it was over, and what is due since then is done.
 */
function wakeUp(
  handoff: Handoff,
  paused: Deadline,
  concerned: Concerned,
  context: Context,
): Decision | null {
  const { agreement, now } = context
  const over = paused.steps.find((step) => step.do === 'resume' && step.at <= now)
  if (over === undefined) return null
  const deadlines = resumed(handoff, agreement, over.at).map((deadline): Deadline => {
    if (deadline.kind !== paused.kind) return deadline
    return { ...deadline, steps: [{ at: over.at, do: 'tell', of: 'resume' }, ...deadline.steps] }
  })
  const decision = wake({ ...handoff, deadlines }, paused.kind, concerned, context)
  if (decision === null) return null
  const event: HandoffEvent = { type: 'Resumed', at: now, by: null, data: {} }
  return { ...decision, events: [event, ...decision.events], redraw: true }
}

const reassigned = (handoff: Handoff, to: Person, at: Date): HandoffEvent => ({
  type: 'Reassigned',
  at,
  by: null,
  data: { from: handoff.owner?.id ?? null, to: to.id },
})

/**
 * What adds a fact but no second alarm: the hard limit of a handoff that is late already, and the
 * silence of one whose first attempt or sequence is late and still not made.
 */
function saidAlready(handoff: Handoff, kind: DeadlineKind, now: Date): boolean {
  const late = (other: DeadlineKind): boolean => {
    const deadline = deadlineOf(handoff, other)
    return deadline !== undefined && isPending(deadline) && deadline.dueAt <= now
  }
  if (kind === 'accept-hard') return late('accept')
  return kind === 'idle' && (late('first-attempt') || late('attempts'))
}

/** Of reminders that fall together the last is enough; after the breach none is wanted. */
function worthTelling(due: Step[], breached: boolean): Step[] {
  const reminders = due.filter((step) => step.do === 'remind')
  const wanted = breached ? undefined : reminders.at(-1)
  return due.filter((step) => step.do !== 'remind' || step === wanted)
}

/** A step is an event; what is told later was one before. */
function eventsOf(step: Step, deadline: Deadline, now: Date): HandoffEvent[] {
  const about = { kind: deadline.kind, dueAt: deadline.dueAt.toISOString() }
  const told = (type: HandoffEvent['type'], data: object): HandoffEvent[] => [
    { type, at: now, by: null, data: { ...about, ...data } },
  ]
  switch (step.do) {
    case 'remind':
      return told('ReminderSent', { fraction: step.fraction })
    case 'miss':
      return told('DeadlineMissed', {})
    case 'escalate':
      return told('Escalated', { fraction: step.fraction, to: step.to })
    case 'tell':
    case 'resume':
    case 'ready':
      return []
  }
}

function noticesOf(
  told: Step[],
  handoff: Handoff,
  { kind, dueAt }: Deadline,
  { offDuty, ...concerned }: Concerned & { offDuty: Person | null },
  agreement: Agreement,
): AddressedNotice[] {
  const deadline = { kind, dueAt }
  const andOffDuty = offDuty === null ? {} : { offDuty: offDuty.id }
  const to = responsible(handoff, kind, concerned)
  const escalatedTo = (target: string): boolean =>
    told.some((step) => step.do === 'escalate' && step.to === target)
  const inThread = ((): AddressedNotice['notice'] | undefined => {
    if (concerned.nextOwner !== null) {
      const { id } = concerned.nextOwner
      const from = handoff.owner?.id ?? null
      return { type: 'reassigned', by: null, from, to: id, deadline, ...andOffDuty }
    }
    if (escalatedTo('manager')) {
      return { type: 'escalated', deadline, to: concerned.managers, ...andOffDuty }
    }
    if (escalatedTo('owner') || offDuty !== null || tells(told, 'miss')) {
      return { type: 'missed', deadline, to, ...andOffDuty }
    }
    const reminder = told.find((step) => step.do === 'remind')
    if (reminder?.do === 'remind') {
      return { type: 'reminder', deadline, fraction: reminder.fraction, to }
    }
    return tells(told, 'resume') ? { type: 'resumed', to } : undefined
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

const tells = (told: Step[], what: 'miss' | 'resume'): boolean =>
  told.some((step) => step.do === what || (step.do === 'tell' && step.of === what))

/** Who has to act: the owner; marketing, where the clock is marketing's; nobody alone for a ruling. */
function responsible(
  { owner, handedOffBy }: Handoff,
  kind: DeadlineKind,
  { marketingLead }: Concerned,
): string | null {
  if (kind === 'ruling') return null
  return kind === 'return-answer' ? (handedOffBy?.id ?? marketingLead) : (owner?.id ?? null)
}
