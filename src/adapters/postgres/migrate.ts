import { createHash, randomUUID } from 'node:crypto'
import * as fs from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Client } from 'pg'
import type { Logger } from 'pino'

type Migration = { readonly name: string; readonly script: string; readonly checksum: string }
type Recorded = { readonly name: string; readonly checksum: string; readonly finished: boolean }

/** A database that can't be used as it is; the message says what to do. */
export type UnfitDatabase = Error & { readonly code: 'UNFIT_DATABASE' }

const oldestVersion = 14
/** The number under which Prisma's own tools lock out one another, so that they wait for us too. */
const migrationLock = 72_707_369
const shipped = fileURLToPath(new URL('../../../prisma/migrations', import.meta.url))

/**
 * Brings the database up to date with `prisma/migrations`, and returns the names of what it
 * applied. All of it is one transaction under a lock: of two processes one waits for the other, and
 * one that dies half-way has changed nothing. The records are those of `prisma migrate deploy`.
 * Refuses a PostgreSQL before 14, a database that a newer Baton has migrated, and one in which a
 * migration was changed or left unfinished by other means.
 *
 * Since each script runs inside a transaction, none may hold `CREATE INDEX CONCURRENTLY`.
 */
export async function migrate(
  url: string,
  options: { log: Pick<Logger, 'info'>; folder?: string },
): Promise<string[]> {
  const migrations = readMigrations(options.folder ?? shipped)
  const client = new Client({
    connectionString: url,
    application_name: 'baton migrate',
    connectionTimeoutMillis: 5_000,
  })
  // A connection that breaks fails the statement that is under way; nothing more is to be done.
  client.on('error', () => {})
  await client.connect()
  try {
    await checkVersion(client)
    if (missing(migrations, await recorded(client)).length === 0) return []
    return await applyMissing(client, migrations, options.log)
  } finally {
    await client.end()
  }
}

/** Oldest first; the names begin with the time they were made. */
function readMigrations(folder: string): Migration[] {
  return fs
    .readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort()
    .map((name) => {
      const script = fs.readFileSync(join(folder, name, 'migration.sql'), 'utf8')
      return { name, script, checksum: createHash('sha256').update(script).digest('hex') }
    })
}

async function applyMissing(client: Client, migrations: Migration[], log: Pick<Logger, 'info'>) {
  await client.query('begin')
  try {
    await client.query('select pg_advisory_xact_lock($1)', [migrationLock])
    await client.query(createRecords)
    const todo = missing(migrations, await recorded(client))
    for (const { name, script, checksum } of todo) {
      log.info({ migration: name }, 'migrating the database')
      const id = randomUUID()
      await client.query(recordStart, [id, checksum, name])
      await client.query(script)
      await client.query(recordEnd, [id])
    }
    await client.query('commit')
    return todo.map(({ name }) => name)
  } catch (error) {
    await client.query('rollback').catch(() => {})
    throw error
  }
}

/** What is still to be applied; refuses a history that is not ours. */
function missing(migrations: Migration[], history: Recorded[]): Migration[] {
  for (const { name, checksum, finished } of history) {
    const ours = migrations.find((migration) => migration.name === name)
    if (!ours)
      throw unfit(
        `The database was migrated by a newer Baton (it has ${name}). Install that version, or restore a backup made before the upgrade.`,
      )
    if (!finished)
      throw unfit(
        `The migration ${name} was begun with another tool and never finished. Put it right with "npx prisma migrate resolve".`,
      )
    if (ours.checksum !== checksum)
      throw unfit(
        `The migration ${name} is not the one that this database was migrated with. Restore the file; a change needs a new migration.`,
      )
  }
  const done = new Set(history.map(({ name }) => name))
  return migrations.filter(({ name }) => !done.has(name))
}

async function recorded(client: Client): Promise<Recorded[]> {
  const { rows: there } = await client.query(
    `select to_regclass('"_prisma_migrations"') is not null as there`,
  )
  if (!there[0].there) return []
  const { rows } = await client.query<Recorded>(
    `select migration_name as name, checksum, finished_at is not null as finished
       from "_prisma_migrations" where rolled_back_at is null order by migration_name`,
  )
  return rows
}

async function checkVersion(client: Client) {
  const { rows } = await client.query<{ number: number; name: string }>(
    `select current_setting('server_version_num')::int as number,
            current_setting('server_version') as name`,
  )
  const [version] = rows
  if (version && version.number < oldestVersion * 10_000)
    throw unfit(`Baton needs PostgreSQL ${oldestVersion} or newer; this is ${version.name}.`)
}

const unfit = (message: string): UnfitDatabase =>
  Object.assign(new Error(message), { code: 'UNFIT_DATABASE' as const })

const createRecords = `
  create table if not exists "_prisma_migrations" (
    "id" varchar(36) primary key not null,
    "checksum" varchar(64) not null,
    "finished_at" timestamptz,
    "migration_name" varchar(255) not null,
    "logs" text,
    "rolled_back_at" timestamptz,
    "started_at" timestamptz not null default now(),
    "applied_steps_count" integer not null default 0
  )`

// Prisma puts migrations in order by the time they began, so each needs a time of its own.
const recordStart = `
  insert into "_prisma_migrations" (id, checksum, migration_name, started_at)
  values ($1, $2, $3, clock_timestamp())`

const recordEnd = `
  update "_prisma_migrations"
     set finished_at = clock_timestamp(), applied_steps_count = 1
   where id = $1`
