import { parse } from 'csv-parse/sync'
import { stringify } from 'csv-stringify/sync'
import { type Locale, locales } from '../domain/agreement.ts'
import { type Term, termSchema } from '../domain/glossary.ts'

/** The glossary as a table: out to a CSV or a Markdown file, and back in by the ids of its terms. */

export const tableFormats = ['csv', 'md'] as const
export type TableFormat = (typeof tableFormats)[number]

const texts = ['name', 'definition', 'decide', 'example'] as const
const lists = ['abbreviations', 'aliases'] as const
const wordingColumns = [
  'name',
  'abbreviations',
  'aliases',
  'definition',
  'decide',
  'example',
] as const

/** A row: its values by the names of their columns. */
type Row = ReadonlyMap<string, string>

const columnsOf = (languages: readonly Locale[]): string[] => [
  'id',
  'chapter',
  'related',
  'untranslated',
  ...languages.flatMap((language) => wordingColumns.map((column) => `${column}_${language}`)),
]

/** Words with semicolons between them; one that holds such a character has a backslash before it. */
const joined = (words: readonly string[]): string =>
  words.map((word) => word.replace(/[\\;]/g, (character) => `\\${character}`)).join('; ')

const split = (text: string): string[] =>
  [...text.matchAll(/((?:\\.|[^\\;])+)/gs)]
    .map(([word]) => word.replace(/\\(.)/gs, '$1').trim())
    .filter((word) => word !== '')

function rowOf(term: Term, languages: readonly Locale[]): Map<string, string> {
  const row = new Map([
    ['id', term.id],
    ['chapter', term.chapter],
    ['related', joined(term.related)],
    ['untranslated', term.untranslated ?? ''],
  ])
  for (const language of languages) {
    const wording = term[language]
    for (const column of texts) row.set(`${column}_${language}`, wording[column] ?? '')
    for (const column of lists) row.set(`${column}_${language}`, joined(wording[column]))
  }
  return row
}

/** What a spreadsheet would take for a formula gets a quote before it; so does what has one already. */
const inert = (text: string): string => (/^['=+\-@]/.test(text) ? `'${text}` : text)
const active = (text: string): string => (/^'['=+\-@]/.test(text) ? text.slice(1) : text)

/** The whole glossary as a file, in one language or in all. */
export function writeTable(
  terms: readonly Term[],
  format: TableFormat,
  languages: readonly Locale[] = locales,
): string {
  const columns = columnsOf(languages)
  const rows = terms.map((term) => rowOf(term, languages))
  if (format === 'md')
    return ['# Glossary', ...rows.map((row) => section(row, columns))].join('\n\n').concat('\n')
  const cells = rows.map((row) => columns.map((column) => inert(row.get(column) ?? '')))
  return stringify([columns, ...cells])
}

/** A term under its heading, a line for each value that there is. */
function section(row: Row, columns: readonly string[]): string {
  const lines = columns
    .filter((column) => column !== 'id' && row.get(column) !== '')
    .map((column) => `- ${column}: ${row.get(column)}`)
  return [`## ${row.get('id')}`, '', ...lines].join('\n')
}

/** A row that is no term, and why; `place` is its place among the rows, from 1. */
export interface BadTerm {
  place: number
  id: string
  problem: string
}

export interface ReadTable {
  terms: Term[]
  bad: BadTerm[]
}

/**
 * Terms out of such a file. Columns that it leaves out stay as the glossary has them; a new term
 * needs one language at least. Rows that are no terms are told with the reason. Throws where it is
 * no CSV.
 */
export function readTable(source: string, format: TableFormat, known: readonly Term[]): ReadTable {
  const rows = format === 'md' ? markdownRows(source) : csvRows(source)
  const before = new Map(known.map((term) => [term.id, term]))
  const terms: Term[] = []
  const bad: BadTerm[] = []
  for (const [place, row] of rows.entries()) {
    const id = row.get('id') ?? ''
    const parsed = termSchema.safeParse(completed(row, before.get(id)))
    if (terms.some((term) => term.id === id)) {
      bad.push({ place: place + 1, id, problem: 'id: stands in the file twice' })
    } else if (parsed.success) terms.push(parsed.data)
    else {
      const [issue] = parsed.error.issues
      const problem = `${issue?.path.join('.') || 'row'}: ${issue?.message ?? 'is no term'}`
      bad.push({ place: place + 1, id, problem })
    }
  }
  return { terms, bad }
}

function completed(row: Row, before: Term | undefined): unknown {
  const column = (name: string): string | undefined => row.get(name)?.trim() || undefined
  const wording = (language: Locale): unknown => {
    const has = wordingColumns.some((name) => row.has(`${name}_${language}`))
    if (!has) return before?.[language]
    const own = [...texts, ...lists].map((name) => {
      const text = column(`${name}_${language}`)
      const isList = name === 'abbreviations' || name === 'aliases'
      return [name, isList ? split(text ?? '') : text] as const
    })
    const filled = own.filter(([, value]) => value !== undefined)
    return filled.some(([name]) => name === 'name') ? Object.fromEntries(filled) : undefined
  }
  const words = new Map(locales.map((language) => [language, wording(language)]))
  const missing = locales.find((language) => words.get(language) === undefined)
  const other = locales.find((language) => language !== missing)
  const marked = row.has('untranslated') ? column('untranslated') : before?.untranslated
  const untranslated = missing ?? marked
  return {
    id: column('id'),
    chapter: column('chapter') ?? before?.chapter,
    related: row.has('related') ? split(column('related') ?? '') : (before?.related ?? []),
    ...Object.fromEntries(
      locales.map((language) => [
        language,
        words.get(language) ?? (other === undefined ? undefined : words.get(other)),
      ]),
    ),
    ...(untranslated === undefined ? {} : { untranslated }),
  }
}

function csvRows(source: string): Row[] {
  const records: string[][] = parse(source, { bom: true, relax_column_count: true })
  const [columns = [], ...rest] = records
  return rest.map(
    (cells) => new Map(columns.map((column, at) => [column.trim(), active(cells[at] ?? '')])),
  )
}

/** In Markdown what a term does not have has no line: so a term's lines are all of it. */
function markdownRows(source: string): Row[] {
  const rows: Map<string, string>[] = []
  for (const line of source.replace(/^\uFEFF/, '').split(/\r?\n/)) {
    const heading = /^##\s+(\S+)\s*$/.exec(line)
    const value = /^- ([a-z_]+): ?(.*)$/s.exec(line)
    if (heading?.[1] !== undefined)
      rows.push(
        new Map([
          ['id', heading[1]],
          ['related', ''],
        ]),
      )
    else if (value?.[1] !== undefined) rows.at(-1)?.set(value[1], value[2] ?? '')
  }
  return rows
}
