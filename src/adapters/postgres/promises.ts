import { z } from 'zod'
import { deadlineKinds } from '../../domain/handoff.ts'
import type { PromiseRecords } from '../../use-cases/ports/handoffs.ts'
import type { Database } from './client.ts'

const handoffsRow = z.object({
  version: z.int(),
  missing: z.array(z.string()).nullable(),
  count: z.int(),
})

const deadlinesRow = z.object({
  version: z.int(),
  kind: z.enum(deadlineKinds),
  inTime: z.boolean(),
  count: z.int(),
})

/**
 * What the promises are measured by: what was missing when leads were handed over, out of the
 * events, and the deadlines, each in the period in which it was met or missed.
 */
export function createPromiseRecords({ pool }: Pick<Database, 'pool'>): PromiseRecords {
  return {
    async factsOf(workspaceId, { from, to }) {
      const values = [workspaceId, from, to]
      const [handoffs, deadlines] = await Promise.all([
        pool.query({
          name: 'promises_handoffs',
          text: `select h.agreement_version as version, e.data -> 'missing' as missing,
              count(*)::int as count
            from events e join handoffs h on h.id = e.handoff_id
            where e.workspace_id = $1 and e.type = 'HandedOff' and e.at >= $2 and e.at < $3
            group by 1, 2`,
          values,
        }),
        pool.query({
          name: 'promises_deadlines',
          text: `select h.agreement_version as version, t.kind,
              t.breached_at is null as "inTime", count(*)::int as count
            from timers t join handoffs h on h.id = t.handoff_id
            where t.workspace_id = $1 and coalesce(t.breached_at, t.met_at) >= $2
              and coalesce(t.breached_at, t.met_at) < $3
            group by 1, 2, 3`,
          values,
        }),
      ])
      return {
        from,
        to,
        handoffs: z.array(handoffsRow).parse(handoffs.rows),
        deadlines: z.array(deadlinesRow).parse(deadlines.rows),
      }
    },
  }
}
