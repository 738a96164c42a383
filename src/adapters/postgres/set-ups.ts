import { z } from 'zod'
import type { SetUps } from '../../use-cases/ports/set-up.ts'
import type { Database } from './client.ts'

const row = z.object({ setUpAt: z.date().nullable() })

/** There is one greeting in the life of a workspace. */
const key = 'greeting'

export const createSetUps = ({ pool }: Pick<Database, 'pool'>): SetUps => ({
  async setUpAt(workspaceId) {
    const { rows } = await pool.query({
      name: 'set_up_at',
      text: 'select set_up_at as "setUpAt" from workspaces where id = $1',
      values: [workspaceId],
    })
    return rows[0] === undefined ? null : row.parse(rows[0]).setUpAt
  },

  async done(workspaceId, at) {
    await pool.query('update workspaces set set_up_at = $2 where id = $1 and set_up_at is null', [
      workspaceId,
      at,
    ])
  },

  async greet(workspaceId, userId, at) {
    const { rowCount } = await pool.query(
      `insert into bulletins (workspace_id, key, kind, recipient, state, due_at)
        values ($1, $2, $2, $3, 'sent', $4) on conflict do nothing`,
      [workspaceId, key, userId, at],
    )
    return rowCount === 1
  },

  async notGreeted(workspaceId) {
    await pool.query('delete from bulletins where workspace_id = $1 and key = $2', [
      workspaceId,
      key,
    ])
  },
})
