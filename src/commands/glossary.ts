import { readFile, writeFile } from 'node:fs/promises'
import { extname } from 'node:path'
import type { Command } from 'commander'
import {
  type BadTerm,
  readTable,
  type TableFormat,
  tableFormats,
  writeTable,
} from '../adapters/glossary-table.ts'
import { termRefusalWords } from '../content/words/term-proposals.ts'
import { type Locale, locales } from '../domain/agreement.ts'
import type { Term } from '../domain/glossary.ts'
import { proposeTerm, type TermRefusal } from '../domain/term-proposal.ts'
import type { World } from '../use-cases/ports/world.ts'
import { bringUpTerm } from '../use-cases/propose-term.ts'
import { commandWorld } from './command-world.ts'
import { CommandError, print } from './output.ts'
import { withDatabase, workspaceOf } from './with-database.ts'

interface Options {
  workspace?: string
  json?: boolean
}

/** The glossary as a file, out and in. */
export function addGlossaryCommands(program: Command): void {
  const glossary = program.command('glossary').description('the terms that both teams agreed on')
  const command = (nameAndArguments: string, description: string): Command =>
    glossary
      .command(nameAndArguments)
      .description(description)
      .option('--workspace <id>', 'the workspace, where there are several')
      .option('--json', 'answer in JSON')

  command('export [file]', 'write the glossary to a file, or print it')
    .option('--format <format>', 'md or csv (that of the file’s name, or md)')
    .option('--locale <locale>', 'one language alone: en or it')
    .action((file: string | undefined, options: Options & { format?: string; locale?: string }) =>
      withDatabase(async (database) => {
        const workspaceId = await workspaceOf(database, options.workspace)
        const terms = await commandWorld(database).glossary.terms(workspaceId)
        const format = formatOf(file, options.format)
        const text = writeTable(terms, format, languagesOf(options.locale))
        if (file !== undefined) await writeFile(file, text)
        const told = file === undefined ? text.trimEnd() : `wrote ${terms.length} terms to ${file}`
        print(options, { format, terms: terms.length, ...(file ? { file } : { text }) }, told)
      }),
    )

  command('import <file>', 'propose the terms of a file, by their ids; others stay as they are')
    .option('--format <format>', 'md or csv (that of the file’s name, or md)')
    .option('--dry-run', 'only tell what would come of it')
    .option('--in-force', 'have them hold at once, without signatures')
    .action(
      (file: string, options: Options & { format?: string; dryRun?: boolean; inForce?: boolean }) =>
        withDatabase(async (database) => {
          const workspaceId = await workspaceOf(database, options.workspace)
          const source = await readFile(file, 'utf8')
          const imported = await importTerms(commandWorld(database), {
            workspaceId,
            source,
            format: formatOf(file, options.format),
            dryRun: options.dryRun === true,
            inForce: options.inForce === true,
          })
          print(options, imported, importedInWords(imported, options))
        }),
    )
}

function formatOf(file: string | undefined, named: string | undefined): TableFormat {
  const asked = named ?? (extname(file ?? '').slice(1) || 'md')
  const format = tableFormats.find((one) => one === asked.toLowerCase())
  if (format === undefined) throw new CommandError('--format expects md or csv')
  return format
}

function languagesOf(named: string | undefined): readonly Locale[] {
  if (named === undefined) return locales
  const locale = locales.find((one) => one === named)
  if (locale === undefined) throw new CommandError(`--locale expects one of ${locales.join(', ')}`)
  return [locale]
}

export interface Imported {
  proposed: string[]
  unchanged: string[]
  refused: BadTerm[]
}

/**
 * Brings up each term of a file: those that are as they were stay so, and what the glossary has
 * something against is told with the reason. With `dryRun` nothing is kept.
 */
export async function importTerms(
  world: Pick<World, 'agreements' | 'glossary' | 'termProposals' | 'board' | 'now' | 'newId'>,
  {
    workspaceId,
    source,
    format,
    dryRun = false,
    inForce = false,
  }: {
    workspaceId: string
    source: string
    format: TableFormat
    dryRun?: boolean
    inForce?: boolean
  },
): Promise<Imported> {
  const known = await world.glossary.terms(workspaceId)
  const { terms, bad } = readTable(source, format, known)
  const { agreement } = await world.agreements.inForce(workspaceId)
  const imported: Imported = { proposed: [], unchanged: [], refused: [...bad] }
  const refusalOf = async (term: Term): Promise<TermRefusal | undefined> => {
    const standing = await world.glossary.standing(workspaceId, term.id)
    const proposing = {
      id: world.newId('prop'),
      workspaceId,
      term,
      owner: null,
      note: null,
      baseVersion: standing?.version ?? 0,
      by: null,
      unsigned: inForce,
    }
    if (!dryRun) return broughtUp(world, proposing)
    const decided = proposeTerm(proposing, {
      inForce: agreement,
      stand: standing ?? { version: 0, term: null, owner: null },
      // what holds at once may refer to what comes with it
      terms: inForce ? withTerms(known, terms) : known,
      now: world.now(),
    })
    return decided.ok ? undefined : decided.refusal
  }

  let waiting = [...terms.entries()]
  for (let before = -1; before !== waiting.length; ) {
    before = waiting.length
    const refused: typeof waiting = []
    for (const [place, term] of waiting) {
      const refusal = await refusalOf(term)
      if (refusal === undefined) imported.proposed.push(term.id)
      else if (refusal.code === 'no-changes') imported.unchanged.push(term.id)
      else refused.push([place, term])
    }
    // a term may have waited for another one of the file
    waiting = refused
  }
  for (const [place, term] of waiting) {
    const refusal = await refusalOf(term)
    if (refusal === undefined) continue
    const problem = termRefusalWords(refusal, 'en')
    imported.refused.push({ place: place + 1, id: term.id, problem })
  }
  return imported
}

async function broughtUp(
  world: Pick<World, 'termProposals' | 'board' | 'now'>,
  proposing: Omit<Parameters<typeof bringUpTerm>[1], 'as'>,
) {
  const result = await bringUpTerm(world, { as: 'proposal', ...proposing })
  return result.kind === 'refused' ? result.refusal : undefined
}

/** The glossary as it would be: a term may refer to one that comes with it. */
const withTerms = (known: readonly Term[], terms: readonly Term[]): Term[] => [
  ...known.filter(({ id }) => !terms.some((term) => term.id === id)),
  ...terms,
]

function importedInWords(
  { proposed, unchanged, refused }: Imported,
  { dryRun = false, inForce = false }: { dryRun?: boolean; inForce?: boolean },
): string {
  const verb = inForce ? 'put in force' : 'proposed'
  return [
    ...refused.map(({ id, problem }) => `refused ${id || 'a row without an id'}: ${problem}`),
    `${dryRun ? 'would be ' : ''}${verb}: ${proposed.length}, unchanged: ${unchanged.length}, refused: ${refused.length}`,
  ].join('\n')
}
