import { Temporal } from 'temporal-polyfill'
import { type Agreement, type BulletinTerms, weekdays } from './agreement.ts'
import { calendarDateIn, nextWorkingMoment, startOfDay } from './business-time.ts'
import type { Calendar } from './calendar.ts'
import { dutyOf, workingTimeOf } from './duty.ts'
import type { DeadlineKind } from './handoff.ts'
import { type HomeEntry, type HomeList, type HomeViewer, listOf } from './home.ts'
import type { Member } from './person.ts'
import type { ClockKept, Figures } from './report.ts'

/**
 * What Baton tells by itself, beside any single handoff: a digest to each in their morning, and how
 * the week was to the managers. Each has a key, by which it is told once.
 */

export const bulletinKinds = ['daily', 'weekly'] as const
export type BulletinKind = (typeof bulletinKinds)[number]

export interface PlannedBulletin {
  /** `digest:<day>:<id of a person>` or `weekly:<week>`. */
  key: string
  kind: BulletinKind
  /** A channel, or Slack's id of a person. */
  recipient: string
  dueAt: Date
}

/** What a key is of. */
export type BulletinSubject =
  | { kind: 'daily'; day: string; personId: string }
  /** A week such as 2026-W48: the one in which it is told. */
  | { kind: 'weekly'; week: string }

/** What a key is of; undefined for what is no key. */
export function subjectOf(key: string): BulletinSubject | undefined {
  const [, day, personId] = /^digest:(\d{4}-\d{2}-\d{2}):(.+)$/.exec(key) ?? []
  if (day !== undefined && personId !== undefined) return { kind: 'daily', day, personId }
  const [, week] = /^weekly:(\d{4}-W\d{2})$/.exec(key) ?? []
  return week === undefined ? undefined : { kind: 'weekly', week }
}

/** A bulletin that could not be told for so long is out of date, and is not told any more. */
export const staleAfterMs = { daily: 2 * 3_600_000, weekly: 24 * 3_600_000 } as const

/** What was not planned in time is planned so much later at most. */
export const plannedLateMs = 2 * 3_600_000

/** Moments after `since`, up to and with `now`. */
interface Window {
  since: Date
  now: Date
}

const isIn = (moment: Date, { since, now }: Window): boolean => moment > since && moment <= now

/**
 * When it is `at` (HH:MM) on a day (YYYY-MM-DD) in a zone. A time that the clock skips is as much
 * later as it skips; of one that comes twice it is the first.
 */
export function momentOn(day: string, at: string, zone: string): Date {
  const moment = Temporal.PlainDate.from(day).toZonedDateTime({ timeZone: zone, plainTime: at })
  return new Date(moment.epochMilliseconds)
}

/** The zone of somebody's days: that of their Slack account, else the agreement's. */
export function zoneOf({ zone }: Pick<Member, 'zone'>, { calendar }: Agreement): string {
  return zone !== null && isZone(zone) ? zone : calendar.timezone
}

function isZone(name: string): boolean {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name)
    return true
  } catch {
    return false
  }
}

const dateOf = (day: string): Temporal.PlainDate => Temporal.PlainDate.from(day)
const dayAfter = (day: string, days: number): string => dateOf(day).add({ days }).toString()

/** Whether a day has hours that count; where all time counts, each day has. */
export function isWorkingDay(day: string, { always, spans, holidays }: Calendar): boolean {
  if (always) return true
  const hours = spans[dateOf(day).dayOfWeek - 1] ?? []
  return hours.length > 0 && !holidays.includes(day)
}

type Reader = Pick<Member, 'email' | 'zone'>

/**
 * When the digest of a day (YYYY-MM-DD, by the reader's own zone) is due; undefined on days on which
 * they don't work, by their own calendar or else the agreement's, and on their days off.
 */
export function digestMomentOn(
  day: string,
  reader: Reader,
  agreement: Agreement,
): Date | undefined {
  const { digest } = agreement.bulletins
  if (digest === 'never') return undefined
  const duty = dutyOf(agreement, reader.email, { day, open: 0 })
  if (!duty.free || !isWorkingDay(day, workingTimeOf(agreement, reader.email, ''))) return undefined
  return momentOn(day, digest.at, zoneOf(reader, agreement))
}

/** The digests that have fallen due: whoever has nothing due then gets none after all. */
export function digestsDue(
  agreement: Agreement,
  readers: readonly Member[],
  window: Window,
): PlannedBulletin[] {
  return readers.flatMap((reader) => {
    const { id, slackId, external } = reader
    if (slackId === null || external) return []
    const zone = zoneOf(reader, agreement)
    const days = new Set([calendarDateIn(window.since, zone), calendarDateIn(window.now, zone)])
    return [...days].flatMap((day): PlannedBulletin[] => {
      const dueAt = digestMomentOn(day, reader, agreement)
      if (dueAt === undefined || !isIn(dueAt, window)) return []
      return [{ key: `digest:${day}:${id}`, kind: 'daily', recipient: slackId, dueAt }]
    })
  })
}

/** So many weeks can go by without a working day before the report of one of them is given up. */
const weeksBack = 5

/** The weekly report that has fallen due; of a week without a working day it comes after it. */
export function weekliesDue(agreement: Agreement, window: Window): PlannedBulletin[] {
  const { bulletins, calendar, managers_channel: recipient } = agreement
  const { weekly } = bulletins
  if (weekly === 'never') return []
  const thisWeek = mondayOf(calendarDateIn(window.now, calendar.timezone))
  return Array.from({ length: weeksBack }, (_, back) => dayAfter(thisWeek, -7 * back)).flatMap(
    (monday): PlannedBulletin[] => {
      const dueAt = weeklyMomentOf(monday, weekly, calendar)
      if (!isIn(dueAt, window)) return []
      return [{ key: `weekly:${weekOf(monday)}`, kind: 'weekly', recipient, dueAt }]
    },
  )
}

type WeeklyTerms = Exclude<BulletinTerms['weekly'], 'never'>

/**
 * When the report is due in the week of a Monday: at its time on its day, or where that is no
 * working day at the first working moment of the week, or after it.
 */
export function weeklyMomentOf(monday: string, { day, at }: WeeklyTerms, calendar: Calendar): Date {
  const date = dayAfter(monday, weekdays.indexOf(day))
  return isWorkingDay(date, calendar)
    ? momentOn(date, at, calendar.timezone)
    : nextWorkingMoment(startOfDay(monday, calendar.timezone), calendar)
}

const mondayOf = (day: string): string => dayAfter(day, 1 - dateOf(day).dayOfWeek)

/** The week that a date is in, such as 2026-W48. */
function weekOf(day: string): string {
  const { yearOfWeek, weekOfYear } = dateOf(day)
  return `${yearOfWeek}-W${String(weekOfYear).padStart(2, '0')}`
}

/** Two dates (YYYY-MM-DD), both included. */
export interface Days {
  first: string
  last: string
}

/** What the report of a week is about: the week before it, beside the one before that. */
export function weeksTold(week: string): { last: Days; before: Days } {
  const [year = '', number = ''] = week.split('-W')
  // the fourth of January is always in the first week
  const monday = dayAfter(mondayOf(`${year}-01-04`), 7 * (Number(number) - 1))
  const weekBefore = (weeks: number): Days => ({
    first: dayAfter(monday, -7 * weeks),
    last: dayAfter(monday, -7 * weeks + 6),
  })
  return { last: weekBefore(1), before: weekBefore(2) }
}

/** When something is to look for bulletins: a pattern of cron on the clock of a zone. */
export interface Schedule {
  id: string
  pattern: string
  timezone: string
}

/** The times at which bulletins fall due: of digests in each zone that somebody is in. */
export function schedulesOf(agreement: Agreement, readers: readonly Member[]): Schedule[] {
  const { bulletins, calendar } = agreement
  const { digest, weekly } = bulletins
  const zones = new Set(readers.map((reader) => zoneOf(reader, agreement)))
  const timeOf = (at: string): string => `${Number(at.slice(3))} ${Number(at.slice(0, 2))}`
  return [
    ...(digest === 'never'
      ? []
      : [...zones].sort().map((timezone) => ({
          id: `digest ${timezone}`,
          pattern: `${timeOf(digest.at)} * * *`,
          timezone,
        }))),
    ...(weekly === 'never'
      ? []
      : [
          {
            id: 'weekly',
            pattern: `${timeOf(weekly.at)} * * ${(weekdays.indexOf(weekly.day) + 1) % 7}`,
            timezone: calendar.timezone,
          },
        ]),
  ]
}

/** The lists of a home that a digest tells of. */
export const digestLists = ['offered', 'working', 'toAnswer'] as const satisfies HomeList[]
export type DigestList = (typeof digestLists)[number]

export interface DigestEntry {
  id: string
  list: DigestList
  dueAt: Date
}

/**
 * What is late or due on a day of somebody, what is due first: leads to accept and to work on, and
 * for marketing returns to answer.
 */
export function digestOf(
  entries: readonly HomeEntry[],
  viewer: HomeViewer,
  { day, zone }: { day: string; zone: string },
): DigestEntry[] {
  const end = startOfDay(dayAfter(day, 1), zone)
  return entries
    .flatMap((entry): DigestEntry[] => {
      const { id, dueAt } = entry
      const list = digestLists.find((one) => one === listOf(entry, viewer))
      if (list === undefined || dueAt === null || dueAt >= end) return []
      // an admin may answer returns, and is not the one who does
      return list === 'toAnswer' && viewer.role === 'admin' ? [] : [{ id, list, dueAt }]
    })
    .sort((a, b) => a.dueAt.getTime() - b.dueAt.getTime() || (a.id < b.id ? -1 : 1))
}

/** What the managers should look at first. */
export type Remark =
  /** A clock was kept less often than was promised. */
  | { what: 'below'; clock: ClockKept['kind']; share: number; promised: number }
  /** A clock was kept less often than in the week before. */
  | { what: 'fell'; clock: ClockKept['kind']; share: number; before: number }
  /** Many leads came back; the reason that was given most often. */
  | { what: 'returns'; share: number; reason: string }
  | { what: 'idle'; count: number }
  /** Everything that could be measured was kept as agreed. */
  | { what: 'kept' }

const noticeableFall = 0.1
const manyReturns = 0.25

/** A share of fewer than this tells nothing. */
const fewest = 3

const promisedClocks = {
  accept: 'accept',
  'first-attempt': 'first_attempt',
  attempts: 'attempts',
  'return-answer': 'return_answer',
} as const satisfies Partial<Record<DeadlineKind, string>>

/** The share of a clock that one of the sides has promised to keep; undefined where none has. */
export function promisedShare(
  { promises }: Agreement,
  kind: ClockKept['kind'],
): number | undefined {
  if (kind === 'accept-hard') return undefined
  const promise = [...promises.sales, ...promises.marketing].find(
    (one) => one.measure === 'clock' && one.clock === promisedClocks[kind],
  )
  return promise?.measure === 'clock' ? promise.share : undefined
}

/**
 * The most telling thing of a week: first what is furthest below its promise, then what fell most,
 * then many returns, then leads that were left. undefined where nothing could be measured.
 */
export function remarkOn(week: Figures, before: Figures, agreement: Agreement): Remark | undefined {
  const measured = week.clocks.filter(({ met, missed }) => met + missed > 0)
  const below = measured
    .flatMap(({ kind: clock, share }) => {
      const promised = promisedShare(agreement, clock)
      return share === null || promised === undefined || share >= promised
        ? []
        : [{ what: 'below', clock, share, promised } as const]
    })
    .sort((a, b) => b.promised - b.share - (a.promised - a.share))
  if (below[0] !== undefined) return below[0]

  const fell = measured
    .filter(({ met, missed }) => met + missed >= fewest)
    .flatMap(({ kind: clock, share }) => {
      const then = before.clocks.find(({ kind }) => kind === clock)?.share ?? null
      return share === null || then === null || then - share < noticeableFall
        ? []
        : [{ what: 'fell', clock, share, before: then } as const]
    })
    .sort((a, b) => b.before - b.share - (a.before - a.share))
  if (fell[0] !== undefined) return fell[0]

  const back = week.returned + week.unresponsive
  const [reason] = week.returnedBy.reason
  if (reason !== undefined && back >= fewest && back >= manyReturns * week.handoffs) {
    return { what: 'returns', share: back / week.handoffs, reason: reason.id }
  }
  if (week.idle > 0) return { what: 'idle', count: week.idle }
  return measured.length > 0 ? { what: 'kept' } : undefined
}
