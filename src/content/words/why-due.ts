import type { Locale } from '../../domain/agreement.ts'
import { latenessOf } from '../../domain/deadlines.ts'
import {
  type Beginning,
  type DaysOff,
  type Explanation,
  foldSum,
  type SkippedKind,
  type SumLine,
} from '../../domain/explain.ts'
import {
  formatAllowance,
  formatDuration,
  formatInstant,
  formatList,
  formatNumber,
  formatShortDay,
  formatWorkingTime,
  plural,
} from './format.ts'

/** "Why due then?": the sum behind a deadline, a line a step. Names of reasons come ready to be shown. */

/** Moments come as words: "Mon 23 Nov, 16:30", or "16:30" where the day was told before. */
interface Words {
  title: string
  began: Record<Beginning | 'start', string>
  start(when: string, began: string): string
  counts(range: string, length: string): string
  byTheClock(until: string, length: string): string
  fullDays(range: string, days: number, length: string): string
  daysPassed(when: string, days: number, of: number): string
  daysOff: Record<keyof DaysOff, { one: string; other: string }>
  without(daysOff: string): string
  skipped(why: SkippedKind, dates: readonly string[], until: string): string
  paused(until: string, reason: string, open: boolean): string
  due(when: string, why: string, open: boolean): string
  why(clause: string | undefined, within: string, inHours: string | undefined): string
  /** `working` is the same in working time, in brackets; empty where it is no other. */
  late(length: string, working: string): string
  metLate(when: string, length: string, working: string): string
  met(when: string): string
  metWhilePaused(when: string): string
  calledOff(when: string): string
  calledOffLate(when: string, length: string, working: string): string
  zones(own: string, agreed: string): string
  /** No clock runs. */
  nothing: string
}

/** The dates of holidays; of many the first and the last. */
const datesIn = (dates: readonly string[], last: string, locale: Locale): string =>
  dates.length > 2 ? `${dates[0]} – ${last}` : formatList(dates, locale)

export const whyDueWords: Record<Locale, Words> = {
  en: {
    title: 'Why due then?',
    began: {
      start: 'start',
      'handed-over': 'handed over',
      contested: 'return contested',
      anew: 'clock started anew',
      accepted: 'accepted',
      attempt: 'last counted attempt',
      returned: 'returned to marketing',
    },
    start: (when, began) => `${when}: ${began}`,
    counts: (range, length) => `${range} counts ${length}`,
    byTheClock: (until, length) => `until ${until}: ${length} by the clock`,
    fullDays: (range, days, length) =>
      `${range}: ${plural(days, 'en', { one: 'whole day counts', other: 'whole days count' })} ${length}`,
    daysPassed: (when, days, of) =>
      `${when}: ${formatNumber(days, 'en')} of ${plural(of, 'en', { one: 'working day', other: 'working days' })}`,
    daysOff: {
      weekends: { one: 'weekend', other: 'weekends' },
      holidays: { one: 'holiday', other: 'holidays' },
      others: { one: 'time without working hours', other: 'times without working hours' },
    },
    without: (daysOff) => `, not counting ${daysOff}`,
    skipped: (why, dates, until) => {
      const last = dates.at(-1)
      const names = { break: 'break', night: 'night', weekend: 'weekend', 'day-off': 'day off' }
      if (why !== 'holiday' || last === undefined) {
        return `${why === 'holiday' ? why : names[why]}, until ${until}`
      }
      const name = dates.length === 1 ? 'holiday' : 'holidays'
      return `${datesIn(dates, last, 'en')}: ${name}, until ${until}`
    },
    paused: (until, reason, open) =>
      `paused until ${until}${open ? ' at the latest' : ''}: ${reason}`,
    due: (when, why, open) => `due ${when}${open ? ' at the latest' : ''} (${why})`,
    why: (clause, within, inHours) =>
      [
        clause === undefined ? within : `clause ${clause}: ${within}`,
        ...(inHours === undefined ? [] : [`here ${inHours}`]),
      ].join(', '),
    late: (length, working) => `Late by ${length}${working} so far`,
    metLate: (when, length, working) => `Done ${when}, ${length} late${working}`,
    met: (when) => `Done ${when}, in time`,
    metWhilePaused: (when) => `Done ${when}, while it was paused`,
    calledOff: (when) => `Called off ${when}`,
    calledOffLate: (when, length, working) => `Called off ${when}, ${length} late${working}`,
    zones: (own, agreed) => `Times of ${own}; the working hours are those of ${agreed}.`,
    nothing: 'No clock is running for this lead: nothing is due.',
  },
  it: {
    title: 'Perché questa scadenza?',
    began: {
      start: 'inizio',
      'handed-over': 'passato alle vendite',
      contested: 'restituzione contestata',
      anew: 'tempo ripartito da capo',
      accepted: 'accettato',
      attempt: 'ultimo tentativo conteggiato',
      returned: 'restituito al marketing',
    },
    start: (when, began) => `${when}: ${began}`,
    counts: (range, length) => `${range}: contano ${length}`,
    byTheClock: (until, length) => `fino a ${until}: ${length} di orologio`,
    fullDays: (range, days, length) =>
      `${range}: ${plural(days, 'it', { one: 'giornata intera', other: 'giornate intere' })}, contano ${length}`,
    daysPassed: (when, days, of) =>
      `${when}: ${formatNumber(days, 'it')} di ${plural(of, 'it', { one: 'giorno lavorativo', other: 'giorni lavorativi' })}`,
    daysOff: {
      weekends: { one: 'fine settimana', other: 'fine settimana' },
      holidays: { one: 'festività', other: 'festività' },
      others: { one: 'periodo senza orario di lavoro', other: 'periodi senza orario di lavoro' },
    },
    without: (daysOff) => `, senza contare ${daysOff}`,
    skipped: (why, dates, until) => {
      const last = dates.at(-1)
      const names = {
        break: 'pausa dell’orario',
        night: 'notte',
        weekend: 'fine settimana',
        'day-off': 'giorno senza orario di lavoro',
        holiday: 'festività',
      }
      return last === undefined
        ? `${names[why]}, fino a ${until}`
        : `${datesIn(dates, last, 'it')}: ${names[why]}, fino a ${until}`
    },
    paused: (until, reason, open) =>
      `in pausa fino a ${until}${open ? ' al più tardi' : ''}: ${reason}`,
    due: (when, why, open) => `scadenza ${open ? 'al più tardi ' : ''}${when} (${why})`,
    why: (clause, within, inHours) =>
      [
        clause === undefined ? within : `clausola ${clause}: ${within}`,
        ...(inHours === undefined ? [] : [`qui ${inHours}`]),
      ].join(', '),
    late: (length, working) => `In ritardo di ${length}${working} finora`,
    metLate: (when, length, working) => `Fatto ${when}, con ${length} di ritardo${working}`,
    met: (when) => `Fatto ${when}, in tempo`,
    metWhilePaused: (when) => `Fatto ${when}, durante la pausa`,
    calledOff: (when) => `Annullata ${when}`,
    calledOffLate: (when, length, working) =>
      `Annullata ${when}, con ${length} di ritardo${working}`,
    zones: (own, agreed) => `Orari di ${own}; l’orario di lavoro è quello di ${agreed}.`,
    nothing: 'Per questo lead non corre nessun tempo: non c’è nessuna scadenza.',
  },
}

/** Who reads it: their language and zone, and what the agreement calls a reason in it. */
export interface Reader {
  locale: Locale
  zone: string
  reasonName(reason: string): string
}

/** A sum to be told. Without a beginning and a clause it is one that somebody asked for. */
export type Sum = Pick<Explanation, 'steps' | 'within' | 'calendar' | 'allowedMs'> &
  Partial<Pick<Explanation, 'began' | 'clause'>>

const secondMs = 1_000
const minuteMs = 60 * secondMs
/** Below this a sum is told to the second. */
const secondsMatterMs = 10 * minuteMs

/**
 * The sum, a line a step. Moments and lengths are told in whole minutes (seconds in short sums),
 * cut off alike, so that the lengths of the lines add up to the time allowed.
 */
export function sumWords(sum: Sum, { locale, zone, reasonName }: Reader): string[] {
  const words = whyDueWords[locale]
  const unitMs = sum.allowedMs < secondsMatterMs ? secondMs : minuteMs
  const lines = foldSum(sum.steps, sum.calendar)
  let told: Date | undefined

  const moment = (at: Date): string => {
    const text = formatInstant(at, locale, zone, told)
    told = at
    return unitMs === secondMs ? `${text}:${String(at.getUTCSeconds()).padStart(2, '0')}` : text
  }
  const range = (from: Date, to: Date): string => {
    const [first, second] = [moment(from), moment(to)]
    return second.includes(' ') ? `${first} – ${second}` : `${first}–${second}`
  }
  const length = (ms: number): string => formatDuration(ms, locale, { days: false })
  const between = (from: Date, to: Date): number =>
    (Math.floor(+to / unitMs) - Math.floor(+from / unitMs)) * unitMs
  const without = (daysOff: DaysOff): string => {
    const counted = kindsOff
      .filter((kind) => daysOff[kind] > 0)
      .map((kind) => plural(daysOff[kind], locale, words.daysOff[kind]))
    return counted.length === 0 ? '' : words.without(formatList(counted, locale))
  }

  const open = lines.some((line) => line.kind === 'pause' && line.open)
  const say = (line: SumLine): string => {
    switch (line.kind) {
      case 'start':
        return words.start(moment(line.at), words.began[sum.began ?? 'start'])
      case 'span':
        return words.counts(range(line.from, line.to), length(between(line.from, line.to)))
      case 'wall':
        return words.byTheClock(moment(line.to), length(between(line.from, line.to)))
      case 'full-days': {
        const { from, to, days, workingMs, daysOff } = line
        return words.fullDays(range(from, to), days, length(workingMs)) + without(daysOff)
      }
      case 'days-passed':
        return words.daysPassed(moment(line.at), line.days, line.of) + without(line.daysOff)
      case 'skipped': {
        const dates = line.dates.map((date) => formatShortDay(date, locale))
        return words.skipped(line.why, dates, moment(line.to))
      }
      case 'pause':
        return words.paused(moment(line.to), reasonName(line.reason), line.open)
      case 'due':
        // The answer stands for itself: with its day.
        told = undefined
        return words.due(moment(line.at), whyWords(sum, lines, locale), open)
    }
  }
  const isTold = ({ kind, ...line }: SumLine): boolean =>
    !('to' in line) || kind === 'pause' || between(line.from, line.to) > 0
  return lines.filter(isTold).map(say)
}

const kindsOff = ['weekends', 'holidays', 'others'] as const

/** The clause, and working days in hours where a pause has the sum counted in those. */
function whyWords(
  { within, calendar, clause, allowedMs }: Sum,
  lines: readonly SumLine[],
  locale: Locale,
): string {
  const { always } = calendar
  const inDays = within.duration.unit === 'days' && within.clock === 'working' && !always
  const inHours = inDays && lines.some(({ kind }) => kind === 'pause')
  return whyDueWords[locale].why(
    clause,
    formatAllowance(within, locale, { always }),
    inHours ? formatWorkingTime(allowedMs, locale) : undefined,
  )
}

/** The sum behind a deadline of a handoff, and how it stands. */
export function whyDueLines(explanation: Explanation, reader: Reader & { now: Date }): string[] {
  return [...sumWords(explanation, reader), ...stateWords(explanation, reader)]
}

function stateWords(
  { deadline, calendar, within, settledWhilePaused }: Explanation,
  { locale, zone, now }: Reader & { now: Date },
): string[] {
  const words = whyDueWords[locale]
  const when = (at: Date): string => formatInstant(at, locale, zone)
  const { metAt, stoppedAt } = deadline
  const lateness = latenessOf(deadline, now, calendar)
  if (lateness !== null) {
    const { rawMs, workingMs } = lateness
    const alike = within.clock === 'wall' || workingMs === rawMs
    const late = [
      formatDuration(rawMs, locale),
      alike ? '' : ` (${formatWorkingTime(workingMs, locale)})`,
    ] as const
    if (metAt !== null) return [words.metLate(when(metAt), ...late)]
    return [
      stoppedAt === null ? words.late(...late) : words.calledOffLate(when(stoppedAt), ...late),
    ]
  }
  if (metAt !== null) {
    return [settledWhilePaused ? words.metWhilePaused(when(metAt)) : words.met(when(metAt))]
  }
  return stoppedAt === null ? [] : [words.calledOff(when(stoppedAt))]
}

/** The reader's clock may not be the one that the working hours are read on; then this says so. */
export function zoneWords(
  { deadline, within, calendar }: Explanation,
  { locale, zone }: Pick<Reader, 'locale' | 'zone'>,
): string[] {
  const { timezone } = calendar
  const shown = (at: Date, where: string): string => formatInstant(at, locale, where)
  const alike = [deadline.startedAt, deadline.dueAt].every(
    (at) => shown(at, zone) === shown(at, timezone),
  )
  return alike || calendar.always || within.clock === 'wall'
    ? []
    : [whyDueWords[locale].zones(zone, timezone)]
}
