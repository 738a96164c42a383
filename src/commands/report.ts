import type { Command } from 'commander'
import {
  headlines,
  periodWords,
  reportDocument,
  reportTable,
  reportWords,
  understandReport,
} from '../content/words/report.ts'
import { groupings, periodNames } from '../domain/report.ts'
import { askReport, type ToldReport } from '../use-cases/report.ts'
import { commandWorld } from './command-world.ts'
import { CommandError, print } from './output.ts'
import { withDatabase, workspaceOf } from './with-database.ts'

interface Options {
  by?: string
  from?: string
  to?: string
  csv?: boolean
  workspace?: string
  json?: boolean
}

export function addReportCommand(program: Command): void {
  program
    .command('report')
    .description('print how the agreement was kept, as /sla report does')
    .argument('[period...]', `one of ${periodNames.join(', ')}; this month without one`)
    .option('--by <group>', `one of ${groupings.join(', ')}`)
    .option('--from <date>', 'the first day of another period, YYYY-MM-DD')
    .option('--to <date>', 'its last day')
    .option('--csv', 'answer as a table, for spreadsheets')
    .option('--workspace <id>', 'the workspace, where there are several')
    .option('--json', 'answer in JSON')
    .action(run)
}

async function run(words: string[], options: Options): Promise<void> {
  const asked = askedIn(words, options)
  await withDatabase(async (database) => {
    const world = commandWorld(database)
    const workspaceId = await workspaceOf(database, options.workspace)
    const told = await askReport(world, workspaceId, { ...asked, by: null })
    if (told.kind === 'bad-period') {
      throw new CommandError(reportWords.en.badPeriod[told.refusal])
    }
    if (told.kind !== 'report') throw new Error('an operator sees every report')
    const { report, inForce, names } = told
    const reader = { locale: 'en', agreement: inForce.agreement, names } as const
    if (options.csv === true) {
      return void process.stdout.write(world.writeCsv(reportTable(report, reader)))
    }
    print(options, reportDocument(report, reader), textOf(told))
  })
}

/** What is asked for, in the words that Slack understands too. */
function askedIn(words: readonly string[], { by, from, to, csv, json }: Options) {
  if (csv === true && json === true) throw new CommandError('--csv and --json: one of them')
  if ((from === undefined) !== (to === undefined) || (from !== undefined && words.length > 0)) {
    throw new CommandError('name a period, or both --from and --to')
  }
  const period = from === undefined ? words.join(' ') : `${from} ${to}`
  const known = understandReport(period)
  if (known === undefined) {
    throw new CommandError(
      `“${period}” is no period: one of ${periodNames.join(', ')}, or --from and --to (YYYY-MM-DD)`,
    )
  }
  const asked = by === undefined ? known : understandReport(`${period} by ${by}`)
  if (asked === undefined || (by !== undefined && asked.groupBy === null)) {
    throw new CommandError(`--by takes one of ${groupings.join(', ')}`)
  }
  return asked
}

/** The figures in lines, those of each group below its name. */
function textOf({ report, inForce: { agreement }, names }: ToldReport): string {
  const { total, groups } = reportDocument(report, { locale: 'en', agreement, names })
  const lines = (figures: typeof total): string[] =>
    figures.handoffs === 0
      ? [reportWords.en.nothing]
      : headlines(figures, { locale: 'en', agreement }, (text) => text).map(withoutStars)
  return [
    `${reportWords.en.title}: ${periodWords(report, 'en')}`,
    ...lines(total),
    ...groups.flatMap(({ name, figures }) => [
      '',
      name,
      ...lines(figures).map((line) => `  ${line}`),
    ]),
  ].join('\n')
}

/** What is bold in Slack. */
const withoutStars = (line: string): string => line.replaceAll(/\*([^*\n]+)\*/g, '$1')
