import { z } from 'zod'
import { attemptChannels, attemptOutcomes, lifecycleStages } from '../../domain/agreement.ts'
import type { CrmWriteDue, CrmWrites } from '../../use-cases/ports/crm.ts'
import type { Database } from './client.ts'

const instant = z.string().transform((text) => new Date(text))

const dueRow = z.object({
  leadId: z.string(),
  system: z.enum(['hubspot', 'salesforce']),
  dueAt: z.date(),
  tries: z.int(),
  standing: z.object({
    recordId: z.string(),
    status: z.string().nullable(),
    stage: z.enum(lifecycleStages),
    owner: z.string().nullable(),
    lastAttemptAt: instant.nullable(),
    dealStage: z.string().nullable(),
    attempts: z.array(
      z.object({
        id: z.string(),
        channel: z.enum(attemptChannels),
        outcome: z.enum(attemptOutcomes),
        note: z.string().nullable(),
        at: instant,
        void: z.boolean(),
        crmId: z.string().nullable(),
        uncertain: z.boolean(),
        stamp: z.string(),
      }),
    ),
  }),
})

/** Attempts that were logged by mistake are nobody's business. */
const real = `a.why ->> 'clause' <> 'void'`

/** What a CRM is told of an attempt. The note goes in as a digest: it is kept in one place only. */
const stamp = `md5(jsonb_build_array(a.channel, a.outcome, a.note, extract(epoch from a.at))::text)`

/** Attempts that the CRM does not have, has otherwise, or has though they did not happen. */
const behind = `(a.crm_id is distinct from 'none' and case when ${real}
  then a.crm_id is null or a.crm_id = 'sending' or a.crm_stamp is distinct from ${stamp}
  else a.crm_id is not null end)`

const claim = `
  with due as (
    select w.lead_id from crm_writes w join leads l on l.id = w.lead_id
    where w.workspace_id = $1 and w.due_at <= $3 and (w.held_until is null or w.held_until <= $3)
      and l.crm ->> 'system' = any($2)
    order by w.due_at limit 1 for update of w skip locked
  ),
  held as (
    update crm_writes w set held_until = $3::timestamptz + make_interval(secs => $4 / 1000.0),
      tries = w.tries + 1
    from due where w.lead_id = due.lead_id
    returning w.lead_id, w.due_at, w.tries
  )
  select held.lead_id as "leadId", l.crm ->> 'system' as system, held.due_at as "dueAt", held.tries,
    json_build_object(
      'recordId', l.crm ->> 'id', 'status', l.lead_status, 'stage', l.lifecycle_stage,
      'owner', o.email, 'dealStage', h.deal ->> 'stage',
      'lastAttemptAt', (select max(a.at) from attempts a join handoffs x on x.id = a.handoff_id
        where x.lead_id = l.id and ${real}),
      'attempts', coalesce((select json_agg(json_build_object('id', a.id, 'channel', a.channel,
        'outcome', a.outcome, 'note', a.note, 'at', a.at, 'void', not (${real}),
        'crmId', nullif(a.crm_id, 'sending'),
        'uncertain', a.crm_id is not distinct from 'sending', 'stamp', ${stamp})
        order by a.at, a.id)
        from attempts a join handoffs x on x.id = a.handoff_id
        where x.lead_id = l.id and ${behind}), '[]')
    ) as standing
  from held
  join leads l on l.id = held.lead_id
  left join lateral (
    select * from handoffs h where h.lead_id = l.id order by h.round desc limit 1
  ) h on true
  left join users o on o.id = h.owner_id`

/** Asked again and again where nothing happens: it reads two short indexes. */
const anythingDue = `
  select exists (
    select from crm_writes w join leads l on l.id = w.lead_id
    where w.workspace_id = $1 and w.due_at <= $3 and (w.held_until is null or w.held_until <= $3)
      and l.crm ->> 'system' = any($2)
  ) or exists (
    select from crm_contacts where workspace_id = $1 and system = any($2) and due_at <= $3
      and (held_until is null or held_until <= $3)
  ) as due`

export function createCrmWrites({ pool }: Pick<Database, 'pool'>, workspaceId: string): CrmWrites {
  /** A change of the lead since it was claimed keeps it waiting, for its own moment. */
  const release = (
    { leadId, dueAt }: CrmWriteDue,
    { again, tries, error }: { again: Date | null; tries: number; error: string },
  ) =>
    pool.query(
      `update crm_writes set held_until = null,
         due_at = case when due_at = $3 then $4 else due_at end,
         tries = case when due_at = $3 then $5 else tries end,
         error = case when due_at = $3 then $6 else error end
       where workspace_id = $1 and lead_id = $2`,
      [workspaceId, leadId, dueAt, again, tries, error],
    )

  return {
    async anythingDue(systems, now) {
      const { rows } = await pool.query({
        name: 'crm_anything_due',
        text: anythingDue,
        values: [workspaceId, systems, now],
      })
      return z.tuple([z.object({ due: z.boolean() })]).parse(rows)[0].due
    },

    async claim(systems, now, ms) {
      const { rows } = await pool.query(claim, [workspaceId, systems, now, ms])
      return z.array(dueRow).parse(rows)[0]
    },

    async logging(attemptId) {
      await pool.query(
        `update attempts set crm_id = 'sending' where workspace_id = $1 and id = $2`,
        [workspaceId, attemptId],
      )
    },

    async logged({ id, stamp }, crmId) {
      await pool.query(
        `update attempts set crm_id = $3, crm_stamp = case when $3::text is not null then $4 end
         where workspace_id = $1 and id = $2`,
        [workspaceId, id, crmId, stamp],
      )
    },

    async done(due) {
      const { leadId, dueAt } = due
      const { rowCount } = await pool.query(
        'delete from crm_writes where workspace_id = $1 and lead_id = $2 and due_at = $3',
        [workspaceId, leadId, dueAt],
      )
      if (rowCount === 0) await release(due, { again: dueAt, tries: 0, error: '' })
    },

    async later(due, again, error) {
      await release(due, { again, tries: due.tries, error })
    },

    async park(due, error) {
      await release(due, { again: null, tries: due.tries, error })
    },
  }
}
