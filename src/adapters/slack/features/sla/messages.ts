import { agreementWords } from '../../../../content/words/agreement.ts'
import { attemptChannelName } from '../../../../content/words/attempts.ts'
import {
  formatAllowance,
  formatDay,
  formatList,
  formatPercent,
  plural,
  sayInstant,
} from '../../../../content/words/format.ts'
import { promiseWords } from '../../../../content/words/promises.ts'
import { slaWords } from '../../../../content/words/sla.ts'
import {
  type Agreement,
  attemptChannels,
  type Clocks,
  type LeadType,
  type Locale,
  type Side,
  sides,
  weekdays,
} from '../../../../domain/agreement.ts'
import { calendarDateIn } from '../../../../domain/business-time.ts'
import type { Calendar, Span } from '../../../../domain/calendar.ts'
import { languageOf } from '../../../../domain/clocks.ts'
import type { Allowance } from '../../../../domain/duration.ts'
import type { Proposal } from '../../../../domain/proposal.ts'
import type { MeasuredPromise } from '../../../../use-cases/measure-promises.ts'
import type { AgreementHistory, AgreementInForce } from '../../../../use-cases/ports/agreements.ts'
import { context, header, limits, type Message, message, mrkdwn } from '../../blocks.ts'
import { asMrkdwn } from '../../text.ts'
import { changeLines, signatureLines, stateLines } from '../agreement/message.ts'
import { bullet, part } from '../agreement/parts.ts'
import type { Block } from '../feature.ts'

const mostText = 500

export interface AgreementView {
  locale: Locale
  now: Date
  /** What was proposed and signed; nothing by default. */
  proposals?: { open: { proposal: Proposal; base: Agreement }[]; history: AgreementHistory }
  /** How well the promises were kept; without it they stand alone. */
  measured?: readonly MeasuredPromise[] | undefined
  /** Whether the reader may propose a change; not by default. */
  proposes?: boolean
}

const mostProposed = 5
const nothingProposed = { open: [], history: { versions: [], proposals: [] } }

/** The agreement in force in plain words: what was agreed, in the order of its file. */
export function buildAgreement(
  { agreement, version, inForceFrom }: AgreementInForce,
  { locale, now, proposals = nothingProposed, measured, proposes = false }: AgreementView,
): Message {
  const words = slaWords[locale]
  const { headings } = words
  const { calendar, clocks } = agreement
  const since = formatDay(calendarDateIn(inForceFrom, calendar.timezone), locale)
  const told = words.version(version, inForceFrom.getTime() > 0 ? since : null)
  const texts = (list: readonly Record<Locale, string>[]): string[] =>
    list.map((text) => bullet(asMrkdwn(text[locale], mostText)))
  const view = { locale, zone: calendar.timezone, dates: 'slack' } as const
  const signed = proposals.history.proposals.find((proposal) => proposal.version === version)
  const parts = [
    ...proposals.open
      .slice(0, mostProposed)
      .map((one) => part(headings.proposed, proposedLines(one, view))),
    part(headings.goals, texts(agreement.goals)),
    part(headings.clocks, [
      ...clockLines(clocks, calendar, locale).map(bullet),
      ...escalationLines(agreement, locale).map(bullet),
      ...pauseLines(agreement, locale).map(bullet),
      ...ownerLines(agreement, locale).map(bullet),
    ]),
    part(headings.calendar, calendarLines(calendar, { locale, now }).map(bullet)),
    part(
      headings.leadTypes,
      agreement.lead_types.map((type) => bullet(leadTypeLine(type, agreement, locale))),
    ),
    ...agreement.lead_types.flatMap((type) => ownTerms(type, agreement, { locale, now })),
    part(headings.returns, returnLines(agreement, locale).map(bullet)),
    part(headings.deals, dealLines(agreement, locale).map(bullet)),
    part(headings.protocols, [
      ...texts(agreement.protocols),
      ...bulletinLines(agreement, locale).map(bullet),
    ]),
    part(headings.marketing, texts(agreement.expectations.marketing)),
    part(headings.sales, texts(agreement.expectations.sales)),
    ...sides.map((side) =>
      part(headings.promises[side], promiseLines(side, agreement, locale, measured).map(bullet)),
    ),
    part(headings.history, historyLines(proposals.history, view).map(bullet)),
  ]
  const title = asMrkdwn(agreement.title, limits.header)
  return message(`${title}. ${told}`, [
    header(agreement.title),
    ...context(
      [
        told,
        ...(signed === undefined ? [] : signatureLines(signed, view)),
        ...(proposes && proposals.open.length === 0 ? [words.nothingProposed] : []),
      ].map((line) => mrkdwn(line)),
    ),
    ...parts.flat(),
  ])
}

function clockLines(clocks: Partial<Clocks>, calendar: Calendar, locale: Locale): string[] {
  const words = slaWords[locale]
  const { accept, first_attempt: first, attempts, return_answer: answer, idle, ruling } = clocks
  const time = (allowance: Allowance): string =>
    formatAllowance(allowance, locale, { always: calendar.always })
  const reminded = (line: string, { remind }: { remind: readonly number[] }): string => {
    if (remind.length === 0) return line
    const fractions = remind.map((fraction) => formatPercent(fraction, locale))
    return `${line} ${words.reminders(formatList(fractions, locale))}`
  }
  const lines: string[] = []
  if (accept !== undefined) {
    const hard = accept.hard === undefined ? null : time(accept.hard)
    lines.push(reminded(words.accept(time(accept.within), hard), accept))
  }
  if (first !== undefined) {
    const within = { hot: time(first.hot), standard: time(first.standard) }
    lines.push(reminded(words.firstAttempt(within), first))
  }
  if (attempts !== undefined) {
    const sequence = words.attempts({
      count: plural(attempts.count, locale, words.attempt),
      channels: plural(attempts.channels, locale, words.channel),
      within: time(attempts.within),
      gap: time(attempts.gap),
    })
    const counted = attempts.counted.map((channel) => attemptChannelName(channel, locale))
    lines.push(reminded(sequence, attempts), words.counted(formatList(counted, locale)))
    lines.push(
      ...attemptChannels.flatMap((channel) => {
        const gap = attempts.gaps[channel]
        return gap === undefined
          ? []
          : [words.ownGap(attemptChannelName(channel, locale), time(gap))]
      }),
    )
  }
  if (idle !== undefined) lines.push(reminded(words.idle(time(idle.within)), idle))
  if (answer !== undefined) lines.push(reminded(words.returnAnswer(time(answer.within)), answer))
  if (ruling !== undefined) lines.push(reminded(words.ruling(time(ruling.within)), ruling))
  return lines
}

const escalationLines = ({ escalation }: Agreement, locale: Locale): string[] =>
  escalation.map(({ at, to }) => slaWords[locale].escalation(formatPercent(at, locale), to))

function pauseLines({ pause, calendar }: Agreement, locale: Locale): string[] {
  if (pause === undefined) return []
  const words = slaWords[locale]
  const reasons = pause.reasons.map(({ name }) => asMrkdwn(name[locale], mostText))
  return [
    words.pause({
      times: plural(pause.times, locale, words.times),
      atMost: formatAllowance(pause.at_most, locale, { always: calendar.always }),
      reasons: formatList(reasons, locale),
    }),
  ]
}

/** What a change of owner means for the clocks, and who may make one. */
function ownerLines({ reassignment }: Agreement, locale: Locale): string[] {
  const { reassigned, takenOver } = slaWords[locale]
  return [reassigned[reassignment.clock], takenOver[reassignment.take_over]]
}

/** What Baton tells by itself, and when. */
function bulletinLines({ bulletins: { digest, weekly } }: Agreement, locale: Locale): string[] {
  const words = slaWords[locale]
  const nameOf = (day: number): string => dayNames(day, day, locale)
  return [
    ...(digest === 'never' ? [] : [words.digest(digest.at)]),
    ...(weekly === 'never' ? [] : [words.weekly(nameOf(weekdays.indexOf(weekly.day)), weekly.at)]),
  ]
}

function promiseLines(
  side: Side,
  { promises }: Agreement,
  locale: Locale,
  measured: readonly MeasuredPromise[] | undefined,
): string[] {
  const lines =
    measured === undefined
      ? promises[side].map((promise) => promiseWords(promise, undefined, locale))
      : measured
          .filter((each) => each.side === side)
          .map(({ promise, figures }) => promiseWords(promise, figures, locale))
  return lines.map((line) => asMrkdwn(line, mostText))
}

type TimeView = { locale: Locale; zone: string; dates: 'slack' }

const proposedLines = (
  { proposal, base }: { proposal: Proposal; base: Agreement },
  view: TimeView,
): string[] => [
  ...stateLines(proposal, view),
  ...signatureLines(proposal, view),
  ...changeLines(base, proposal.agreement, view.locale),
]

/** What became of each proposal and how each version came about, newest first. */
function historyLines({ versions, proposals }: AgreementHistory, view: TimeView): string[] {
  if (proposals.length === 0) return []
  const known = new Set(proposals.map(({ version }) => version))
  const first = versions
    .filter(({ version }) => !known.has(version))
    .map(({ version, inForceFrom }) => {
      const at = sayInstant(inForceFrom, { ...view, near: inForceFrom })
      return agreementWords[view.locale].tookEffect(version, at)
    })
  const proposed = proposals.map((proposal) =>
    [...stateLines(proposal, view).toReversed(), ...signatureLines(proposal, view)].join(' · '),
  )
  return [...proposed, ...first]
}

const mostHolidays = 5

export function calendarLines(
  { always, spans, holidays, timezone }: Calendar,
  { locale, now }: { locale: Locale; now: Date },
): string[] {
  const words = slaWords[locale]
  const zone = words.zone(asMrkdwn(timezone, mostText))
  if (always) return [words.always, zone]
  const today = calendarDateIn(now, timezone)
  const coming = holidays.filter((date) => date >= today).slice(0, mostHolidays)
  return [
    ...sameDays(spans).map(({ from, to, spans: hours }) =>
      words.hours(dayNames(from, to, locale), formatList(hours.map(spanWords), locale)),
    ),
    zone,
    ...(coming.length === 0
      ? []
      : [words.holidays(coming.map((date) => formatDay(date, locale)).join(', '))]),
  ]
}

interface Days {
  from: number
  to: number
  spans: readonly Span[]
}

/** Days in a row with the same hours, Monday first; days without hours are left out. */
function sameDays(week: readonly (readonly Span[])[]): Days[] {
  const runs: Days[] = []
  for (const [day, spans] of week.entries()) {
    const last = runs.at(-1)
    if (last?.to === day - 1 && JSON.stringify(last.spans) === JSON.stringify(spans)) last.to = day
    else runs.push({ from: day, to: day, spans })
  }
  return runs.filter(({ spans }) => spans.length > 0)
}

/** A Monday, from which the names of the days are counted. */
const monday = Date.UTC(2024, 0, 1)
const dayMs = 86_400_000

function dayNames(from: number, to: number, locale: Locale): string {
  const names = new Intl.DateTimeFormat(locale, { weekday: 'long', timeZone: 'UTC' })
  const name = (day: number): string => names.format(monday + day * dayMs)
  const days = from === to ? name(from) : slaWords[locale].dayRange(name(from), name(to))
  return days.charAt(0).toUpperCase() + days.slice(1)
}

const spanWords = ({ fromMinute, toMinute }: Span): string =>
  `${clockTime(fromMinute)}–${clockTime(toMinute)}`

const clockTime = (minute: number): string =>
  [Math.floor(minute / 60), minute % 60].map((part) => String(part).padStart(2, '0')).join(':')

function leadTypeLine(
  { id, name, channel, owners }: LeadType,
  agreement: Agreement,
  locale: Locale,
): string {
  const words = slaWords[locale]
  const line = words.leadType(asMrkdwn(name[locale], mostText), channelWords(channel))
  const language = languageOf(agreement, id)
  const told = language === agreement.language ? [] : [words.language[language]]
  return [line, ownerWords(owners, locale), ...told].join(', ')
}

/** The agreement names channels by name or by id. */
export const channelWords = (channel: string): string =>
  /^[CG][A-Z0-9]{6,}$/.test(channel) ? `<#${channel}>` : `#${asMrkdwn(channel, 80)}`

function ownerWords(owners: LeadType['owners'], locale: Locale): string {
  const words = slaWords[locale].owners
  if (owners === 'open') return words.open
  if ('fixed' in owners) return words.fixed(asMrkdwn(owners.fixed, 80))
  return words.rotate(
    formatList(
      owners.rotate.slice(0, 10).map((email) => asMrkdwn(email, 80)),
      locale,
    ),
  )
}

/** The clocks and the calendar that a lead type has of its own. */
function ownTerms(
  { name, clocks, calendar: own }: LeadType,
  { calendar }: Agreement,
  reader: { locale: Locale; now: Date },
): Block[] {
  const { headings } = slaWords[reader.locale]
  const typeName = asMrkdwn(name[reader.locale], mostText)
  const times = clockLines(clocks, own ?? calendar, reader.locale).map(bullet)
  const hours = own === undefined ? [] : calendarLines(own, reader).map(bullet)
  return [
    ...part(headings.ownClocks(typeName), times),
    ...part(headings.ownCalendar(typeName), hours),
  ]
}

function returnLines({ return_reasons: reasons }: Agreement, locale: Locale): string[] {
  const words = slaWords[locale]
  return reasons.map(({ name, status, stage, needs }) =>
    words.returnReason({
      name: asMrkdwn(name[locale], mostText),
      status: asMrkdwn(status, mostText),
      stage,
      needs:
        needs.length === 0
          ? null
          : formatList(
              needs.map((need) => words.needs[need]),
              locale,
            ),
    }),
  )
}

function dealLines({ deal_stages, lost_reasons }: Agreement, locale: Locale): string[] {
  const words = slaWords[locale]
  const reasons = lost_reasons.map(({ name }) => asMrkdwn(name[locale], mostText))
  return [
    ...deal_stages.map(({ name, means, stage = null }) =>
      words.dealStage({ name: asMrkdwn(name[locale], mostText), means, stage }),
    ),
    ...(reasons.length === 0 ? [] : [words.lostReasons(formatList(reasons, locale))]),
  ]
}
