import type { PoolClient } from 'pg'
import { z } from 'zod'
import { attemptChannels } from '../../domain/agreement.ts'
import { attemptVerdictSchema, deadlineKinds, handoffStatuses } from '../../domain/handoff.ts'
import type { Grouping } from '../../domain/report.ts'
import type { ReportQuestion, Reports } from '../../use-cases/ports/reports.ts'
import type { Database } from './client.ts'
import { inTransaction } from './transaction.ts'

/**
 * Counts for the reports. The database does all of it over the rows as they are, in four statements
 * that see the same moment: nothing but counts and percentiles comes here. How long something took
 * in working time is on the event that ended it, since only the agreement of the handoff can tell.
 */

const total = `(h.score ->> 'total')::int`

const band = `case when ${total} < 50 then '0-49' when ${total} < 70 then '50-69'
  when ${total} < 85 then '70-84' when ${total} is not null then '85+' end`

const isBack = `h.status in ('returned', 'unresponsive')`

/** What a handoff is grouped by. */
const keys: Record<Grouping, string> = {
  rep: 'h.owner_id',
  type: 'h.lead_type',
  source: 'l.source',
  score: band,
  reason: `case when ${isBack} then h.returned ->> 'reason' end`,
  week: `to_char(h.created_at at time zone $5, 'IYYY-"W"IW')`,
  month: `to_char(h.created_at at time zone $5, 'YYYY-MM')`,
}

/** The handoffs that the report is about, each with the key of its group. */
const cohort = (groupBy: Grouping | null, columns: string): string => `
  cohort as (
    select h.id, ${columns} ${groupBy === null ? 'null::text' : keys[groupBy]} as key
    from handoffs h ${groupBy === 'source' ? 'join leads l on l.id = h.lead_id' : ''}
    where h.workspace_id = $1 and h.created_at >= $2 and h.created_at < $3
      and ($4::text is null or h.owner_id = $4) and $5::text is not null
  )`

const handoffs = (groupBy: Grouping | null): string => `
  with ${cohort(
    groupBy,
    `h.status, case when ${isBack} then h.returned end as returned, h.agreement_version as version,
     h.deal ->> 'stage' as "dealStage", ${band} as band,
     ${total} >= (h.score ->> 'threshold')::int as reached,`,
  )}
  select key, status, returned ->> 'reason' as reason, returned ->> 'criterion' as criterion,
    returned ->> 'field' as field, version, "dealStage", band, reached, count(*)::int as count
  from cohort group by 1, 2, 3, 4, 5, 6, 7, 8, 9`

/**
 * An array compares by its first element, so that the least one is of the first event, and the
 * greatest of the last. Only the first counted attempt tells how long it took; should it have been
 * logged by mistake, the next one does.
 */
const paces = (groupBy: Grouping | null): string => `
  with ${cohort(groupBy, 'h.created_at,')},
  told as (
    select c.id, c.created_at, c.key,
      min(array[e.id, round(extract(epoch from e.at - c.created_at) * 1000)::bigint,
        (e.data ->> 'workingMs')::bigint]) filter (where e.type = 'Accepted') as accepted,
      max(array[e.id, (e.data ->> 'afterMs')::bigint, (e.data ->> 'workingMs')::bigint])
        filter (where e.type = 'AttemptLogged') as tried,
      bool_or(e.type = 'DeadlineMissed') as idle
    from cohort c join events e on e.handoff_id = c.id and e.workspace_id = $1 and e.at >= $2
      and (e.type = 'Accepted' or (e.type = 'AttemptLogged' and e.data ? 'workingMs')
        or (e.type = 'DeadlineMissed' and e.data ->> 'kind' = 'idle'))
    group by c.id, c.created_at, c.key
  ),
  paced as (
    select told.key, idle, accepted[2] as accept_raw, accepted[3] as accept_working,
      tried[2] as attempt_raw, tried[3] as attempt_working,
      greatest(0, least(accepted[2], coalesce(round(d.ts::numeric * 1000)::bigint
        - (extract(epoch from told.created_at) * 1000)::bigint, 0))) as system
    from told left join deliveries d on d.workspace_id = $1 and d.kind = 'card' and d.key = 'card_' || told.id
      and d.ts ~ '^[0-9]{1,12}\\.[0-9]{1,9}$' and accepted is not null
  ),
  queued as (
    select *, greatest(0, coalesce(accept_working, accept_raw) - system) as queue from paced
  )
  select key, ${groupBy === null ? 'true' : 'grouping(key) = 1'} as whole,
    count(accept_raw)::int as accepted, count(attempt_raw)::int as tried,
    (count(*) filter (where idle))::int as idle,
    ${spread('accept_raw')} as "acceptRaw", ${spread('accept_working')} as "acceptWorking",
    ${spread('attempt_raw')} as "attemptRaw", ${spread('attempt_working')} as "attemptWorking",
    coalesce(sum(system) filter (where accept_raw is not null), 0)::float8 as "systemMs",
    coalesce(sum(queue) filter (where accept_raw is not null), 0)::float8 as "queueMs",
    (coalesce(sum(accept_raw - system - queue), 0)
      + coalesce(sum(attempt_raw - attempt_working), 0))::float8 as "offHoursMs",
    coalesce(sum(attempt_working), 0)::float8 as "repMs"
  from queued group by ${groupBy === null ? 'key' : 'grouping sets ((), (key))'}`

const spread = (column: string): string =>
  `percentile_cont(array[0.5, 0.9]) within group (order by ${column}::float8)`

const clocks = (groupBy: Grouping | null): string => `
  with ${cohort(groupBy, '')}
  select c.key, t.kind,
    (count(*) filter (where t.met_at is not null and t.breached_at is null))::int as met,
    (count(*) filter (where t.breached_at is not null))::int as missed,
    coalesce(sum(round(extract(epoch from t.met_at - t.started_at) * 1000)), 0)::float8 as ms
  from cohort c join timers t on t.handoff_id = c.id
  group by 1, 2`

const attempts = (groupBy: Grouping | null): string => `
  with ${cohort(groupBy, '')}
  select c.key, a.channel, a.why ->> 'clause' as clause, count(*)::int as count
  from cohort c join attempts a on a.handoff_id = c.id
  group by 1, 2, 3`

const count = z.int().nonnegative()
const key = z.string().nullable()
const spreadRow = z
  .array(z.number().nullable())
  .nullable()
  .transform((of) => {
    const rounded = (value: number | null | undefined) => (value == null ? null : Math.round(value))
    return { median: rounded(of?.[0]), p90: rounded(of?.[1]) }
  })

const handoffsRow = z.object({
  key,
  status: z.enum(handoffStatuses),
  reason: z.string().nullable(),
  criterion: z.string().nullable(),
  field: z.string().nullable(),
  version: z.int(),
  dealStage: z.string().nullable(),
  band: z.string().nullable(),
  reached: z.boolean().nullable(),
  count,
})
const pacesRow = z.object({
  key,
  whole: z.boolean(),
  accepted: count,
  tried: count,
  idle: count,
  acceptRaw: spreadRow,
  acceptWorking: spreadRow,
  attemptRaw: spreadRow,
  attemptWorking: spreadRow,
  systemMs: z.number(),
  queueMs: z.number(),
  offHoursMs: z.number(),
  repMs: z.number(),
})
const clocksRow = z.object({
  key,
  kind: z.enum(deadlineKinds),
  met: count,
  missed: count,
  ms: z.number(),
})
const attemptsRow = z.object({
  key,
  channel: z.enum(attemptChannels),
  clause: z.enum(attemptVerdictSchema.options.map(({ shape }) => shape.clause.value)),
  count,
})

/** The counts of a period, all of the same moment. */
export function createReports({ pool }: Pick<Database, 'pool'>): Reports {
  return {
    async facts(workspaceId, question) {
      const { from, to, groupBy, owner, zone } = question
      const values = [workspaceId, from, to, owner, zone]
      return atOneMoment(pool, async (client) => {
        const rows = async <Row>(
          name: string,
          text: (groupBy: ReportQuestion['groupBy']) => string,
          row: z.ZodType<Row>,
        ): Promise<Row[]> => {
          const statement = { name: `report_${name}_${groupBy ?? 'all'}`, text: text(groupBy) }
          const answer = await client.query({ ...statement, values })
          return z.array(row).parse(answer.rows)
        }
        return {
          handoffs: await rows('handoffs', handoffs, handoffsRow),
          paces: await rows('paces', paces, pacesRow),
          clocks: await rows('clocks', clocks, clocksRow),
          attempts: await rows('attempts', attempts, attemptsRow),
        }
      })
    },
  }
}

/** Runs statements that look at the same state of everything, however long each takes. */
const atOneMoment = <Result>(
  pool: Database['pool'],
  read: (client: PoolClient) => Promise<Result>,
): Promise<Result> =>
  inTransaction(
    pool,
    async (client) => {
      // it sorts and groups a quarter's handoffs: in memory, for this one transaction
      await client.query(`set local work_mem = '64MB'`)
      return read(client)
    },
    { beginning: 'begin isolation level repeatable read read only' },
  )
