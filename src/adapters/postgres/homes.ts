import { z } from 'zod'
import { handoffStatuses, openStatuses, returnAnswers } from '../../domain/handoff.ts'
import { answersReturns, manages, sells } from '../../domain/home.ts'
import type { Homes } from '../../use-cases/ports/home.ts'
import type { Database } from './client.ts'
import { fromHandoff, handoffRow, selectHandoff } from './handoff-rows.ts'

const open = `(${openStatuses.map((status) => `'${status}'`).join(', ')})`

const takenRow = z.object({
  open: z.int(),
  homes: z.array(
    z.object({
      workspaceId: z.string(),
      userId: z.string(),
      page: z.int(),
      shown: z.string().nullable(),
      stamp: z.string(),
    }),
  ),
})

const entryRow = z.object({
  id: z.string(),
  status: z.enum(handoffStatuses),
  ownerId: z.string().nullable(),
  leadType: z.string(),
  dueAt: z.date().nullable(),
  answer: z.enum(returnAnswers).nullable(),
  isRuled: z.boolean(),
  readySince: z.coerce.date().nullable(),
  createdAt: z.date(),
})

const placeRow = z.object({ id: z.string(), channel: z.string(), ts: z.string() })

const countsRow = z.object({
  handedOver: z.int(),
  accepted: z.int(),
  returned: z.int(),
  missed: z.int(),
})

const connectionsRow = z.object({
  waiting: z.int(),
  refused: z.int(),
  webhooks: z.int(),
  disabled: z.int(),
})

/**
 * What had happened in the workspace. Events that are written at the same time may get their ids in
 * another order than they are seen, so the sum of the last ones tells more than the greatest.
 */
const stamp = `select concat_ws('/',
    (select sum(id) from (select e.id from events e where e.workspace_id = $1
      order by e.id desc limit 64) as last),
    (select sum(p.revision) from agreement_proposals p where p.workspace_id = $1),
    (select max(v.version) from agreement_versions v where v.workspace_id = $1)) as now`

/**
 * The homes that people have open. Taking one on notes down at once what it will show: whoever
 * turns a page meanwhile takes that note away, so that it is drawn once more; and whoever dies over
 * it leaves `redraw_at` behind.
 */
const take = `with stamp as materialized (${stamp}),
  opened as materialized (
    select h.user_id, h.stamp, h.redraw_at, h.held_until, h.opened_at from homes h
    where h.workspace_id = $1 and h.opened_at > $3),
  behind as (
    select h.user_id from opened h, stamp
    where ($6::text is null or h.user_id = $6)
      and (h.stamp is distinct from stamp.now or h.redraw_at <= $2)
      and (h.held_until is null or h.held_until <= $2)
    order by h.opened_at desc limit $5),
  taken as (
    update homes h set stamp = stamp.now, held_until = $4, redraw_at = $4
    from stamp
    where h.workspace_id = $1 and h.user_id in (select user_id from behind)
      and (h.held_until is null or h.held_until <= $2)
    returning h.workspace_id, h.user_id, h.page, h.shown, h.stamp)
  select (select count(*)::int from opened) as open,
    coalesce((select json_agg(json_build_object('workspaceId', t.workspace_id,
      'userId', t.user_id, 'page', t.page, 'shown', t.shown, 'stamp', t.stamp)) from taken t), '[]') as homes`

const entries = `with mine as (
    (select h.id from handoffs h where $3 and h.workspace_id = $1 and h.owner_id = $2
      and h.status in ${open} limit $8)
    union
    (select h.id from handoffs h where $4 and h.workspace_id = $1 and h.status = 'offered'
      and h.owner_id is null and ($5::text[] is null or h.lead_type = any($5))
      order by h.created_at, h.id limit $8)
    union
    (select h.id from handoffs h where $6 and h.workspace_id = $1
      and h.status in ('returned', 'unresponsive')
      and h.returned ->> 'answer' is distinct from 'handed-over-again'
      and not exists (select from leads l where l.id = h.lead_id and l.erased_at is not null)
      order by h.created_at desc, h.id desc limit $8)
    union
    (select t.handoff_id from timers t join handoffs h on h.id = t.handoff_id
      where $7 and t.workspace_id = $1 and t.state = 'missed' and t.met_at is null
        and t.stopped_at is null and h.status in ${open}
      order by t.due_at limit $8)
  )
  select h.id, h.status, h.owner_id as "ownerId", h.lead_type as "leadType",
    (select min(t.due_at) from timers t where t.handoff_id = h.id and t.kind <> 'ready'
      and (t.state = 'running'
        or (t.state = 'missed' and t.met_at is null and t.stopped_at is null))) as "dueAt",
    h.returned ->> 'answer' as answer,
    h.returned -> 'contest' ->> 'ruling' is not null as "isRuled",
    h.returned ->> 'readySince' as "readySince", h.created_at as "createdAt"
  from mine join handoffs h on h.id = mine.id`

export function createHomes({ pool }: Pick<Database, 'pool'>): Homes {
  return {
    async open(workspaceId, userId, at) {
      await pool.query({
        name: 'home_open',
        text: `insert into homes (workspace_id, user_id, opened_at) values ($1, $2, $3)
          on conflict (workspace_id, user_id)
          do update set opened_at = excluded.opened_at, page = 0, stamp = null`,
        values: [workspaceId, userId, at],
      })
    },

    async turn(workspaceId, userId, page) {
      await pool.query({
        name: 'home_turn',
        text: `update homes set page = coalesce($3, page), stamp = null
          where workspace_id = $1 and user_id = $2`,
        values: [workspaceId, userId, page],
      })
    },

    async take(workspaceId, { now, since, ms, limit, userId }) {
      const { rows } = await pool.query({
        name: 'homes_take',
        text: take,
        values: [workspaceId, now, since, new Date(now.getTime() + ms), limit, userId],
      })
      return takenRow.parse(rows[0])
    },

    async drawn({ workspaceId, userId }, { shown, freeAt, redrawAt }) {
      await pool.query({
        name: 'home_drawn',
        text: `update homes set shown = $3, held_until = $4, redraw_at = $5
          where workspace_id = $1 and user_id = $2`,
        values: [workspaceId, userId, shown, freeAt, redrawAt],
      })
    },

    async notDrawn({ workspaceId, userId }, freeAt) {
      await pool.query({
        name: 'home_not_drawn',
        text: `update homes set stamp = null, shown = null, held_until = $3
          where workspace_id = $1 and user_id = $2`,
        values: [workspaceId, userId, freeAt],
      })
    },

    async forget({ workspaceId, userId }) {
      await pool.query({
        name: 'home_forget',
        text: 'delete from homes where workspace_id = $1 and user_id = $2',
        values: [workspaceId, userId],
      })
    },

    async entries(workspaceId, viewer, limit) {
      const types = viewer.sells === 'all' ? null : viewer.sells
      const { rows } = await pool.query({
        name: 'home_entries',
        text: entries,
        values: [
          workspaceId,
          viewer.personId,
          sells(viewer),
          viewer.role === 'rep',
          types,
          answersReturns(viewer) || manages(viewer),
          manages(viewer),
          limit,
        ],
      })
      return z.array(entryRow).parse(rows)
    },

    async handoffs(workspaceId, ids) {
      if (ids.length === 0) return []
      const { rows } = await pool.query({
        name: 'home_handoffs',
        text: `${selectHandoff} ${fromHandoff} where h.workspace_id = $1 and h.id = any($2)`,
        values: [workspaceId, ids],
      })
      return z
        .array(z.object({ handoff: handoffRow }))
        .parse(rows)
        .map(({ handoff }) => handoff)
    },

    async cards(workspaceId, ids) {
      if (ids.length === 0) return new Map()
      const { rows } = await pool.query({
        name: 'home_cards',
        text: `select handoff_id as id, channel_id as channel, ts from deliveries
          where workspace_id = $1 and handoff_id = any($2) and kind = 'card' and ts is not null`,
        values: [workspaceId, ids],
      })
      return new Map(
        z
          .array(placeRow)
          .parse(rows)
          .map(({ id, ...place }) => [id, place]),
      )
    },

    async counts(workspaceId, since) {
      const { rows } = await pool.query({
        name: 'home_counts',
        text: `select count(*) filter (where type = 'HandedOff')::int as "handedOver",
            count(*) filter (where type = 'Accepted')::int as accepted,
            count(*) filter (where type = 'Returned')::int as returned,
            count(*) filter (where type = 'DeadlineMissed')::int as missed
          from events where workspace_id = $1 and at >= $2`,
        values: [workspaceId, since],
      })
      return countsRow.parse(rows[0])
    },

    async connections(workspaceId) {
      const { rows } = await pool.query({
        name: 'home_connections',
        text: `select
            (select count(*)::int from crm_writes where workspace_id = $1
              and due_at is not null) as waiting,
            (select count(*)::int from crm_writes where workspace_id = $1
              and due_at is null) as refused,
            (select count(*)::int from webhook_endpoints where workspace_id = $1) as webhooks,
            (select count(disabled_at)::int from webhook_endpoints
              where workspace_id = $1) as disabled`,
        values: [workspaceId],
      })
      const { waiting, refused, webhooks: all, disabled } = connectionsRow.parse(rows[0])
      return { crm: { waiting, refused }, webhooks: { all, disabled } }
    },
  }
}
