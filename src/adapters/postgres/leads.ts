import { DatabaseError } from 'pg'
import { z } from 'zod'
import { lifecycleStages } from '../../domain/agreement.ts'
import { type KnownLead, scoreSchema } from '../../domain/lead.ts'
import type { Lead } from '../../generated/prisma/client.ts'
import type { Leads } from '../../use-cases/ports/leads.ts'
import type { Database } from './client.ts'
import { asErased } from './erased.ts'
import { leadRow } from './handoff-rows.ts'

const standingRow = z.object({
  lifecycleStage: z.enum(lifecycleStages),
  leadStatus: z.string().nullable(),
  score: scoreSchema.nullable(),
})

const idRow = z.object({ id: z.string() })

function knownLead(row: Lead | null): KnownLead | undefined {
  if (row === null) return undefined
  const { lifecycleStage: stage, leadStatus: status, score } = standingRow.parse(row)
  return { lead: leadRow.parse({ ...row, type: row.leadType }), stage, status, score }
}

/** `version` is that of the row: any change of it since makes it another one. */
const versionRow = z.object({ version: z.string() })
const keptRow = z.object({ kept: z.int() })

/** A lead as a rule left it, where its row is still the one that the rule saw, or there is none. */
const keepLead = `
  with kept as (
    insert into leads (id, workspace_id, email, name, title, phone, company, attributes, source, crm,
      journey_stage, lead_type, lifecycle_stage, score_due_at, created_at, updated_at)
    select l.id, $1, l.email, l.name, l.title, l.phone, l.company, l.attributes, l.source,
      nullif(l.crm, 'null'::jsonb), l."journeyStage", l.type, $3, $4, $4, $4
    from jsonb_to_record($2::jsonb) as l(id text, email text, name text, title text, phone text,
      company jsonb, attributes jsonb, source text, crm jsonb, "journeyStage" text, type text)
    on conflict (workspace_id, email) do update set name = excluded.name, title = excluded.title,
      phone = excluded.phone, company = excluded.company, attributes = excluded.attributes,
      source = excluded.source, crm = excluded.crm, journey_stage = excluded.journey_stage,
      lead_type = excluded.lead_type, lifecycle_stage = excluded.lifecycle_stage,
      score_due_at = excluded.score_due_at, updated_at = excluded.updated_at
      where leads.xmin::text = $5
    returning id, crm
  ),
  changed as (
    insert into lead_changes (workspace_id, lead_id, what, "from", "to", rule, at)
    select $1, kept.id, c.what, c."from", c."to", c.rule, $4
    from kept, jsonb_to_recordset($6::jsonb) as c(what text, "from" text, "to" text, rule text)
  ),
  reported as (
    insert into crm_writes (workspace_id, lead_id, due_at)
    select $1, id, $4 from kept where crm is not null and $6::jsonb <> '[]'::jsonb
    on conflict (lead_id) do update set due_at = excluded.due_at, tries = 0, error = null
  )
  select count(*)::int as kept from kept`

/** The row that was known has another address since then: it is looked for again. */
function unlessReaddressed(error: unknown): undefined {
  const { constraint } = error instanceof DatabaseError ? error : {}
  if (constraint !== 'leads_pkey') asErased(error)
}

/** More losers of a race than this in a row is not a race any more. */
const maxTries = 20

export function createLeads({ prisma, pool }: Pick<Database, 'prisma' | 'pool'>): Leads {
  return {
    async byEmail(workspaceId, email) {
      const where = { workspaceId_email: { workspaceId, email } }
      return knownLead(await prisma.lead.findUnique({ where }))
    },

    async byCrm(workspaceId, { system, id }) {
      // in the words of the index `leads_by_crm`
      const found = await prisma.$queryRaw`
        select id from leads where workspace_id = ${workspaceId}
          and crm ->> 'system' = ${system} and crm ->> 'id' = ${id}
        order by created_at, id limit 1`
      const [row] = z.array(idRow).parse(found)
      return row && knownLead(await prisma.lead.findUnique({ where: row }))
    },

    async keep(workspaceId, email, decide, now) {
      for (let tries = 0; tries < maxTries; tries++) {
        // the version is read first: a row that changes in between is another one when it is written
        const version = await versionOf(workspaceId, email)
        const row =
          version === null
            ? null
            : await prisma.lead.findUnique({ where: { workspaceId_email: { workspaceId, email } } })
        const decided = decide(knownLead(row))
        if (!decided.ok) return { decided, created: false }
        const written = await pool
          .query({
            name: 'keep_lead',
            text: keepLead,
            values: [
              workspaceId,
              JSON.stringify(decided.lead),
              decided.stage,
              now,
              version,
              JSON.stringify(decided.changes),
            ],
          })
          .catch(unlessReaddressed)
        if (written === undefined) continue
        if (keptRow.parse(written.rows[0]).kept === 1) return { decided, created: row === null }
      }
      throw new Error(`gave up on a lead after ${maxTries} lost races`)
    },
  }

  async function versionOf(workspaceId: string, email: string): Promise<string | null> {
    const { rows } = await pool.query({
      name: 'version_of_lead',
      text: 'select xmin::text as version from leads where workspace_id = $1 and email = $2',
      values: [workspaceId, email],
    })
    return rows[0] === undefined ? null : versionRow.parse(rows[0]).version
  }
}
