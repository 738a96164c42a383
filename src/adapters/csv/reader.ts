import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { type Readable, Transform } from 'node:stream'
import { setImmediate as turn } from 'node:timers/promises'
import { parse } from 'csv-parse'
import { z } from 'zod'
import type { CsvRow } from '../../use-cases/ports/imports.ts'

/** A file that is no CSV file; the message says what it is, and what to do. */
export class CsvFileError extends Error {
  override readonly name = 'CsvFileError'
  readonly code: 'not-csv' | 'no-headings'

  constructor(code: CsvFileError['code'], message: string) {
    super(message)
    this.code = code
  }
}

const separators = [',', ';', '\t'] as const
export type Separator = (typeof separators)[number]

export interface CsvFile {
  /** Of its bytes, in hexadecimal. */
  sha256: string
  /** In bytes. */
  size: number
  encoding: Encoding
  separator: Separator
  /** The first row, as it is written. */
  headings: string[]
  /** The rows below the headings, from 1; empty lines are none. Read as they are asked for. */
  rows(): AsyncIterable<CsvRow>
  /** How much of the file was read by now, from 0 to 1. */
  progress(): number
}

type Encoding = 'utf-8' | 'windows-1252' | 'utf-16le'

/** A record beyond this is a quote that was never closed. */
const mostCharacters = 256 * 1_024
const headBytes = 256 * 1_024
const rowsATurn = 100

/** Looks through a file once, for what it is and how it is written. Refuses what is no text. */
export async function openCsv(file: string): Promise<CsvFile> {
  const { size } = await stat(file)
  const { sha256, encoding, head } = await examine(file)
  if (head.startsWith('PK\u0003\u0004') || head.includes('\u0000')) {
    const message = `${file} is no CSV file: save the table as CSV (UTF-8) and try again`
    throw new CsvFileError('not-csv', message)
  }
  const separator = separatorIn(head)
  const first = await firstOf(recordsIn(createReadStream(file), encoding, separator))
  if (first?.cells === undefined || first.cells === null) {
    const message = `${file} has no headings: its first row names the columns`
    throw new CsvFileError('no-headings', message)
  }
  let read = 0
  return {
    sha256,
    size,
    encoding,
    separator,
    headings: first.cells,
    async *rows() {
      const source = createReadStream(file)
      for await (const { row, cells } of recordsIn(source, encoding, separator)) {
        read = source.bytesRead
        if (row > 0) yield { row, cells }
        // what is read already comes in one go: others, such as sockets, get their turn in between
        if (row % rowsATurn === 0) await turn()
      }
    },
    progress: () => (size === 0 ? 1 : Math.min(1, read / size)),
  }
}

async function examine(
  file: string,
): Promise<{ sha256: string; encoding: Encoding; head: string }> {
  const hash = createHash('sha256')
  const utf8 = new TextDecoder('utf-8', { fatal: true })
  let isUtf8 = true
  let start = Buffer.alloc(0)
  for await (const chunk of createReadStream(file)) {
    const bytes = z.instanceof(Buffer).parse(chunk)
    hash.update(bytes)
    if (start.length < headBytes) start = Buffer.concat([start, bytes])
    isUtf8 &&= decodes(() => utf8.decode(bytes, { stream: true }))
  }
  isUtf8 &&= decodes(() => utf8.decode())
  const isUtf16 = start[0] === 0xff && start[1] === 0xfe
  const encoding = isUtf16 ? 'utf-16le' : isUtf8 ? 'utf-8' : 'windows-1252'
  const head = new TextDecoder(encoding).decode(start.subarray(0, headBytes), { stream: true })
  return { sha256: hash.digest('hex'), encoding, head }
}

function decodes(decode: () => unknown): boolean {
  try {
    decode()
    return true
  } catch {
    return false
  }
}

/** The one that stands most often in the first line, outside of quotes. */
function separatorIn(head: string): Separator {
  const [line = ''] = head
    .replace(/"[^"]*"/g, '')
    .replace(/^[\r\n]+/, '')
    .split(/[\r\n]/)
  const count = (separator: Separator): number => line.split(separator).length
  return separators.reduce((best, one) => (count(one) > count(best) ? one : best))
}

/** What the parser gives out, which is texts: not looked through cell by cell. */
const recordSchema = z.custom<string[]>(Array.isArray)

/** Records from 0, the headings; null for one that can't be read, which is told and passed over. */
async function* recordsIn(
  source: Readable,
  encoding: Encoding,
  delimiter: Separator,
): AsyncGenerator<CsvRow> {
  let row = 0
  const parser = parse({
    delimiter,
    relax_quotes: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: mostCharacters,
    bom: true,
  })
  // the parser reads UTF-8 by itself
  const text = encoding === 'utf-8' ? source : source.pipe(decoder(encoding))
  // a fault on the way ends the reading with that fault
  source.on('error', (error) => text.destroy(error))
  text.on('error', (error) => parser.destroy(error))
  text.pipe(parser)
  try {
    for await (const record of parser) yield { row: row++, cells: recordSchema.parse(record) }
  } catch (error) {
    // what follows an open quote has no rows any more
    if (!isParserFault(error)) throw error
    yield { row, cells: null }
  } finally {
    source.destroy()
  }
}

const isParserFault = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && `${error.code}`.startsWith('CSV_')

/** Text as UTF-8, without its byte order mark. */
function decoder(encoding: Encoding): Transform {
  const decode = new TextDecoder(encoding)
  return new Transform({
    transform: (chunk: Buffer, _, done) => done(null, decode.decode(chunk, { stream: true })),
    flush: (done) => done(null, decode.decode()),
  })
}

async function firstOf<Item>(items: AsyncIterable<Item>): Promise<Item | undefined> {
  for await (const item of items) return item
  return undefined
}
