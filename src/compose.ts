import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Logger } from 'pino'
import { z } from 'zod'
import {
  completeAgreement,
  parseAgreement,
  readAgreementSource,
} from './adapters/agreement-file.ts'
import { shippedGlossary } from './adapters/glossary-file.ts'
import { createApi } from './adapters/http/api/api.ts'
import { counted, createMetrics } from './adapters/http/metrics.ts'
import { createServer } from './adapters/http/server.ts'
import { createAgreements } from './adapters/postgres/agreements.ts'
import { createApiKeys } from './adapters/postgres/api-keys.ts'
import { connect, type Database } from './adapters/postgres/client.ts'
import { startEmbeddedPostgres } from './adapters/postgres/embedded.ts'
import { createGlossary } from './adapters/postgres/glossary.ts'
import { createHandoffs } from './adapters/postgres/handoffs.ts'
import { createLeads } from './adapters/postgres/leads.ts'
import { createMembers } from './adapters/postgres/members.ts'
import { migrate } from './adapters/postgres/migrate.ts'
import { createOutbox } from './adapters/postgres/outbox.ts'
import { postgresBackend, redisBackend } from './adapters/queue/backend.ts'
import { createQueue } from './adapters/queue/queue.ts'
import { createSlackApp } from './adapters/slack/app.ts'
import { createWebClient } from './adapters/slack/client.ts'
import { createDirectory } from './adapters/slack/directory.ts'
import { createMessenger } from './adapters/slack/messenger.ts'
import type { Config, SlackConfig } from './config.ts'
import { deliver } from './use-cases/deliver.ts'
import type { World } from './use-cases/ports.ts'
import { wakeTimer } from './use-cases/wake-timer.ts'

/** The only place that picks concrete adapters. Building is apart from running: see main.ts. */

export const shippedAgreement = fileURLToPath(
  new URL('../src/content/agreement.yml', import.meta.url),
)

export const version = '0.1.0'

/** Slack's pace: one message a second to a channel. */
const postIntervalMs = 1_000

export interface Baton {
  world: World
  workspaceId: string
  /** Baton's own address. */
  url: string
  stop(): Promise<void>
}

export interface ComposeOptions {
  config: Config
  slack: SlackConfig
  databaseUrl: string
  log: Logger
  /** The agreement that a workspace begins with, where the configuration names none. */
  firstAgreement?: (() => Promise<string>) | undefined
  postIntervalMs?: number
}

/** The database to use: the one that is configured, or an embedded one under the data folder. */
export async function openDatabase(
  { databaseUrl, dataDir }: Pick<Config, 'databaseUrl' | 'dataDir'>,
  log: Logger,
): Promise<{ url: string; stop(): Promise<void> }> {
  return databaseUrl === undefined
    ? startEmbeddedPostgres({ dataDir, log })
    : { url: databaseUrl, stop: async () => {} }
}

const unreachable: Record<string, string> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'its host is not known',
  '28000': 'it refuses this user',
  '28P01': 'it refuses this user or password',
  '3D000': 'it has no database of that name',
}

/** Brings the database up to date. Refuses one that can't be reached in a line that says why. */
export async function prepareDatabase(url: string, log: Logger): Promise<string[]> {
  try {
    return await migrate(url, { log })
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    const known = unreachable[code]
    if (known === undefined) throw error
    throw new StartError(`The database of DATABASE_URL can't be used: ${known} (${code})`, {
      cause: error,
    })
  }
}

/** Builds Baton on a database and a Slack, and starts it. What was started is stopped on a failure. */
export async function compose(options: ComposeOptions): Promise<Baton> {
  const started: (() => Promise<unknown>)[] = []
  const stop = async (): Promise<void> => {
    for (let close = started.pop(); close !== undefined; close = started.pop()) await close()
  }
  try {
    return { ...(await start(options, started)), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function start(
  { config, slack, databaseUrl, log, firstAgreement, ...pace }: ComposeOptions,
  started: (() => Promise<unknown>)[],
): Promise<Omit<Baton, 'stop'>> {
  await prepareDatabase(databaseUrl, log)
  const database = connect(databaseUrl, { max: 20, log })
  started.push(() => database.close())

  const client = createWebClient({ token: slack.botToken, apiUrl: slack.apiUrl })
  const team = await installedTeam(client, log)
  const workspaceId = team.id

  const outbox = createOutbox(database)
  const metrics = createMetrics({ backlog: () => outbox.backlog() })
  const handoffs = counted(createHandoffs(database), metrics)
  const agreements = createAgreements(database, parseAgreement)
  const glossary = createGlossary(database)
  const directory = createDirectory({ client, teamId: workspaceId, log })
  const members = createMembers(database, directory)
  const apiKeys = createApiKeys(database)

  await database.prisma.workspace.upsert({
    where: { id: team.id },
    create: team,
    update: { name: team.name },
  })
  const { agreementFile } = config
  await agreements.adopt(
    workspaceId,
    agreementFile === undefined
      ? (firstAgreement ?? (() => readAgreementSource(shippedAgreement)))
      : () => completeAgreement(agreementFile, shippedAgreement),
  )
  await glossary.adopt(workspaceId, shippedGlossary())
  if (config.apiKey !== undefined) await apiKeys.ensure(workspaceId, 'BATON_API_KEY', config.apiKey)

  const backend =
    config.redisUrl === undefined
      ? postgresBackend(databaseUrl)
      : redisBackend(config.redisUrl, log)
  const queue = createQueue({ backend, overdue: outbox, log })
  started.push(() => queue.stop())

  const world: World = {
    handoffs,
    leads: createLeads(database),
    members,
    agreements,
    glossary,
    queue,
    now: () => new Date(),
    newId: (prefix) => `${prefix}_${randomUUID().replaceAll('-', '')}`,
  }

  const slackApp = createSlackApp({
    mode: slack.mode,
    botToken: slack.botToken,
    client,
    world,
    workspaceId,
    log,
    async refreshCard(_workspaceId, handoffId) {
      const stream = await outbox.redraw(workspaceId, handoffId)
      if (stream !== undefined) queue.deliver([stream])
    },
  })
  const api = createApi({
    world,
    apiKeys,
    metrics,
    log,
    version,
    ready: async () => ({ database: await answers(database), queue: await queue.ready() }),
  })
  const server = createServer({
    slack:
      slackApp.requestListener === null || slack.mode.kind !== 'http'
        ? null
        : { listener: slackApp.requestListener, signingSecret: slack.mode.signingSecret },
    api: api.fetch,
    metrics,
    log,
  })
  const { port } = await server.listen(config.host, config.port)
  started.push(() => server.close())
  if (config.role !== 'worker') {
    await slackApp.start()
    started.push(() => slackApp.stop())
  }
  if (config.role !== 'web') {
    const messenger = createMessenger({ client, members, agreements, log })
    await queue.work({
      async wake(wakeUp) {
        metrics.timerLateness.observe(Math.max(0, Date.now() - wakeUp.at.getTime()) / 1_000)
        await wakeTimer(world, wakeUp)
      },
      deliver: (stream) =>
        deliver(
          {
            outbox,
            messenger,
            handoffs,
            queue,
            now: world.now,
            sleep: (ms) => sleep(ms),
            newHolder: randomUUID,
            postIntervalMs: pace.postIntervalMs ?? postIntervalMs,
          },
          stream,
        ),
    })
  }
  // people are also looked up one by one, so nothing waits for the whole directory
  members
    .sync(workspaceId)
    .then((people) => log.debug({ people }, 'took over the directory'))
    .catch((error: unknown) => log.warn({ err: error }, 'the directory could not be read'))

  return { world, workspaceId, url: `http://${config.host}:${port}` }
}

const teamSchema = z.object({ team_id: z.string(), team: z.string().default('Slack') })
const slackTries = 10

/** The workspace that the token belongs to. Waits a while for a Slack that can't be reached. */
async function installedTeam(
  client: ReturnType<typeof createWebClient>,
  log: Logger,
): Promise<{ id: string; name: string }> {
  for (let tries = 1; ; tries++) {
    try {
      const { team_id: id, team: name } = teamSchema.parse(await client.auth.test())
      return { id, name }
    } catch (error) {
      if (isRefusal(error)) {
        throw new StartError(`Slack refuses SLACK_BOT_TOKEN: ${error.data.error}`)
      }
      if (tries === slackTries) throw new StartError('Slack can not be reached', { cause: error })
      log.warn({ err: error }, 'Slack can not be reached, trying again')
      await sleep(Math.min(tries * 500, 3_000))
    }
  }
}

const isRefusal = (error: unknown): error is { data: { error: string } } =>
  refusalSchema.safeParse(error).success
const refusalSchema = z.object({
  code: z.literal('slack_webapi_platform_error'),
  data: z.object({ error: z.string() }),
})

/** Baton can't start; the message says why in a line. */
export class StartError extends Error {
  override readonly name = 'StartError'
}

async function answers({ pool }: Database): Promise<boolean> {
  const answered = pool.query('select 1').then(
    () => true,
    () => false,
  )
  return Promise.race([answered, sleep(2_000, false)])
}
