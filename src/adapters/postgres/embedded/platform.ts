import type { Logger } from 'pino'

export type Log = Pick<Logger, 'debug' | 'info'>

export const windows = process.platform === 'win32'

/** What to do, at the end of whatever can't go on. */
export const elsewhere = 'Put that right, or set DATABASE_URL to a PostgreSQL 14 or newer.'

/** Whether the system forbade it. */
export function isDenied(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return code === 'EACCES' || code === 'EPERM' || code === 'EROFS'
}
