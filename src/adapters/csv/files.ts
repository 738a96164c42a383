import type { CsvFiles } from '../../use-cases/ports/dropped-files.ts'
import { openBadRows } from './bad-rows.ts'
import { CsvFileError, openCsv } from './reader.ts'

/** CSV files on this machine. */
export const csvFiles: CsvFiles = {
  async open(path) {
    try {
      const { sha256, headings, separator, rows } = await openCsv(path)
      return {
        sha256,
        headings,
        rows,
        writeBad: (to) => openBadRows(to, { headings, separator, length: 0 }),
      }
    } catch (error) {
      if (error instanceof CsvFileError) return error.code
      throw error
    }
  },
}
