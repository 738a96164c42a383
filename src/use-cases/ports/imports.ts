import type { LeadNews } from '../../domain/decide/keep-lead.ts'

/** A row of a CSV file: its number, from 1 below the headings, and its values; null: unreadable. */
export interface CsvRow {
  row: number
  cells: string[] | null
}

/** How many rows of an import there were of each kind, as far as it has come. */
export interface ImportCounts {
  created: number
  changed: number
  unchanged: number
  bad: number
  handedOver: number
  /** Handed over by an import of the same file before. */
  handedBefore: number
}

export interface ImportProgress extends ImportCounts {
  /** Everything up to that row is done. */
  doneRows: number
  /** How long the file of bad rows was then, in bytes. */
  badBytes: number
}

/** One import of one file, under way. What it counts is kept with what it does. */
export interface ImportRun {
  readonly progress: ImportProgress
  /**
   * Keeps what rows tell of leads, in their order, all or none, and has the leads scored; rows up to
   * `upTo` are counted once, however often they come. Answers which rows are of new leads without a
   * name: those are not kept.
   */
  keep(rows: readonly ImportedRow[], upTo: number, now: Date): Promise<Set<number>>
  /** Everything of the rows up to `doneRows` is done. */
  settle(batch: Omit<ImportProgress, 'created' | 'changed' | 'unchanged'>): Promise<void>
  /** The whole file is done: it begins anew if it is imported again. */
  finish(): Promise<void>
  close(): Promise<void>
}

export interface ImportedRow {
  row: number
  news: LeadNews
}

/** Imports of files. The same file, asked for in the same way, goes on where it was ended. */
export interface Imports {
  /** undefined while somebody else is at it. */
  open(
    workspaceId: string,
    file: { sha256: string; asked: string },
    now: Date,
  ): Promise<ImportRun | undefined>
  /** Tells what would happen, and changes nothing. */
  rehearse(workspaceId: string): Promise<ImportRun>
}
