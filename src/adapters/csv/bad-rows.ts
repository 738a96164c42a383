import { type FileHandle, open, rm } from 'node:fs/promises'
import { stringify } from 'csv-stringify/sync'
import { inert } from './inert.ts'
import type { Separator } from './reader.ts'

/** The rows of a file that were not imported, with the same columns and what is wrong with each. */
export interface BadRowsFile {
  /** Writes rows; answers how long the file is now, in bytes. */
  add(rows: readonly { cells: readonly string[]; problem: string }[]): Promise<number>
  close(): Promise<void>
}

/**
 * Goes on after the first `length` bytes of the file; 0 begins it anew. It is there as soon as it has
 * a row. Its texts are inert in a spreadsheet.
 */
export async function openBadRows(
  file: string,
  {
    headings,
    separator,
    length,
  }: { headings: readonly string[]; separator: Separator; length: number },
): Promise<BadRowsFile> {
  let handle: FileHandle | undefined
  let end = length
  if (length === 0) await rm(file, { force: true })
  else {
    handle = await open(file, 'a')
    // what was written after the last batch that was noted down comes again
    if ((await handle.stat()).size > length) await handle.truncate(length)
    end = (await handle.stat()).size
  }
  const written = (records: readonly (readonly string[])[]): Buffer =>
    Buffer.from(
      stringify(
        records.map((cells) => [...cells]),
        { ...inert, delimiter: separator },
      ),
    )
  return {
    async add(rows) {
      if (rows.length === 0) return end
      handle ??= await open(file, 'w')
      const lines = rows.map(({ cells, problem }) => [...filledUp(cells, headings.length), problem])
      // the mark at its start is what makes spreadsheets read it as UTF-8
      const head = end === 0 ? [Buffer.from('\uFEFF'), written([[...headings, 'problem']])] : []
      const bytes = Buffer.concat([...head, written(lines)])
      await handle.appendFile(bytes)
      await handle.datasync()
      end += bytes.length
      return end
    },
    async close() {
      await handle?.close()
    },
  }
}

/** The problem stands in its own column, also beside a row with fewer values or more. */
const filledUp = (cells: readonly string[], columns: number): string[] =>
  cells.length > columns
    ? [...cells.slice(0, columns - 1), cells.slice(columns - 1).join(' ')]
    : [...cells, ...Array<string>(columns - cells.length).fill('')]
