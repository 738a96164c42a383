import type { Period } from '../../domain/promises.ts'
import type { CountedFacts, Grouping } from '../../domain/report.ts'

export interface ReportQuestion extends Period {
  groupBy: Grouping | null
  /** Only the handoffs that this person owns: the id of their row. */
  owner: string | null
  /** The zone that weeks and months are of. */
  zone: string
}

/** Counts what is on record of the handoffs that were made in a period. */
export interface Reports {
  facts(workspaceId: string, question: ReportQuestion): Promise<CountedFacts>
}

/** null is an empty cell. */
export type CsvCell = string | number | null

/** Writes a table as CSV, inert in a spreadsheet. */
export type CsvWriter = (rows: readonly (readonly CsvCell[])[]) => string
