import type { Agreement } from './agreement.ts'

/** Whether a lead may be passed on to somebody now, and why not. */
export type Duty =
  | { free: true }
  /** `until` is the last of the days off, YYYY-MM-DD. */
  | { free: false; why: 'off'; until: string }
  | { free: false; why: 'full'; cap: number }

/**
 * Whether somebody is there and has room for another lead, by what the agreement says of them. `day`
 * is the calendar date there (YYYY-MM-DD), `open` the number of open leads that they have.
 */
export function dutyOf(
  { people }: Agreement,
  email: string | null,
  { day, open }: { day: string; open: number },
): Duty {
  const address = email?.toLowerCase()
  const person = people.find((one) => one.email === address)
  const off = person?.off?.map(spanOf).find(({ from, to }) => from <= day && day <= to)
  if (off !== undefined) return { free: false, why: 'off', until: off.to }
  const cap = person?.cap
  return cap !== undefined && open >= cap ? { free: false, why: 'full', cap } : { free: true }
}

/** A day, or two with a stroke between them; dates of this form compare as texts. */
function spanOf(text: string): { from: string; to: string } {
  const [from = text, to = from] = text.split('/')
  return { from, to }
}
