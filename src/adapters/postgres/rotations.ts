import { z } from 'zod'
import type { Rotations } from '../../use-cases/ports/handoffs.ts'
import type { Database } from './client.ts'

const rotationRow = z.object({ turns: z.record(z.string(), z.number()), version: z.int() })
const ownerRow = z.object({ owner: z.string() })

/** Whose turn it was, by lead type; a turn is written with the handoff that it chose an owner for. */
export function createRotations({ pool }: Pick<Database, 'pool'>): Rotations {
  return {
    async of(workspaceId, leadType) {
      const { rows } = await pool.query({
        name: 'rotation_of',
        text: 'select turns, version from rotations where workspace_id = $1 and lead_type = $2',
        values: [workspaceId, leadType],
      })
      return rows[0] === undefined ? { turns: {}, version: 0 } : rotationRow.parse(rows[0])
    },

    async lastOwner(workspaceId, leadType, domain) {
      const { rows } = await pool.query({
        name: 'rotation_last_owner',
        text: `select h.owner_id as owner
          from leads l join handoffs h on h.lead_id = l.id
          where l.workspace_id = $1 and ${companyDomain} = $3
            and h.lead_type = $2 and h.accepted_at is not null and h.owner_id is not null
          order by h.accepted_at desc, h.id desc limit 1`,
        values: [workspaceId, leadType, domain],
      })
      return rows[0] === undefined ? undefined : ownerRow.parse(rows[0]).owner
    },
  }
}

/** As the rule of the domain reads it; the index leads_company_domain is on these very words. */
const companyDomain = `regexp_replace(lower(coalesce(nullif(l.company ->> 'domain', ''),
  split_part(l.email, '@', 2))), '^www\\.', '')`
