import { createInterface } from 'node:readline'
import type { Command } from 'commander'
import { answerDue, type DueAnswer, DueQuestionError } from '../adapters/agreement-due.ts'
import {
  parseAgreement,
  parseAgreementCalendar,
  readAgreement,
  readAgreementSource,
} from '../adapters/agreement-file.ts'
import { createAgreements } from '../adapters/postgres/agreements.ts'
import { sumWords } from '../content/words/why-due.ts'
import { agreementWarnings } from '../domain/agreement-warnings.ts'
import type { Calendar } from '../domain/calendar.ts'
import { durationSchema } from '../domain/duration.ts'
import { shippedAgreement } from '../shipped.ts'
import { addProposalCommands } from './agreement-proposals.ts'
import { CommandError, print } from './output.ts'
import { withDatabase, workspaceOf } from './with-database.ts'

interface DueOptions {
  file?: string
  from?: string
  within?: string
  wall?: boolean
  batch?: boolean
  json?: boolean
}

export function addAgreementCommands(program: Command): void {
  const agreement = program.command('agreement').description('the agreement of both teams (SLA)')

  agreement
    .command('show')
    .description('the agreement in force')
    .option('--workspace <id>', 'the workspace, where there are several')
    .option('--json', 'answer in JSON')
    .action((options: { workspace?: string; json?: boolean }) =>
      withDatabase(async (database) => {
        const workspaceId = await workspaceOf(database, options.workspace)
        const agreements = createAgreements(database, parseAgreement)
        const current = await agreements.inForce(workspaceId)
        const source = await agreements.source(workspaceId, current.version)
        print(options, current, `# version ${current.version}\n${source.trimEnd()}`)
      }),
    )

  agreement
    .command('validate')
    .description('check an agreement file; sections it leaves out are those that ship')
    .argument('<file>')
    .option('--json', 'answer in JSON')
    .action(async (file: string, options: { json?: boolean }) => {
      const agreement = await readAgreement(file, shippedAgreement)
      const { title } = agreement
      const warnings = agreementWarnings(agreement)
      print(
        options,
        { valid: true, title, warnings },
        [
          `${file} is a valid agreement: ${title}`,
          ...warnings.map(({ path, message }) => `warning: ${path}: ${message}`),
        ].join('\n'),
      )
    })

  addProposalCommands(agreement)

  agreement
    .command('due')
    .description('when something is due, and why then; needs no database')
    .option('--file <file>', 'the agreement whose calendar counts (the shipped one)')
    .option('--from <instant>', 'such as 2026-11-23T10:00:00Z')
    .option('--within <duration>', 'such as 4h, 15m or 2d, in working time')
    .option('--wall', 'count on the wall clock instead')
    .option('--batch', 'read { from, within, calendar? } from standard input, one a line')
    .option('--json', 'answer in JSON')
    .action(async (options: DueOptions) => {
      const file = options.file ?? shippedAgreement
      const calendar = parseAgreementCalendar(await readAgreementSource(file), file)
      if (options.batch) return answerBatch(calendar)
      const { from, within } = options
      if (from === undefined || within === undefined) {
        throw new CommandError('due needs --from and --within, or --batch')
      }
      const answer = answered({ from, within: options.wall ? { wall: within } : within }, calendar)
      print(options, answer, inWords(answer, { within, wall: options.wall ?? false }, calendar))
    })
}

function answered(question: unknown, calendar: Calendar): DueAnswer {
  try {
    return answerDue(question, calendar)
  } catch (error) {
    if (error instanceof DueQuestionError) throw new CommandError(error.message, { cause: error })
    throw error
  }
}

/** One answer a line, in order; a line that has none says why, and the rest goes on. */
async function answerBatch(calendar: Calendar): Promise<void> {
  let lines: string[] = []
  const flush = (): boolean => {
    const written = process.stdout.write(lines.join(''))
    lines = []
    return written
  }
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
    if (line.trim() === '') continue
    lines.push(`${JSON.stringify(answerLine(line, calendar))}\n`)
    if (lines.length === 1_000 && !flush()) {
      await new Promise((resolve) => process.stdout.once('drain', resolve))
    }
  }
  flush()
}

function answerLine(line: string, calendar: Calendar): DueAnswer | { error: string } {
  try {
    return answerDue(JSON.parse(line), calendar)
  } catch (error) {
    const known = error instanceof DueQuestionError || error instanceof SyntaxError
    if (!known) throw error
    return { error: error instanceof SyntaxError ? 'expects a line of JSON' : error.message }
  }
}

/** The sum as Slack tells it, on the clock of the agreement; the moment itself for programs' eyes. */
function inWords(
  { dueAt, steps }: DueAnswer,
  { within, wall }: { within: string; wall: boolean },
  calendar: Calendar,
): string {
  const sum = steps.map((step) => ({
    ...step,
    from: new Date(step.from),
    to: new Date(step.to),
  }))
  const allowance = {
    clock: wall ? 'wall' : 'working',
    duration: durationSchema.parse(within),
  } as const
  const allowedMs = sum.reduce((all, { workingMs }) => all + workingMs, 0)
  const zone = calendar.timezone
  const words = sumWords(
    { steps: sum, within: allowance, calendar, allowedMs },
    { locale: 'en', zone, reasonName: (reason) => reason },
  )
  return [...words, `times of ${zone}; in UTC it is due ${dueAt}`].join('\n')
}
