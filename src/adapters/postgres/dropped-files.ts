import { z } from 'zod'
import { type Column, targetNamed } from '../../domain/csv-mapping.ts'
import { fileFaults, fileStates } from '../../domain/dropped-file.ts'
import type { DropBox, Drops, FileChange } from '../../use-cases/ports/dropped-files.ts'
import type { Database } from './client.ts'

const count = z.int().default(0)
const progressSchema = z.object({
  rows: count,
  doneRows: count,
  created: count,
  changed: count,
  unchanged: count,
  bad: count,
  handedOver: count,
  handedBefore: count,
})

const columnSchema = z
  .object({ heading: z.string(), target: z.string().nullable() })
  .transform(({ heading, target }): Column => {
    return { heading, target: targetNamed(target ?? '-') ?? null }
  })

const fileRow = z.object({
  id: z.string(),
  workspaceId: z.string(),
  fileId: z.string(),
  channelId: z.string(),
  ts: z.string().nullable(),
  byId: z.string(),
  state: z.enum(fileStates),
  name: z.string().nullable(),
  columns: z.array(columnSchema).nullable(),
  handOver: z.boolean(),
  progress: progressSchema,
  fault: z.enum(fileFaults).nullable(),
  badFileId: z.string().nullable(),
  tries: z.int(),
})

const fileColumns = `id, workspace_id as "workspaceId", file_id as "fileId",
  channel_id as "channelId", ts, by_id as "byId", state, name, columns, hand_over as "handOver",
  progress, error as fault, bad_file_id as "badFileId", tries`

const faultRow = z.object({ row: z.int(), problem: z.string() })

/** Files as people drop them and choose. */
export function createDrops({ pool }: Pick<Database, 'pool'>): Drops {
  return {
    async add({ id, workspaceId, fileId, channelId, byId }, now) {
      await pool.query({
        name: 'drop_add',
        text: `insert into dropped_files
            (id, workspace_id, file_id, channel_id, by_id, state, due_at, created_at, updated_at)
          select $1, $2, $3, $4, $5, 'dropped', $6, $6, $6
          where not exists (
            select from dropped_files where workspace_id = $2 and bad_file_id = $3)
          on conflict (workspace_id, file_id) do nothing`,
        values: [id, workspaceId, fileId, channelId, byId, now],
      })
    },

    async byId(workspaceId, id) {
      const { rows } = await pool.query({
        name: 'drop_by_id',
        text: `select ${fileColumns} from dropped_files where workspace_id = $1 and id = $2`,
        values: [workspaceId, id],
      })
      return fileRow.optional().parse(rows[0])
    },

    async choose(workspaceId, id, choice, now) {
      const handOver = choice.state === 'importing' && choice.handOver
      const columns = choice.state === 'dropped' ? JSON.stringify(choice.columns) : null
      const { rowCount } = await pool.query({
        name: 'drop_choose',
        text: `update dropped_files set state = $3, hand_over = $4,
            columns = coalesce($5::jsonb, columns), due_at = $6, tries = 0, updated_at = $6
          where workspace_id = $1 and id = $2 and state = 'offered'`,
        values: [workspaceId, id, choice.state, handOver, columns, now],
      })
      return rowCount === 1
    },
  }
}

/** Files as processes work them off, each on a lease of its row. */
export function createDropBox({ pool }: Pick<Database, 'pool'>): DropBox {
  return {
    async take(workspaceId, now, ms) {
      const { rows } = await pool.query({
        name: 'drop_take',
        text: `update dropped_files set held_until = $3 where id = (
            select id from dropped_files
            where workspace_id = $1 and due_at is not null and due_at <= $2
              and (held_until is null or held_until <= $2)
            order by due_at limit 1 for update skip locked)
          returning ${fileColumns}`,
        values: [workspaceId, now, after(now, ms)],
      })
      return fileRow.optional().parse(rows[0])
    },

    async hold({ id }, now, ms) {
      await pool.query({
        name: 'drop_hold',
        text: 'update dropped_files set held_until = $2 where id = $1 and held_until is not null',
        values: [id, after(now, ms)],
      })
    },

    async release({ id }) {
      await pool.query({
        name: 'drop_release',
        text: 'update dropped_files set held_until = null where id = $1',
        values: [id],
      })
    },

    async change({ id, state }, change, now) {
      const { rowCount } = await pool.query({
        name: 'drop_change',
        text: `update dropped_files set state = coalesce($3, state), name = coalesce($4, name),
            columns = coalesce($5::jsonb, columns), progress = coalesce($6::jsonb, progress),
            error = coalesce($7, error), bad_file_id = coalesce($8, bad_file_id),
            tries = case when coalesce($3, state) <> state then 0 else tries end, updated_at = $9
          where id = $1 and state = $2`,
        values: [id, state, ...changed(change), now],
      })
      return rowCount === 1
    },

    // whoever chose meanwhile keeps it due; where its message stands is known all the same
    async shown({ id, state }, ts, now) {
      await pool.query({
        name: 'drop_shown',
        text: `update dropped_files set ts = coalesce($3, ts), held_until = null,
            due_at = case when state = $2 then null else due_at end,
            tries = case when state = $2 then 0 else tries end, updated_at = $4
          where id = $1`,
        values: [id, state, ts, now],
      })
    },

    async later({ id }, at) {
      await pool.query({
        name: 'drop_later',
        text: `update dropped_files set due_at = $2, held_until = null, tries = tries + 1
          where id = $1`,
        values: [id, at],
      })
    },

    async addFaults({ id }, faults) {
      if (faults.length === 0) return
      await pool.query({
        name: 'drop_add_faults',
        text: `insert into dropped_file_faults (file_id, "row", problem)
          select $1, * from unnest($2::int[], $3::text[])
          on conflict (file_id, "row") do update set problem = excluded.problem`,
        values: [id, faults.map(({ row }) => row), faults.map(({ problem }) => problem)],
      })
    },

    async forgetFaults({ id }, afterRow) {
      await pool.query({
        name: 'drop_forget_faults',
        text: 'delete from dropped_file_faults where file_id = $1 and "row" > $2',
        values: [id, afterRow],
      })
    },

    async faults({ id }, from, to) {
      const { rows } = await pool.query({
        name: 'drop_faults',
        text: `select "row", problem from dropped_file_faults
          where file_id = $1 and "row" between $2 and $3`,
        values: [id, from, to],
      })
      return new Map(
        z
          .array(faultRow)
          .parse(rows)
          .map(({ row, problem }) => [row, problem]),
      )
    },

    async prune(before, most) {
      // a file with very many faults goes when it has none left
      const { rows } = await pool.query({
        name: 'drop_prune',
        text: `
          with old as (
            select id from dropped_files
            where updated_at < $1 and (held_until is null or held_until < $1)
          ),
          faults as (
            delete from dropped_file_faults where (file_id, "row") in (
              select f.file_id, f."row" from dropped_file_faults f
              where f.file_id in (select id from old) order by f.file_id, f."row" limit $2)
            returning 1
          ),
          files as (
            delete from dropped_files where id in (
              select id from old
              where not exists (select from dropped_file_faults f where f.file_id = old.id)
              order by id limit $2)
            returning 1
          )
          select (select count(*) from faults)::int + (select count(*) from files)::int as gone`,
        values: [before, most],
      })
      return z.object({ gone: z.int() }).parse(rows[0]).gone
    },
  }
}

const after = (now: Date, ms: number): Date => new Date(now.getTime() + ms)

const jsonOf = (value: unknown): string | null =>
  value === undefined || value === null ? null : JSON.stringify(value)

function changed({ state, name, columns, progress, fault, badFileId }: FileChange) {
  return [
    state ?? null,
    name ?? null,
    jsonOf(columns),
    jsonOf(progress),
    fault ?? null,
    badFileId ?? null,
  ]
}
