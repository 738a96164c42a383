import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import { type BulletinKeeper, createBulletinKeeper } from './adapters/bulletin-keeper.ts'
import { csvFiles } from './adapters/csv/files.ts'
import { createBulletins } from './adapters/postgres/bulletins.ts'
import type { Database } from './adapters/postgres/client.ts'
import { createDropBox } from './adapters/postgres/dropped-files.ts'
import { createImports } from './adapters/postgres/imports.ts'
import type { MembersStore } from './adapters/postgres/members.ts'
import { createWebhookOutbox } from './adapters/postgres/webhooks.ts'
import { startPump } from './adapters/webhooks/pump.ts'
import { problemWords } from './content/words/file-import.ts'
import { mostEndpoints } from './domain/webhook.ts'
import { type BulletinWorld, planBulletins, sendBulletins } from './use-cases/bulletins.ts'
import { deliverWebhooks, pruneWebhooks } from './use-cases/deliver-webhooks.ts'
import type { FileMessenger, SlackFiles } from './use-cases/ports/dropped-files.ts'
import type { World } from './use-cases/ports/world.ts'
import { syncRoles } from './use-cases/sync-roles.ts'
import { pruneDroppedFiles, tendDroppedFiles } from './use-cases/tend-dropped-files.ts'
import { removeTests } from './use-cases/test-handoff.ts'

/** What Baton does beside its answers: each starts one such work, and gives the way to stop it. */

/** People are also looked up one by one, so nothing waits for the whole directory. */
export function takeOverDirectory(
  members: MembersStore,
  workspaceId: string,
  log: Logger,
): Promise<void> {
  return members
    .sync(workspaceId)
    .then((people) => log.debug({ people }, 'took over the directory'))
    .catch((error: unknown) => log.warn({ err: error }, 'the directory could not be read'))
}

/** Slack tells of changes too; a new agreement, and what was not heard of, are found by a look. */
const groupsEveryMs = 10 * 60_000

/** What hangs longer than this at a stop is left to the next process. */
const lastLookMs = 1_000

/** Has roles follow Slack's user groups, once the directory is known; gives the way to stop it. */
export function followGroups(
  world: World,
  workspaceId: string,
  log: Logger,
  tookOver: Promise<void>,
): () => Promise<void> {
  let stopped = false
  const look = (): Promise<void> =>
    syncRoles(world, workspaceId)
      .then((synced) => {
        const unknown = synced?.unknown ?? []
        if (unknown.length > 0) log.warn({ unknown }, 'the agreement names unknown user groups')
      })
      .catch((error: unknown) => {
        if (!stopped) log.warn({ err: error }, 'roles by user groups could not be read')
      })
  let looking = tookOver.then(look)
  const timer = setInterval(() => {
    looking = look()
  }, groupsEveryMs).unref()
  return async () => {
    stopped = true
    clearInterval(timer)
    await Promise.race([looking, sleep(lastLookMs, undefined, { ref: false })])
  }
}

/** A test handoff that is over goes away so soon. */
const testsEveryMs = 5_000

/** Has handoffs that were to try Baton with go away; gives the way to stop it. */
export function removeTestHandoffs(
  world: World,
  workspaceId: string,
  log: Logger,
): () => Promise<void> {
  const failed = (about: object): void =>
    log.warn(about, 'Slack did not remove the card of a test handoff')
  const stop = repeatedly(testsEveryMs, () => removeTests({ ...world, failed }, workspaceId), log)
  return async () => stop()
}

/** A workspace's endpoints can all be sent to at once; a stop waits so long for what is under way. */
const webhookPace = { lanes: mostEndpoints, everyMs: 500, graceMs: 2_000 }
export const pruneEveryMs = 10 * 60_000

/** Sends events to the endpoints of others; gives the way to stop it. */
export function tellOthers(
  { webhookSender: sender, members, now }: World,
  database: Database,
  log: Logger,
): () => Promise<void> {
  const outbox = createWebhookOutbox(database)
  const sending = {
    ...{ outbox, sender, members, now },
    chance: Math.random,
    newHolder: randomUUID,
    disabled: (endpoint: object) =>
      log.warn(endpoint, 'a webhook is disabled: `webhook test` enables it once it answers'),
  }
  const pump = startPump({
    ...webhookPace,
    run: (signals) => deliverWebhooks({ ...sending, ...signals }),
    failed: (error) => log.debug({ err: error }, 'webhooks are tried again'),
  })
  const stopping = new AbortController()
  const stopPruning = repeatedly(
    pruneEveryMs,
    () => pruneWebhooks({ outbox, now, stopping: stopping.signal }),
    log,
  )
  return async () => {
    stopPruning()
    stopping.abort()
    await pump.stop()
  }
}

/** A large file keeps one of them. */
const filePace = { lanes: 2, everyMs: 500, graceMs: 5_000 }

interface FileParts {
  workspaceId: string
  database: Database
  files: SlackFiles
  messenger: FileMessenger
  log: Logger
}

/** Brings in the files that people drop to Baton; gives the way to stop it. */
export function bringInFiles(
  world: World,
  { workspaceId, database, files: slackFiles, messenger: fileMessenger, log }: FileParts,
): () => Promise<void> {
  const tending = {
    ...world,
    ...{ workspaceId, slackFiles, fileMessenger, csvFiles, problemWords },
    imports: createImports(database),
    dropBox: createDropBox(database),
    every: (ms: number, run: () => Promise<void>) => repeatedly(ms, run, log),
    failed: (about: object) => log.warn(about, 'a dropped file is tried again'),
  }
  const pump = startPump({
    ...filePace,
    run: (signals) => tendDroppedFiles({ ...tending, ...signals }),
    failed: (error) => log.debug({ err: error }, 'dropped files are tried again'),
  })
  const stopping = new AbortController()
  const pruning = { dropBox: tending.dropBox, now: world.now, stopping: stopping.signal }
  const stopPruning = repeatedly(pruneEveryMs, () => pruneDroppedFiles(pruning), log)
  // what hangs is taken up by another process, once nobody holds it any more
  return async () => {
    stopPruning()
    stopping.abort()
    await Promise.race([pump.stop(), sleep(filePace.graceMs, undefined, { ref: false })])
  }
}

/** What is done with is remembered for so long. */
const bulletinsKeptMs = 30 * 24 * 3_600_000

interface BulletinParts
  extends Pick<BulletinWorld, 'workspaceId' | 'homes' | 'messenger' | 'outbox' | 'postIntervalMs'> {
  database: Database
  schedule: Parameters<typeof createBulletinKeeper>[0]['schedule']
  log: Logger
}

/** Tells by itself what is due, and how the week was; `work` begins it. */
export function keepBulletins(
  world: World,
  { database, schedule, log, ...parts }: BulletinParts,
): BulletinKeeper {
  const bulletins = createBulletins(database)
  const telling = {
    ...world,
    ...parts,
    bulletins,
    sleep: (ms: number) => sleep(ms),
    newHolder: randomUUID,
    failed: (about: object) => log.warn(about, 'Slack took no bulletin'),
  }
  const keeper = createBulletinKeeper({
    plan: () => planBulletins(telling),
    send: (stopping) => sendBulletins({ ...telling, stopping }),
    schedule,
    log,
  })
  const before = (): Date => new Date(world.now().getTime() - bulletinsKeptMs)
  let stopPruning = (): void => {}
  return {
    wake: keeper.wake,
    work() {
      keeper.work()
      stopPruning = repeatedly(pruneEveryMs, () => bulletins.prune(before()), log)
    },
    async stop() {
      stopPruning()
      await keeper.stop()
    },
  }
}

export function repeatedly(ms: number, run: () => Promise<void>, log: Logger): () => void {
  const timer = setInterval(
    () => run().catch((error: unknown) => log.debug({ err: error }, 'it is tried again')),
    ms,
  )
  return () => clearInterval(timer)
}
