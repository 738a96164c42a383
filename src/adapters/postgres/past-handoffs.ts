import { z } from 'zod'
import { attemptChannels, attemptOutcomes, priorities } from '../../domain/agreement.ts'
import { deadlineKinds } from '../../domain/handoff.ts'
import type { PastHandoffs } from '../../use-cases/ports/handoffs.ts'
import type { Database } from './client.ts'

/** A page is one statement: thousands of handoffs are a few of them. */
const pageSize = 1_000

const instant = z.string().transform((text) => new Date(text))

const pastRow = z.object({
  id: z.string(),
  leadType: z.string(),
  priority: z.enum(priorities),
  agreementVersion: z.int(),
  createdAt: z.date(),
  acceptedAt: z.date().nullable(),
  returnedAt: z.iso
    .datetime()
    .transform((text) => new Date(text))
    .nullable(),
  attempts: z.array(
    z.object({
      channel: z.enum(attemptChannels),
      outcome: z.enum(attemptOutcomes),
      at: instant,
    }),
  ),
  clocks: z.array(
    z.object({
      kind: z.enum(deadlineKinds),
      startedAt: instant,
      metAt: instant.nullable(),
      stoppedAt: instant.nullable(),
      pauses: z.array(z.object({ from: instant, to: instant.nullable(), reason: z.string() })),
    }),
  ),
})

const page = `
  select h.id, h.lead_type as "leadType", h.agreement_version as "agreementVersion",
    case when h.accepted_at <= (h.news ->> 'hotSince')::timestamptz then 'standard'
      else h.priority end as priority, h.created_at as "createdAt", h.accepted_at as "acceptedAt", h.returned ->> 'at' as "returnedAt",
    coalesce((select json_agg(json_build_object('channel', a.channel, 'outcome', a.outcome,
      'at', a.at) order by a.number) from attempts a where a.handoff_id = h.id), '[]') as attempts,
    coalesce((select json_agg(json_build_object('kind', t.kind, 'startedAt', t.started_at,
      'metAt', t.met_at, 'stoppedAt', t.stopped_at, 'pauses', t.pauses))
      from timers t where t.handoff_id = h.id), '[]') as clocks
  from handoffs h
  where h.workspace_id = $1 and h.created_at >= $2 and (h.created_at, h.id) > ($2, $3)
  order by h.created_at, h.id limit ${pageSize}`

/** The times of past handoffs, without the models: what a replay needs of each, and no more. */
export function createPastHandoffs({ pool }: Pick<Database, 'pool'>): PastHandoffs {
  return {
    async count(workspaceId, since) {
      const { rows } = await pool.query(
        `select count(*)::int as count from handoffs where workspace_id = $1 and created_at >= $2`,
        [workspaceId, since],
      )
      return z.object({ count: z.int() }).parse(rows[0]).count
    },

    async *pages(workspaceId, since) {
      let after = { createdAt: since, id: '' }
      for (;;) {
        const { rows } = await pool.query({
          name: 'past_handoffs',
          text: page,
          values: [workspaceId, after.createdAt, after.id],
        })
        const past = z.array(pastRow).parse(rows)
        const last = past.at(-1)
        if (last === undefined) return
        yield past
        if (past.length < pageSize) return
        after = last
      }
    },
  }
}
