import { type Document, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from 'yaml'
import type { z } from 'zod'

const bytesAtMost = 1_048_576
/** Some aliases are useful; a few that stand for one another many times over are an attack. */
const aliasesAtMost = 100
const faultsShown = 30

/** What is particular to the files of one kind. */
export interface FileKind {
  /** What is said of a field that the schema does not know. */
  unknownField: string
  /** Where a fault is that concerns the whole file. */
  whole(file: string): string
  /** The error that such a file is refused with; its message is a line for each fault. */
  error(message: string, options?: ErrorOptions): Error
}

/** A file that was read: its plain value, and where in the file each part of it is. */
export interface YamlFile {
  value: unknown
  /** The line of the field at a path, or of the nearest one above it that the file has. */
  lineOf(path: PropertyKey[]): number
  file: string
  kind: FileKind
}

/** Refuses a file of so many bytes, if that is over 1 MiB. */
export function refuseTooLarge(bytes: number, file: string, kind: FileKind): void {
  if (bytes > bytesAtMost) throw kind.error(`${kind.whole(file)}: expects at most 1 MiB`)
}

/** Reads YAML. Refuses what is no YAML, is over 1 MiB, or holds a key twice or too many aliases. */
export function parseYaml(source: string, file: string, kind: FileKind): YamlFile {
  refuseTooLarge(Buffer.byteLength(source), file, kind)
  const lines = new LineCounter()
  const lineAt = (offset: number) => Math.max(1, lines.linePos(offset).line)
  const { document, value } = shielded(file, kind, () => {
    const document = parseDocument(source, {
      lineCounter: lines,
      prettyErrors: false,
      stringKeys: true,
      logLevel: 'error',
    })
    const sound = document.errors.length === 0
    const value: unknown = sound ? document.toJS({ maxAliasCount: aliasesAtMost }) : undefined
    return { document, value }
  })
  const faults = document.errors.map(({ pos, message }) => `${file}:${lineAt(pos[0])}: ${message}`)
  if (faults.length > 0) throw withFaults(faults, kind)
  return { value, lineOf: (path) => lineAt(offsetOf(path, document)), file, kind }
}

/**
 * Checks a value that came from the file, as it is or completed. Refuses one that is not right
 * with every fault as `file:line: field: what is expected`, in the order of the lines (the first
 * thirty).
 */
export function check<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  { lineOf, file, kind }: YamlFile,
): z.output<Schema> {
  const checked = schema.safeParse(value, { error: expectation })
  if (checked.success) return checked.data
  const faults = checked.error.issues
    .flatMap((issue) => faultsOf(issue, kind))
    .map(({ path, message }) => {
      const missing = valueAt(value, path) === undefined
      const field = path.map(String).join('.') || 'file'
      return { line: lineOf(path), text: `${field}: ${missing ? 'is missing, ' : ''}${message}` }
    })
  faults.sort((a, b) => a.line - b.line)
  throw withFaults(
    faults.map(({ line, text }) => `${file}:${line}: ${text}`),
    kind,
  )
}

/** The parser throws at aliases without end and at nesting that is too deep for it. */
function shielded<Result>(file: string, kind: FileKind, work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw kind.error(`${kind.whole(file)}: this is no YAML that can be used (${why})`, {
      cause: error,
    })
  }
}

function withFaults(faults: string[], kind: FileKind): Error {
  const more = faults.length - faultsShown
  const rest = more > 0 ? [`… and ${more} more`] : []
  return kind.error([...faults.slice(0, faultsShown), ...rest].join('\n'))
}

type Fault = { path: PropertyKey[]; message: string }

/** A fault for each unknown field, at the field itself; one for anything else. */
function faultsOf(issue: z.core.$ZodIssue, kind: FileKind): Fault[] {
  const { path } = issue
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: [...path, key], message: kind.unknownField }))
  }
  if (issue.code === 'invalid_union' && issue.message === '') {
    return faultsOfUnion(issue.errors, kind).map((fault) => ({
      ...fault,
      path: [...path, ...fault.path],
    }))
  }
  return [{ path, message: issue.message }]
}

/** What is wrong by the way of writing that comes nearest: all of them where none comes near. */
function faultsOfUnion(ways: z.core.$ZodIssue[][], kind: FileKind): Fault[] {
  const near = ways.filter(([first]) => first?.code !== 'invalid_type' || first.path.length > 0)
  const [nearest] = near
    .map((issues) => issues.flatMap((issue) => faultsOf(issue, kind)))
    .toSorted((a, b) => (b[0]?.path.length ?? 0) - (a[0]?.path.length ?? 0))
  if (nearest !== undefined) return nearest
  const expected = new Set(ways.flat().map(({ message }) => message.replace(/^expects /, '')))
  return [{ path: [], message: `expects ${[...expected].join(' or ')}` }]
}

const kinds: Record<string, string> = {
  object: 'fields below it',
  array: 'a list',
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  record: 'fields below it',
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
    case 'invalid_union':
      // It has no words of its own: its ways of writing have.
      return issue.errors.length > 0 ? '' : undefined
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

/** Where the field at a path begins, or the nearest one above it that the file has. */
function offsetOf(path: PropertyKey[], { contents }: Document.Parsed): number {
  let node: unknown = contents
  let offset = contents?.range[0] ?? 0
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
  return offset
}
