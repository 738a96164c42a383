import { z } from 'zod'
import { type LifecycleStage, lifecycleStages } from '../../domain/agreement.ts'
import { openStatuses } from '../../domain/handoff.ts'
import type { CrmContacts } from '../../use-cases/ports/crm.ts'
import type { Database } from './client.ts'
import { asErased } from './erased.ts'

const dueRow = z.object({
  id: z.string(),
  version: z.int(),
  tries: z.int(),
  mark: z.string().nullable(),
  handOverKey: z.string().nullable(),
})

const keptRow = z.object({
  id: z.string(),
  stage: z.enum(lifecycleStages),
  isNew: z.boolean(),
  open: z.boolean(),
})

const one = 'workspace_id = $1 and system = $2 and contact_id = $3'

const told = `
  insert into crm_contacts as c
    (workspace_id, system, contact_id, due_at, mark, hand_over_key, erasure_at)
  select $1, $2, n.id, case when n.erase then null else $4::timestamptz end, n.mark,
    case when n.erase then null else n."handOverKey" end,
    case when n.erase then $4::timestamptz end
  from jsonb_to_recordset($3::jsonb) as n(id text, mark text, "handOverKey" text, erase boolean)
  order by n.id
  on conflict (workspace_id, system, contact_id) do update set version = c.version + 1,
    tries = 0, error = null,
    erasure_at = coalesce(c.erasure_at, excluded.erasure_at),
    due_at = case when c.erasure_at is null then excluded.due_at end,
    mark = coalesce(excluded.mark, c.mark),
    hand_over_key = case when c.erasure_at is null and excluded.erasure_at is null
      then coalesce(excluded.hand_over_key, c.hand_over_key) end`

const claim = `
  update crm_contacts c set held_until = $4::timestamptz + make_interval(secs => $5 / 1000.0),
    tries = c.tries + 1
  from (
    select workspace_id, system, contact_id from crm_contacts
    where workspace_id = $1 and system = $2 and due_at <= $4
      and (held_until is null or held_until <= $4)
    order by due_at limit $3 for update skip locked
  ) d
  where (c.workspace_id, c.system, c.contact_id) = (d.workspace_id, d.system, d.contact_id)
  returning c.contact_id as id, c.version, c.tries, c.mark, c.hand_over_key as "handOverKey"`

/** The address of a contact may change: it stays the same lead, unless another one has the address. */
const readdress = `
  update leads l set email = $4 from crm_contacts c
  where c.workspace_id = $1 and c.system = $2 and c.contact_id = $3 and l.id = c.lead_id
    and l.email <> $4
    and not exists (select from leads o where o.workspace_id = $1 and o.email = $4)`

const keep = `
  with kept as (
    insert into leads as l (id, workspace_id, email, name, title, phone, company, attributes, source,
      crm, journey_stage, lead_type, lifecycle_stage, score_due_at, created_at, updated_at)
    select n.id, $1, n.email, n.name, n.title, n.phone, coalesce(n.company, '{}'),
      coalesce(n.attributes, '{}'), n.source, n.crm, n."journeyStage", n.type, $4, $3, $3, $3
    from jsonb_to_record($2::jsonb) as n(id text, email text, name text, title text, phone text,
      company jsonb, attributes jsonb, source text, crm jsonb, "journeyStage" text, type text)
    on conflict (workspace_id, email) do update set name = excluded.name,
      title = coalesce(excluded.title, l.title), phone = coalesce(excluded.phone, l.phone),
      company = l.company || excluded.company, attributes = l.attributes || excluded.attributes,
      source = coalesce(excluded.source, l.source), crm = excluded.crm,
      journey_stage = coalesce(excluded.journey_stage, l.journey_stage),
      lead_type = coalesce(excluded.lead_type, l.lead_type), score_due_at = $3, updated_at = $3
    returning l.id, l.lifecycle_stage as stage, l.xmax = 0 as "isNew"
  ),
  known as (
    update crm_contacts c set lead_id = kept.id from kept
    where c.workspace_id = $1 and c.system = $5 and c.contact_id = $6
  )
  select kept.*, exists (select from handoffs h where h.lead_id = kept.id
    and h.status = any($7)) as open from kept`

const move = `
  with moved as (
    update leads set lifecycle_stage = $3 where id = $1 and lifecycle_stage = $2 returning id,
      workspace_id
  )
  insert into lead_changes (workspace_id, lead_id, what, "from", "to", rule, at)
  select workspace_id, id, 'stage', $2, $3, '', $4 from moved`

/** Handed over is what makes an SQL of a lead: until then it is an MQL. */
const beforeHandoff = (stage: LifecycleStage | null): LifecycleStage =>
  stage === 'sql' ? 'mql' : (stage ?? 'lead')

export function createCrmContacts(
  { pool }: Pick<Database, 'pool'>,
  workspaceId: string,
): CrmContacts {
  return {
    async told(system, records, now) {
      await pool.query(told, [workspaceId, system, JSON.stringify(records), now])
    },

    async claim(system, limit, now, ms) {
      const { rows } = await pool.query(claim, [workspaceId, system, limit, now, ms])
      return z.array(dueRow).parse(rows)
    },

    async keep(system, lead, stage, { now, mayMove }) {
      const contactId = lead.crm?.id ?? null
      await pool.query(readdress, [workspaceId, system, contactId, lead.email]).catch(asErased)
      const { rows } = await pool
        .query(keep, [
          workspaceId,
          JSON.stringify(lead),
          now,
          beforeHandoff(stage),
          system,
          contactId,
          openStatuses,
        ])
        .catch(asErased)
      const [kept] = z.tuple([keptRow]).parse(rows)
      if (kept.isNew || kept.open || stage === null || stage === 'sql') return
      if (kept.stage === stage || !mayMove(kept.stage, stage)) return
      await pool.query(move, [kept.id, kept.stage, stage, now])
    },

    async done(system, { id, version }, { mark, error }) {
      await pool.query(
        `update crm_contacts set held_until = null, tries = 0, error = $6,
           mark = coalesce($5, mark),
           due_at = case when version = $4 then null else due_at end,
           hand_over_key = case when version = $4 then null else hand_over_key end
         where ${one}`,
        [workspaceId, system, id, version, mark, error],
      )
    },

    async later(system, { id, version }, again, error) {
      await pool.query(
        `update crm_contacts set held_until = null, error = $6,
           due_at = case when version = $4 then $5 else due_at end
         where ${one} and due_at is not null`,
        [workspaceId, system, id, version, again, error],
      )
    },

    async marked(system, id, mark) {
      await pool.query(
        `insert into crm_contacts (workspace_id, system, contact_id, mark) values ($1, $2, $3, $4)
         on conflict (workspace_id, system, contact_id) do update set mark = excluded.mark`,
        [workspaceId, system, id, mark],
      )
    },
  }
}
