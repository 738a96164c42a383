import { type Grouping, groupings, periodNames } from '../../../../domain/report.ts'
import type { PeriodAsked } from '../../../../use-cases/report.ts'

/** Which report a message shows. */
export interface Asked {
  period: PeriodAsked
  groupBy: Grouping | null
}

/** As the value of a button or an option: `last-month|rep`, `2026-10-01/2026-10-31|`. */
export const written = ({ period, groupBy }: Asked): string =>
  `${typeof period === 'string' ? period : `${period.first}/${period.last}`}|${groupBy ?? ''}`

/** undefined for what `written` did not write. */
export function readAsked(value: string): Asked | undefined {
  const [said = '', group = ''] = value.split('|')
  const groupBy = groupings.find((one) => one === group) ?? null
  if (groupBy === null && group !== '') return undefined
  const named = periodNames.find((name) => name === said)
  if (named !== undefined) return { period: named, groupBy }
  const [first, last] = said.split('/')
  return first === undefined || last === undefined
    ? undefined
    : { period: { first, last }, groupBy }
}
