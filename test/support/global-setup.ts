import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { pino } from 'pino'
import type { TestProject } from 'vitest/node'
import { startEmbeddedPostgres } from '../../src/adapters/postgres/embedded.ts'
import { migrate } from '../../src/adapters/postgres/migrate.ts'
import { withDatabase } from './database.ts'
import { redisIsInstalled, startRedis } from './redis.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** A server with a migrated database to copy: see `freshDatabase`. */
    postgresUrl: string
    /** Empty where this machine has no Redis: see `freshRedis`. */
    redisUrl: string
  }
}

/** One PostgreSQL and one Redis for the whole run, both real, both gone afterwards. */
export default async function setup(project: TestProject) {
  const log = pino({ level: 'silent' })
  const folder = mkdtempSync(join(tmpdir(), 'baton-test-'))
  // Made anew by the database itself, which opens it to the account that it runs under.
  rmSync(folder, { recursive: true })
  const postgres = await startEmbeddedPostgres({ dataDir: folder, log })
  await makeTemplate(postgres.url)
  await migrate(withDatabase(postgres.url, 'template_baton'), { log })
  project.provide('postgresUrl', postgres.url)

  const redis = redisIsInstalled() ? await startRedis() : undefined
  project.provide('redisUrl', redis?.url ?? '')

  return async () => {
    await Promise.all([postgres.stop(), redis?.stop()])
    rmSync(folder, { recursive: true, force: true })
  }
}

async function makeTemplate(url: string) {
  const client = new Client({ connectionString: url })
  await client.connect()
  // Nobody mourns the data of a test run.
  await client.query('alter system set fsync = off')
  await client.query('alter system set synchronous_commit = off')
  await client.query('select pg_reload_conf()')
  await client.query('create database template_baton')
  await client.end()
}
