import { DatabaseError, type Pool } from 'pg'
import { wakeAt } from '../../domain/deadlines.ts'
import type { Decision } from '../../domain/decide/decision.ts'
import type { Handoff } from '../../domain/handoff.ts'
import type { Change, CommitOutcome, RequestKey } from '../../use-cases/ports/handoffs.ts'
import { isErased } from './erased.ts'
import { inTransaction } from './transaction.ts'

/**
 * The one place where a decision becomes rows: the state, the events, the attempts, the timers, the
 * outbox, what became of the lead, and the key of the request, in one statement, so in one
 * transaction and one round trip. Everything but the state hangs on `moved`: where the handoff has
 * moved on since it was read, no row is written at all. What a decision has nothing for is no part
 * of its statement; the few that there are have names, and are prepared once a connection.
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
    returning id, type
  ),
  hooked as (
    insert into webhook_deliveries
      (workspace_id, endpoint_id, event_id, handoff, next_try_at, created_at)
    select $1, w.id, told.id, jsonb_build_object('status', $10::jsonb -> 'status',
        'leadStatus', $10::jsonb -> 'leadStatus', 'lifecycleStage', $10::jsonb -> 'lifecycleStage',
        'leadType', $10::jsonb -> 'leadType', 'owner', $10::jsonb -> 'owner'), $4, $4
    from told join webhook_endpoints w on w.workspace_id = $1 and w.disabled_at is null
      and (cardinality(w.events) = 0 or told.type = any(w.events))
    order by told.id
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
  ),
  changed as (
    insert into lead_changes
      (workspace_id, lead_id, handoff_id, version, what, "from", "to", rule, at, by_id)
    select $1, moved.lead_id, moved.id, $3, c.what, c.from, c.to, c.rule, $4, $12
    from moved, jsonb_to_recordset($11::jsonb) as c(what text, "from" text, "to" text, rule text)
  )
  select count(*)::int as moved from moved`

const crmIsBehind = `
  reported as (
    insert into crm_writes (workspace_id, lead_id, due_at)
    select $1, moved.lead_id, $4 from moved
    on conflict (lead_id) do update set due_at = excluded.due_at, tries = 0, error = null
  ),`

const goesOffDuty = `
  off_duty as (
    update users u set off_duty_at = $4
    from moved where u.workspace_id = $1 and u.id = $10::jsonb ->> 'offDuty'
  ),`

const takesTurn = `
  turned as (
    insert into rotations (workspace_id, lead_type, turns, version)
    select $1, t."leadType", t.turns, t.version + 1
    from jsonb_to_record($10::jsonb -> 'turn') as t("leadType" text, turns jsonb, version int)
    on conflict (workspace_id, lead_type) do update
      set turns = excluded.turns, version = excluded.version
      where rotations.version = excluded.version - 1
    returning lead_type
  ),`

/**
 * A lead is scored again where something new is learnt of it. Else it keeps its time: one that is
 * handed over by its score keeps the turn of whoever does that.
 */
const scoredAgain = (known: string, told: string, sent: { journeyStage: string; type: string }) => `
  score_due_at = case when ${known}.score is null
      or (${known}.name, ${known}.title, ${known}.phone, ${known}.company, ${known}.attributes,
          ${known}.source, ${known}.crm, ${known}.journey_stage, ${known}.lead_type)
        is distinct from (${told}.name, ${told}.title, ${told}.phone, ${told}.company,
          ${told}.attributes, ${told}.source, ${told}.crm, ${told}.${sent.journeyStage},
          ${told}.${sent.type})
    then $4 else ${known}.score_due_at end`

/** Where somebody else took the turn, there is no lead to hand over, and so nothing at all. */
const create = (byTurn: boolean): string => `
  known as (
    insert into leads (id, workspace_id, email, name, title, phone, company, attributes, source, crm,
      journey_stage, lead_type, lifecycle_stage, lead_status, score_due_at, created_at, updated_at)
    select l.id, $1, l.email, l.name, l.title, l.phone, l.company, l.attributes, l.source,
      l.crm, l."journeyStage", l.type, $10::jsonb ->> 'lifecycleStage',
      $10::jsonb ->> 'leadStatus', $4, $4, $4
    from jsonb_to_record($10::jsonb -> 'lead') as l(id text, email text, name text, title text,
      phone text, company jsonb, attributes jsonb, source text, crm jsonb, "journeyStage" text,
      type text)
    ${byTurn ? 'cross join turned' : ''}
    where first_of_crm_record($1, l.email, l.crm)
    on conflict (workspace_id, email) do update set name = excluded.name, title = excluded.title,
      phone = excluded.phone, company = excluded.company, attributes = excluded.attributes,
      source = excluded.source, crm = excluded.crm, journey_stage = excluded.journey_stage,
      lead_type = excluded.lead_type, lifecycle_stage = excluded.lifecycle_stage,
      lead_status = excluded.lead_status, updated_at = excluded.updated_at,
      ${scoredAgain('leads', 'excluded', { journeyStage: 'journey_stage', type: 'lead_type' })}
    returning id
  ),
  moved as (
    insert into handoffs (id, workspace_id, lead_id, version, status, lead_status, lifecycle_stage,
      lead_type, priority, reason, owner_id, handed_off_by_id, agreement_version, channel,
      round, previous, what_changed, score, came_from, created_at, updated_at)
    select $2, $1, known.id, $3, h.status, h."leadStatus", h."lifecycleStage", h."leadType",
      h.priority, h.reason, h.owner, h."handedOffBy", h."agreementVersion", h.channel,
      h.round, nullif(h.previous, 'null'::jsonb), h."whatChanged",
      nullif(h.score, 'null'::jsonb), h."cameFrom", $4, $4
    from known, jsonb_to_record($10::jsonb) as h(status text, "leadStatus" text,
      "lifecycleStage" text, "leadType" text, priority text, reason text, owner text,
      "handedOffBy" text, "agreementVersion" int, channel text, round int, previous jsonb,
      "whatChanged" text, score jsonb, "cameFrom" text)
    returning id, lead_id
  ),`

const update = `
  moved as (
    update handoffs h set version = $3, status = n.status, lead_status = n."leadStatus",
      lifecycle_stage = n."lifecycleStage", owner_id = n.owner,
      returned = nullif(n.returned, 'null'::jsonb), deal = nullif(n.deal, 'null'::jsonb),
      priority = n.priority, score = nullif(n.score, 'null'::jsonb),
      news = nullif(n.news, 'null'::jsonb),
      accepted_at = n."acceptedAt", accepted_by_id = n."acceptedBy",
      restarted_at = n."restartedAt", updated_at = $4
    from jsonb_to_record($10::jsonb) as n(status text, "leadStatus" text, "lifecycleStage" text,
      owner text, returned jsonb, deal jsonb, priority text, score jsonb, news jsonb,
      "acceptedAt" timestamptz, "acceptedBy" text, "restartedAt" timestamptz)
    where h.workspace_id = $1 and h.id = $2 and h.version = $3 - 1
    returning h.id, h.lead_id
  ),`

const movesLead = `
  lead as (
    update leads l set lead_status = $10::jsonb ->> 'leadStatus',
      lifecycle_stage = $10::jsonb ->> 'lifecycleStage', updated_at = $4
    from moved where l.id = moved.lead_id
  ),`

const tellsOfLead = `
  news as (
    update leads l set name = n.name, title = n.title, phone = n.phone, company = n.company,
      attributes = n.attributes, source = n.source, crm = n.crm, journey_stage = n."journeyStage",
      lead_type = n.type, lead_status = $10::jsonb ->> 'leadStatus',
      lifecycle_stage = $10::jsonb ->> 'lifecycleStage', updated_at = $4,
      ${scoredAgain('l', 'n', { journeyStage: '"journeyStage"', type: 'type' })}
    from moved, jsonb_to_record($10::jsonb -> 'lead') as n(id text, name text, title text,
      phone text, company jsonb, attributes jsonb, source text, crm jsonb, "journeyStage" text,
      type text)
    where l.id = moved.lead_id and l.id = n.id
  ),`

/** The statement for just what a decision has, by a name of its own. */
function statementFor({ before, decision }: Change): { name: string; text: string } {
  const { handoff, turn, offDuty } = decision
  const byTurn = turn !== undefined
  const moves = before !== null && leadMoves(before, handoff)
  const parts: [string, string, boolean][] = [
    ['turn', takesTurn, before === null && byTurn],
    ['create', create(byTurn), before === null],
    ['update', update, before !== null],
    ['news', tellsOfLead, before !== null && before.lead !== handoff.lead],
    ['lead', movesLead, moves && before.lead === handoff.lead],
    ['crm', crmIsBehind, handoff.lead.crm !== null],
    ['duty', goesOffDuty, offDuty !== undefined],
  ]
  const needed = parts.filter(([, , isNeeded]) => isNeeded)
  const name = `commit_${needed.map(([part]) => part).join('_')}`
  const text = statements.get(name) ?? `with ${needed.map(([, part]) => part).join('')}${rest}`
  statements.set(name, text)
  return { name, text }
}

/** The texts by their names, each put together once. */
const statements = new Map<string, string>()

/** What runs a statement: the pool, or a client in a transaction. */
type Runner = Pick<Pool, 'query'>

/** Writes a decision; says so where it can't be: see CommitOutcome. */
export async function commitStatement(
  runner: Runner,
  change: Change,
  request: RequestKey | undefined,
): Promise<CommitOutcome> {
  const { before, decision } = change
  const { handoff, changes } = decision
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
    JSON.stringify({
      ...handoff,
      lead: before?.lead === handoff.lead ? undefined : handoff.lead,
      deadlines: undefined,
      attempts: undefined,
      owner: handoff.owner?.id ?? null,
      handedOffBy: handoff.handedOffBy?.id ?? null,
      acceptedBy: handoff.acceptedBy?.id ?? null,
      turn: decision.turn,
      offDuty: decision.offDuty,
    }),
    JSON.stringify(changes),
    decision.events.find(({ by }) => by !== null)?.by?.id ?? null,
  ]
  try {
    const { rows } = await runner.query({ ...statementFor(change), values })
    return rows[0]?.moved === 1 ? 'committed' : 'moved'
  } catch (error) {
    const refused = refusalOf(error)
    if (refused === undefined) throw error
    return refused
  }
}

/**
 * Writes decisions that belong together in one transaction: all of them or none. The key of the
 * request goes with the first. Handoffs that are there are written before new ones, so that every
 * transaction comes to the row of a handoff before it comes to the row of its lead.
 */
export async function commitTogether(
  pool: Pool,
  changes: readonly Change[],
  request: RequestKey | undefined,
): Promise<CommitOutcome> {
  const [first, ...others] = changes
  if (first === undefined) return 'committed'
  if (others.length === 0) return commitStatement(pool, first, request)
  const known = changes.filter(({ before }) => before !== null)
  const inOrder = [...known, ...changes.filter(({ before }) => before === null)]
  const write = async (runner: Runner): Promise<CommitOutcome> => {
    for (const change of inOrder) {
      const key = change === first ? request : undefined
      const outcome = await commitStatement(runner, change, key)
      if (outcome !== 'committed') return outcome
    }
    return 'committed'
  }
  return inTransaction(pool, write, { keep: (outcome) => outcome === 'committed' })
}

/** Unique constraints, and deadlocks, are how the database says that somebody was faster. */
function refusalOf(error: unknown): CommitOutcome | undefined {
  if (!(error instanceof DatabaseError)) return undefined
  if (error.code === deadlock) return 'moved'
  if (isErased(error)) return 'erased'
  // a lead that it names as its duplicate was erased: to be looked at again
  if (error.constraint === 'erased_not_named') return 'moved'
  if (error.code !== uniqueViolation) return undefined
  switch (error.constraint) {
    case 'idempotency_keys_pkey':
      return 'repeated'
    case 'handoffs_one_open_per_lead':
      return 'lead-taken'
    case 'handoffs_round_of_lead':
    case 'leads_first_of_crm_record':
    // what was known of the lead is gone: its row is what an erasure left of it
    case 'leads_pkey':
      return 'moved'
    default:
      return undefined
  }
}

const uniqueViolation = '23505'
const deadlock = '40P01'

/** The lead's row is written only where its status or stage changes, or there is news of it. */
const leadMoves = (before: Handoff, after: Handoff): boolean =>
  before.leadStatus !== after.leadStatus || before.lifecycleStage !== after.lifecycleStage

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
