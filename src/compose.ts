import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import {
  completeAgreement,
  completedAgreement,
  parseAgreement,
  readAgreementSource,
} from './adapters/agreement-file.ts'
import { createChannelKeeper } from './adapters/channel-keeper.ts'
import { writeCsv } from './adapters/csv/report.ts'
import { shippedGlossary } from './adapters/glossary-file.ts'
import { createHomeKeeper } from './adapters/home-keeper.ts'
import { createApi } from './adapters/http/api/api.ts'
import { counted, createMetrics } from './adapters/http/metrics.ts'
import { createServer } from './adapters/http/server.ts'
import { createActivities } from './adapters/postgres/activities.ts'
import { createAgreements } from './adapters/postgres/agreements.ts'
import { createApiKeys } from './adapters/postgres/api-keys.ts'
import { createAuditor } from './adapters/postgres/auditor.ts'
import { connect, type Database } from './adapters/postgres/client.ts'
import { createClosedChannels } from './adapters/postgres/closed-channels.ts'
import { createDrops } from './adapters/postgres/dropped-files.ts'
import { createErasures } from './adapters/postgres/erasures.ts'
import { createGlossary } from './adapters/postgres/glossary.ts'
import { createHandoffs } from './adapters/postgres/handoffs.ts'
import { createHomes } from './adapters/postgres/homes.ts'
import { createLeadExports } from './adapters/postgres/lead-exports.ts'
import { createLeads } from './adapters/postgres/leads.ts'
import { createMembers } from './adapters/postgres/members.ts'
import { createOutbox } from './adapters/postgres/outbox.ts'
import { createPromiseRecords } from './adapters/postgres/promises.ts'
import { createProposals } from './adapters/postgres/proposals.ts'
import { createReports } from './adapters/postgres/reports.ts'
import { createRotations } from './adapters/postgres/rotations.ts'
import { createRulings } from './adapters/postgres/rulings.ts'
import { createScores } from './adapters/postgres/scores.ts'
import { createSetUps } from './adapters/postgres/set-ups.ts'
import { createStories } from './adapters/postgres/stories.ts'
import { createTermHealth } from './adapters/postgres/term-health.ts'
import { createTermProposals } from './adapters/postgres/term-proposals.ts'
import { createTestHandoffs } from './adapters/postgres/test-handoffs.ts'
import { createWebhooks } from './adapters/postgres/webhooks.ts'
import { createWorkspaces } from './adapters/postgres/workspaces.ts'
import { createProposalBoard } from './adapters/proposal-board.ts'
import { postgresBackend, type QueueBackend, redisBackend } from './adapters/queue/backend.ts'
import { createQueue } from './adapters/queue/queue.ts'
import { createScorer } from './adapters/scorer.ts'
import { createSlackApp, type SlackApp } from './adapters/slack/app.ts'
import { createBulletinMessenger } from './adapters/slack/bulletin-messenger.ts'
import { createArchivedCards, createCards } from './adapters/slack/cards.ts'
import { createWebClient } from './adapters/slack/client.ts'
import { createClosureMessenger } from './adapters/slack/closure-messenger.ts'
import { createDirectory } from './adapters/slack/directory.ts'
import { createProposalMessenger } from './adapters/slack/features/agreement/messenger.ts'
import { createFileMessenger } from './adapters/slack/features/file-import/messenger.ts'
import { createSetUpMessenger } from './adapters/slack/features/first-run/messenger.ts'
import { createTermMessenger } from './adapters/slack/features/glossary/messenger.ts'
import { createHomeScreen } from './adapters/slack/features/home/screen.ts'
import { createTestMessenger } from './adapters/slack/features/test-handoff/messenger.ts'
import { createSlackFiles } from './adapters/slack/files.ts'
import { createMessenger } from './adapters/slack/messenger.ts'
import { createOwnChannels } from './adapters/slack/own-channels.ts'
import { createWebhookSender } from './adapters/webhooks/sender.ts'
import {
  bringInFiles,
  followGroups,
  keepBulletins,
  pruneEveryMs,
  removeTestHandoffs,
  repeatedly,
  takeOverDirectory,
  tellOthers,
} from './background.ts'
import type { Config, SlackConfig } from './config.ts'
import { scoreReason } from './content/words/score-reason.ts'
import { connectCrms, createCrms } from './crm.ts'
import { prepareDatabase } from './database.ts'
import { rememberedDays } from './domain/erasure.ts'
import { explainAppToken, installedTeam } from './installation.ts'
import { shippedAgreement, version } from './shipped.ts'
import { type DeliveryWorld, deliver } from './use-cases/deliver.ts'
import { pruneErasures } from './use-cases/erase-lead.ts'
import { createWeekFigures, drawHome } from './use-cases/home.ts'
import type { World } from './use-cases/ports/world.ts'
import { scoreLeads } from './use-cases/score-leads.ts'
import { showProposals } from './use-cases/show-proposals.ts'
import { tendClosedChannels } from './use-cases/tend-closed-channels.ts'
import { wakeTimer } from './use-cases/wake-timer.ts'

/** The only place that picks concrete adapters. Building is apart from running: see main.ts. */

/** Slack's pace: one message a second to a channel. */
const postIntervalMs = 1_000

/** What the metrics audit: a day of changes, where what is due has a minute to be done. */
const auditedMs = 24 * 3_600_000
const graceMs = 60_000

/** With up to 2,000 activities each, a batch stays within some ten megabytes. */
const scoredAtOnce = 100

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
  const crms = createCrms(config.crm)
  await prepareDatabase(databaseUrl, log)
  const database = connect(databaseUrl, { max: 20, log })
  started.push(() => database.close())

  const client = createWebClient({ token: slack.botToken, apiUrl: slack.apiUrl })
  const team = await installedTeam(client, log)
  const workspaceId = team.id
  const outbox = createOutbox(database)
  const auditor = createAuditor(database)
  const metrics = createMetrics({
    backlog: () => outbox.backlog(),
    audit: () => auditor.audit(new Date(), { since: new Date(Date.now() - auditedMs), graceMs }),
  })
  const directory = createDirectory({ client, teamId: workspaceId, log })
  const agreements = createAgreements(database, parseAgreement)
  const glossary = createGlossary(database)
  const stores = {
    handoffs: counted(createHandoffs(database), metrics),
    rotations: createRotations(database),
    leads: createLeads(database),
    activities: createActivities(database),
    scores: createScores(database),
    stories: createStories(database),
    erasures: createErasures(database),
    leadExports: createLeadExports(database),
    members: createMembers(database, directory),
    agreements,
    proposals: createProposals(database, {
      agreements,
      parse: parseAgreement,
      complete: completedAgreement,
    }),
    glossary,
    termProposals: createTermProposals(database, { agreements, glossary }),
    termHealth: createTermHealth(database),
    rulings: createRulings(database),
    webhooks: createWebhooks(database),
    webhookSender: createWebhookSender({
      allowPrivate: config.webhooksPrivate === 'allowed',
      userAgent: `Baton/${version}`,
    }),
    cards: createCards(client),
    drops: createDrops(database),
    promiseRecords: createPromiseRecords(database),
    reports: createReports(database),
    setUps: createSetUps(database),
    setUpMessenger: createSetUpMessenger({ client, log }),
    testHandoffs: createTestHandoffs(database),
    writeCsv,
  }
  const apiKeys = createApiKeys(database)
  await createWorkspaces(database).adopt(team)
  await stores.agreements.adopt(workspaceId, firstSource(config, firstAgreement))
  await stores.glossary.adopt(workspaceId, shippedGlossary())
  if (config.apiKey !== undefined) await apiKeys.ensure(workspaceId, 'BATON_API_KEY', config.apiKey)

  const queue = createQueue({ backend: backendOf(config, databaseUrl, log), overdue: outbox, log })
  started.push(() => queue.stop())
  const now = () => new Date()
  const proposalMessenger = createProposalMessenger({ client, ...stores, log })
  const termMessenger = createTermMessenger({ client, ...stores, log })
  const stopping = new AbortController()
  const showing = { now, workspaceId, stopping: stopping.signal }
  const board = createProposalBoard({
    async show() {
      await showProposals({ ...showing, ...stores, messenger: proposalMessenger })
      const { termProposals: proposals } = stores
      await showProposals({ ...showing, proposals, messenger: termMessenger })
    },
    log,
  })
  started.push(() => board.stop())
  const scorer = createScorer({
    score: (limit) => scoreLeads(world, { workspaceId, limit, reasonOf: scoreReason }),
    limit: scoredAtOnce,
    log,
  })
  started.push(() => scorer.stop())
  const world: World = {
    ...stores,
    testMessenger: createTestMessenger({ client, ...stores, now }),
    directory,
    board,
    scorer,
    queue,
    now,
    newId: (prefix) => `${prefix}_${randomUUID().replaceAll('-', '')}`,
  }

  const homes = createHomes(database)
  const homeWorld = {
    ...stores,
    ...{ homes, now, screen: createHomeScreen(client), cards: createArchivedCards(team.url) },
    ownChannels: createOwnChannels(client, now, log),
    week: createWeekFigures(),
    crms: crms.map(({ system }) => system),
  }
  const homeKeeper = createHomeKeeper({
    ...{ homes, workspaceId, now, log },
    draw: (home) => drawHome(homeWorld, home),
  })
  started.push(() => homeKeeper.stop())

  const closedWorld = {
    ...{ world, workspaceId, queue },
    closed: createClosedChannels(database),
    ownChannels: createOwnChannels(client, now, log, 0),
    messenger: createClosureMessenger(client, now),
    untold: (about: object) => log.error(about, 'a channel is closed to Baton, and nobody is told'),
  }
  const channelKeeper = createChannelKeeper({
    look: (isNews) => tendClosedChannels(closedWorld, isNews),
    log,
  })
  started.push(() => channelKeeper.stop())

  const slackApp = createSlackApp({
    homes: homeKeeper,
    channels: channelKeeper,
    mode: slack.mode,
    botToken: slack.botToken,
    client,
    world,
    workspaceId,
    log,
    async refreshCard(_, handoffId) {
      const stream = await outbox.redraw(workspaceId, handoffId)
      if (stream !== undefined) queue.deliver([stream])
    },
  })
  const crm = connectCrms(crms, config.crm, { world, workspaceId, database, log })
  const api = createApi({
    world,
    crmWebhooks: crm.webhooks,
    apiKeys,
    requestsPerMinute: config.apiRate,
    metrics,
    log,
    version,
    ready: async () => ({ database: await answers(database), queue: await queue.ready() }),
  })
  const server = createServer({ slack: entrance(slack, slackApp), api: api.fetch, metrics, log })
  const { port } = await server.listen(config.host, config.port)
  started.push(() => server.close())

  if (config.role !== 'worker') {
    started.push(() => slackApp.stop())
    await slackApp.start().catch(explainAppToken)
  }
  const tookOver = takeOverDirectory(stores.members, workspaceId, log)
  started.push(async () => stopping.abort())
  if (config.role !== 'web') {
    const delivery: DeliveryWorld = {
      outbox,
      messenger: createMessenger({ client, ...stores, log }),
      handoffs: stores.handoffs,
      queue,
      now: world.now,
      sleep: (ms) => sleep(ms),
      every: (ms, run) => repeatedly(ms, run, log),
      newHolder: randomUUID,
      postIntervalMs: pace.postIntervalMs ?? postIntervalMs,
      stopping: stopping.signal,
    }
    const bulletinKeeper = keepBulletins(world, {
      ...{ workspaceId, database, homes, outbox, log },
      messenger: createBulletinMessenger(client, now),
      postIntervalMs: delivery.postIntervalMs,
      schedule: (wanted) => queue.schedule(wanted),
    })
    started.push(() => bulletinKeeper.stop())
    await queue.work({
      scheduled: async () => bulletinKeeper.wake(),
      async wake(wakeUp) {
        metrics.timerLateness.observe(Math.max(0, Date.now() - wakeUp.at.getTime()) / 1_000)
        await wakeTimer(world, wakeUp)
      },
      deliver: (stream) => deliver(delivery, stream),
    })
    started.push(tellOthers(world, database, log), crm.work())
    const stopPruning = repeatedly(pruneEveryMs, () => pruneErasures(world, rememberedDays), log)
    started.push(async () => stopPruning())
    started.push(removeTestHandoffs(world, workspaceId, log))
    const files = createSlackFiles({ client, token: slack.botToken })
    const messenger = createFileMessenger({ client, ...stores, log, now })
    started.push(bringInFiles(world, { workspaceId, database, files, messenger, log }))
    scorer.work()
    homeKeeper.work()
    bulletinKeeper.work()
    // nobody can be told anything before it is known who they are
    void tookOver.then(bulletinKeeper.wake)
    channelKeeper.work()
  }
  if (config.role !== 'web') started.push(followGroups(world, workspaceId, log, tookOver))
  return { world, workspaceId, url: addressOf(config.host, port) }
}

/** The agreement that a workspace begins with: the configured file, the sandbox's, or what ships. */
function firstSource(
  { agreementFile }: Config,
  firstAgreement: (() => Promise<string>) | undefined,
): () => Promise<string> {
  return agreementFile === undefined
    ? (firstAgreement ?? (() => readAgreementSource(shippedAgreement)))
    : () => completeAgreement(agreementFile, shippedAgreement)
}

const backendOf = ({ redisUrl }: Config, databaseUrl: string, log: Logger): QueueBackend =>
  redisUrl === undefined ? postgresBackend(databaseUrl) : redisBackend(redisUrl, log)

/** What stands behind `/slack/events`; null in Socket Mode. */
const entrance = ({ mode }: SlackConfig, { requestListener: listener }: SlackApp) =>
  listener === null || mode.kind !== 'http' ? null : { listener, signingSecret: mode.signingSecret }

const addressOf = (host: string, port: number): string =>
  `http://${host.includes(':') ? `[${host}]` : host}:${port}`

async function answers({ pool }: Database): Promise<boolean> {
  const answered = pool.query('select 1').then(
    () => true,
    () => false,
  )
  return Promise.race([answered, sleep(2_000, false)])
}
