import type { Column } from '../../domain/csv-mapping.ts'
import type { FileAbout, FileFault, FileState } from '../../domain/dropped-file.ts'
import type { Said } from './delivery.ts'
import type { CsvRow, ImportCounts } from './imports.ts'

/** How far an import has come, or how far it would come. */
export interface FileProgress extends ImportCounts {
  /** Of the whole file. */
  rows: number
  doneRows: number
}

/** A file that somebody dropped to Baton in Slack. */
export interface DroppedFile {
  id: string
  workspaceId: string
  /** Slack's id of it. */
  fileId: string
  channelId: string
  /** The message that shows how it stands; null before it was posted. */
  ts: string | null
  byId: string
  state: FileState
  /** null before it was looked at. */
  name: string | null
  /** null where they are guessed. */
  columns: readonly Column[] | null
  handOver: boolean
  progress: FileProgress
  fault: FileFault | null
  /** Slack's id of the file of bad rows. */
  badFileId: string | null
  /** Failures in a row. */
  tries: number
}

/** What was chosen for a file that was offered. */
export type FileChoice =
  | { state: 'importing'; handOver: boolean }
  | { state: 'cancelled' }
  /** It is read again like this. */
  | { state: 'dropped'; columns: readonly Column[] }

/** Files as people drop them and choose. */
export interface Drops {
  /** A file that is told of again, or that Baton itself has uploaded, is no new one. */
  add(
    drop: Pick<DroppedFile, 'id' | 'workspaceId' | 'fileId' | 'channelId' | 'byId'>,
    now: Date,
  ): Promise<void>
  byId(workspaceId: string, id: string): Promise<DroppedFile | undefined>
  /** False where it is not offered any more: of two who choose one is heard. */
  choose(workspaceId: string, id: string, choice: FileChoice, now: Date): Promise<boolean>
}

/** What changes with a file. */
export type FileChange = Partial<
  Pick<DroppedFile, 'state' | 'name' | 'columns' | 'progress' | 'fault' | 'badFileId'>
>

/** Files as processes work them off. */
export interface DropBox {
  /** The file that has waited longest, for `ms`; others don't get it meanwhile. */
  take(workspaceId: string, now: Date, ms: number): Promise<DroppedFile | undefined>
  /** Keeps it for another `ms`. */
  hold(file: DroppedFile, now: Date, ms: number): Promise<void>
  /** Gives it back, to be taken up at once. */
  release(file: DroppedFile): Promise<void>
  /** False where it stands in another state by now: then nothing is changed. */
  change(file: DroppedFile, change: FileChange, now: Date): Promise<boolean>
  /** Its message shows that state; there is nothing to do until somebody chooses. */
  shown(file: DroppedFile, ts: string | null, now: Date): Promise<void>
  /** It is tried again then. */
  later(file: DroppedFile, at: Date): Promise<void>
  /** Why rows were not imported; a row that is there has a new reason. */
  addFaults(file: DroppedFile, faults: readonly RowFault[]): Promise<void>
  /** Forgets those of the rows after that one: they are read again. */
  forgetFaults(file: DroppedFile, afterRow: number): Promise<void>
  /** Those of the rows from that one to that one, by row. */
  faults(file: DroppedFile, from: number, to: number): Promise<Map<number, string>>
  /** Forgets files that nothing was done with since, and their faults; so many rows of each at most. */
  prune(before: Date, most: number): Promise<number>
}

export interface RowFault {
  row: number
  problem: string
}

/** Slack can't be asked now, or never will give it. */
export type NotFetched =
  | { kind: 'later'; afterMs: number | null; error: string }
  | { kind: 'never'; fault: FileFault }

/** Files in Slack. */
export interface SlackFiles {
  about(fileId: string): Promise<{ kind: 'found'; about: FileAbout; url: string } | NotFetched>
  /** A copy on this machine, until it is removed; what is larger than it is said to be is none. */
  fetch(url: string, size: number): Promise<FetchedFile | NotFetched>
  /** Puts a file into a thread. `noted` hears its id before anybody can see it. */
  upload(
    file: { path: string; name: string },
    to: { channelId: string; threadTs: string },
    noted: (fileId: string) => Promise<unknown>,
  ): Promise<{ kind: 'listed'; fileId: string } | NotFetched>
  /** Whether people can see it. */
  isShared(fileId: string): Promise<boolean>
}

export interface FetchedFile {
  kind: 'fetched'
  path: string
  remove(): Promise<void>
}

export interface OpenedCsv {
  sha256: string
  /** The first row, as it is written. */
  headings: readonly string[]
  /** The rows below it, from 1. */
  rows(): AsyncIterable<CsvRow>
  /** Writes rows with the same columns, and one more that says what is wrong. */
  writeBad(path: string): Promise<{
    add(rows: readonly { cells: readonly string[]; problem: string }[]): Promise<unknown>
    close(): Promise<void>
  }>
}

export interface CsvFiles {
  open(path: string): Promise<OpenedCsv | 'not-csv' | 'no-headings'>
}

/** The one message that shows how a file stands. */
export interface FileMessenger {
  /** Posts it, or brings it up to date. `examples` are by column. */
  show(file: DroppedFile, examples?: readonly (string | null)[]): Promise<Said>
}
