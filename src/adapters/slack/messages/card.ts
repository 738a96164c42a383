import type { MessageMetadata } from '@slack/types'
import { attemptChannelName } from '../../../content/words/attempts.ts'
import {
  type CardWords,
  cardWords,
  isSettled,
  type MenuEntry,
} from '../../../content/words/card.ts'
import {
  countryName,
  type DateStyle,
  type Dates,
  formatAllowance,
  formatAllowed,
  formatDay,
  formatDuration,
  formatWorkingTime,
  sayInstant,
} from '../../../content/words/format.ts'
import { pauseReasonName } from '../../../content/words/notices.ts'
import type { Agreement, AttemptChannel, Locale } from '../../../domain/agreement.ts'
import { type NextAttempt, nextAttempts } from '../../../domain/attempts.ts'
import { workingMsBetween } from '../../../domain/business-time.ts'
import { calendarOf, clocksOf, clockTerms } from '../../../domain/clocks.ts'
import { latenessOf, standstillOf } from '../../../domain/deadlines.ts'
import { pausableNow } from '../../../domain/decide/pause.ts'
import type { Allowance } from '../../../domain/duration.ts'
import {
  countedAttempts,
  type Deadline,
  type DeadlineKind,
  deadlineOf,
  type Handoff,
  pressingDeadline,
} from '../../../domain/handoff.ts'
import {
  actions,
  button,
  context,
  fields,
  header,
  type Message,
  message,
  mrkdwn,
  option,
  overflow,
  plain,
  plainSection,
  section,
} from '../blocks.ts'
import { asMrkdwn, cut, link, mention } from '../text.ts'

export interface CardView {
  locale: Locale
  leadTypeName: string
  dates: Dates
  /** The agreement of the handoff's version. */
  agreement: Agreement
  /** The zone of plain dates. */
  zone: string
  /** When it is drawn. */
  now: Date
  /** The key of the delivery that posts it. */
  key?: string
}

export type Card = Required<Message> & { metadata: MessageMetadata }

/** A line about the state of the handoff: what is to be seen first, and what may follow. */
interface StateLine {
  strong?: string
  rest?: string
}

interface Telling {
  handoff: Handoff
  view: CardView
  words: CardWords
}

/** How long a text of a lead may be: on the card, and where the card is read aloud. */
const longest = { name: 60, fact: 200, reason: 2_500, spoken: 300 } as const

/**
 * The card of a handoff in its present state: who, what is due, why, and the buttons that are
 * possible now. What others wrote stands in plain text objects, where Slack formats nothing.
 */
export function buildHandoffCard(handoff: Handoff, view: CardView): Card {
  const telling: Telling = { handoff, view, words: cardWords[view.locale] }
  const state = stateLines(telling)
  const text = [
    asMrkdwn(title(telling, longest.name), longest.spoken),
    ...state.map(({ strong, rest }) => [strong, rest].filter(isTold).join(' ')),
    ...spokenFacts(telling).map((fact) => asMrkdwn(fact, longest.spoken)),
  ]
  const { blocks = [], text: told } = message(sentences(text), [
    header(title(telling, longest.name)),
    section(state.map(drawn).join('\n')),
    ...returnFacts(telling).map(plainSection),
    ...companyFacts(telling).map(plainSection),
    ...fields(contactFacts(telling)),
    plainSection(telling.words.why(cut(handoff.reason, longest.reason))),
    ...context([...originFacts(telling).map((fact) => plain(fact)), ...crmLink(telling)]),
    ...actions(buttons(telling)),
  ])
  return { text: told, blocks, metadata: metadataOf(handoff, view.key) }
}

const metadataOf = (handoff: Handoff, key: string | undefined): MessageMetadata => ({
  event_type: 'baton_handoff',
  event_payload: {
    handoff: handoff.id,
    version: handoff.version,
    ...(key === undefined ? {} : { key }),
  },
})

const isTold = (part: string | undefined): part is string => part !== undefined && part !== ''

const drawn = ({ strong, rest }: StateLine): string =>
  [strong === undefined ? undefined : `*${strong}*`, rest].filter(isTold).join(' ')

/** Parts of a text for reading aloud, each closed by a full stop. */
const sentences = (parts: readonly string[]): string =>
  parts.map((part) => (/[.!?…”»]$/.test(part) ? part : `${part}.`)).join(' ')

const textIn = (record: Record<string, unknown>, key: string): string | undefined => {
  const value = record[key]
  return typeof value === 'string' && value.trim() !== '' ? cut(value, longest.fact) : undefined
}

/** Name and company, as they are called wherever the handoff is named. */
export function leadTitle({ lead }: Handoff, max: number = longest.name): string {
  const company = textIn(lead.company, 'name')
  return [lead.name, company]
    .filter(isTold)
    .map((part) => cut(part, max))
    .join(', ')
}

const title = ({ handoff, words }: Telling, max: number): string =>
  words.title(handoff.priority, leadTitle(handoff, max))

// What is due, and who has it

function stateLines(telling: Telling): StateLine[] {
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
        acceptedLine(telling),
        ...dueLines(telling),
        ...pausedLines(telling),
        { rest: [attempts, ...nextAttemptLine(telling)].join(' ') },
      ]
    case 'connected':
      return [
        { strong: words.connected, rest: attempts },
        acceptedLine(telling),
        ...dueLines(telling),
        ...pausedLines(telling),
      ]
    case 'returned': {
      const by = handoff.returned?.by
      const strong = asMrkdwn(handoff.leadStatus, longest.fact)
      return [by === undefined ? { strong } : { strong, rest: words.returnedBy(mention(by)) }]
    }
    case 'qualified':
    case 'unresponsive':
    case 'closed': {
      const { owner } = handoff
      const strong = asMrkdwn(handoff.leadStatus, longest.fact)
      return [owner === null ? { strong } : { strong, rest: words.owner(mention(owner)) }]
    }
  }
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
function pausedLines(telling: Telling): StateLine[] {
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

/** Slack shows the day on which a message was posted: its times need no day of their own. */
const dateStyle = ({ handoff, view }: Telling): DateStyle => ({
  dates: view.dates,
  locale: view.locale,
  zone: view.zone,
  near: handoff.createdAt,
})

/** Who accepted, how fast, and how that is against the agreement. */
function acceptedLine(telling: Telling): StateLine {
  const { handoff, view, words } = telling
  const { owner, acceptedAt } = handoff
  if (owner === null) return {}
  const judged = judgedAcceptance(handoff)
  const allowance = judged && allowanceOf(telling, judged.kind)
  if (acceptedAt === null || judged === undefined || allowance === undefined) {
    return { rest: `${words.acceptedBy(mention(owner), null)}.` }
  }
  const took = lengthBetween(telling, allowance, handoff.createdAt, acceptedAt)
  const agreed = words.agreed(formatAllowed(allowance, view.locale))
  const accepted = `${words.acceptedBy(mention(owner), took)} ${agreed}`
  return { rest: `${[accepted, ...lateness(telling, judged, acceptedAt)].join(', ')}.` }
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

// Who the lead is, and why it is here

/** Returned: why, in what the rep said. */
function returnFacts({ handoff, view, words }: Telling): string[] {
  const { returned } = handoff
  if (handoff.status !== 'returned' || returned === null) return []
  return factsOfReturn(returned, handoff.leadStatus, view, words)
}

/** The parts of a return that the status does not say already. */
export function factsOfReturn(
  returned: {
    reason: string
    criterion: string | null
    readyOn: string | null
    readyWhen: string | null
    note: string | null
  },
  status: string,
  { agreement, locale }: { agreement: Agreement; locale: Locale },
  words: CardWords = cardWords[locale],
): string[] {
  const reason = agreement.return_reasons.find(({ id }) => id === returned.reason)?.name[locale]
  const criterion = agreement.icp.find(({ id }) => id === returned.criterion)?.name[locale]
  const saidAlready = reason === undefined || status.toLowerCase().includes(reason.toLowerCase())
  const told = (text: string | null, say: (text: string) => string): string[] =>
    text === null ? [] : [say(cut(text, longest.reason))]
  return [
    ...(saidAlready ? [] : [words.reason(reason)]),
    ...told(returned.readyOn && formatDay(returned.readyOn, locale), words.readyOn),
    ...told(returned.readyWhen, words.readyWhen),
    ...told(criterion ?? returned.criterion, words.criterion),
    ...told(returned.note, words.note),
  ]
}

/** One line: title, company, industry, country, size. */
function companyFacts({ handoff, view, words }: Telling): string[] {
  const { title: job, company } = handoff.lead
  const country = textIn(company, 'country')
  const employees = company.employees
  const facts = [
    job ?? undefined,
    textIn(company, 'name'),
    textIn(company, 'industry'),
    country && countryName(country, view.locale),
    typeof employees === 'number' ? words.employees(employees) : undefined,
  ].filter(isTold)
  return facts.length === 0 ? [] : [facts.join(' · ')]
}

const contactFacts = ({ handoff: { lead }, words }: Telling): string[] => [
  words.email(lead.email),
  ...(lead.phone === null ? [] : [words.phone(lead.phone)]),
]

function originFacts({ handoff, view, words }: Telling): string[] {
  const { lead, handedOffBy } = handoff
  return [
    view.leadTypeName,
    ...(lead.journeyStage === null ? [] : [words.journey(words.journeyStages[lead.journeyStage])]),
    ...(lead.source === null ? [] : [words.source(lead.source)]),
    // A name, not a mention: nobody is called about what they have done themselves.
    ...(handedOffBy === null ? [] : [words.handedOverBy(handedOffBy.name)]),
  ]
}

const crmNames: Record<string, string> = { hubspot: 'HubSpot', salesforce: 'Salesforce' }

function crmLink({ handoff, words }: Telling) {
  const { crm } = handoff.lead
  if (crm?.url === undefined) return []
  const known = Object.hasOwn(crmNames, crm.system) ? crmNames[crm.system] : undefined
  const told = link(crm.url, known === undefined ? words.openInCrm : words.openIn(known))
  return told === undefined ? [] : [mrkdwn(told)]
}

const spokenFacts = (telling: Telling): string[] => [
  ...returnFacts(telling),
  ...companyFacts(telling),
  telling.words.why(cut(telling.handoff.reason, longest.spoken - 50)),
  ...contactFacts(telling),
  originFacts(telling).join(' · '),
]

// What can be done now

function buttons(telling: Telling) {
  const { handoff, words } = telling
  if (isSettled(handoff.status) || handoff.status === 'qualified') return []
  const first =
    handoff.status === 'offered'
      ? button('handoff.accept', words.accept, handoff.id, 'primary')
      : button('handoff.attempt', words.logAttempt, handoff.id, 'primary')
  return [
    first,
    button('handoff.return', words.return, handoff.id),
    ...overflow(
      'handoff.more',
      menu(telling).map((entry) => option(`${entry}:${handoff.id}`, words.more[entry])),
    ),
  ]
}

/** What else is possible now. */
function menu({ handoff, view }: Telling): MenuEntry[] {
  const paused = standstillOf(handoff) !== undefined
  const pausable =
    handoff.status === 'accepted' && 'running' in pausableNow(handoff, view.agreement)
  return [
    ...(pressingDeadline(handoff) === undefined ? [] : (['why_due'] as const)),
    ...(pausable ? (['pause'] as const) : []),
    ...(paused ? (['resume'] as const) : []),
    ...(handoff.attempts.length === 0 ? [] : (['correct'] as const)),
  ]
}
