import { z } from 'zod'
import { eventTypes } from '../../domain/handoff.ts'
import { type HandoffThen, testType, webhookTypes } from '../../domain/webhook.ts'
import type { WebhookDelivery, WebhookOutbox, Webhooks } from '../../use-cases/ports/webhooks.ts'
import type { Database } from './client.ts'
import { eventRow } from './handoff-rows.ts'

const endpointRow = z.object({
  id: z.string(),
  url: z.string(),
  events: z.array(z.enum(eventTypes)),
  createdAt: z.date(),
  disabledAt: z.date().nullable(),
  failingSince: z.date().nullable(),
})

const selectEndpoint = `
  select id, url, secret, events, created_at as "createdAt", disabled_at as "disabledAt",
    failing_since as "failingSince"
  from webhook_endpoints`

const logRow = z.object({
  id: z.string(),
  type: z.enum(webhookTypes),
  state: z.enum(['pending', 'sent', 'failed']),
  tries: z.int(),
  answer: z.string().nullable(),
  createdAt: z.date(),
  sentAt: z.date().nullable(),
  nextTryAt: z.date().nullable(),
})

/** The endpoints of workspaces, and the log of each. */
export function createWebhooks({ pool, prisma }: Pick<Database, 'pool' | 'prisma'>): Webhooks {
  return {
    async add(workspaceId, { id, url, events, createdAt, secret }, most) {
      // One after the other in a workspace, so that many at once are not too many.
      const [, added] = await prisma.$transaction([
        prisma.$queryRaw`select id from workspaces where id = ${workspaceId} for update`,
        prisma.$executeRaw`
          insert into webhook_endpoints (id, workspace_id, url, secret, events, created_at)
          select ${id}, ${workspaceId}, ${url}, ${secret}, ${events}::text[], ${createdAt}
          where (select count(*) from webhook_endpoints where workspace_id = ${workspaceId}) < ${most}
          on conflict (workspace_id, url) do nothing`,
      ])
      if (added === 1) return 'added'
      const known = await prisma.webhookEndpoint.count({ where: { workspaceId, url } })
      return known > 0 ? 'endpoint-known' : 'too-many-endpoints'
    },

    async list(workspaceId) {
      const { rows } = await pool.query({
        name: 'webhooks_list',
        text: `${selectEndpoint} where workspace_id = $1 order by created_at, id`,
        values: [workspaceId],
      })
      return z.array(endpointRow).parse(rows)
    },

    async byId(workspaceId, id) {
      const { rows } = await pool.query({
        name: 'webhook_by_id',
        text: `${selectEndpoint} where workspace_id = $1 and id = $2`,
        values: [workspaceId, id],
      })
      return endpointRow.extend({ secret: z.string() }).optional().parse(rows[0])
    },

    async remove(workspaceId, id) {
      const { count } = await prisma.webhookEndpoint.deleteMany({ where: { workspaceId, id } })
      return count > 0
    },

    async log(workspaceId, id, { cursor, limit }) {
      if ((await prisma.webhookEndpoint.count({ where: { workspaceId, id } })) === 0)
        return undefined
      const before = cursor !== undefined && /^\d{1,18}$/.test(cursor) ? cursor : null
      const { rows } = await pool.query({
        name: 'webhook_log',
        text: `select d.id, coalesce(e.type, '${testType}') as type, d.state, d.tries, d.answer,
            d.created_at as "createdAt", d.sent_at as "sentAt",
            case when d.state = 'pending' then d.next_try_at end as "nextTryAt"
          from webhook_deliveries d left join events e on e.id = d.event_id
          where d.endpoint_id = $1 and ($2::bigint is null or d.id < $2)
          order by d.id desc limit $3`,
        values: [id, before, limit + 1],
      })
      const lines = z.array(logRow).parse(rows)
      const items = lines.slice(0, limit)
      return { items, nextCursor: lines.length > limit ? (items.at(-1)?.id ?? null) : null }
    },

    async tested(workspaceId, id, { at, taken, answer }) {
      await pool.query({
        name: 'webhook_tested',
        text: `
          with enabled as (
            update webhook_endpoints set disabled_at = null, failures = 0, failing_since = null
            where workspace_id = $1 and id = $2 and $4
          )
          insert into webhook_deliveries
            (workspace_id, endpoint_id, state, tries, answer, created_at, next_try_at, sent_at)
          select workspace_id, id, case when $4 then 'sent' else 'failed' end, 1, $5, $3, $3,
            case when $4 then $3::timestamptz end
          from webhook_endpoints where workspace_id = $1 and id = $2`,
        values: [workspaceId, id, at, taken, answer],
      })
    },
  }
}

/** This very moment: the column would round it, half of the time into the future. */
const free = `date_trunc('milliseconds', now())`

/** Due, and no earlier event of the same handoff still waits for the same endpoint. */
const inTurn = `d.state = 'pending' and d.next_try_at <= $1 and not exists (
    select from webhook_deliveries b join events be on be.id = b.event_id
    where b.endpoint_id = d.endpoint_id and b.state = 'pending' and b.id < d.id
      and be.handoff_id = e.handoff_id)`

const handoffThen: z.ZodType<HandoffThen> = z.object({
  status: z.string(),
  leadStatus: z.string(),
  lifecycleStage: z.string(),
  leadType: z.string(),
  owner: z.string().nullable(),
})

const deliveryRow = z.object({
  id: z.string(),
  workspaceId: z.string(),
  endpointId: z.string(),
  url: z.string(),
  secret: z.string(),
  tries: z.int(),
  failures: z.int(),
  failingSince: z.date().nullable(),
  body: z.string().nullable(),
  eventId: z.string(),
  event: eventRow,
  handoff: handoffThen,
  handoffId: z.string(),
  handoffVersion: z.int(),
  lead: z.object({ email: z.string(), name: z.string() }),
})

/**
 * What waits to be sent. The right to send to an endpoint is a lease on its row, by the clock of
 * the database, which all processes share.
 */
export function createWebhookOutbox({ pool }: Pick<Database, 'pool'>): WebhookOutbox {
  async function lease(now: Date, holder: string, ms: number): Promise<string | undefined> {
    const { rows } = await pool.query({
      name: 'webhook_lease',
      text: `
        update webhook_endpoints set busy_until = now() + $3 * interval '1 millisecond', holder = $2
        where id = (
          select w.id from webhook_endpoints w
          where w.disabled_at is null and (w.busy_until is null or w.busy_until <= now())
            and exists (
              select from webhook_deliveries d join events e on e.id = d.event_id
              where d.endpoint_id = w.id and ${inTurn})
          order by w.busy_until nulls first limit 1 for update skip locked)
        returning id`,
      values: [now, holder, ms],
    })
    return z.object({ id: z.string() }).optional().parse(rows[0])?.id
  }

  const letGo = async (endpointId: string, holder: string): Promise<void> => {
    await pool.query({
      name: 'webhook_release',
      text: `update webhook_endpoints set busy_until = ${free}, holder = null
        where id = $1 and holder = $2`,
      values: [endpointId, holder],
    })
  }

  /** Looked for after the lease: what was sent while it was waited for is not seen as waiting. */
  async function next(endpointId: string, now: Date): Promise<WebhookDelivery | undefined> {
    const { rows } = await pool.query({
      name: 'webhook_next',
      text: `
        select d.id, d.workspace_id as "workspaceId", d.endpoint_id as "endpointId", w.url,
          w.secret, d.tries, w.failures, w.failing_since as "failingSince", d.body,
          e.id as "eventId", d.handoff, h.id as "handoffId",
          h.version as "handoffVersion",
          json_build_object('email', l.email, 'name', l.name) as lead,
          json_build_object('type', e.type, 'at', e.at, 'data', e.data,
            'by', case when u.id is null then null else json_build_object('id', u.id,
              'slackId', u.slack_id, 'email', u.email, 'name', u.name) end) as event
        from webhook_deliveries d
        join webhook_endpoints w on w.id = d.endpoint_id
        join events e on e.id = d.event_id
        join handoffs h on h.id = e.handoff_id
        join leads l on l.id = h.lead_id
        left join users u on u.id = e.by_id
        where d.endpoint_id = $2 and ${inTurn}
        order by d.id limit 1`,
      values: [now, endpointId],
    })
    const row = deliveryRow.optional().parse(rows[0])
    if (row === undefined) return undefined
    const { eventId, event, handoff, handoffId, lead, ...delivery } = row
    const told = { id: `evt_${eventId}`, event, handoff: { id: handoffId, ...handoff, lead } }
    return { ...delivery, told }
  }

  return {
    async take(now, holder, ms) {
      for (;;) {
        const endpointId = await lease(now, holder, ms)
        if (endpointId === undefined) return undefined
        const delivery = await next(endpointId, now)
        if (delivery !== undefined) return delivery
        await letGo(endpointId, holder)
      }
    },

    // An erasure locks the handoff and makes a new version of it before it looks for bodies: either it
    // finds this one, or it is waited for here and seen. Clicks are not held up by a key share.
    async keepBody({ id, handoffVersion }, body) {
      const { rows } = await pool.query({
        name: 'webhook_body',
        text: `
          with still as (
            select h.id from webhook_deliveries d join events e on e.id = d.event_id
            join handoffs h on h.id = e.handoff_id
            where d.id = $1 and h.version = $3 for key share of h
          )
          update webhook_deliveries set body = coalesce(body, $2)
          where id = $1 and exists (select from still) returning body`,
        values: [id, body, handoffVersion],
      })
      return z.object({ body: z.string() }).optional().parse(rows[0])?.body
    },

    async settle({ id, endpointId }, holder, outcome) {
      const { state, at, answer, nextTryAt, pausedUntil, failures, failingSince } = outcome
      const pauseMs = pausedUntil === null ? 0 : pausedUntil.getTime() - at.getTime()
      await pool.query({
        name: 'webhook_settle',
        text: `
          with mine as (
            update webhook_endpoints set busy_until = ${free} + $3 * interval '1 millisecond',
              holder = null, failures = $4, failing_since = $5,
              disabled_at = case when $6 then $7::timestamptz end
            where id = $1 and holder = $2 returning id
          ),
          tried as (
            update webhook_deliveries set state = $9, tries = tries + 1, next_try_at = $10,
              answer = $11, sent_at = case when $9 = 'sent' then $7::timestamptz end,
              body = case when $9 = 'pending' then body end
            where id = $8 and exists (select from mine)
          )
          update webhook_deliveries set state = 'failed', answer = 'disabled', body = null
          where $6 and endpoint_id in (select id from mine) and state = 'pending' and id <> $8`,
        values: [
          endpointId,
          holder,
          pauseMs,
          failures,
          failingSince,
          outcome.disabled,
          at,
          id,
          state,
          nextTryAt,
          answer,
        ],
      })
    },

    release: ({ endpointId }, holder) => letGo(endpointId, holder),

    async prune(before, most) {
      // ids grow with time, so the oldest are the first of them
      const { rowCount } = await pool.query({
        name: 'webhook_prune',
        text: `delete from webhook_deliveries where id in (
            select id from (select id, state, created_at from webhook_deliveries order by id limit $2)
              as oldest
            where state <> 'pending' and created_at < $1)`,
        values: [before, most],
      })
      return rowCount ?? 0
    },
  }
}
