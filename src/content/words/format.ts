import type { Locale } from '../../domain/agreement.ts'
import type { Allowance } from '../../domain/duration.ts'

/** Regions decide on the form of dates: a 24-hour clock, the day before the month. */
const region = { en: 'en-GB', it: 'it-IT' } as const

const secondMs = 1_000
const minuteMs = 60 * secondMs
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

/** Below this, seconds matter; from there on they are noise. */
const secondsMatterMs = 10 * minuteMs

const units = {
  en: { d: 'd', h: 'h', min: 'min', s: 's' },
  it: { d: 'gg', h: 'h', min: 'min', s: 's' },
} as const
type Unit = keyof (typeof units)['en']

export const formatNumber = (value: number, locale: Locale): string =>
  new Intl.NumberFormat(region[locale]).format(value)

export const formatPercent = (fraction: number, locale: Locale): string =>
  new Intl.NumberFormat(region[locale], { style: 'percent' }).format(fraction)

/** The form that goes with a number, such as "1 employee" and "120 employees". */
export function plural(
  count: number,
  locale: Locale,
  forms: { one: string; other: string },
): string {
  const form = new Intl.PluralRules(region[locale]).select(count) === 'one' ? 'one' : 'other'
  return `${formatNumber(count, locale)} ${forms[form]}`
}

export const formatList = (items: readonly string[], locale: Locale): string =>
  new Intl.ListFormat(region[locale], { type: 'conjunction' }).format(items)

/**
 * A length of time such as "40 s", "12 min", "3 h 20 min" or "2 d": two units at most, rounded
 * down. With `days: false` hours go on, since a working day has no fixed length.
 */
export function formatDuration(ms: number, locale: Locale, { days = true } = {}): string {
  const length = Math.max(0, ms)
  const part = (unit: Unit, of: number, within: number): [number, Unit] => [
    Math.floor((length % within) / of),
    unit,
  ]
  const parts = ((): [number, Unit][] => {
    if (days && length >= 2 * dayMs) {
      return [part('d', dayMs, Number.POSITIVE_INFINITY), part('h', hourMs, dayMs)]
    }
    if (length >= hourMs) {
      return [part('h', hourMs, Number.POSITIVE_INFINITY), part('min', minuteMs, hourMs)]
    }
    if (length >= secondsMatterMs) return [part('min', minuteMs, hourMs)]
    return [part('min', minuteMs, hourMs), part('s', secondMs, minuteMs)]
  })()
  const told = parts.filter(([amount]) => amount > 0)
  return (told.length > 0 ? told : [[0, 's'] satisfies [number, Unit]])
    .map(([amount, unit]) => `${formatNumber(amount, locale)} ${units[locale][unit]}`)
    .join(' ')
}

const workingDays = {
  en: { one: 'working day', other: 'working days' },
  it: { one: 'giorno lavorativo', other: 'giorni lavorativi' },
} as const
const wallDays = {
  en: { one: 'day', other: 'days' },
  it: { one: 'giorno', other: 'giorni' },
} as const

const ofWorkingTime = {
  en: (length: string) => `${length} of working time`,
  it: (length: string) => `${length} di tempo lavorativo`,
} as const

/** A length of working time: "12 min of working time". */
export const formatWorkingTime = (ms: number, locale: Locale): string =>
  ofWorkingTime[locale](formatDuration(ms, locale, { days: false }))

/** The time that the agreement allows, without the clock it runs on: "4 h", "2 working days". */
export function formatAllowed({ clock, duration }: Allowance, locale: Locale): string {
  const working = clock === 'working'
  if (duration.unit === 'exact') return formatDuration(duration.ms, locale, { days: !working })
  return plural(duration.days, locale, (working ? workingDays : wallDays)[locale])
}

/**
 * The time that the agreement allows, in full: "4 h of working time", "2 working days", "24 h".
 * `always` is a calendar in which all time is working time.
 */
export function formatAllowance(allowance: Allowance, locale: Locale, { always = false } = {}) {
  const allowed = formatAllowed(allowance, locale)
  const plain = allowance.clock === 'wall' || allowance.duration.unit === 'days' || always
  return plain ? allowed : ofWorkingTime[locale](allowed)
}

function partsOf(at: Date, locale: Locale, options: Intl.DateTimeFormatOptions) {
  const parts = new Intl.DateTimeFormat(region[locale], options).formatToParts(at)
  return (type: Intl.DateTimeFormatPartTypes): string =>
    parts.find((part) => part.type === type)?.value ?? ''
}

/**
 * A moment on the clock of a zone: "Mon 23 Nov, 14:00"; only "14:00" on the same day as `near`,
 * where the reader knows the day.
 */
export function formatInstant(at: Date, locale: Locale, zone: string, near?: Date): string {
  const options = {
    timeZone: zone,
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  } as const
  const get = partsOf(at, locale, options)
  const time = `${get('hour')}:${get('minute')}`
  if (near === undefined) return `${get('weekday')} ${get('day')} ${get('month')}, ${time}`
  const getNear = partsOf(near, locale, options)
  const sameYear = get('year') === getNear('year')
  const sameDay = sameYear && get('month') === getNear('month') && get('day') === getNear('day')
  const year = sameYear ? '' : ` ${get('year')}`
  return sameDay ? time : `${get('weekday')} ${get('day')} ${get('month')}${year}, ${time}`
}

/** A calendar date (YYYY-MM-DD) in words: "15 January 2027". What is none stays as it is. */
export function formatDay(date: string, locale: Locale): string {
  const at = new Date(`${date}T00:00:00Z`)
  if (Number.isNaN(at.getTime())) return date
  const get = partsOf(at, locale, {
    timeZone: 'UTC',
    year: 'numeric',
    month: 'long',
    day: 'numeric',
  })
  return `${get('day')} ${get('month')} ${get('year')}`
}

/** A calendar date (YYYY-MM-DD) with its weekday, in short: "Fri 25 Dec". */
export function formatShortDay(date: string, locale: Locale): string {
  const get = partsOf(new Date(`${date}T00:00:00Z`), locale, {
    timeZone: 'UTC',
    weekday: 'short',
    month: 'short',
    day: 'numeric',
  })
  return `${get('weekday')} ${get('day')} ${get('month')}`
}

const slackPattern = {
  en: '{date_short_pretty} at {time}',
  it: '{date_short_pretty}, {time}',
} as const

/** A moment that Slack shows to each reader in their own zone. */
export const slackDate = (at: Date, locale: Locale, zone: string): string =>
  `<!date^${Math.floor(at.getTime() / secondMs)}^${slackPattern[locale]}|${formatInstant(at, locale, zone)}>`

/** `slack` is a date that Slack draws in the reader's zone; `plain` is text, for what can't. */
export type Dates = 'slack' | 'plain'

export interface DateStyle {
  dates: Dates
  locale: Locale
  /** The zone of plain dates: that of the agreement. */
  zone: string
  /** The day the reader has in mind: that of the message. */
  near: Date
}

export const sayInstant = (at: Date, { dates, locale, zone, near }: DateStyle): string =>
  dates === 'slack' ? slackDate(at, locale, zone) : formatInstant(at, locale, zone, near)

/** The name of a country of two letters; anything else as it is. */
export function countryName(country: string, locale: Locale): string {
  if (!/^[A-Za-z]{2}$/.test(country)) return country
  return (
    new Intl.DisplayNames(region[locale], { type: 'region' }).of(country.toUpperCase()) ?? country
  )
}
