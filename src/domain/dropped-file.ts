import type { Agreement } from './agreement.ts'
import type { Column, MappingRefusal } from './csv-mapping.ts'
import { type Member, mayHandOver, roleOf } from './person.ts'

/** How a file that somebody dropped stands. */
export const fileStates = [
  'dropped',
  'offered',
  'importing',
  'done',
  'cancelled',
  'failed',
] as const
export type FileState = (typeof fileStates)[number]

/** Why nothing became of a file. */
export const fileFaults = [
  'may-not-import',
  'not-csv',
  'too-big',
  'empty',
  'no-headings',
  'no-email-column',
  'too-many-columns',
  'gone',
  'no-access',
  'gave-up',
] as const
export type FileFault = (typeof fileFaults)[number]

/** Larger files are for the command line. */
export const mostBytes = 50 * 1024 * 1024

/** What Slack tells of a file. */
export interface FileAbout {
  name: string
  /** In bytes. */
  size: number
  /** Its MIME type. */
  type: string
}

/** Whoever may hand over a lead of any type may bring leads in. */
export const mayImport = (agreement: Agreement, member: Member): boolean =>
  agreement.lead_types.some(({ id }) => mayHandOver(roleOf(agreement, member, id)))

/** Refuses what can't be a CSV file, before it is fetched. */
export function faultOfFile({ name, size, type }: FileAbout): FileFault | undefined {
  const named = /\.(csv|tsv|txt)$/i.test(name)
  const isText = /^text\/(csv|plain|tab-separated-values)\b/i.test(type)
  const isPlainName = !/\.[a-z0-9]{1,5}$/i.test(name)
  if (!named && !(isText && isPlainName)) return 'not-csv'
  if (size === 0) return 'empty'
  return size > mostBytes ? 'too-big' : undefined
}

/** Without words from a person only these two come up. */
export const faultOfMapping = ({ code }: MappingRefusal): FileFault =>
  code === 'too-many-columns' ? 'too-many-columns' : 'no-email-column'

/** Rows can be handed over where a column tells why. */
export const tellsReasons = (columns: readonly Column[]): boolean =>
  columns.some(({ target }) => target === 'reason')

/** After that many failures in a row, some four hours, nothing is tried any more. */
export const mostTries = 50

const firstMs = 1_000
const longestMs = 5 * 60_000

/** How long to wait after so many failures in a row. */
export const waitMs = (tries: number): number =>
  Math.min(longestMs, firstMs * 2 ** Math.min(tries, 20))
