import type { ClientBase, Pool } from 'pg'
import { z } from 'zod'

/**
 * The auditor: what has to hold whatever was killed, as questions to the database. Each of them
 * lists what breaks it, so an audit that finds nothing is silent.
 */

export interface AuditFinding {
  check: string
  /** What is wrong, in words for an operator. */
  says: string
  /** How many break it. */
  count: number
  /** The ids of some of them. */
  examples: string[]
}

export interface AuditScope {
  /** Handoffs that are open or have changed since then; undefined for all there are. */
  since?: Date | undefined
  /** What is due has so long to be done before it counts as left undone. */
  graceMs: number
}

interface Check {
  name: string
  says: string
  /** Ids of what breaks it; `h` are the handoffs in question, $2 is the moment before which what was due is late. */
  sql: string
}

const running = "('running', 'missed', 'paused')"
const open = "('offered', 'accepted', 'connected', 'qualified')"

const checks: readonly Check[] = [
  {
    name: 'clock-of-state',
    says: 'handoffs without the clock that their state asks for',
    sql: `select h.id from h where
      (h.status = 'offered' and not exists (select from timers t where t.handoff_id = h.id
        and t.kind = 'accept' and t.state in ${running}))
      or (h.status = 'accepted' and not exists (select from timers t where t.handoff_id = h.id
        and t.kind in ('first-attempt', 'attempts')))
      or (h.status = 'returned' and h.returned ->> 'answer' is null and not exists (
        select from timers t where t.handoff_id = h.id and t.kind = 'return-answer'
        and t.state in ${running}))`,
  },
  {
    name: 'clock-stopped',
    says: 'clocks that run on although their handoff is closed',
    sql: `select h.id from h join timers t on t.handoff_id = h.id
      where h.status = 'closed' and t.wake_at is not null`,
  },
  {
    name: 'clock-wakes',
    says: 'clocks that are not woken at their next step',
    sql: `select h.id from h join timers t on t.handoff_id = h.id
      where t.wake_at is distinct from (t.steps -> 0 ->> 'at')::timestamptz`,
  },
  {
    name: 'clock-overdue',
    says: 'clocks whose moment has passed and that nobody fired: is a worker running?',
    sql: `select h.id from h join timers t on t.handoff_id = h.id where t.wake_at < $2`,
  },
  {
    name: 'too-early',
    says: 'breaches and reminders from before their time',
    sql: `select h.id from h join events e on e.handoff_id = h.id
      where (e.type = 'DeadlineMissed' and e.at < (e.data ->> 'dueAt')::timestamptz)
        or (e.type = 'Escalated' and (e.data ->> 'fraction')::numeric >= 1
          and e.at < (e.data ->> 'dueAt')::timestamptz)
        or (e.type = 'ReminderSent' and e.at < h.created_at)`,
  },
  {
    name: 'one-card',
    says: 'handoffs that have no card, or more than one',
    sql: `select h.id from h where
      1 <> (select count(*) from deliveries d where d.handoff_id = h.id and d.kind = 'card')`,
  },
  {
    name: 'message-overdue',
    says: 'messages that nobody has sent although their time has come: is a worker running?',
    sql: `select h.id from h join deliveries d on d.handoff_id = h.id
      where d.state = 'pending' and d.next_try_at < $2 and d.created_at < $2
        and not exists (select from delivery_leases l
          where l.workspace_id = d.workspace_id and l.stream = d.stream and l.until > $2)`,
  },
  {
    name: 'every-version-told',
    says: 'handoffs that changed without an event, or have events without a change',
    sql: `select h.id from h where h.version <> (
      select count(distinct e.version) from events e where e.handoff_id = h.id)`,
  },
  {
    name: 'handed-off-once',
    says: 'handoffs that were not handed off exactly once',
    sql: `select h.id from h where
      1 <> (select count(*) from events e where e.handoff_id = h.id and e.type = 'HandedOff')`,
  },
  {
    name: 'attempts-told',
    says: 'handoffs with other attempts than were logged',
    sql: `select h.id from h where (select count(*) from attempts a where a.handoff_id = h.id)
      <> (select count(*) from events e where e.handoff_id = h.id and e.type = 'AttemptLogged')`,
  },
  {
    name: 'acceptance-told',
    says: 'handoffs that were accepted without an event, or the other way round',
    sql: `select h.id from h where (h.accepted_at is not null) <> exists (
      select from events e where e.handoff_id = h.id and e.type = 'Accepted')`,
  },
  {
    name: 'reminders-told',
    says: 'reminders that were recorded and never written',
    sql: `select h.id from h join events e on e.handoff_id = h.id
      where e.type = 'ReminderSent' and not exists (select from deliveries d
        where d.workspace_id = h.workspace_id
          and d.key like 'notice\\_' || h.id || '\\_' || e.version || '\\_%')`,
  },
  {
    name: 'rounds-in-order',
    says: 'rounds of a lead that are not numbered one after the other',
    sql: `select h.id from h where h.round > 1 and not exists (
      select from handoffs p where p.lead_id = h.lead_id and p.round = h.round - 1)`,
  },
]

const row = z.object({ count: z.int(), examples: z.array(z.string()) })

const mostExamples = 5

/** Looks at the handoffs of all workspaces; `now` is when. */
export function createAuditor({ pool }: { pool: Pick<Pool | ClientBase, 'query'> }) {
  return {
    async audit(now: Date, { since, graceMs }: AuditScope): Promise<AuditFinding[]> {
      const late = new Date(now.getTime() - graceMs)
      const findings: AuditFinding[] = []
      // one after the other: an audit is nobody's hurry, and takes one connection
      for (const { name, says, sql } of checks) {
        const { rows } = await pool.query(
          `with h as (select * from handoffs where $1::timestamptz is null or updated_at >= $1
              or status in ${open}),
            wrong as (select distinct w.id from (${sql}) as w)
          select count(*)::int as count,
            coalesce((array_agg(id order by id))[1:${mostExamples}], '{}') as examples
          from wrong where $2::timestamptz is not null`,
          [since ?? null, late],
        )
        const { count, examples } = row.parse(rows[0])
        if (count > 0) findings.push({ check: name, says, count, examples })
      }
      return findings
    },
  }
}

export type Auditor = ReturnType<typeof createAuditor>
