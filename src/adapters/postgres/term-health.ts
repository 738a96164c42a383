import { LRUCache } from 'lru-cache'
import { z } from 'zod'
import { openStatuses } from '../../domain/handoff.ts'
import type { Period } from '../../domain/promises.ts'
import { figuresOf, reasonOf, type TermFigures } from '../../domain/term-health.ts'
import type { TermHealth } from '../../use-cases/ports/glossary.ts'
import type { Database } from './client.ts'

/** So long figures are kept: whoever asks meanwhile gets the same ones. */
const freshForMs = 60_000

const count = z.int()
const rows = {
  'handed-over': z.object({ count, returned: count, topReason: z.string().nullable() }),
  kept: z.object({ kept: count, of: count }),
  attempts: z.object({ logged: count, counted: count, leads: count, connected: count }),
  crossed: z.object({ count, crossed: count }),
  statuses: z.object({
    open: count,
    statuses: z.array(z.object({ status: z.string(), count })),
  }),
  deals: z.object({ count, won: count, lost: count }),
  returned: z.object({ count, of: count }),
}

/** The handoffs that were made in the period, with the reason of their last return. */
const handedOver = `with handed as (
    select distinct handoff_id from events
    where workspace_id = $1 and type = 'HandedOff' and at >= $2 and at < $3
  ), returns as (
    select distinct on (e.handoff_id) e.handoff_id, e.data ->> 'reason' as reason
    from events e join handed h on h.handoff_id = e.handoff_id
    where e.type = 'Returned' order by e.handoff_id, e.id desc
  )`

/** Of the workspace $1 in the period from $2 to $3. */
const queries: Record<TermFigures['kind'], string> = {
  'handed-over': `${handedOver}
    select (select count(*)::int from handed) as count,
      (select count(*)::int from returns) as returned,
      (select reason from returns where reason is not null group by reason
        order by count(*) desc, reason limit 1) as "topReason"`,
  kept: `select count(*) filter (where t.breached_at is null)::int as kept, count(*)::int as of
    from timers t where t.workspace_id = $1
      and coalesce(t.breached_at, t.met_at) >= $2 and coalesce(t.breached_at, t.met_at) < $3`,
  attempts: `with made as (
      select handoff_id, counted from attempts
      where at >= $2 and at < $3 and handoff_id in (
        select handoff_id from events
        where workspace_id = $1 and type = 'AttemptLogged' and at >= $2)
    )
    select count(*)::int as logged, count(*) filter (where counted)::int as counted,
      count(distinct handoff_id)::int as leads,
      (select count(distinct e.handoff_id)::int from events e
        where e.type = 'Connected' and e.handoff_id in (select handoff_id from made)) as connected
    from made`,
  crossed: `with mqls as (
      select lead_id, min(id) as id from lead_changes
      where workspace_id = $1 and what = 'stage' and "to" = 'mql' and at >= $2 and at < $3
      group by lead_id
    )
    select count(*)::int as count, count(*) filter (where exists (
        select 1 from lead_changes c where c.lead_id = m.lead_id and c.id > m.id
          and c.what = 'stage' and c."to" = 'sql'))::int as crossed
    from mqls m`,
  statuses: `with open as (
      select lead_status as status, count(*)::int as count from handoffs
      where workspace_id = $1 and status = any ($2) group by lead_status
    )
    select coalesce(sum(count), 0)::int as open, coalesce(json_agg(json_build_object(
      'status', status, 'count', count) order by count desc, status), '[]') as statuses from open`,
  deals: `with told as (
      select distinct on (handoff_id) data ->> 'means' as means from events
      where workspace_id = $1 and type = 'DealStageReported' and at >= $2 and at < $3
      order by handoff_id, id desc
    )
    select count(*)::int as count, count(*) filter (where means = 'won')::int as won,
      count(*) filter (where means = 'lost')::int as lost from told`,
  returned: `${handedOver}
    select (select count(*)::int from handed) as of,
      (select count(*)::int from returns where reason = $4) as count`,
}

/**
 * How terms fare. A figure is counted once a minute at most for each workspace; who asks while it is
 * counted waits for the same query. Nothing is kept longer than the minute.
 */
export function createTermHealth({ pool }: Pick<Database, 'pool'>): TermHealth {
  const kept = new LRUCache<string, Promise<TermFigures>>({ max: 10_000, ttl: freshForMs })

  const measure = async (kind: TermFigures['kind'], values: unknown[]): Promise<TermFigures> => {
    const { rows: found } = await pool.query({ name: `term_${kind}`, text: queries[kind], values })
    return figures(kind, found[0])
  }

  return {
    async of(workspaceId, termId, period) {
      const kind = figuresOf(termId)
      if (kind === undefined) return undefined
      const key = JSON.stringify([workspaceId, termId, minuteOf(period)])
      const known = kept.get(key)
      if (known !== undefined) return known
      const asked = measure(kind, valuesOf(kind, { workspaceId, termId, period }))
      kept.set(key, asked)
      // what failed is asked anew by whoever comes next
      asked.catch(() => kept.delete(key))
      return asked
    },
  }
}

/** Periods that end now move on with the clock: within the minute they are the same one. */
const minuteOf = ({ from, to }: Period): number[] =>
  [from, to].map((at) => Math.floor(at.getTime() / freshForMs))

function valuesOf(
  kind: TermFigures['kind'],
  { workspaceId, termId, period }: { workspaceId: string; termId: string; period: Period },
): unknown[] {
  if (kind === 'statuses') return [workspaceId, [...openStatuses]]
  const values = [workspaceId, period.from, period.to]
  return kind === 'returned' ? [...values, reasonOf(termId)] : values
}

function figures(kind: TermFigures['kind'], row: unknown): TermFigures {
  switch (kind) {
    case 'handed-over':
      return { kind, ...rows[kind].parse(row) }
    case 'kept':
      return { kind, ...rows[kind].parse(row) }
    case 'attempts':
      return { kind, ...rows[kind].parse(row) }
    case 'crossed':
      return { kind, ...rows[kind].parse(row) }
    case 'statuses':
      return { kind, ...rows[kind].parse(row) }
    case 'deals':
      return { kind, ...rows[kind].parse(row) }
    case 'returned':
      return { kind, ...rows[kind].parse(row) }
  }
}
