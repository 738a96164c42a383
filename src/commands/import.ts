import { createHash } from 'node:crypto'
import { createInterface } from 'node:readline/promises'
import type { Command } from 'commander'
import { openBadRows } from '../adapters/csv/bad-rows.ts'
import { type CsvFile, CsvFileError, openCsv } from '../adapters/csv/reader.ts'
import type { Database } from '../adapters/postgres/client.ts'
import { createImports } from '../adapters/postgres/imports.ts'
import { fileImportWords } from '../content/words/file-import.ts'
import { importWords, mappingRefusalWords, rowsWords } from '../content/words/import.ts'
import { refusalWords } from '../content/words/refusals.ts'
import { type Column, headingsOf, leadFields, mappingOf } from '../domain/csv-mapping.ts'
import { emailAddress } from '../domain/lead.ts'
import { type BadRow, type ImportProblem, importLeads } from '../use-cases/import-leads.ts'
import type { ImportProgress } from '../use-cases/ports/imports.ts'
import { commandWorld } from './command-world.ts'
import { CommandError, print } from './output.ts'
import { withDatabase, workspaceOf } from './with-database.ts'

interface Options {
  map: string[]
  dryRun?: boolean
  handOver?: boolean
  by?: string
  yes?: boolean
  json?: boolean
  workspace?: string
}

export function addImportCommand(program: Command): void {
  program
    .command('import')
    .description(
      'create and update leads by the rows of a CSV file; exit code 1 where rows are bad',
    )
    .argument('<file>', 'its first row names the columns')
    .option('--dry-run', 'tell what would happen, and change nothing')
    .option('--map <column=field>', mapHelp, (one: string, all: string[]) => [...all, one], [])
    .option('--hand-over', 'hand over to sales what has a reason')
    .option('--by <email>', 'who hands over')
    .option('--yes', 'import without asking')
    .option('--workspace <id>', 'the workspace, where there are several')
    .option('--json', 'answer in JSON')
    .action(run)
}

const mapHelp = `what a column fills: ${leadFields.join(', ')}, company.<name>, attributes.<name>, or - for nothing; may be given several times`

async function run(file: string, options: Options): Promise<void> {
  const by = byIn(options.by)
  const csv = await openedCsv(file)
  const headings = headingsOf(csv.headings)
  const mapping = mappingOf(headings, mapIn(options.map))
  if (!mapping.ok) throw new CommandError(mappingRefusalWords(mapping.refusal))
  const { columns } = mapping
  const shown = await shownMapping(columns, csv)
  if (!options.json) process.stdout.write(`${mappingTable(shown)}\n\n`)
  if (!(await agreed(options))) return
  await withDatabase((database) => importFile(database, { file, csv, columns, shown, by }, options))
}

interface Opened {
  file: string
  csv: CsvFile
  columns: readonly Column[]
  shown: readonly ShownColumn[]
  by: string | undefined
}

/** How many bad rows a dry run names. */
const mostNamed = 20

async function importFile(
  database: Database,
  { file, csv, columns, shown, by }: Opened,
  options: Options,
): Promise<void> {
  const workspaceId = await workspaceOf(database, options.workspace)
  const world = { ...commandWorld(database), imports: createImports(database) }
  const { dryRun = false, handOver = false } = options
  const badFile = `${file}.bad.csv`
  const named: { row: number; problem: string }[] = []
  const bar = progressBar(csv)
  let close = async (): Promise<void> => {}

  const openBad = async ({ doneRows, badBytes: length }: ImportProgress) => {
    if (doneRows > 0) bar.say(`goes on where it was ended, after ${rowsWords(doneRows)}`)
    const { separator } = csv
    const written = dryRun
      ? undefined
      : await openBadRows(badFile, { headings: csv.headings, separator, length })
    close = async () => written?.close()
    return {
      async add(rows: readonly BadRow[]) {
        const told = rows.map(({ row, cells, problem }) => ({
          row,
          cells,
          problem: words(problem),
        }))
        for (const { row, problem } of told.slice(0, mostNamed - named.length)) {
          named.push({ row, problem })
        }
        return (await written?.add(told)) ?? 0
      },
    }
  }

  const result = await importLeads(world, {
    workspaceId,
    sha256: csv.sha256,
    asked: keyOf(columns, handOver),
    columns,
    rows: csv.rows(),
    handOver,
    by: by === undefined ? null : await world.members.byEmail(workspaceId, by),
    dryRun,
    bad: openBad,
    onProgress: ({ doneRows }) => bar.at(doneRows),
  }).finally(async () => {
    bar.end()
    await close()
  })
  if (result.kind === 'busy') throw new CommandError(`${file} is being imported right now`)

  const { badBytes: _, doneRows: rows, ...counts } = result.progress
  const badRows = counts.bad === 0 || dryRun ? null : badFile
  const { wentOnAfter } = result
  print(
    options,
    { ...counts, rows, dryRun, wentOnAfter, badRows, problems: named, mapping: shown },
    [
      ...(wentOnAfter === 0
        ? []
        : [`Went on after ${rowsWords(wentOnAfter)} that were done before.`]),
      importWords({ ...counts, dryRun, handOver }),
      ...(dryRun ? named.map(({ row, problem }) => `row ${row}: ${problem}`) : []),
      ...(badRows === null ? [] : [`The bad rows are in ${badRows}, each with its problem.`]),
    ].join('\n'),
  )
  if (counts.bad > 0) process.exitCode = 1
}

const words = (problem: ImportProblem): string =>
  problem.code === 'not-handed-over'
    ? `kept, but not handed over: ${refusalWords(problem.refusal, 'en')}`
    : problem.code === 'erased'
      ? refusalWords(problem.refusal, 'en')
      : fileImportWords.en.problem(problem)

/** The same file with another mapping, or handed over too, is another import. */
const keyOf = (columns: readonly Column[], handOver: boolean): string =>
  createHash('sha256')
    .update(JSON.stringify([columns, handOver]))
    .digest('hex')

async function openedCsv(file: string): Promise<CsvFile> {
  try {
    return await openCsv(file)
  } catch (error) {
    if (error instanceof CsvFileError) throw new CommandError(error.message)
    throw error
  }
}

function byIn(text: string | undefined): string | undefined {
  const parsed = emailAddress.optional().safeParse(text)
  if (parsed.success) return parsed.data
  throw new CommandError('--by: expects an e-mail address')
}

function mapIn(all: readonly string[]): Map<string, string> {
  return new Map(
    all.map((one) => {
      const at = one.lastIndexOf('=')
      if (at < 1)
        throw new CommandError('--map: expects a column and a field, such as "Firma=company.name"')
      return [one.slice(0, at), one.slice(at + 1)] as const
    }),
  )
}

interface ShownColumn {
  column: string
  /** null where the column is left out. */
  field: string | null
  example: string | null
}

/** Looked for in the first rows. */
const rowsForExamples = 100

async function shownMapping(columns: readonly Column[], csv: CsvFile): Promise<ShownColumn[]> {
  const examples = new Map<number, string>()
  for await (const { row, cells } of csv.rows()) {
    for (const [index, cell] of (cells ?? []).entries()) {
      if (cell.trim() !== '' && !examples.has(index)) examples.set(index, cell.trim())
    }
    if (row >= rowsForExamples) break
  }
  return columns.map(({ heading, target }, index) => ({
    column: heading,
    field: target,
    example: examples.get(index) ?? null,
  }))
}

const mostShown = 40

function mappingTable(shown: readonly ShownColumn[]): string {
  const lines = [
    ['COLUMN', 'FIELD', 'EXAMPLE'],
    ...shown.map(({ column, field, example }) => [column, field ?? '(left out)', example ?? '']),
  ].map((cells) => cells.map(printable))
  const width = (index: number): number =>
    Math.max(...lines.map((cells) => cells[index]?.length ?? 0))
  return lines
    .map(([column = '', field = '', example = '']) =>
      `${column.padEnd(width(0))}  ${field.padEnd(width(1))}  ${example}`.trimEnd(),
    )
    .join('\n')
}

/** In one line, and without what a terminal would take for a command. */
function printable(text: string): string {
  const line = text.replace(/[\s\p{C}]+/gu, ' ')
  return line.length > mostShown ? `${line.slice(0, mostShown - 1)}…` : line
}

/** Asks on a terminal; elsewhere nobody can answer, and calling the command was the answer. */
async function agreed({ yes, dryRun, json }: Options): Promise<boolean> {
  if (yes || dryRun || json || !process.stdin.isTTY || !process.stderr.isTTY) return true
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  const answer = await terminal.question('Import it like this? [y/N] ')
  terminal.close()
  return /^(y|yes|s|sì|si)$/i.test(answer.trim())
}

const barWidth = 30

/** On a terminal a bar; elsewhere a line every tenth. */
function progressBar(csv: CsvFile) {
  const { isTTY } = process.stderr
  let tenths = 0
  return {
    say: (text: string): void => void process.stderr.write(`${text}\n`),
    at(rows: number): void {
      const share = csv.progress()
      const percent = `${Math.floor(share * 100)} %`
      if (isTTY) {
        const full = Math.floor(share * barWidth)
        const bar = '█'.repeat(full) + '░'.repeat(barWidth - full)
        process.stderr.write(`\r${bar} ${percent.padStart(5)}  ${rowsWords(rows)}`)
      } else if (Math.floor(share * 10) > tenths) {
        tenths = Math.floor(share * 10)
        process.stderr.write(`${percent}  ${rowsWords(rows)}\n`)
      }
    },
    end: (): void => {
      if (isTTY) process.stderr.write('\n')
    },
  }
}
