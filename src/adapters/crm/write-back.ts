import type { CrmAttempt } from '../../use-cases/ports/crm.ts'

/** How connect attempts stand in a CRM. */

/** The attempt in a line, with the id by which it is found again. */
export function attemptText({ id, channel, outcome, note }: CrmAttempt): string {
  const line = `Connect attempt by ${channel}: ${outcome.replaceAll('-', ' ')}.`
  return [line, ...(note === null ? [] : [note.slice(0, 2_000)]), `Baton ${id}`].join('\n')
}

export const attemptTitle = ({ channel }: CrmAttempt): string => `Connect attempt: ${channel}`

/** What differs from what the record holds. */
export const differing = (
  present: Record<string, unknown>,
  wanted: Record<string, string>,
): Record<string, string> =>
  Object.fromEntries(
    Object.entries(wanted).filter(([field, value]) => !same(present[field], value)),
  )

/** Moments are told in more than one way. */
function same(present: unknown, wanted: string): boolean {
  if (present === null || present === undefined) return false
  if (String(present) === wanted) return true
  const moment = /^\d{4}-\d\d-\d\dT/
  return (
    moment.test(wanted) &&
    moment.test(String(present)) &&
    Date.parse(String(present)) === Date.parse(wanted)
  )
}
