import { randomUUID } from 'node:crypto'
import type { PoolClient } from 'pg'
import { z } from 'zod'
import type {
  ImportedRow,
  ImportProgress,
  ImportRun,
  Imports,
} from '../../use-cases/ports/imports.ts'
import type { Database } from './client.ts'
import { asErased } from './erased.ts'

const keptRow = z.object({
  created: z.int(),
  changed: z.int(),
  unchanged: z.int(),
  nameless: z.array(z.int()),
})
const lockRow = z.object({ locked: z.boolean() })
const progressRow = z.object({
  doneRows: z.int(),
  created: z.int(),
  changed: z.int(),
  unchanged: z.int(),
  bad: z.int(),
  handedOver: z.int(),
  handedBefore: z.int(),
  badBytes: z.coerce.number(),
})

const progressColumns = `done_rows as "doneRows", created, changed, unchanged, bad,
  handed_over as "handedOver", handed_before as "handedBefore", bad_bytes as "badBytes"`

/**
 * Rows of a file, each address once, on one table of leads. A lead that is as the file says is not
 * written. `before` are the leads whose name the file does not tell. Answers one row of counts.
 */
const keepRows = (leads: string, also = '') => `
  with told as (
    select t.* from jsonb_to_recordset($2::jsonb) as t("row" int, id text, email text, name text,
      title text, phone text, company jsonb, attributes jsonb, source text, "journeyStage" text,
      type text)
  ),
  before as (
    select l.email, l.name from told join ${leads} l on l.workspace_id = $1 and l.email = told.email
    where told.name is null order by l.email for update of l
  ),
  kept as (
    insert into ${leads} as l (id, workspace_id, email, name, title, phone, company, attributes,
      source, journey_stage, lead_type, lifecycle_stage, score_due_at, created_at, updated_at)
    select told.id, $1, told.email, coalesce(told.name, before.name), told.title, told.phone,
      coalesce(told.company, '{}'), coalesce(told.attributes, '{}'), told.source,
      told."journeyStage", told.type, 'lead', $3, $3, $3
    from told left join before on before.email = told.email
    where coalesce(told.name, before.name) is not null
    order by told.email
    on conflict (workspace_id, email) do update set name = excluded.name,
      title = coalesce(excluded.title, l.title), phone = coalesce(excluded.phone, l.phone),
      company = l.company || excluded.company, attributes = l.attributes || excluded.attributes,
      source = coalesce(excluded.source, l.source),
      journey_stage = coalesce(excluded.journey_stage, l.journey_stage),
      lead_type = coalesce(excluded.lead_type, l.lead_type),
      score_due_at = excluded.score_due_at, updated_at = excluded.updated_at
      where (l.name, l.title, l.phone, l.company, l.attributes, l.source, l.journey_stage,
          l.lead_type)
        is distinct from (excluded.name, coalesce(excluded.title, l.title),
          coalesce(excluded.phone, l.phone), l.company || excluded.company,
          l.attributes || excluded.attributes, coalesce(excluded.source, l.source),
          coalesce(excluded.journey_stage, l.journey_stage),
          coalesce(excluded.lead_type, l.lead_type))
    returning l.id, l.xmax = 0 as made
  ),
  nameless as (
    select told."row" from told left join before on before.email = told.email
    where coalesce(told.name, before.name) is null
  ),
  counts as (
    select n.created, n.kept - n.created as changed, n.told - n.kept - n.nameless as unchanged
    from (select (select count(*) from told)::int as told,
        (select count(*) from nameless)::int as nameless, (select count(*) from kept)::int as kept,
        (select count(*) from kept where made)::int as created) n
  )${also}
  select counts.*, array(select "row" from nameless) as nameless from counts`

const ofImport = 'workspace_id = $1 and sha256 = $2 and asked = $3'

/** With what is counted of it: so a batch of which no address is there twice is one round trip. */
const keepLeads = keepRows(
  'leads',
  `,
  stages as (
    insert into lead_changes (workspace_id, lead_id, what, "to", rule, at)
    select $1, id, 'stage', 'lead', 'import', $3 from kept where made
  ),
  counted as (
    update imports i set kept_rows = greatest(i.kept_rows, $7), created = i.created + counts.created,
      changed = i.changed + counts.changed, unchanged = i.unchanged + counts.unchanged
    from counts
    where i.workspace_id = $1 and i.sha256 = $4 and i.asked = $5 and i.kept_rows < $6
  )`,
)

/** A rehearsal plays on a table of its own, which holds the leads that the file is about. */
const makeStage = `create temporary table if not exists leads_rehearsed
  (like leads including defaults including indexes)`
const bringOnStage = `insert into leads_rehearsed
  select * from leads where workspace_id = $1 and email = any($2) on conflict do nothing`
const rehearseLeads = keepRows('leads_rehearsed')

const nothingYet: ImportProgress = {
  doneRows: 0,
  created: 0,
  changed: 0,
  unchanged: 0,
  bad: 0,
  handedOver: 0,
  handedBefore: 0,
  badBytes: 0,
}

/**
 * Imports, each on a connection of its own, whose lock ends with the process: whoever was killed
 * does not stand in the way of the next one.
 */
export function createImports({ pool }: Pick<Database, 'pool'>): Imports {
  return {
    async open(workspaceId, { sha256, asked }, now) {
      const key = [workspaceId, sha256, asked]
      const client = await pool.connect()
      try {
        const { rows } = await client.query({
          text: 'select pg_try_advisory_lock(hashtextextended($1, 0)) as locked',
          values: [`import ${key.join(' ')}`],
        })
        if (!lockRow.parse(rows[0]).locked) {
          client.release()
          return undefined
        }
        await client.query(
          `insert into imports (workspace_id, sha256, asked, started_at) values ($1, $2, $3, $4)
            on conflict do nothing`,
          [...key, now],
        )
        const found = await client.query(
          `select ${progressColumns} from imports where ${ofImport}`,
          key,
        )
        return realRun(client, key, progressRow.parse(found.rows[0]))
      } catch (error) {
        client.release(true)
        throw error
      }
    },

    async rehearse(workspaceId) {
      const client = await pool.connect()
      try {
        await client.query(makeStage)
        return rehearsal(client, workspaceId)
      } catch (error) {
        client.release(true)
        throw error
      }
    },
  }
}

function realRun(client: PoolClient, key: readonly string[], begun: ImportProgress): ImportRun {
  const [workspaceId = '', ...file] = key
  let progress = begun
  return {
    get progress() {
      return progress
    },
    async keep(rows, upTo, now) {
      const waves = wavesOf(rows)
      const keep = () =>
        keepWaves(waves, now, (told, isLast) =>
          client.query({
            name: 'import_leads',
            text: keepLeads,
            values: [workspaceId, ...told, ...file, upTo, isLast ? upTo : 0],
          }),
        )
      const kept = waves.length > 1 ? together(client, keep) : keep()
      const { nameless } = await kept.catch(asErased)
      return nameless
    },
    async settle({ doneRows, bad, handedOver, handedBefore, badBytes }) {
      const { rows } = await client.query(
        `update imports set done_rows = $4, bad = $5, handed_over = $6, handed_before = $7,
          bad_bytes = $8 where ${ofImport} returning ${progressColumns}`,
        [...key, doneRows, bad, handedOver, handedBefore, badBytes],
      )
      progress = progressRow.parse(rows[0])
    },
    async finish() {
      await client.query(`delete from imports where ${ofImport}`, [...key])
    },
    async close() {
      // it would go with the connection too, but only once the database has noticed
      await client.query('select pg_advisory_unlock_all()').catch(() => undefined)
      client.release(true)
    },
  }
}

function rehearsal(client: PoolClient, workspaceId: string): ImportRun {
  let progress = nothingYet
  return {
    get progress() {
      return progress
    },
    async keep(rows, _, now) {
      const emails = [...new Set(rows.map(({ news }) => news.email))]
      await client.query(bringOnStage, [workspaceId, emails])
      const { nameless, created, changed, unchanged } = await keepWaves(
        wavesOf(rows),
        now,
        (told) => client.query(rehearseLeads, [workspaceId, ...told]),
      )
      progress = {
        ...progress,
        created: progress.created + created,
        changed: progress.changed + changed,
        unchanged: progress.unchanged + unchanged,
      }
      return nameless
    },
    async settle(batch) {
      progress = { ...progress, ...batch }
    },
    finish: async () => {},
    // its table goes with the connection
    close: async () => client.release(true),
  }
}

/** All of the work or none. */
async function together<Done>(client: PoolClient, work: () => Promise<Done>): Promise<Done> {
  await client.query('begin')
  try {
    const done = await work()
    await client.query('commit')
    return done
  } catch (error) {
    await client.query('rollback').catch(() => undefined)
    throw error
  }
}

/** Keeps waves one after the other; `run` is told of the last one. */
async function keepWaves(
  waves: readonly (readonly ImportedRow[])[],
  now: Date,
  run: (told: [string, Date], isLast: boolean) => Promise<{ rows: unknown[] }>,
) {
  const nameless = new Set<number>()
  const counts = { created: 0, changed: 0, unchanged: 0 }
  for (const [index, wave] of waves.entries()) {
    const told = wave.map(({ row, news }) => ({ ...news, row, id: newId() }))
    const answer = await run([JSON.stringify(told), now], index === waves.length - 1)
    const kept = keptRow.parse(answer.rows[0])
    counts.created += kept.created
    counts.changed += kept.changed
    counts.unchanged += kept.unchanged
    for (const row of kept.nameless) nameless.add(row)
  }
  return { nameless, ...counts }
}

/**
 * Rows by statements that name each address once, in their order: what a later row of the same
 * address tells goes over what an earlier one told.
 */
function wavesOf(rows: readonly ImportedRow[]): ImportedRow[][] {
  const seen = new Map<string, number>()
  const waves: ImportedRow[][] = []
  for (const one of rows) {
    const nth = seen.get(one.news.email) ?? 0
    seen.set(one.news.email, nth + 1)
    const wave = waves[nth] ?? []
    wave.push(one)
    waves[nth] = wave
  }
  return waves
}

const newId = (): string => `lead_${randomUUID().replaceAll('-', '')}`
