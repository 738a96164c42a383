import type { Agreement } from './agreement.ts'
import { calendarDateIn, nextWorkingMoment } from './business-time.ts'
import type { Calendar } from './calendar.ts'
import { calendarOf } from './clocks.ts'

/** Whether a lead may be passed on to somebody now, and why not. */
export type Duty =
  | { free: true }
  /** Did not respond, so the ladder took them off duty until they say that they are back. */
  | { free: false; why: 'away' }
  /** `until` is the last of the days off, YYYY-MM-DD. */
  | { free: false; why: 'off'; until: string }
  | { free: false; why: 'full'; cap: number }

/** What is known of somebody's load: `open` leads, and whether a ladder took them off duty. */
export interface Load {
  open: number
  away?: boolean
}

/**
 * Whether somebody is there and has room for another lead, by what the agreement says of them. `day`
 * is the calendar date there (YYYY-MM-DD), `open` the number of open leads that they have.
 */
export function dutyOf(
  { people }: Agreement,
  email: string | null,
  { day, open, away = false }: Load & { day: string },
): Duty {
  if (away) return { free: false, why: 'away' }
  const address = email?.toLowerCase()
  const person = people.find((one) => one.email === address)
  const off = person?.off?.map(spanOf).find(({ from, to }) => from <= day && day <= to)
  if (off !== undefined) return { free: false, why: 'off', until: off.to }
  const cap = person?.cap
  return cap !== undefined && open >= cap ? { free: false, why: 'full', cap } : { free: true }
}

/** When somebody works: by a calendar of their own, else by that of the lead type. */
export function workingTimeOf(
  agreement: Agreement,
  email: string | null,
  leadTypeId: string,
): Calendar {
  const address = email?.toLowerCase()
  const own = agreement.people.find((one) => one.email === address)?.calendar
  return own ?? calendarOf(agreement, leadTypeId)
}

/** How somebody stands to a lead that comes now. */
export interface Shift {
  duty: Duty
  /** Now where they are inside their hours, else when these begin again. */
  from: Date
  /** The date of that (YYYY-MM-DD), as the agreement's calendar counts days. */
  day: string
}

/**
 * The duty of somebody for a lead of a type that comes now. Outside their hours it is that of the
 * day on which these begin again: a lead of Friday night is for whoever is there on Monday.
 */
export function shiftOf(
  agreement: Agreement,
  { email, leadType, load }: { email: string | null; leadType: string; load: Load },
  now: Date,
): Shift {
  const calendar = workingTimeOf(agreement, email, leadType)
  const from = nextWorkingMoment(now, calendar)
  const dutyAt = (at: Date): Duty =>
    dutyOf(agreement, email, { ...load, day: calendarDateIn(at, calendar.timezone) })
  return {
    duty: dutyAt(from),
    from,
    day: calendarDateIn(from, agreement.calendar.timezone),
  }
}

/** A day, or two with a stroke between them; dates of this form compare as texts. */
function spanOf(text: string): { from: string; to: string } {
  const [from = text, to = from] = text.split('/')
  return { from, to }
}
