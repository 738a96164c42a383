import { DatabaseError, type Pool } from 'pg'
import { wakeAt } from '../../domain/deadlines.ts'
import type { Decision } from '../../domain/decide/decision.ts'
import type { Handoff } from '../../domain/handoff.ts'
import type { CommitOutcome, RequestKey } from '../../use-cases/ports.ts'

/**
 * The one place where a decision becomes rows: the state, the events, the attempts, the timers, the
 * outbox and the key of the request, in one statement, so in one transaction and one round trip.
 * Everything but the state hangs on `moved`: where the handoff has moved on since it was read, no
 * row is written at all.
 */

const rest = `
  key as (
    insert into idempotency_keys (workspace_id, key, fingerprint, handoff_id, created_at)
    select $1, k.key, k.fingerprint, moved.id, $4::timestamptz
    from moved, jsonb_to_record($5::jsonb) as k(key text, fingerprint text)
    where k.key is not null
  ),
  told as (
    insert into events (workspace_id, handoff_id, version, type, at, by_id, data)
    select $1, moved.id, $3, e.type, e.at, e.by, e.data
    from moved, jsonb_to_recordset($6::jsonb) as e(type text, at timestamptz, by text, data jsonb)
  ),
  tried as (
    insert into attempts
      (id, workspace_id, handoff_id, number, channel, outcome, note, at, by_id, counted, why)
    select a.id, $1, moved.id, a.number, a.channel, a.outcome, a.note, a.at, a.by, a.counted, a.why
    from moved, jsonb_to_recordset($7::jsonb) as a(id text, number int, channel text,
      outcome text, note text, at timestamptz, by text, counted boolean, why jsonb)
    on conflict (handoff_id, number) do update set channel = excluded.channel,
      outcome = excluded.outcome, note = excluded.note, at = excluded.at,
      counted = excluded.counted, why = excluded.why
  ),
  timed as (
    insert into timers
      (workspace_id, handoff_id, kind, state, started_at, due_at, met_at, breached_at, steps, wake_at,
       pauses, stopped_at, snoozed_at)
    select $1, moved.id, t.kind, t.state, t."startedAt", t."dueAt", t."metAt", t."breachedAt",
      t.steps, t."wakeAt", t.pauses, t."stoppedAt", t."snoozedAt"
    from moved, jsonb_to_recordset($8::jsonb) as t(kind text, state text, "startedAt" timestamptz,
      "dueAt" timestamptz, "metAt" timestamptz, "breachedAt" timestamptz, steps jsonb,
      "wakeAt" timestamptz, pauses jsonb, "stoppedAt" timestamptz, "snoozedAt" timestamptz)
    on conflict (handoff_id, kind) do update set state = excluded.state,
      started_at = excluded.started_at, pauses = excluded.pauses,
      stopped_at = excluded.stopped_at, snoozed_at = excluded.snoozed_at,
      due_at = excluded.due_at, met_at = excluded.met_at, breached_at = excluded.breached_at,
      steps = excluded.steps, wake_at = excluded.wake_at
  ),
  said as (
    insert into deliveries (workspace_id, stream, handoff_id, key, kind, content, in_thread, version,
      next_try_at, created_at)
    select $1, d.stream, moved.id, d.key, d.kind, d.content, d."inThread", $3, $4, $4
    from moved, jsonb_to_recordset($9::jsonb) as d(stream text, key text, kind text, content jsonb,
      "inThread" boolean)
    on conflict (workspace_id, key) do update set version = excluded.version, state = 'pending',
      tries = 0, next_try_at = excluded.next_try_at, error = null
  )
  select count(*)::int as moved from moved`

const create = `
  with known as (
    insert into leads (id, workspace_id, email, name, title, phone, company, attributes, source, crm,
      journey_stage, lifecycle_stage, lead_status, created_at, updated_at)
    select l.id, $1, l.email, l.name, l.title, l.phone, l.company, l.attributes, l.source,
      l.crm, l."journeyStage", $11::jsonb ->> 'lifecycleStage',
      $11::jsonb ->> 'leadStatus', $4, $4
    from jsonb_to_record($10::jsonb) as l(id text, email text, name text, title text, phone text,
      company jsonb, attributes jsonb, source text, crm jsonb, "journeyStage" text)
    on conflict (workspace_id, email) do update set name = excluded.name, title = excluded.title,
      phone = excluded.phone, company = excluded.company, attributes = excluded.attributes,
      source = excluded.source, crm = excluded.crm, journey_stage = excluded.journey_stage,
      lifecycle_stage = excluded.lifecycle_stage, lead_status = excluded.lead_status,
      updated_at = excluded.updated_at
    returning id
  ),
  moved as (
    insert into handoffs (id, workspace_id, lead_id, version, status, lead_status, lifecycle_stage,
      lead_type, priority, reason, owner_id, handed_off_by_id, agreement_version, channel,
      created_at, updated_at)
    select $2, $1, known.id, $3, h.status, h."leadStatus", h."lifecycleStage", h."leadType",
      h.priority, h.reason, h.owner, h."handedOffBy", h."agreementVersion", h.channel, $4, $4
    from known, jsonb_to_record($11::jsonb) as h(status text, "leadStatus" text,
      "lifecycleStage" text, "leadType" text, priority text, reason text, owner text,
      "handedOffBy" text, "agreementVersion" int, channel text)
    returning id
  ),
  ${rest}`

const update = `
  with moved as (
    update handoffs h set version = $3, status = n.status, lead_status = n."leadStatus",
      lifecycle_stage = n."lifecycleStage", owner_id = n.owner, returned = n.returned,
      accepted_at = n."acceptedAt", updated_at = $4
    from jsonb_to_record($11::jsonb) as n(status text, "leadStatus" text, "lifecycleStage" text,
      owner text, returned jsonb, "acceptedAt" timestamptz)
    where h.workspace_id = $1 and h.id = $2 and h.version = $3 - 1
    returning h.id, h.lead_id
  ),
  lead as (
    update leads l set lead_status = $11::jsonb ->> 'leadStatus',
      lifecycle_stage = $11::jsonb ->> 'lifecycleStage', updated_at = $4
    from moved where l.id = moved.lead_id and l.id = $10
  ),
  ${rest}`

/** Writes a decision; says so where it can't be: see CommitOutcome. */
export async function commitStatement(
  pool: Pool,
  before: Handoff | null,
  decision: Decision,
  request: RequestKey | undefined,
): Promise<CommitOutcome> {
  const { handoff } = decision
  const values = [
    handoff.workspaceId,
    handoff.id,
    handoff.version,
    decision.events[0]?.at ?? new Date(),
    JSON.stringify(request ?? {}),
    JSON.stringify(decision.events.map((event) => ({ ...event, by: event.by?.id ?? null }))),
    JSON.stringify(changedAttempts(before, handoff)),
    JSON.stringify(changedTimers(before, handoff)),
    JSON.stringify(deliveries(decision)),
    before === null ? JSON.stringify(handoff.lead) : leadToMove(before, handoff),
    JSON.stringify({
      ...handoff,
      lead: undefined,
      deadlines: undefined,
      attempts: undefined,
      owner: handoff.owner?.id ?? null,
      handedOffBy: handoff.handedOffBy?.id ?? null,
    }),
  ]
  const statement =
    before === null
      ? { name: 'commit_create', text: create, values }
      : { name: 'commit_update', text: update, values }
  try {
    const { rows } = await pool.query(statement)
    return rows[0]?.moved === 1 ? 'committed' : 'moved'
  } catch (error) {
    const refused = refusalOf(error)
    if (refused === undefined) throw error
    return refused
  }
}

/** Unique constraints are how the database says that somebody was faster. */
function refusalOf(error: unknown): CommitOutcome | undefined {
  if (!(error instanceof DatabaseError) || error.code !== '23505') return undefined
  if (error.constraint === 'idempotency_keys_pkey') return 'repeated'
  if (error.constraint === 'handoffs_one_open_per_lead') return 'lead-taken'
  return undefined
}

/** The lead's row is written only where its status or stage changes. */
const leadToMove = (before: Handoff, after: Handoff): string | null =>
  before.leadStatus === after.leadStatus && before.lifecycleStage === after.lifecycleStage
    ? null
    : after.lead.id

/** Rules never change an attempt or a deadline in place: what is the same object is the same row. */
const changedAttempts = (before: Handoff | null, after: Handoff) =>
  after.attempts
    .filter((attempt) => before === null || !before.attempts.includes(attempt))
    .map(({ by, verdict, ...attempt }) => ({ ...attempt, by: by?.id ?? null, why: verdict }))

const changedTimers = (before: Handoff | null, after: Handoff) =>
  after.deadlines
    .filter((deadline) => before === null || !before.deadlines.includes(deadline))
    .map((deadline) => ({ ...deadline, wakeAt: wakeAt(deadline) }))

const deliveries = ({ handoff, notices, redraw }: Decision) => [
  ...(redraw
    ? [
        {
          stream: handoff.channel,
          key: `card_${handoff.id}`,
          kind: 'card',
          content: {},
          inThread: false,
        },
      ]
    : []),
  ...notices.map(({ where, notice }, index) => ({
    stream: 'channel' in where ? where.channel : handoff.channel,
    key: `notice_${handoff.id}_${handoff.version}_${index}`,
    kind: 'notice',
    content: notice,
    inThread: 'thread' in where,
  })),
]
