import { attemptChannelName } from '../../../../content/words/attempts.ts'
import {
  formatAllowance,
  formatDay,
  formatList,
  formatPercent,
  plural,
} from '../../../../content/words/format.ts'
import { slaWords } from '../../../../content/words/sla.ts'
import type { Agreement, Clocks, LeadType, Locale } from '../../../../domain/agreement.ts'
import { calendarDateIn } from '../../../../domain/business-time.ts'
import type { Calendar, Span } from '../../../../domain/calendar.ts'
import type { Allowance } from '../../../../domain/duration.ts'
import type { AgreementInForce } from '../../../../use-cases/ports.ts'
import { context, header, limits, type Message, message, mrkdwn, section } from '../../blocks.ts'
import { asMrkdwn } from '../../text.ts'
import type { Block } from '../feature.ts'

const mostText = 500

/** The agreement in force in plain words: what was agreed, in the order of its file. */
export function buildAgreement(
  { agreement, version, inForceFrom }: AgreementInForce,
  { locale, now }: { locale: Locale; now: Date },
): Message {
  const words = slaWords[locale]
  const { headings } = words
  const { calendar, clocks } = agreement
  const since = formatDay(calendarDateIn(inForceFrom, calendar.timezone), locale)
  const told = words.version(version, inForceFrom.getTime() > 0 ? since : null)
  const texts = (list: readonly Record<Locale, string>[]): string[] =>
    list.map((text) => bullet(asMrkdwn(text[locale], mostText)))
  const parts = [
    part(headings.goals, texts(agreement.goals)),
    part(headings.clocks, [
      ...clockLines(clocks, calendar, locale).map(bullet),
      ...escalationLines(agreement, locale).map(bullet),
    ]),
    part(headings.calendar, calendarLines(calendar, { locale, now }).map(bullet)),
    part(
      headings.leadTypes,
      agreement.lead_types.map((type) => bullet(leadTypeLine(type, locale))),
    ),
    ...agreement.lead_types.flatMap((type) => ownTerms(type, agreement, { locale, now })),
    part(headings.returns, returnLines(agreement, locale).map(bullet)),
    part(headings.protocols, texts(agreement.protocols)),
    part(headings.marketing, texts(agreement.expectations.marketing)),
    part(headings.sales, texts(agreement.expectations.sales)),
  ]
  const title = asMrkdwn(agreement.title, limits.header)
  return message(`${title}. ${told}`, [
    header(agreement.title),
    ...context([mrkdwn(told)]),
    ...parts.flat(),
  ])
}

const bullet = (line: string): string => `• ${line}`

/** A heading with its lines, over as many sections as they need; nothing where there are none. */
function part(heading: string, lines: readonly string[]): Block[] {
  const texts: string[] = []
  let text = `*${heading}*`
  for (const line of lines) {
    if (text.length + 1 + line.length > limits.section) {
      texts.push(text)
      text = line
    } else {
      text = `${text}\n${line}`
    }
  }
  return lines.length === 0 ? [] : [...texts, text].map((each) => section(each))
}

function clockLines(clocks: Partial<Clocks>, calendar: Calendar, locale: Locale): string[] {
  const words = slaWords[locale]
  const { accept, first_attempt: first, attempts, return_answer: answer } = clocks
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
  }
  if (answer !== undefined) lines.push(reminded(words.returnAnswer(time(answer.within)), answer))
  return lines
}

const escalationLines = ({ escalation }: Agreement, locale: Locale): string[] =>
  escalation.map(({ at, to }) => slaWords[locale].escalation(formatPercent(at, locale), to))

const mostHolidays = 5

function calendarLines(
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

function leadTypeLine({ name, channel, owners }: LeadType, locale: Locale): string {
  const words = slaWords[locale]
  const line = words.leadType(asMrkdwn(name[locale], mostText), channelWords(channel))
  return `${line}, ${ownerWords(owners, locale)}`
}

/** The agreement names channels by name or by id. */
const channelWords = (channel: string): string =>
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
