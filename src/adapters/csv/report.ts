import { stringify } from 'csv-stringify/sync'
import type { CsvCell } from '../../use-cases/ports/reports.ts'

/**
 * A table as CSV that spreadsheets read as UTF-8. Numbers stay numbers; a text that a spreadsheet
 * would take for a formula gets a quote before it, and none can begin a row of its own.
 */
export const writeCsv = (rows: readonly (readonly CsvCell[])[]): string =>
  stringify(
    rows.map((row) => [...row]),
    { bom: true, escape_formulas: true, quoted_string: true, record_delimiter: 'windows' },
  )
