import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { Activities, NewActivity } from '../../use-cases/ports/leads.ts'
import type { Database } from './client.ts'
import { asErased } from './erased.ts'

const addedRow = z.object({ added: z.int() })

/**
 * Leads are taken in the order of their addresses, so that two batches never wait for each other.
 * The row of a lead is written although it is known: only so is it seen by this statement, whoever
 * made it, and it has to be scored again anyway.
 */
const addActivities = `
  with told as (
    select t.* from jsonb_to_recordset($2::jsonb) as t(email text, name text, key text, type text,
      at timestamptz, properties jsonb)
  ),
  known as (
    insert into leads (id, workspace_id, email, name, lifecycle_stage, score_due_at, created_at,
      updated_at)
    select l.id, $1, l.email, l.name, 'lead', $3, $3, $3
    from jsonb_to_recordset($4::jsonb) as l(id text, email text, name text)
    order by l.email
    on conflict (workspace_id, email) do update set score_due_at = excluded.score_due_at
    returning id, email, xmax = 0 as made
  ),
  added as (
    insert into activities (workspace_id, lead_id, key, type, at, properties, created_at)
    select $1, known.id, told.key, told.type, told.at, told.properties, $3
    from told join known on known.email = told.email
    on conflict (workspace_id, key) do nothing
    returning 1
  ),
  changed as (
    insert into lead_changes (workspace_id, lead_id, what, "to", rule, at)
    select $1, known.id, 'stage', 'lead', 'activity', $3 from known where known.made
  )
  select count(*)::int as added from added`

export function createActivities({ pool }: Pick<Database, 'pool'>): Activities {
  return {
    async add(workspaceId, activities, now) {
      if (activities.length === 0) return 0
      const { rows } = await pool
        .query({
          name: 'add_activities',
          text: addActivities,
          values: [
            workspaceId,
            JSON.stringify(activities),
            now,
            JSON.stringify(leadsOf(activities)),
          ],
        })
        .catch(asErased)
      return addedRow.parse(rows[0]).added
    },
  }
}

/** Each lead once, by the name that it is first told with. */
function leadsOf(activities: readonly NewActivity[]) {
  const names = new Map<string, string>()
  for (const { email, name } of activities) if (!names.has(email)) names.set(email, name)
  return [...names].map(([email, name]) => ({ id: newId(), email, name }))
}

const newId = (): string => `lead_${randomUUID().replaceAll('-', '')}`
