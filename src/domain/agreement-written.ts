import type { Agreement } from './agreement.ts'
import type { Calendar, Span } from './calendar.ts'
import { type Allowance, type Duration, formatAllowance, formatDuration } from './duration.ts'

/** A value as the agreement file writes it. */
export type Written = string | number | boolean | readonly Written[] | WrittenFields
export type WrittenFields = { readonly [key: string]: Written }

export const isWrittenFields = (value: Written | null): value is WrittenFields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Fractions are written as percentages under these keys. */
const percentages: readonly string[] = ['remind', 'at', 'share']

/**
 * The agreement as its file would write it, with everything that the file may leave out: read
 * again, it is the same agreement.
 */
export const writtenAgreement = (agreement: Agreement): WrittenFields => fieldsOf(agreement)

function fieldsOf(record: object): WrittenFields {
  const fields = Object.entries(record).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, written(value, key)] as const],
  )
  return Object.fromEntries(fields)
}

function written(value: unknown, key: string): Written {
  if (typeof value === 'number' && percentages.includes(key)) return `${Math.round(value * 100)}%`
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    return value
  }
  if (Array.isArray(value)) return value.map((entry) => written(entry, key))
  if (typeof value !== 'object' || value === null) throw new TypeError(`${key} can't be written`)
  if (isAllowance(value)) return { [value.clock]: formatAllowance(value) }
  if (isDuration(value)) return formatDuration(value)
  if (isCalendar(value)) return writtenCalendar(value)
  return fieldsOf(value)
}

const isAllowance = (value: object): value is Allowance => 'clock' in value && 'duration' in value
const isDuration = (value: object): value is Duration =>
  'unit' in value && ('ms' in value || 'days' in value)
const isCalendar = (value: object): value is Calendar => 'always' in value && 'spans' in value

const writtenCalendar = ({ timezone, always, spans, holidays }: Calendar): WrittenFields => ({
  timezone,
  hours: always ? 'always' : writtenHours(spans),
  holidays,
})

const days: readonly string[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']

/** Days in a row with the same hours are one range; days without hours are left out. */
function writtenHours(week: readonly (readonly Span[])[]): WrittenFields {
  const runs: { from: number; to: number; hours: readonly string[] }[] = []
  for (const [day, spans] of week.entries()) {
    const hours = spans.map(({ fromMinute, toMinute }) => `${time(fromMinute)}-${time(toMinute)}`)
    const last = runs.at(-1)
    if (last !== undefined && String(last.hours) === String(hours)) last.to = day
    else runs.push({ from: day, to: day, hours })
  }
  const working = runs.filter(({ hours }) => hours.length > 0)
  return Object.fromEntries(
    working.map(({ from, to, hours }) => [
      from === to ? `${days[from]}` : `${days[from]}-${days[to]}`,
      hours,
    ]),
  )
}

const time = (minute: number): string =>
  [Math.floor(minute / 60), minute % 60].map((part) => String(part).padStart(2, '0')).join(':')
