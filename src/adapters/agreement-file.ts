import { readFile, stat } from 'node:fs/promises'
import {
  type Document,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  stringify,
} from 'yaml'
import { z } from 'zod'
import { type Agreement, agreementSchema } from '../domain/agreement.ts'
import { type Calendar, calendarSchema } from '../domain/calendar.ts'

const bytesAtMost = 1_048_576
const faultsShown = 30
const calendarSectionSchema = z.object({ calendar: calendarSchema })

/** The top-level sections of an agreement file as it writes them, not checked yet. */
export type AgreementSections = Record<string, unknown>

/** What is wrong with an agreement file: a line for each fault, with file, line and field. */
export class AgreementFileError extends Error {
  override readonly name = 'AgreementFileError'
}

/**
 * Reads and checks an agreement. Sections that the source leaves out are taken from `defaults`
 * (those it has replace them whole). The answer is plain data and may be kept as JSON.
 * Throws AgreementFileError with the faults found (the first thirty).
 */
export function parseAgreement(
  source: string,
  file: string,
  defaults: AgreementSections = {},
): Agreement {
  const document = parseYaml(source, file)
  return check(agreementSchema, { ...defaults, ...sectionsOf(document, file) }, document, file)
}

/** Reads only the calendar of an agreement, whatever else the source holds or lacks. */
export function parseAgreementCalendar(source: string, file: string): Calendar {
  const document = parseYaml(source, file)
  return check(calendarSectionSchema, sectionsOf(document, file), document, file).calendar
}

/** The sections of a source, to be the `defaults` of another one. */
export function parseAgreementSections(source: string, file: string): AgreementSections {
  return sectionsOf(parseYaml(source, file), file)
}

/** `parseAgreement` of a file, and of the file that its defaults are in, if there is one. */
export async function readAgreement(path: string, defaultsPath?: string): Promise<Agreement> {
  const defaults =
    defaultsPath === undefined
      ? {}
      : parseAgreementSections(await readAgreementSource(defaultsPath), defaultsPath)
  return parseAgreement(await readAgreementSource(path), path, defaults)
}

/**
 * The text of a whole agreement: that of the file, completed with the sections of `defaultsPath`
 * that it leaves out, so that it means the same for ever. Refuses what `readAgreement` refuses.
 */
export async function completeAgreement(path: string, defaultsPath: string): Promise<string> {
  await readAgreement(path, defaultsPath)
  const defaults = parseAgreementSections(await readAgreementSource(defaultsPath), defaultsPath)
  const own = parseAgreementSections(await readAgreementSource(path), path)
  return stringify({ ...defaults, ...own })
}

/** The text of an agreement file; refuses one that can't be read, is no file or is over 1 MiB. */
export async function readAgreementSource(path: string): Promise<string> {
  try {
    const { size } = await stat(path)
    if (size > bytesAtMost) throw tooLarge(path)
    return await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof AgreementFileError) throw error
    throw new AgreementFileError(`${path}: ${whyUnreadable(error)}`, { cause: error })
  }
}

const reasons: Record<string, string> = {
  ENOENT: 'there is no such file',
  EACCES: 'this file may not be read',
  EISDIR: 'this is a folder, expects a file',
}

function whyUnreadable(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return reasons[code] ?? `this file can't be read (${code || String(error)})`
}

function tooLarge(file: string): AgreementFileError {
  return new AgreementFileError(`${file}: expects at most 1 MiB`)
}

interface Yaml {
  document: Document.Parsed
  lines: LineCounter
}

function parseYaml(source: string, file: string): Yaml {
  if (Buffer.byteLength(source) > bytesAtMost) throw tooLarge(file)
  const lines = new LineCounter()
  const document = shielded(file, () =>
    parseDocument(source, {
      lineCounter: lines,
      prettyErrors: false,
      stringKeys: true,
      logLevel: 'error',
    }),
  )
  if (document.errors.length > 0) {
    const faults = document.errors.map(
      ({ pos, message }) => `${file}:${lines.linePos(pos[0]).line}: ${message}`,
    )
    throw withFaults(faults)
  }
  return { document, lines }
}

function sectionsOf({ document }: Yaml, file: string): AgreementSections {
  // Some aliases are useful; a few that stand for one another many times over are an attack.
  const value: unknown = shielded(file, () => document.toJS({ maxAliasCount: 100 }))
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new AgreementFileError(`${file}:1: expects the sections of an agreement, such as clocks`)
  }
  return { ...value }
}

/** The parser throws at aliases without end and at nesting that is too deep for it. */
function shielded<Result>(file: string, work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new AgreementFileError(`${file}: this is no YAML that can be used (${why})`, {
      cause: error,
    })
  }
}

function check<Schema extends z.ZodType>(
  schema: Schema,
  sections: AgreementSections,
  yaml: Yaml,
  file: string,
): z.output<Schema> {
  const checked = schema.safeParse(sections, { error: expectation })
  if (checked.success) return checked.data
  const faults = checked.error.issues.flatMap(faultsOf).map(({ path, message }) => {
    const missing = valueAt(sections, path) === undefined
    const text = missing ? `is missing, ${message}` : message
    return { line: lineOf(yaml, path), text: `${path.join('.')}: ${text}` }
  })
  faults.sort((a, b) => a.line - b.line)
  throw withFaults(faults.map(({ line, text }) => `${file}:${line}: ${text}`))
}

function withFaults(faults: string[]): AgreementFileError {
  const more = faults.length - faultsShown
  const rest = more > 0 ? [`… and ${more} more`] : []
  return new AgreementFileError([...faults.slice(0, faultsShown), ...rest].join('\n'))
}

type Fault = { path: PropertyKey[]; message: string }

/** A fault for each unknown field, at the field itself; one for anything else. */
function faultsOf(issue: z.core.$ZodIssue): Fault[] {
  if (issue.code !== 'unrecognized_keys') return [{ path: issue.path, message: issue.message }]
  return issue.keys.map((key) => ({
    path: [...issue.path, key],
    message: 'is no field of an agreement',
  }))
}

const kinds: Record<string, string> = {
  object: 'fields below it',
  array: 'a list',
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
}

/** What is expected, in words, where the schema itself does not say it. */
function expectation(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return `expects ${kinds[issue.expected] ?? issue.expected}`
    case 'invalid_value':
      return `expects ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.join(', ')}`
    case 'too_small':
      return `expects at least ${issue.minimum}${issue.origin === 'array' ? ' in the list' : ''}`
    case 'too_big':
      return `expects at most ${issue.maximum}${issue.origin === 'array' ? ' in the list' : ''}`
    default:
      return undefined
  }
}

function valueAt(value: unknown, path: PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (at, key) => (typeof at === 'object' && at !== null ? Reflect.get(at, key) : undefined),
    value,
  )
}

/** The line of the field at a path, or of the nearest one above it that the file has. */
function lineOf({ document, lines }: Yaml, path: PropertyKey[]): number {
  let node: unknown = document.contents
  let offset = document.contents?.range[0] ?? 0
  for (const key of path) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && item.key.value === key)
      if (pair === undefined) break
      if (isNode(pair.key)) offset = pair.key.range?.[0] ?? offset
      node = pair.value
    } else if (isSeq(node) && typeof key === 'number') {
      node = node.items[key]
      if (isNode(node)) offset = node.range?.[0] ?? offset
    } else {
      break
    }
  }
  return lines.linePos(offset).line
}
