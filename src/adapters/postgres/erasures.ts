import { DatabaseError, type PoolClient } from 'pg'
import { z } from 'zod'
import type { Decision } from '../../domain/decide/decision.ts'
import {
  eraseDuplicate,
  erasedLead,
  eraseHandoff,
  eventWithoutWords,
} from '../../domain/erasure.ts'
import { eventTypes, type Handoff } from '../../domain/handoff.ts'
import type { Stream } from '../../use-cases/ports/delivery.ts'
import type { Erased, Erasures } from '../../use-cases/ports/erasures.ts'
import type { Database } from './client.ts'
import { commitStatement } from './commit.ts'
import { fromHandoff, handoffRow, leadRow, selectHandoff } from './handoff-rows.ts'
import { inTransaction } from './transaction.ts'

const idRow = z.object({ id: z.string() })
const atRow = z.object({ at: z.date().nullable() })
const eventRow = z.object({
  id: z.string(),
  type: z.enum(eventTypes),
  data: z.record(z.string(), z.unknown()),
})
const streamRow = z.object({ workspaceId: z.string(), stream: z.string() })

const byEmail = 'select id from leads where workspace_id = $1 and email = $2 and erased_at is null'
// what a CRM calls it, by the contact that was read or by the reference that came with the lead
const byCrm = `
  select l.id from leads l join crm_contacts c on c.lead_id = l.id
    where c.workspace_id = $1 and c.system = $2 and c.contact_id = $3 and l.erased_at is null
  union
  select id from leads where workspace_id = $1 and crm ->> 'system' = $2 and crm ->> 'id' = $3
    and erased_at is null`

/** More deadlocks than this in a row is not a race any more. */
const maxTries = 20
const deadlock = '40P01'

const crmWord = ({ system, id }: { system: string; id: string }): string => `${system} ${id}`

export function createErasures({ pool }: Pick<Database, 'pool'>): Erasures {
  return {
    async erase(workspaceId, which, now) {
      for (let tries = 0; ; tries++) {
        try {
          return await inTransaction(pool, async (client) => {
            if ('crm' in which) await waitForRecord(client, workspaceId, which.crm)
            const { rows } =
              'email' in which
                ? await client.query(byEmail, [workspaceId, which.email])
                : await client.query(byCrm, [workspaceId, which.crm.system, which.crm.id])
            if ('crm' in which) {
              await remember(client, workspaceId, '', [['crm', crmWord(which.crm)]], now)
            }
            let erased: Erased | undefined
            for (const { id } of z.array(idRow).parse(rows)) {
              const one = await eraseLead(client, workspaceId, id, now)
              erased = erased === undefined ? one : merged(erased, one)
            }
            return erased
          })
        } catch (error) {
          const again = error instanceof MovedOn || isDeadlock(error)
          if (!again || tries >= maxTries) throw error
        }
      }
    },

    async erasedAt(workspaceId, { email, crm }) {
      const { rows } = await pool.query({
        name: 'erased_at',
        text: `select min(at) as at from erasures where workspace_id = $1 and fingerprint in (
          lead_fingerprint($1, 'email', $2), lead_fingerprint($1, 'crm', $3))`,
        values: [workspaceId, email, crm ? crmWord(crm) : null],
      })
      return atRow.parse(rows[0]).at ?? undefined
    },

    async among(workspaceId, emails) {
      const { rows } = await pool.query({
        name: 'erased_among',
        // the fingerprints only where there is something to compare them with
        text: `select told.email, e.at from unnest($2::text[]) as told(email)
          join erasures e on e.workspace_id = $1
            and e.fingerprint = lead_fingerprint($1, 'email', told.email)
          where exists (select from erasures where workspace_id = $1)`,
        values: [workspaceId, emails],
      })
      const found = z.array(z.object({ email: z.string(), at: z.date() })).parse(rows)
      return new Map(found.map(({ email, at }) => [email, at]))
    },

    lift: (workspaceId, email) =>
      inTransaction(pool, async (client) => {
        const { rows } = await client.query(
          `with named as (
             select lead_id from erasures
             where workspace_id = $1 and fingerprint = lead_fingerprint($1, 'email', $2)
           )
           delete from erasures e using named
           where e.workspace_id = $1 and (e.fingerprint = lead_fingerprint($1, 'email', $2)
             or (e.lead_id <> '' and e.lead_id = named.lead_id))
           returning e.fingerprint`,
          [workspaceId, email],
        )
        const prints = rows.map((row: unknown) => z.object({ fingerprint: z.string() }).parse(row))
        await client.query(
          `update crm_contacts set erasure_at = null where workspace_id = $1
             and erasure_at is not null
             and lead_fingerprint($1, 'crm', system || ' ' || contact_id) = any($2)`,
          [workspaceId, prints.map(({ fingerprint }) => fingerprint)],
        )
        return prints.length > 0
      }),

    async prune(before, limit) {
      const { rowCount } = await pool.query(
        `delete from erasures e using (
           select workspace_id, fingerprint from erasures where at < $1
           order by at limit $2 for update skip locked
         ) old
         where (e.workspace_id, e.fingerprint) = (old.workspace_id, old.fingerprint)`,
        [before, limit],
      )
      return rowCount ?? 0
    },
  }
}

/** Something was written between a look and its lock: to be tried again. */
class MovedOn extends Error {
  override readonly name = 'MovedOn'
}

const isDeadlock = (error: unknown): boolean =>
  error instanceof DatabaseError && error.code === deadlock

const merged = (one: Erased, other: Erased): Erased => ({
  ...one,
  handoffs: one.handoffs + other.handoffs,
  streams: [...one.streams, ...other.streams],
})

/**
 * Whoever brings in that record for the first time is waited for, so that its lead is found; whoever
 * comes later waits for the erasure, and is refused.
 */
async function waitForRecord(
  client: PoolClient,
  workspaceId: string,
  { system, id }: { system: string; id: string },
): Promise<void> {
  // the lock of first_of_crm_record, for who is handed over
  await client.query(
    `select pg_advisory_xact_lock(
       hashtextextended('lead of ' || $1::text || ' ' || $2::text || ' ' || $3::text, 0))`,
    [workspaceId, system, id],
  )
  // and the row that every contact has before it is read
  await client.query(
    `select from crm_contacts where workspace_id = $1 and system = $2 and contact_id = $3
     for update`,
    [workspaceId, system, id],
  )
}

async function remember(
  client: PoolClient,
  workspaceId: string,
  leadId: string,
  words: readonly (readonly ['email' | 'crm', string])[],
  now: Date,
): Promise<void> {
  await client.query(
    `insert into erasures (workspace_id, fingerprint, lead_id, at)
     select $1, lead_fingerprint($1, t.kind, t.word), $2, $3
     from unnest($4::text[], $5::text[]) as t(kind, word)
     on conflict (workspace_id, fingerprint) do update set at = excluded.at,
       lead_id = case when excluded.lead_id = '' then erasures.lead_id else excluded.lead_id end`,
    [workspaceId, leadId, now, words.map(([kind]) => kind), words.map(([, word]) => word)],
  )
}

/**
 * Erases one lead. Its handoffs are locked before it is, as every commit does; with both locks held
 * nothing more can be written about it. Whoever waited then finds a handoff that has moved on, or
 * makes the lead anew, which the database refuses.
 */
async function eraseLead(
  client: PoolClient,
  workspaceId: string,
  leadId: string,
  now: Date,
): Promise<Erased> {
  await client.query(
    'select from handoffs where workspace_id = $1 and lead_id = $2 order by id for update',
    [workspaceId, leadId],
  )
  const locked = await client.query(
    `select id, email, name, title, phone, company, attributes, source, crm, lead_type as type,
       journey_stage as "journeyStage", erased_at as "erasedAt"
     from leads where workspace_id = $1 and id = $2 for update`,
    [workspaceId, leadId],
  )
  const lead = leadRow.parse(locked.rows[0])
  if (lead.erasedAt !== undefined) throw new MovedOn()
  const own = await handoffsOf(client, `h.workspace_id = $1 and h.lead_id = $2`, [
    workspaceId,
    leadId,
  ])
  const naming = await handoffsNaming(client, workspaceId, lead.email)
  const others = naming.filter(({ lead: { id } }) => id !== leadId)

  for (const handoff of own) await write(client, handoff, eraseHandoff(handoff, now))
  for (const handoff of others) {
    await write(client, handoff, eraseDuplicate(handoff, lead.email, now))
  }
  const ids = own.map(({ id }) => id)
  await clearEvents(client, ids)
  await client.query(
    `update events set data = data || '{"duplicateOf": null}' where workspace_id = $1
       and handoff_id = any($2) and type = 'Returned' and data ->> 'duplicateOf' = $3`,
    [workspaceId, others.map(({ id }) => id), lead.email],
  )
  const streams = await clearMessages(client, workspaceId, {
    own: ids,
    others: others.map(({ id }) => id),
    email: lead.email,
    now,
  })
  await withdrawBulletins(client, workspaceId, ids)
  await clearRows(client, workspaceId, leadId)
  await remember(client, workspaceId, leadId, await namesOf(client, workspaceId, lead), now)
  await clearLead(client, workspaceId, lead, now)
  return { leadId, at: now, handoffs: own.length, streams }
}

async function handoffsOf(
  client: PoolClient,
  where: string,
  values: unknown[],
): Promise<Handoff[]> {
  const { rows } = await client.query(
    `${selectHandoff} ${fromHandoff} where ${where} order by h.id for update of h`,
    values,
  )
  return rows.map((row: unknown) => z.object({ handoff: handoffRow }).parse(row).handoff)
}

/** The handoffs that say they are a duplicate of that address, and the later ones of the same leads. */
const handoffsNaming = (client: PoolClient, workspaceId: string, email: string) =>
  handoffsOf(
    client,
    `h.workspace_id = $1 and h.lead_id in (
       select n.lead_id from events e join handoffs n on n.id = e.handoff_id
       where e.workspace_id = $1 and e.type = 'Returned' and e.data ->> 'duplicateOf' = $2)`,
    [workspaceId, email],
  )

/** The state, the event, the clocks and the card as any decision; then the words that none changes. */
async function write(client: PoolClient, handoff: Handoff, decision: Decision): Promise<void> {
  const { handoff: after } = decision
  const before = { ...handoff, lead: after.lead }
  const outcome = await commitStatement(client, { before, decision }, undefined)
  if (outcome !== 'committed') throw new MovedOn()
  await client.query(
    `update handoffs set reason = $2, what_changed = $3, previous = nullif($4::jsonb, 'null'::jsonb)
     where id = $1`,
    [after.id, after.reason, after.whatChanged, JSON.stringify(after.previous)],
  )
}

async function clearEvents(client: PoolClient, handoffIds: readonly string[]): Promise<void> {
  const { rows } = await client.query(
    'select id::text, type, data from events where handoff_id = any($1)',
    [handoffIds],
  )
  const cleared = z
    .array(eventRow)
    .parse(rows)
    .map(({ id, type, data }) => ({ id, data: eventWithoutWords(type, data) }))
  await client.query(
    `update events e set data = n.data
     from jsonb_to_recordset($1::jsonb) as n(id bigint, data jsonb) where e.id = n.id`,
    [JSON.stringify(cleared)],
  )
  await client.query(
    `update webhook_deliveries d set body = null from events e
     where e.id = d.event_id and e.handoff_id = any($1) and d.body is not null`,
    [handoffIds],
  )
}

/**
 * Notices that stand in Slack, or may, are to be deleted there; the others are never sent. One that
 * is being sent at this moment stays to be deleted: see the outbox.
 */
async function clearMessages(
  client: PoolClient,
  workspaceId: string,
  { own, others, email, now }: { own: string[]; others: string[]; email: string; now: Date },
): Promise<Stream[]> {
  await client.query(
    `update deliveries set kind = 'removal', content = '{}', tries = 0, next_try_at = $4,
       error = null,
       state = case when ts is not null or (uncertain and state = 'pending') then 'pending'
         else 'dropped' end
     where workspace_id = $1 and kind = 'notice'
       and (handoff_id = any($2) or (handoff_id = any($3) and content ->> 'duplicateOf' = $5))`,
    [workspaceId, own, others, now, email],
  )
  await client.query(
    `update webhook_deliveries d set body = null from events e
     where e.id = d.event_id and e.handoff_id = any($1) and d.body is not null`,
    [others],
  )
  const { rows } = await client.query(
    `select distinct workspace_id as "workspaceId", stream from deliveries
     where workspace_id = $1 and handoff_id = any($2) and state = 'pending'`,
    [workspaceId, [...own, ...others]],
  )
  return z.array(streamRow).parse(rows)
}

/**
 * Digests that name it and stand in Slack, or may, are to be deleted there. One that is being sent at
 * this moment stays with its sender until it is known where it stands.
 */
async function withdrawBulletins(
  client: PoolClient,
  workspaceId: string,
  handoffIds: readonly string[],
): Promise<void> {
  await client.query(
    `update bulletins set withdrawn = true, state = 'pending', tries = 0, error = null,
       held_until = case when state = 'pending' then held_until end
     where workspace_id = $1 and handoff_ids && $2
       and (state = 'sent' or (state = 'pending' and uncertain))`,
    [workspaceId, handoffIds],
  )
}

async function clearRows(client: PoolClient, workspaceId: string, leadId: string): Promise<void> {
  const values = [workspaceId, leadId]
  await client.query(
    `update activities set properties = '{}', key = 'erased:' || id
     where workspace_id = $1 and lead_id = $2`,
    values,
  )
  await client.query('delete from crm_writes where workspace_id = $1 and lead_id = $2', values)
  await client.query(
    `update attempts a set crm_id = null, crm_stamp = null from handoffs h
     where h.id = a.handoff_id and h.workspace_id = $1 and h.lead_id = $2`,
    values,
  )
}

type Named = z.output<typeof leadRow>

/** All that the lead is known by. */
async function namesOf(client: PoolClient, workspaceId: string, { id, email, crm }: Named) {
  const { rows } = await client.query(
    `select system || ' ' || contact_id as id from crm_contacts
     where workspace_id = $1 and lead_id = $2`,
    [workspaceId, id],
  )
  const contacts = z.array(idRow).parse(rows)
  const words = new Set([...(crm === null ? [] : [crmWord(crm)]), ...contacts.map((one) => one.id)])
  return [['email', email] as const, ...[...words].map((word) => ['crm', word] as const)]
}

async function clearLead(
  client: PoolClient,
  workspaceId: string,
  lead: Named,
  now: Date,
): Promise<void> {
  await client.query(
    `update crm_contacts set lead_id = null, mark = null, hand_over_key = null, due_at = null,
       held_until = null, error = null, version = version + 1,
       erasure_at = coalesce(erasure_at, $3)
     where workspace_id = $1 and (lead_id = $2 or (system = $4 and contact_id = $5))`,
    [workspaceId, lead.id, now, lead.crm?.system ?? null, lead.crm?.id ?? null],
  )
  const { email, name } = erasedLead(lead, now)
  await client.query(
    `update leads set email = $3, name = $4, title = null, phone = null, company = '{}',
       attributes = '{}', source = null, crm = null, score_due_at = null, updated_at = $5,
       erased_at = $5
     where workspace_id = $1 and id = $2`,
    [workspaceId, lead.id, email, name, now],
  )
}
