import { stringify } from 'csv-stringify/sync'
import type { CsvCell } from '../../use-cases/ports/reports.ts'
import { inert } from './inert.ts'

/**
 * A table as CSV that spreadsheets read as UTF-8. Numbers stay numbers; texts are inert there.
 */
export const writeCsv = (rows: readonly (readonly CsvCell[])[]): string =>
  stringify(
    rows.map((row) => [...row]),
    { ...inert, bom: true, record_delimiter: 'windows' },
  )
