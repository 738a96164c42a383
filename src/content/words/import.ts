import type { MappingRefusal } from '../../domain/csv-mapping.ts'
import { formatNumber, plural } from './format.ts'

/** What the operator's command line says of an import; it speaks English. */

export function mappingRefusalWords(refusal: MappingRefusal): string {
  switch (refusal.code) {
    case 'no-email-column':
      return 'no column is known to hold e-mail addresses: name it, such as --map "Contact=email"'
    case 'unknown-column':
      return `--map: the file has no column “${refusal.column}”`
    case 'unknown-field':
      return `--map: there is no field “${refusal.field}”`
    case 'field-twice':
      return `--map: two columns are to fill “${refusal.field}”`
    case 'too-many-columns':
      return `a file may have ${refusal.most} columns at most`
  }
}

interface Told {
  dryRun: boolean
  handOver: boolean
  created: number
  changed: number
  unchanged: number
  bad: number
  handedOver: number
  handedBefore: number
}

/** What came of an import, or would come of it. */
export function importWords(told: Told): string {
  const { dryRun, created, changed, unchanged, bad } = told
  const number = (count: number): string => formatNumber(count, 'en')
  const handed =
    told.handedBefore === 0
      ? `${number(told.handedOver)} handed over`
      : `${number(told.handedOver)} handed over, ${number(told.handedBefore)} handed over before`
  return [
    dryRun ? 'It would be' : 'Imported',
    [
      `${number(created)} new`,
      `${number(changed)} changed`,
      `${number(unchanged)} unchanged`,
      ...(told.handOver ? [handed] : []),
      `${number(bad)} bad`,
    ].join(', '),
  ].join(': ')
}

export const rowsWords = (count: number): string =>
  plural(count, 'en', { one: 'row', other: 'rows' })
