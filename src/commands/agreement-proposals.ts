import { randomUUID } from 'node:crypto'
import type { Command } from 'commander'
import { z } from 'zod'
import {
  completedAgreement,
  parseAgreement,
  readAgreementSource,
} from '../adapters/agreement-file.ts'
import { createAgreements } from '../adapters/postgres/agreements.ts'
import type { Database } from '../adapters/postgres/client.ts'
import { createPastHandoffs } from '../adapters/postgres/past-handoffs.ts'
import { createProposals } from '../adapters/postgres/proposals.ts'
import { changeWords, proposalRefusalWords } from '../content/words/agreement.ts'
import { formatDuration, formatNumber, plural } from '../content/words/format.ts'
import { agreementDiff } from '../domain/agreement-diff.ts'
import type { ProposalRecord, Signature } from '../domain/proposal.ts'
import type { Replay, ReplayLine } from '../domain/replay.ts'
import type { AgreementHistory } from '../use-cases/ports/agreements.ts'
import { proposeAgreement } from '../use-cases/propose-agreement.ts'
import { replayAgreement } from '../use-cases/replay-agreement.ts'
import { CommandError, print } from './output.ts'
import { withDatabase, workspaceOf } from './with-database.ts'

interface Options {
  workspace?: string
  json?: boolean
}

/** What changes the agreement in force, or tells what a change would come to. */
export function addProposalCommands(agreement: Command): void {
  agreement
    .command('propose')
    .description('propose a change; sections the file leaves out stay as they are')
    .argument('<file>')
    .option('--from <date>', 'in force from that day or instant on (as soon as both have signed)')
    .option('--base <version>', 'the version that the file was made from (the newest)')
    .option('--workspace <id>', 'the workspace, where there are several')
    .option('--json', 'answer in JSON')
    .action((file: string, options: Options & { from?: string; base?: string }) =>
      withDatabase((database) => proposeFile(database, file, options)),
    )

  agreement
    .command('history')
    .description('the versions and proposals, newest first, with who and when')
    .option('--workspace <id>', 'the workspace, where there are several')
    .option('--json', 'answer in JSON')
    .action((options: Options) =>
      withDatabase(async (database) => {
        const workspaceId = await workspaceOf(database, options.workspace)
        const history = await storesOf(database).proposals.history(workspaceId, mostHistory)
        print(options, history, historyInWords(history))
      }),
    )

  agreement
    .command('replay')
    .description('run a file over past handoffs: what would have been different')
    .argument('<file>')
    .option('--days <n>', 'how far back', '90')
    .option('--workspace <id>', 'the workspace, where there are several')
    .option('--json', 'answer in JSON')
    .action((file: string, options: Options & { days: string }) =>
      withDatabase((database) => replayFile(database, file, options)),
    )
}

const mostHistory = 1_000

function storesOf(database: Database) {
  const agreements = createAgreements(database, parseAgreement)
  const parts = { agreements, parse: parseAgreement, complete: completedAgreement }
  return { agreements, proposals: createProposals(database, parts) }
}

const expectedFrom =
  '--from expects a date such as 2026-12-01, or an instant such as 2026-12-01T08:00:00Z'
const fromSchema = z.union([z.iso.date(), z.iso.datetime({ offset: true })], expectedFrom)
const baseSchema = z.coerce.number('--base expects the number of a version').int().min(1)
const daysSchema = z.coerce.number().int().min(1).max(36_500)

function checked<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  expected: string,
): z.output<Schema> {
  const parsed = schema.safeParse(value)
  if (!parsed.success) throw new CommandError(expected)
  return parsed.data
}

async function proposeFile(
  database: Database,
  file: string,
  options: Options & { from?: string; base?: string },
): Promise<void> {
  const from = checked(fromSchema.optional(), options.from, expectedFrom)
  const expectedBase = '--base expects the number of a version, such as 2'
  const base = checked(baseSchema.optional(), options.base, expectedBase)
  const text = await readAgreementSource(file)
  const workspaceId = await workspaceOf(database, options.workspace)
  const { agreements, proposals } = storesOf(database)
  const world = {
    proposals,
    // the Baton that runs finds it and shows it
    board: { redraw: () => {} },
    now: () => new Date(),
    newId: (prefix: string) => `${prefix}_${randomUUID().replaceAll('-', '')}`,
  }
  const result = await proposeAgreement(world, {
    workspaceId,
    text,
    file,
    from,
    base,
    by: null,
  })
  if (result.kind === 'refused') throw new CommandError(proposalRefusalWords(result.refusal, 'en'))
  if (result.kind !== 'done') throw new TypeError(result.kind)
  const { id, baseVersion, inForceFrom, agreement } = result.proposal
  const before = await agreements.version(workspaceId, baseVersion)
  const changes = agreementDiff(before, agreement)
  const { managers_channel: channel } = (await agreements.inForce(workspaceId)).agreement
  const when = inForceFrom === null ? '' : `, in force from ${inForceFrom.toISOString()} on`
  print(
    options,
    { id, baseVersion, inForceFrom, changes },
    [
      ...changes.map((change) => changeWords(change, 'en')),
      `Proposed as ${id}${when}: Baton shows it in ${channel}, where both heads sign it.`,
    ].join('\n'),
  )
}

function historyInWords({ versions, proposals }: AgreementHistory): string {
  const ofVersion = (version: number) => proposals.find((one) => one.version === version)
  const agreed = versions.map(({ version, inForceFrom }) => {
    const proposal = ofVersion(version)
    const how = proposal === undefined ? [] : [proposedWords(proposal), ...signedWords(proposal)]
    return [`version ${version}, in force from ${inForceFrom.toISOString()} on`, ...how].join(
      '\n  ',
    )
  })
  const others = proposals
    .filter(({ version }) => version === null)
    .map((proposal) =>
      [
        `${proposal.id} ${proposal.state}, a change of version ${proposal.baseVersion}`,
        proposedWords(proposal),
        ...signedWords(proposal),
        ...withdrawnWords(proposal),
      ].join('\n  '),
    )
  return [...others, ...agreed].join('\n')
}

const proposedWords = ({ proposedBy, proposedAt }: ProposalRecord): string =>
  `proposed by ${proposedBy?.name ?? 'an operator'}, ${proposedAt.toISOString()}`

const signedWords = ({ signatures }: ProposalRecord): string[] =>
  signatures.map(
    ({ side, by, at }: Signature) => `signed for ${side} by ${by.name}, ${at.toISOString()}`,
  )

const withdrawnWords = ({ withdrawnBy, withdrawnAt }: ProposalRecord): string[] =>
  withdrawnAt === null
    ? []
    : [`withdrawn by ${withdrawnBy?.name ?? 'an operator'}, ${withdrawnAt.toISOString()}`]

const dayMs = 24 * 3_600_000

async function replayFile(
  database: Database,
  file: string,
  options: Options & { days: string },
): Promise<void> {
  const days = checked(daysSchema, options.days, '--days expects a whole number of days, from 1')
  const text = await readAgreementSource(file)
  const workspaceId = await workspaceOf(database, options.workspace)
  const { agreements, proposals } = storesOf(database)
  const { agreement } = await proposals.draft(workspaceId, text, file)
  const now = new Date()
  const since = new Date(now.getTime() - days * dayMs)
  const replay = await replayAgreement(
    { agreements, past: createPastHandoffs(database) },
    { workspaceId, agreement, since, now, ...(process.stderr.isTTY && { onProgress }) },
  )
  if (process.stderr.isTTY) process.stderr.write('\n')
  print(options, { days, ...replay }, replayInWords(replay, days))
}

const onProgress = (done: number, of: number): void => {
  process.stderr.write(`\r${formatNumber(done, 'en')} of ${formatNumber(of, 'en')} handoffs`)
}

const words = {
  handoffs: { one: 'handoff', other: 'handoffs' },
  days: { one: 'day', other: 'days' },
}

function replayInWords({ handoffs, attempts, lines }: Replay, days: number): string {
  const { logged, countedBefore, countedAfter } = attempts
  return [
    `${plural(handoffs, 'en', words.handoffs)} of the last ${plural(days, 'en', words.days)}`,
    ...lines.map(lineInWords),
    `attempts: ${countedAfter} of ${logged} would have counted instead of ${countedBefore}`,
  ].join('\n')
}

function lineInWords(line: ReplayLine): string {
  const { clause, before, after, handoffs, lateBefore, lateAfter } = line
  const late = `${lateAfter} of ${handoffs} would have been late instead of ${lateBefore}`
  const most = [line.mostLateMsAfter, line.mostLateMsBefore].map((ms) =>
    formatDuration(ms, 'en', { days: false }),
  )
  const longest =
    lateAfter + lateBefore === 0 ? '' : ` (at most by ${most[0]} instead of ${most[1]})`
  return `${clause}: ${termsInWords(before, after)}, ${late}${longest}`
}

function termsInWords(before: string | null, after: string | null): string {
  if (before === after) return `with ${after} as before`
  return `with ${after ?? 'no limit'} instead of ${before ?? 'no limit'}`
}
