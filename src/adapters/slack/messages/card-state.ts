import { attemptChannelName } from '../../../content/words/attempts.ts'
import {
  formatAllowance,
  formatAllowed,
  formatDuration,
  formatWorkingTime,
  sayInstant,
} from '../../../content/words/format.ts'
import { dealStageName, lostReasonName, pauseReasonName } from '../../../content/words/notices.ts'
import type { AttemptChannel } from '../../../domain/agreement.ts'
import { type NextAttempt, nextAttempts } from '../../../domain/attempts.ts'
import { workingMsBetween } from '../../../domain/business-time.ts'
import { calendarOf, clocksOf, clockTerms } from '../../../domain/clocks.ts'
import { latenessOf, standstillOf } from '../../../domain/deadlines.ts'
import type { Allowance } from '../../../domain/duration.ts'
import {
  countedAttempts,
  type Deadline,
  type DeadlineKind,
  deadlineOf,
  type Handoff,
  isOpen,
  pressingDeadline,
} from '../../../domain/handoff.ts'
import { asMrkdwn, mention } from '../text.ts'
import { returnLines } from './card-return.ts'
import { dateStyle, longest, type StateLine, type Telling } from './card-telling.ts'

/** What is due on a card, and who has it. */

export const stateLines = (telling: Telling): StateLine[] => [
  ...ownerLeftLine(telling),
  ...linesOfStatus(telling),
]

/** Nobody works on a lead whose owner has left, so that goes first. */
function ownerLeftLine({ handoff, view, words }: Telling): StateLine[] {
  const { owner, status } = handoff
  if (owner === null || view.ownerLeft !== true || !isOpen(status)) return []
  return [{ strong: words.ownerLeft(asMrkdwn(owner.name, 80)) }]
}

function linesOfStatus(telling: Telling): StateLine[] {
  const { handoff, words } = telling
  const attempts = words.attempts(countedAttempts(handoff), attemptsAgreed(telling))
  switch (handoff.status) {
    case 'offered':
      return [
        ...dueLines(telling),
        ...pausedLines(telling),
        ...(handoff.owner === null ? [] : [{ rest: words.offeredTo(mention(handoff.owner)) }]),
      ]
    case 'accepted':
      return [
        ...dueLines(telling),
        ...pausedLines(telling),
        ...dealOnHold(telling),
        acceptedLine(telling),
        { rest: [attempts, ...nextAttemptLine(telling)].join(' ') },
      ]
    case 'connected':
      return [
        { strong: words.connected, rest: attempts },
        ...dueLines(telling),
        ...pausedLines(telling),
        ...dealOnHold(telling),
        acceptedLine(telling),
      ]
    case 'returned':
      return returnLines(telling, dueLines(telling))
    case 'unresponsive':
      return [...returnLines(telling, dueLines(telling)), { rest: attempts }]
    case 'qualified':
    case 'closed':
      return [dealLine(telling)]
  }
}

/** How far the deal is, or how it ended and why. */
function dealLine({ handoff, view, words }: Telling): StateLine {
  const { status, leadStatus, deal, owner } = handoff
  const { agreement, locale } = view
  const detail = ((): string | null => {
    if (deal === null) return null
    if (status === 'qualified') return dealStageName(agreement, deal.stage, locale)
    return deal.lostReason && lostReasonName(agreement, deal.lostReason, locale)
  })()
  const told = [leadStatus, ...(detail === null ? [] : [detail])]
  const strong = `${told.map((part) => asMrkdwn(part, longest.fact)).join(': ')}.`
  return owner === null ? { strong } : { strong, rest: words.owner(mention(owner)) }
}

/** Before there was a deal it is on hold; a pause for it says so already. */
function dealOnHold({ handoff, view, words }: Telling): StateLine[] {
  const { deal } = handoff
  if (deal === null || standstillOf(handoff)?.reason === deal.stage) return []
  const stage = dealStageName(view.agreement, deal.stage, view.locale)
  return [{ rest: words.deal(asMrkdwn(stage, longest.fact)) }]
}

const attemptsAgreed = ({ handoff, view }: Telling): number =>
  clocksOf(view.agreement, handoff.leadType).attempts.count

/** The time that the agreement allows for a deadline; some are optional. */
const allowanceOf = ({ handoff, view }: Telling, kind: DeadlineKind): Allowance | undefined =>
  clockTerms(view.agreement, handoff, kind)?.within

/**
 * The deadline that presses. What is agreed is told rather than what is left, which would be wrong
 * a minute later.
 */
function dueLines(telling: Telling): StateLine[] {
  const { handoff, view, words } = telling
  const deadline = pressingDeadline(handoff)
  if (deadline === undefined) return []
  const { by, late } = words.due[deadline.kind]
  const when = sayInstant(deadline.dueAt, dateStyle(telling))
  const allowance = allowanceOf(telling, deadline.kind)
  const { always } = calendarOf(view.agreement, handoff.leadType)
  return [
    {
      strong: deadline.breachedAt === null ? by(when) : late(when),
      ...(allowance === undefined
        ? {}
        : { rest: words.agreed(formatAllowance(allowance, view.locale, { always })) }),
    },
  ]
}

/** Why the clocks stand still, and when they go on; who stopped them is told in the thread. */
export function pausedLines(telling: Telling): StateLine[] {
  const { handoff, view, words } = telling
  const standstill = standstillOf(handoff)
  if (standstill === undefined) return []
  const reason = pauseReasonName(view.agreement, standstill.reason, view.locale)
  return [
    {
      strong: `${words.paused(asMrkdwn(reason, longest.fact))}.`,
      rest: words.goesOn(sayInstant(standstill.until, dateStyle(telling))),
    },
  ]
}

/** So many channels that have to wait are told with their times. */
const waitingTold = 2

/** When another attempt counts; nothing where any would count now, or no sequence runs. */
function nextAttemptLine(telling: Telling): string[] {
  const { handoff, view, words } = telling
  const { agreement, locale, now } = view
  const terms = clocksOf(agreement, handoff.leadType).attempts
  const next = nextAttempts(handoff, terms, calendarOf(agreement, handoff.leadType))
  const name = (channel: string): string => attemptChannelName(channel, locale)
  const [open, waiting] = openAndWaiting(next?.channels ?? [], now)
  if (waiting.length === 0) return []
  const [first] = open
  return [
    words.nextAttempt(
      waiting.slice(0, waitingTold).map(({ channel, from }) => ({
        channel: name(channel),
        from: sayInstant(from, dateStyle(telling)),
      })),
      first === undefined ? null : open.length === 1 ? name(first) : words.otherChannels,
      waiting.length > waitingTold,
    ),
  ]
}

/** The channels on which an attempt counts now, and those that have to wait, soonest first. */
function openAndWaiting(
  channels: readonly NextAttempt[],
  now: Date,
): [AttemptChannel[], { channel: AttemptChannel; from: Date }[]] {
  const waiting = channels.flatMap(({ channel, from }) =>
    from !== null && from > now ? [{ channel, from }] : [],
  )
  const open = channels.filter(({ from }) => from === null || from <= now)
  return [
    open.map(({ channel }) => channel),
    waiting.sort((a, b) => a.from.getTime() - b.from.getTime()),
  ]
}

/** Who has it, how fast it was accepted, and how that is against the agreement. */
function acceptedLine(telling: Telling): StateLine {
  const { handoff, view, words } = telling
  const { owner, acceptedAt } = handoff
  if (owner === null) return {}
  // Whoever has it now need not be the one who accepted it.
  const acceptedBy = handoff.acceptedBy ?? owner
  const has = acceptedBy.id === owner.id ? [] : [words.owner(mention(owner))]
  const by = has.length === 0 ? mention(owner) : asMrkdwn(acceptedBy.name, longest.name)
  const judged = judgedAcceptance(handoff)
  const allowance = judged && allowanceOf(telling, judged.kind)
  if (acceptedAt === null || judged === undefined || allowance === undefined) {
    return { rest: [...has, `${words.accepted(by, null)}.`].join(' ') }
  }
  const took = lengthBetween(telling, allowance, judged.startedAt, acceptedAt)
  const agreed = words.agreed(formatAllowed(allowance, view.locale))
  const accepted = `${words.accepted(by, took)} ${agreed}`
  const told = [accepted, ...lateness(telling, judged, acceptedAt)].join(', ')
  return { rest: [...has, `${told}.`].join(' ') }
}

/** The clock that acceptance is judged by: the one that was broken, else the ordinary one. */
function judgedAcceptance(handoff: Handoff): Deadline | undefined {
  const accept = deadlineOf(handoff, 'accept')
  const hard = deadlineOf(handoff, 'accept-hard')
  const hardOnly = accept?.breachedAt === null && (hard?.breachedAt ?? null) !== null
  return hardOnly ? hard : accept
}

/** Measured on the clock that was agreed. */
function lengthBetween(
  { handoff, view: { agreement, locale } }: Telling,
  { clock }: Allowance,
  from: Date,
  to: Date,
): string {
  const calendar = calendarOf(agreement, handoff.leadType)
  return clock === 'working' && !calendar.always
    ? formatWorkingTime(workingMsBetween(from, to, calendar), locale)
    : formatDuration(to.getTime() - from.getTime(), locale)
}

/** Seconds are the least that is told of a length of time. */
const leastMs = 1_000

/** The measure of a breach that is over; nothing where there was none. */
function lateness({ handoff, view, words }: Telling, deadline: Deadline, at: Date): string[] {
  const { agreement, locale } = view
  const late = latenessOf(deadline, at, calendarOf(agreement, handoff.leadType))
  if (late === null) return []
  const { rawMs, workingMs } = late
  if (rawMs < leastMs) return [words.late(null, null)]
  const ofIt = ((): string | null => {
    if (rawMs - workingMs < leastMs) return null
    return workingMs < leastMs ? words.outsideWorkingTime : formatWorkingTime(workingMs, locale)
  })()
  return [words.late(formatDuration(rawMs, locale), ofIt)]
}
