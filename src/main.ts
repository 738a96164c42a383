import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import { AgreementFileError } from './adapters/agreement-file.ts'
import { compose } from './compose.ts'
import { type Config, ConfigError, readConfig } from './config.ts'
import { openDatabase } from './database.ts'
import { createLog } from './log.ts'
import { openSandbox } from './sandbox/open.ts'

/** The exit codes of the contract. */
const exit = { stopped: 0, failed: 1, misconfigured: 2 } as const

/** Ctrl-C stops everything within five seconds, whatever hangs. */
const stopWithinMs = 4_800
/** What hangs in one part leaves time for the others: what it was about is in the database. */
const partStopsWithinMs = 2_500

interface Part {
  stop(): Promise<void>
}

/** Starts what is configured; each part is noted in `opened`, in the order it is to be closed from. */
async function run(config: Config, log: Logger, opened: Part[]): Promise<void> {
  const opening = openDatabase(config, log)
  // noted before it is there: it is to be closed too where the sandbox, opened meanwhile, fails
  opened.push({ stop: async () => (await opening).stop() })
  opening.catch(() => {})
  const sandbox = config.slack === null ? await openSandbox(config, log) : null
  if (sandbox !== null) opened.push(sandbox)
  const database = await opening

  const slack = sandbox?.slack ?? config.slack
  if (slack === null) throw new TypeError('without a token there is a sandbox')
  const baton = await compose({
    config: sandbox?.config ?? config,
    slack,
    databaseUrl: database.url,
    firstAgreement: sandbox?.firstAgreement,
    log,
  })
  opened.push(baton)
  log.info(`Baton listens on ${baton.url}`)
  if (sandbox !== null) process.stdout.write(await sandbox.begin(baton))
}

/** One line for whoever starts Baton; where it happened is for whoever mends it. */
function explain(error: unknown, log: Logger): number {
  process.stderr.write(`baton: ${error instanceof Error ? error.message : String(error)}\n`)
  log.debug({ err: error }, 'Baton could not start')
  const misconfigured = error instanceof ConfigError || error instanceof AgreementFileError
  return misconfigured ? exit.misconfigured : exit.failed
}

async function main(): Promise<void> {
  const opened: Part[] = []
  let stopping: Promise<void> | undefined
  const stop = (code: number): Promise<void> => {
    setTimeout(() => process.exit(exit.failed), stopWithinMs).unref()
    stopping ??= closeAll(opened).then(() => process.exit(code))
    return stopping
  }
  let log = createLog({ level: 'info', format: 'json' })
  try {
    const config = readConfig()
    log = createLog(config.log)
    // Ctrl-C reaches the whole group of processes, and some parents pass it on once more
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.on(signal, () => void stop(exit.stopped))
    }
    process.on('unhandledRejection', (error) =>
      log.error({ err: error }, 'nobody heard of a fault'),
    )
    await run(config, log, opened)
  } catch (error) {
    if (stopping === undefined) await stop(explain(error, log))
  }
}

/** Closes in the reverse order of opening; a part that can't be closed doesn't keep the others open. */
async function closeAll(opened: Part[]): Promise<void> {
  for (let part = opened.pop(); part !== undefined; part = opened.pop()) {
    await Promise.race([part.stop().catch(() => {}), sleep(partStopsWithinMs)])
  }
}

await main()
