import { z } from 'zod'
import { testAnswers } from '../../domain/test-handoff.ts'
import type { TestHandoffs } from '../../use-cases/ports/test-handoffs.ts'
import type { Database } from './client.ts'

const testRow = z.object({
  id: z.string(),
  workspaceId: z.string(),
  leadType: z.string(),
  agreementVersion: z.int(),
  channel: z.string(),
  createdAt: z.date(),
  removeAt: z.date(),
  answer: z.object({ kind: z.enum(testAnswers), byId: z.string(), at: z.coerce.date() }).nullable(),
  place: z.object({ channelId: z.string(), ts: z.string() }).nullable(),
})

const columns = `
  id, workspace_id as "workspaceId", lead_type as "leadType",
  agreement_version as "agreementVersion", channel, created_at as "createdAt",
  remove_at as "removeAt",
  case when answer is null then null else json_build_object(
    'kind', answer, 'byId', answered_by_id, 'at', answered_at) end as answer,
  case when ts is null then null else json_build_object(
    'channelId', channel_id, 'ts', ts) end as place`

export function createTestHandoffs({ pool }: Pick<Database, 'pool'>): TestHandoffs {
  const rowsOf = async (text: string, values: unknown[]) => {
    const { rows } = await pool.query(text, values)
    return z.array(testRow).parse(rows)
  }

  return {
    async add({ workspaceId, id, leadType, agreementVersion, channel, createdAt, removeAt }) {
      const { rowCount } = await pool.query(
        `insert into test_handoffs
           (workspace_id, id, lead_type, agreement_version, channel, created_at, remove_at)
         values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing`,
        [workspaceId, id, leadType, agreementVersion, channel, createdAt, removeAt],
      )
      return rowCount === 1
    },

    async find(workspaceId, id) {
      const text = `select ${columns} from test_handoffs where workspace_id = $1 and id = $2`
      return (await rowsOf(text, [workspaceId, id]))[0]
    },

    async posted({ workspaceId, id }, { channelId, ts }) {
      const text = `update test_handoffs set channel_id = $3, ts = $4
        where workspace_id = $1 and id = $2 returning ${columns}`
      return (await rowsOf(text, [workspaceId, id, channelId, ts]))[0]
    },

    async answer({ workspaceId, id }, { kind, byId, at }, removeAt) {
      const text = `update test_handoffs
        set answer = $3, answered_by_id = $4, answered_at = $5, remove_at = $6
        where workspace_id = $1 and id = $2 and answer is null and remove_at > $5
        returning ${columns}`
      return (await rowsOf(text, [workspaceId, id, kind, byId, at, removeAt]))[0]
    },

    async end({ workspaceId, id }, now) {
      await pool.query(
        'update test_handoffs set remove_at = $3 where workspace_id = $1 and id = $2',
        [workspaceId, id, now],
      )
    },

    takeDue: (workspaceId, now, ms) =>
      rowsOf(
        `update test_handoffs set held_until = $3
         where workspace_id = $1 and remove_at <= $2
           and (held_until is null or held_until <= $2)
         returning ${columns}`,
        [workspaceId, now, new Date(now.getTime() + ms)],
      ),

    async remove({ workspaceId, id }) {
      await pool.query('delete from test_handoffs where workspace_id = $1 and id = $2', [
        workspaceId,
        id,
      ])
    },
  }
}
