import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { Client } from 'pg'
import { pino } from 'pino'
import { afterEach, expect, test } from 'vitest'
import { createApiKeys } from '../../../src/adapters/postgres/api-keys.ts'
import { connect } from '../../../src/adapters/postgres/client.ts'
import { createHandoffs } from '../../../src/adapters/postgres/handoffs.ts'
import { createLeads } from '../../../src/adapters/postgres/leads.ts'
import { migrate } from '../../../src/adapters/postgres/migrate.ts'
import { type FreshDatabase, freshDatabase } from '../../support/database.ts'

const log = pino({ level: 'silent' })
const root = fileURLToPath(new URL('../../..', import.meta.url))

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean()
})

async function database(options?: { empty: boolean }): Promise<FreshDatabase> {
  const fresh = await freshDatabase(options)
  cleanups.push(fresh.drop)
  return fresh
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query({ text: sql, rowMode: 'array' })).rows.flat()
  } finally {
    await client.end()
  }
}

/** A folder of migrations with these scripts. */
function migrations(scripts: Record<string, string>): string {
  const folder = fs.mkdtempSync(join(tmpdir(), 'baton-migrations-'))
  cleanups.push(() => fs.rmSync(folder, { recursive: true }))
  for (const [name, script] of Object.entries(scripts)) {
    fs.mkdirSync(join(folder, name))
    fs.writeFileSync(join(folder, name, 'migration.sql'), script)
  }
  return folder
}

const one = { '20260101000000_one': 'create table one (id int); insert into one values (1);' }
const two = { '20260102000000_two': 'create table two (id int);' }
const names = (...scripts: object[]) => scripts.flatMap((script) => Object.keys(script))

test('the migrations make exactly what schema.prisma describes', async () => {
  const { url } = await database()
  const diff = await promisify(execFile)(process.execPath, [
    join(root, 'prisma/diff.mjs'),
    '--url',
    url,
  ])
  expect(diff.stdout).toBe('')
})

test('the diff finds what is missing in the database', async () => {
  const { url } = await database()
  await query(url, 'drop index handoffs_one_open_per_lead')
  const diff = await promisify(execFile)(process.execPath, [
    join(root, 'prisma/diff.mjs'),
    '--url',
    url,
  ])
  expect(diff.stdout).toMatch(/CREATE UNIQUE INDEX "handoffs_one_open_per_lead".* WHERE/)
})

test('an empty database gets every migration in order, a second time none, a new one later', async () => {
  const { url } = await database({ empty: true })
  expect(await migrate(url, { log, folder: migrations({ ...two, ...one }) })).toEqual(
    names(one, two),
  )
  expect(await migrate(url, { log, folder: migrations({ ...one, ...two }) })).toEqual([])
  const three = {
    '20260103000000_three': `create function f() returns int as 'select 1;' language sql;`,
  }
  expect(await migrate(url, { log, folder: migrations({ ...one, ...two, ...three }) })).toEqual(
    names(three),
  )
  expect(
    await query(
      url,
      `select count(*)::int from _prisma_migrations
        where finished_at >= started_at and applied_steps_count = 1 and length(checksum) = 64`,
    ),
  ).toEqual([3])
})

test('handoffs of the version before get their rounds, and what marketing had answered', async () => {
  const { url } = await database({ empty: true })
  const newer = '20261123185725_the_return_loop'
  const shipped = join(root, 'prisma/migrations')
  const older = fs.readdirSync(shipped).filter((name) => /^\d+_/.test(name) && name < newer)
  const script = (name: string) => fs.readFileSync(join(shipped, name, 'migration.sql'), 'utf8')
  const folder = migrations(Object.fromEntries(older.map((name) => [name, script(name)])))
  await migrate(url, { log, folder })
  for (const statement of versionBefore) await query(url, statement)

  expect(await migrate(url, { log })).toContain(newer)
  const { pool, close } = connect(url)
  cleanups.push(close)
  const handoffs = createHandoffs({ pool })
  const [first, second, third, answered] = await Promise.all(
    ['hof_1', 'hof_2', 'hof_3', 'hof_4'].map((id) => handoffs.byId('T1', id)),
  )
  const said = { readyOn: null, readyWhen: 'spring', field: null, duplicateOf: null, note: null }
  const facts = { reason: 'not-ready', criterion: null, ...said }
  expect(first).toMatchObject({
    round: 1,
    previous: null,
    whatChanged: null,
    cameFrom: null,
    deal: null,
    restartedAt: null,
    returned: { ...facts, answer: 'handed-over-again', contest: null, readySince: null },
  })
  const at = new Date('2026-11-02T09:00:00Z')
  expect(second).toMatchObject({ round: 2, returned: { answer: 'handed-over-again' } })
  expect(second?.previous).toEqual({
    ...facts,
    handoffId: 'hof_1',
    leadStatus: 'Returned – not ready',
    at,
  })
  expect(third).toMatchObject({ round: 3, previous: { handoffId: 'hof_2' }, returned: null })
  expect(answered).toMatchObject({ round: 1, returned: { answer: 'acknowledged' } })
  const back = await handoffs.back('T1', 10)
  expect(back.map(({ id, returned }) => [id, returned?.answer])).toEqual([
    ['hof_5', null],
    ['hof_4', 'acknowledged'],
  ])
  expect((await handoffs.lastOfLead('T1', 'one@example.com'))?.id).toBe('hof_3')
})

test('handoffs, keys and leads of the version before have nothing of what came with leads by themselves', async () => {
  const { url } = await database({ empty: true })
  const newer = '20261123201515_leads_come_in'
  const shipped = join(root, 'prisma/migrations')
  const older = fs.readdirSync(shipped).filter((name) => /^\d+_/.test(name) && name < newer)
  const script = (name: string) => fs.readFileSync(join(shipped, name, 'migration.sql'), 'utf8')
  const folder = migrations(Object.fromEntries(older.map((name) => [name, script(name)])))
  await migrate(url, { log, folder })
  const rawKey = 'baton_a-key-of-the-version-before-this-one'
  const hash = createHash('sha256').update(rawKey).digest('hex')
  for (const statement of [
    versionBefore[0] ?? '',
    `insert into handoffs (id, workspace_id, lead_id, version, status, lead_status,
      lifecycle_stage, lead_type, priority, reason, agreement_version, channel, created_at, updated_at)
    values ('hof_3', 'T1', 'lead_1', 1, 'offered', 'New', 'sql', 'x', 'hot', 'x', 1, 'sql', now(),
      now())`,
    `insert into api_keys (id, workspace_id, name, hash) values ('key_1', 'T1', 'form', '${hash}')`,
  ]) {
    await query(url, statement)
  }

  expect(await migrate(url, { log })).toContain(newer)
  const connected = connect(url)
  cleanups.push(connected.close)
  const handoff = await createHandoffs(connected).byId('T1', 'hof_3')
  expect(handoff).toMatchObject({ news: null, score: null, lead: { type: null } })
  const known = await createLeads(connected).byEmail('T1', 'one@example.com')
  expect(known).toMatchObject({ stage: 'sql', score: null })
  const key = { workspaceId: 'T1', name: 'form', scopes: [], expiresAt: null }
  expect(await createApiKeys(connected).find(rawKey)).toMatchObject(key)
})

/** A lead that was handed over three times, one whose return was answered, and one that waits. */
const versionBefore = [
  `insert into leads (id, workspace_id, email, name, lifecycle_stage, created_at, updated_at)
  values ('lead_1', 'T1', 'one@example.com', 'One', 'sql', now(), now()),
    ('lead_2', 'T1', 'two@example.com', 'Two', 'mql', now(), now()),
    ('lead_3', 'T1', 'three@example.com', 'Three', 'mql', now(), now())`,
  `insert into handoffs (id, workspace_id, lead_id, version, status, lead_status, lifecycle_stage,
    lead_type, priority, reason, agreement_version, channel, returned, created_at, updated_at)
  select 'hof_' || n, 'T1', 'lead_' || lead, 2, status, 'Returned – not ready', 'mql', 'x', 'hot',
    'x', 1, 'sql',
    case when status = 'returned' then '{"reason": "not-ready", "criterion": null, "readyOn": null,
      "readyWhen": "spring", "note": null, "at": "2026-11-02T09:00:00.000Z",
      "by": {"id": "per_1", "slackId": null, "email": null, "name": "Anna"}}'::jsonb end,
    '2026-11-01T09:00:00Z'::timestamptz + n * interval '1 day', now()
  from (values (1, 1, 'returned'), (2, 1, 'returned'), (3, 1, 'offered'), (4, 2, 'returned'),
    (5, 3, 'returned')) as old(n, lead, status)`,
  `insert into events (workspace_id, handoff_id, version, type, at)
  values ('T1', 'hof_1', 3, 'ReturnAnswered', now()), ('T1', 'hof_4', 3, 'ReturnAnswered', now())`,
]

test('of many who migrate at once one does the work and the others wait for it', async () => {
  const { url } = await database({ empty: true })
  const slow = migrations({ '20260101000000_slow': 'select pg_sleep(0.2); create table slow ();' })
  const results = await Promise.all(
    Array.from({ length: 5 }, () => migrate(url, { log, folder: slow })),
  )
  expect(results.flat()).toEqual(['20260101000000_slow'])
})

test('whoever is killed half-way has changed nothing, and the next one starts anew', async () => {
  const { url } = await database({ empty: true })
  const slow = { '20260102000000_slow': 'create table slow (); select pg_sleep(0.3);' }
  const folder = migrations({ ...one, ...slow })
  const killed = migrate(url, { log, folder })
  killed.catch(() => {})
  await expect
    .poll(() =>
      query(
        url,
        `select pg_terminate_backend(pid) from pg_stat_activity
          where application_name = 'baton migrate' and query like 'create table slow%'`,
      ),
    )
    .toEqual([true])
  await expect(killed).rejects.toThrow()
  expect(await query(url, `select to_regclass('one')`)).toEqual([null])
  expect(await migrate(url, { log, folder })).toEqual(names(one, slow))
})

test('a script that fails leaves the database as it was', async () => {
  const { url } = await database({ empty: true })
  const folder = migrations({ ...one, '20260102000000_bad': 'create table bad (); select 1/0;' })
  await expect(migrate(url, { log, folder })).rejects.toThrow(/division by zero/)
  expect(await query(url, `select to_regclass('one'), to_regclass('_prisma_migrations')`)).toEqual([
    null,
    null,
  ])
})

test('a database that a newer Baton has migrated is refused', async () => {
  const { url } = await database({ empty: true })
  await migrate(url, { log, folder: migrations({ ...one, ...two }) })
  await expect(migrate(url, { log, folder: migrations(one) })).rejects.toThrow(
    /migrated by a newer Baton \(it has 20260102000000_two\)/,
  )
})

test('a migration that was changed after it was applied is refused', async () => {
  const { url } = await database({ empty: true })
  await migrate(url, { log, folder: migrations(one) })
  const changed = { '20260101000000_one': 'create table other ();' }
  await expect(migrate(url, { log, folder: migrations(changed) })).rejects.toThrow(
    /is not the one that this database was migrated with/,
  )
})

test("a migration that another tool began and did not finish is refused, and taken up once it's resolved", async () => {
  const { url } = await database({ empty: true })
  const folder = migrations(one)
  await migrate(url, { log, folder })
  await query(url, 'drop table one')
  await query(url, 'update _prisma_migrations set finished_at = null')
  await expect(migrate(url, { log, folder })).rejects.toThrow(/never finished/)
  await query(url, 'update _prisma_migrations set rolled_back_at = now()')
  expect(await migrate(url, { log, folder })).toEqual(names(one))
})

test('the shared client speaks Prisma and plain SQL over one pool, and outlives broken connections', async () => {
  const { url } = await database()
  const { pool, prisma, close } = connect(url, { max: 2, applicationName: 'a test' })
  cleanups.push(close)
  await prisma.workspace.create({ data: { id: 'T1', name: 'Acme' } })
  expect((await pool.query('select name from workspaces')).rows).toEqual([{ name: 'Acme' }])
  expect(pool.totalCount).toBe(1)

  await query(
    url,
    `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'a test'`,
  )
  await expect.poll(() => pool.totalCount).toBe(0)
  expect(await prisma.workspace.count()).toBe(1)
})

test('nothing waits for the database without a bound', async () => {
  const { url } = await database()
  const { pool, close } = connect(url, { max: 1 })
  cleanups.push(close)
  const held = await pool.connect()
  cleanups.push(() => held.release())
  expect(pool.options.connectionTimeoutMillis).toBe(5_000)
  const { rows } = await held.query('show statement_timeout')
  expect(rows).toEqual([{ statement_timeout: '15s' }])
})
