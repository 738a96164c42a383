import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { isMap, isNode, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml'
import { z } from 'zod'
import { glossarySchema, type Term } from '../domain/glossary.ts'

const fileSchema = z.strictObject({ terms: glossarySchema })

const mostCharacters = 1_048_576

type Place = { line: number; field: string; what: string }

/**
 * The terms of a glossary file in YAML, in its order. Refuses a file that is not right with one
 * error that names every fault as `file:line: field: what is expected`.
 */
export function parseGlossary(source: string, file: string): Term[] {
  if (source.length > mostCharacters) {
    throw new Error(`${file}:1: expects at most ${mostCharacters} characters`)
  }
  const lines = new LineCounter()
  const lineAt = (offset: number) => Math.max(1, lines.linePos(offset).line)
  const document = shielded(file, () =>
    parseDocument(source, { lineCounter: lines, prettyErrors: false, stringKeys: true }),
  )
  if (document.errors.length > 0) {
    const faults = document.errors.map(
      ({ pos, message }) => `${file}:${lineAt(pos[0])}: ${message}`,
    )
    throw new Error(faults.join('\n'))
  }

  const value: unknown = shielded(file, () => document.toJS({ maxAliasCount: 100 }))
  const parsed = fileSchema.safeParse(value, { error: expectation })
  if (parsed.success) return parsed.data.terms
  const faults = parsed.error.issues
    .flatMap((issue) => placesOf(issue, document.contents, lineAt))
    .sort((one, other) => one.line - other.line)
  const words = faults.map(({ line, field, what }) => `${file}:${line}: ${field}: ${what}`)
  throw new Error(words.join('\n'))
}

/** The glossary that comes with Baton. */
export function shippedGlossary(): Term[] {
  // The content is not compiled: it lies in src, whether this runs from src or from dist.
  const file = fileURLToPath(new URL('../../src/content/glossary.yml', import.meta.url))
  return parseGlossary(readFileSync(file, 'utf8'), 'glossary.yml')
}

/** The parser throws at aliases without end and at nesting that is too deep for it. */
function shielded<Result>(file: string, work: () => Result): Result {
  try {
    return work()
  } catch (fault) {
    const why = fault instanceof Error ? fault.message : String(fault)
    throw new Error(`${file}:1: this is no YAML that can be used (${why})`, { cause: fault })
  }
}

const kinds: Record<string, string> = {
  object: 'fields below it',
  array: 'a list',
  string: 'a text',
}

function expectation(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code !== 'invalid_type') return undefined
  const kind = `expects ${kinds[issue.expected] ?? issue.expected}`
  return issue.input === undefined ? `is missing, ${kind}` : kind
}

type Issue = z.core.$ZodIssue

/** Where a fault is: the line of its field, or of the nearest thing around it that is there. */
function placesOf(issue: Issue, contents: unknown, lineAt: (offset: number) => number): Place[] {
  const fields =
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({ path: [...issue.path, key], what: 'no such field' }))
      : [{ path: issue.path, what: issue.message }]
  return fields.map(({ path, what }) => ({
    line: lineAt(offsetOf(path, contents)),
    field: path.map(String).join('.') || 'file',
    what,
  }))
}

function offsetOf(path: readonly PropertyKey[], contents: unknown): number {
  let offset = 0
  let inside = contents
  if (isNode(inside)) offset = startOf(inside)
  for (const step of path) {
    if (isMap(inside)) {
      const pair = inside.items.find(({ key }) => isScalar(key) && key.value === step)
      if (!pair) return offset
      if (isNode(pair.key)) offset = startOf(pair.key)
      inside = pair.value
    } else if (isSeq(inside)) {
      inside = inside.items[Number(step)]
      if (isNode(inside)) offset = startOf(inside)
    } else return offset
  }
  return offset
}

function startOf(node: Node): number {
  return node.range?.[0] ?? 0
}
