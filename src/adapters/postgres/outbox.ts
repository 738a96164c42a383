import { z } from 'zod'
import { deadlineKinds } from '../../domain/handoff.ts'
import { noticeSchema } from '../../domain/notice.ts'
import type { Delivery, Outbox, Overdue, Stream } from '../../use-cases/ports/delivery.ts'
import type { Database } from './client.ts'

const place = z.object({ channelId: z.string(), ts: z.string() }).nullable()
const common = {
  handoffId: z.string(),
  key: z.string(),
  tries: z.int(),
  uncertain: z.boolean(),
}

const deliveryRow = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('card'), ...common, version: z.int(), shownAt: place }),
  z.object({
    kind: z.literal('notice'),
    ...common,
    notice: noticeSchema,
    card: place,
    inThread: z.boolean(),
  }),
  z.object({
    kind: z.literal('removal'),
    ...common,
    shownAt: place,
    card: place,
    inThread: z.boolean(),
  }),
])

const streamRow = z.object({ workspaceId: z.string(), stream: z.string() })

/** A card that stands in Slack is only redrawn: it waits for nothing, and nothing waits for it. */
const isRedraw = (row: string): string => `(${row}.kind = 'card' and ${row}.ts is not null)`

const pending = `
  from deliveries d
  left join deliveries c on c.handoff_id = d.handoff_id and c.kind = 'card'
  where d.workspace_id = $1 and d.stream = $2 and d.state = 'pending'`

/** What is to be posted waits for its card, and for what came before it in the same channel. */
const inTurn = `
  not exists (
    select 1 from deliveries b
    where b.handoff_id = d.handoff_id and b.id < d.id and b.state = 'pending'
      and not ${isRedraw('b')} and (b.kind = 'card' or b.stream = d.stream)
  )`

const placeOf = (row: string): string =>
  `case when ${row}.ts is null then null
     else json_build_object('channelId', ${row}.channel_id, 'ts', ${row}.ts) end`

export function createOutbox({ pool }: Pick<Database, 'pool'>): Outbox & Overdue {
  const settle = (
    { workspaceId }: Stream,
    { key }: Delivery,
    set: string,
    values: unknown[],
  ): Promise<unknown> =>
    pool.query(`update deliveries set ${set} where workspace_id = $1 and key = $2`, [
      workspaceId,
      key,
      ...values,
    ])

  return {
    async lease({ workspaceId, stream }, holder, ms) {
      const { rows } = await pool.query({
        name: 'lease_take',
        text: `
          insert into delivery_leases as l (workspace_id, stream, holder, until)
          values ($1, $2, $3, now() + $4 * interval '1 millisecond')
          on conflict (workspace_id, stream) do update
            set holder = excluded.holder, until = excluded.until
            where l.until < now()
          returning last_post_at as "lastPostAt"`,
        values: [workspaceId, stream, holder, ms],
      })
      return z.object({ lastPostAt: z.date().nullable() }).optional().parse(rows[0])
    },

    async renew({ workspaceId, stream }, holder, ms) {
      await pool.query({
        name: 'lease_renew',
        text: `update delivery_leases set until = now() + $4 * interval '1 millisecond'
          where workspace_id = $1 and stream = $2 and holder = $3 and until > now()`,
        values: [workspaceId, stream, holder, ms],
      })
    },

    async release({ workspaceId, stream }, holder, pausedUntil) {
      await pool.query({
        name: 'lease_release',
        text: `update delivery_leases set until = coalesce($4, '-infinity'::timestamptz)
          where workspace_id = $1 and stream = $2 and holder = $3`,
        values: [workspaceId, stream, holder, pausedUntil],
      })
    },

    async sending({ workspaceId, stream }, delivery, holder, ms) {
      const { rowCount } = await pool.query({
        name: 'delivery_sending',
        text: `
          with mine as (
            update delivery_leases set until = now() + $5 * interval '1 millisecond'
            where workspace_id = $1 and stream = $2 and holder = $3 and until > now() returning 1
          )
          update deliveries set uncertain = true
          where workspace_id = $1 and key = $4 and exists (select 1 from mine)`,
        values: [workspaceId, stream, holder, delivery.key, ms],
      })
      return rowCount === 1
    },

    async next({ workspaceId, stream }, now) {
      const columns = `
        select d.kind, d.handoff_id as "handoffId", d.key, d.tries, d.uncertain, d.version,
          ${placeOf('d')} as "shownAt", ${placeOf('c')} as card, d.content as notice,
          d.in_thread as "inThread"`
      // each half stops at its first row, so a long queue costs no more than a short one
      const { rows } = await pool.query({
        name: 'delivery_next',
        text: `
          (${columns} ${pending} and ${isRedraw('d')} and d.next_try_at <= $3
            order by d.id limit 1)
          union all
          (${columns} ${pending} and not ${isRedraw('d')} and d.next_try_at <= $3 and ${inTurn}
            order by d.id limit 1)
          limit 1`,
        values: [workspaceId, stream, now],
      })
      return deliveryRow.optional().parse(rows[0])
    },

    async nextDue({ workspaceId, stream }) {
      const { rows } = await pool.query({
        name: 'delivery_next_due',
        text: `select min(d.next_try_at) as at ${pending} and (${isRedraw('d')} or ${inTurn})`,
        values: [workspaceId, stream],
      })
      return z.object({ at: z.date().nullable() }).parse(rows[0]).at
    },

    async sent(stream, delivery, { channelId, ts, at, posted, version }) {
      // a card that was redrawn meanwhile in the database stays pending: it shows an older version;
      // so does a notice that is to be deleted since then
      await settle(
        stream,
        delivery,
        `channel_id = $3, ts = $4, sent_at = $5, tries = 0, error = null, uncertain = false,
         state = case when kind <> $7 or kind = 'card' and version > $6 then 'pending'
           else 'sent' end`,
        [channelId, ts, at, version, delivery.kind],
      )
      if (!posted) return
      await pool.query(
        `update delivery_leases set last_post_at = $3 where workspace_id = $1 and stream = $2`,
        [stream.workspaceId, stream.stream, at],
      )
    },

    async later(stream, delivery, at, { error, uncertain }) {
      await settle(
        stream,
        delivery,
        'next_try_at = $3, tries = tries + 1, error = $4, uncertain = $5',
        [at, error, uncertain],
      )
    },

    async park(stream, delivery, error) {
      await settle(stream, delivery, `state = 'parked', error = $3`, [error])
    },

    async drop(stream, delivery) {
      await settle(stream, delivery, `state = 'dropped'`, [])
    },

    async redraw(workspaceId, handoffId) {
      const { rows } = await pool.query({
        name: 'delivery_redraw',
        text: `update deliveries set state = 'pending', tries = 0, next_try_at = now()
          where workspace_id = $1 and handoff_id = $2 and kind = 'card'
          returning workspace_id as "workspaceId", stream`,
        values: [workspaceId, handoffId],
      })
      return streamRow.optional().parse(rows[0])
    },

    async backlog() {
      const { rows } = await pool.query({
        name: 'delivery_backlog',
        text: `
          with unsaid as (
            select state, stream, error from deliveries where state in ('pending', 'parked')
            union all
            select state, recipient, error from bulletins where state in ('pending', 'parked')
          )
          select count(*) filter (where state = 'pending')::int as pending,
            count(*) filter (where state = 'parked')::int as parked,
            min(stream || ': ' || error) filter (where state = 'parked') as example
          from unsaid`,
      })
      return z
        .object({ pending: z.int(), parked: z.int(), example: z.string().nullable() })
        .parse(rows[0])
    },

    async wakeUps(before, limit) {
      const { rows } = await pool.query({
        name: 'timers_to_wake',
        text: `select workspace_id as "workspaceId", handoff_id as "handoffId", kind, wake_at as at
          from timers where wake_at is not null and wake_at < $1
          order by wake_at, handoff_id, kind limit $2`,
        values: [before, limit],
      })
      return z
        .array(
          z.object({
            workspaceId: z.string(),
            handoffId: z.string(),
            kind: z.enum(deadlineKinds),
            at: z.date(),
          }),
        )
        .parse(rows)
    },

    async streams(before) {
      const { rows } = await pool.query({
        name: 'streams_to_speak_in',
        text: `select distinct workspace_id as "workspaceId", stream from deliveries
          where state = 'pending' and next_try_at < $1`,
        values: [before],
      })
      return z.array(streamRow).parse(rows)
    },
  }
}
