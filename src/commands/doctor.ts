import { readFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { Redis } from 'ioredis'
import { parse } from 'yaml'
import { z } from 'zod'
import { parseAgreement } from '../adapters/agreement-file.ts'
import { createAgreements } from '../adapters/postgres/agreements.ts'
import { createAuditor } from '../adapters/postgres/auditor.ts'
import type { Database } from '../adapters/postgres/client.ts'
import { createOutbox } from '../adapters/postgres/outbox.ts'
import { createWorkspaces } from '../adapters/postgres/workspaces.ts'
import { createWebClient } from '../adapters/slack/client.ts'
import { sortOut } from '../adapters/slack/slack-errors.ts'
import type { Config } from '../config.ts'
import { createCrms, examineCrm } from '../crm.ts'
import { manifest } from '../shipped.ts'
import { print } from './output.ts'
import { withDatabase } from './with-database.ts'

interface Finding {
  what: string
  ok: boolean
  says: string
}

/** What is this far behind was left undone by everybody. */
const graceMs = 60_000

export function addDoctorCommand(program: Command): void {
  program
    .command('doctor')
    .description('look whether everything that Baton needs is well; exit code 1 where it is not')
    .option('--json', 'answer in JSON')
    .action((options: { json?: boolean }) =>
      withDatabase(async (database, config) => {
        const findings = await Promise.all([
          examine('database', async () => 'answers, and is up to date'),
          examine('agreement', () => agreements(database)),
          examine('messages', () => messages(database)),
          examine('records', () => records(database)),
          examine('queue', () => queue(config)),
          examine('slack', () => examineSlack(config)),
          ...createCrms(config.crm).map((crm) => examine(crm.system, () => examineCrm(crm))),
        ])
        const lines = findings.map(
          ({ what, ok, says }) => `${ok ? 'well ' : 'ill  '} ${what.padEnd(10)} ${says}`,
        )
        print(options, findings, lines.join('\n'))
        if (findings.some(({ ok }) => !ok)) process.exitCode = 1
      }),
    )
}

async function examine(what: string, look: () => Promise<string>): Promise<Finding> {
  try {
    return { what, ok: true, says: await look() }
  } catch (error) {
    return { what, ok: false, says: error instanceof Error ? error.message : String(error) }
  }
}

async function agreements(database: Database): Promise<string> {
  const ids = await createWorkspaces(database).ids()
  const store = createAgreements(database, parseAgreement)
  const versions = await Promise.all(
    ids.map(async (id) => `${id} has version ${(await store.inForce(id)).version}`),
  )
  return versions.join(', ') || 'no workspace yet: start Baton once'
}

async function messages(database: Database): Promise<string> {
  const { pending, parked, example } = await createOutbox(database).backlog()
  if (parked === 0) return `${pending} waiting, none that Slack refuses`
  throw new Error(`Slack refuses ${parked}, such as in ${example}`)
}

async function records(database: Database): Promise<string> {
  const findings = await createAuditor(database).audit(new Date(), { graceMs })
  if (findings.length === 0) return 'every handoff has its clocks, its card and its history'
  throw new Error(
    findings.map(({ count, says, examples }) => `${count} ${says} (${examples[0]})`).join('; '),
  )
}

async function queue({ redisUrl }: Config): Promise<string> {
  if (redisUrl === undefined) return 'in the database; many leads want Redis (REDIS_URL)'
  const redis = new Redis(redisUrl, { lazyConnect: true, retryStrategy: () => null })
  redis.on('error', () => {})
  try {
    await redis.connect()
    const policy = /maxmemory_policy:(\S+)/.exec(await redis.info('memory'))?.[1]
    if (policy !== 'noeviction') throw new Error(`maxmemory-policy is ${policy}, not noeviction`)
    return 'Redis answers'
  } finally {
    redis.disconnect()
  }
}

const manifestSchema = z.object({
  oauth_config: z.object({ scopes: z.object({ bot: z.array(z.string()) }) }),
})

/** What the manifest asks for and the token does not have. */
async function lackingScopes(scopes: readonly string[]): Promise<string[]> {
  const { oauth_config: asked } = manifestSchema.parse(parse(await readFile(manifest, 'utf8')))
  return asked.scopes.bot.filter((scope) => !scopes.includes(scope))
}

/** Whether Slack takes the token, and whether it may do all that the manifest asks for. */
export async function examineSlack({ slack: configured }: Pick<Config, 'slack'>): Promise<string> {
  if (configured === null) return 'no token: the sandbox'
  const { botToken: token, apiUrl } = configured
  const { team, response_metadata: told } = await createWebClient({ token, apiUrl })
    .auth.test()
    .catch((error: unknown) => {
      throw new Error(sortOut(error).error)
    })
  // Slack tells the scopes with every answer; a local one tells none
  const lacking = told?.scopes === undefined ? [] : await lackingScopes(told.scopes)
  if (lacking.length > 0) {
    throw new Error(
      `the token of ${team} lacks ${lacking.join(', ')}: install the app again with the scopes of manifest.yml`,
    )
  }
  return `the token is good for ${team}`
}
