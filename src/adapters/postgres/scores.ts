import { z } from 'zod'
import { lifecycleStages } from '../../domain/agreement.ts'
import type { Rescored } from '../../domain/decide/rescore.ts'
import { scoreSchema } from '../../domain/lead.ts'
import type { LeadToScore, Scores } from '../../use-cases/ports/leads.ts'
import type { Database } from './client.ts'
import { leadRow } from './handoff-rows.ts'

/** The newest of what a lead did; older ones hardly weigh any more. */
const mostActivities = 2_000

const instant = z.string().transform((text) => new Date(text))
const dueRow = z.object({
  lead: leadRow,
  stage: z.enum(lifecycleStages),
  score: scoreSchema.nullable(),
  standing: z.object({ above: z.boolean(), crossings: z.int() }),
  activities: z.array(
    z.object({
      type: z.string(),
      at: instant,
      properties: z.record(z.string(), z.unknown()),
    }),
  ),
})
const idRow = z.object({ id: z.string() })

/**
 * A turn is a moment ahead in `score_due_at`: nobody else takes the lead before it, and whoever
 * learns something new of it sets another. A stage of the journey that was not sent is left out.
 */
const takeDue = `
  with due as (
    select id from leads where workspace_id = $1 and score_due_at <= $2
    order by score_due_at limit $4 for update skip locked
  ),
  taken as (
    update leads l set score_due_at = $3 from due where l.id = due.id returning l.*
  )
  select json_build_object('id', l.id, 'email', l.email, 'name', l.name, 'title', l.title,
      'phone', l.phone, 'company', l.company, 'attributes', l.attributes, 'source', l.source,
      'crm', l.crm, 'type', l.lead_type,
      'journeyStage', case when l.journey_stage is distinct from l.journey_scored
        then l.journey_stage end) as lead,
    l.lifecycle_stage as stage, l.score,
    json_build_object('above', l.above_threshold, 'crossings', l.crossings) as standing,
    coalesce((select json_agg(json_build_object('type', a.type, 'at', a.at,
        'properties', a.properties))
      from (select type, at, properties from activities
        where lead_id = l.id and type = any($5)
        order by at desc, id desc limit ${mostActivities}) a), '[]') as activities
  from taken l`

/** What crosses the threshold keeps its turn, and where it stands, until that is settled. */
const keepScores = `
  with kept as (
    update leads l set score = nullif(s.score, 'null'::jsonb),
      lifecycle_stage = coalesce(s."to", l.lifecycle_stage),
      journey_stage = case when l.journey_stage is distinct from l.journey_scored
        then l.journey_stage else s."journeyStage" end,
      journey_scored = case when l.journey_stage is distinct from l.journey_scored
        then l.journey_scored else s."journeyStage" end,
      above_threshold = case when s.crossed then l.above_threshold else s.above end,
      crossings = case when s.crossed then l.crossings else greatest(l.crossings, s.crossings) end,
      score_due_at = case when s.crossed then l.score_due_at else s."dueAt" end,
      updated_at = case when s."to" is null then l.updated_at else $4 end
    from jsonb_to_recordset($3::jsonb) as s(id text, score jsonb, stage text, "to" text, rule text,
      "journeyStage" text, above boolean, crossings int, crossed boolean, "dueAt" timestamptz)
    where l.workspace_id = $1 and l.id = s.id and l.score_due_at = $2
      and l.lifecycle_stage = s.stage
    returning l.id, l.crm, s.stage as "from", s."to", s.rule
  ),
  changed as (
    insert into lead_changes (workspace_id, lead_id, what, "from", "to", rule, at)
    select $1, id, 'stage', "from", "to", rule, $4 from kept where "to" is not null
  ),
  reported as (
    insert into crm_writes (workspace_id, lead_id, due_at)
    select $1, id, $4 from kept where "to" is not null and crm is not null
    on conflict (lead_id) do update set due_at = excluded.due_at, tries = 0, error = null
  )
  select id from kept`

/** Whatever was learnt meanwhile keeps the lead due; a count of crossings never goes back. */
const settleCrossing = `
  update leads set above_threshold = $4, crossings = greatest(crossings, $5),
    score_due_at = case when score_due_at = $3 then $6 else score_due_at end
  where workspace_id = $1 and id = $2`

export function createScores({ pool }: Pick<Database, 'pool'>): Scores {
  return {
    async take(workspaceId, { types, now, turn, limit }) {
      const { rows } = await pool.query({
        name: 'take_leads_to_score',
        text: takeDue,
        values: [workspaceId, now, turn, limit, types],
      })
      return z.array(dueRow).parse(rows) satisfies LeadToScore[]
    },

    async keep(workspaceId, turn, rescored, now) {
      if (rescored.length === 0) return new Set()
      const { rows } = await pool.query({
        name: 'keep_scores',
        text: keepScores,
        values: [workspaceId, turn, JSON.stringify(rescored.map(scoreRow)), now],
      })
      return new Set(
        z
          .array(idRow)
          .parse(rows)
          .map(({ id }) => id),
      )
    },

    async settle(workspaceId, turn, { lead, standing, dueAt }) {
      await pool.query({
        name: 'settle_crossing',
        text: settleCrossing,
        values: [workspaceId, lead.id, turn, standing.above, standing.crossings, dueAt],
      })
    },
  }
}

/** `stage` is the one that it was read in. */
const scoreRow = ({ lead, score, changes, standing, dueAt, ...rescored }: Rescored) => ({
  id: lead.id,
  score,
  stage: changes[0]?.from ?? rescored.stage,
  to: changes[0]?.to ?? null,
  rule: changes[0]?.rule ?? null,
  journeyStage: rescored.journeyStage,
  ...standing,
  crossed: rescored.crossed,
  dueAt,
})
