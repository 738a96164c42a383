import { z } from 'zod'
import { bulletinKinds } from '../../domain/bulletin.ts'
import { openStatuses } from '../../domain/handoff.ts'
import type { Bulletins, TakenBulletin } from '../../use-cases/ports/bulletins.ts'
import type { Database } from './client.ts'

const open = `(${openStatuses.map((status) => `'${status}'`).join(', ')})`

const bulletinRow = z.object({
  workspaceId: z.string(),
  key: z.string(),
  kind: z.enum(bulletinKinds),
  recipient: z.string(),
  dueAt: z.date(),
  heldUntil: z.date(),
  tries: z.int(),
  uncertain: z.boolean(),
  withdrawn: z.boolean(),
  posted: z.object({ channelId: z.string(), ts: z.string() }).nullable(),
})

const columns = `b.workspace_id as "workspaceId", b.key, b.kind, b.recipient,
  b.due_at as "dueAt", b.held_until as "heldUntil", b.tries, b.uncertain, b.withdrawn,
  case when b.ts is not null then jsonb_build_object('channelId', b.channel_id, 'ts', b.ts) end
    as posted`

/** Whoever has lost it to another process changes nothing of it. */
const held = `workspace_id = $1 and key = $2 and state = 'pending' and held_until = $3`

/** So many are forgotten at once. */
const prunedAtOnce = 1_000

export function createBulletins({ pool }: Pick<Database, 'pool'>): Bulletins {
  const settle = (
    { workspaceId, key, heldUntil }: TakenBulletin,
    set: string,
    values: readonly unknown[] = [],
  ): Promise<unknown> =>
    pool.query(`update bulletins set ${set} where ${held}`, [
      workspaceId,
      key,
      heldUntil,
      ...values,
    ])

  return {
    async plan(workspaceId, planned) {
      const { rowCount } = await pool.query({
        name: 'bulletins_plan',
        text: `insert into bulletins (workspace_id, key, kind, recipient, due_at)
          select $1, * from unnest($2::text[], $3::text[], $4::text[], $5::timestamptz[])
          on conflict (workspace_id, key) do nothing`,
        values: [
          workspaceId,
          planned.map(({ key }) => key),
          planned.map(({ kind }) => kind),
          planned.map(({ recipient }) => recipient),
          planned.map(({ dueAt }) => dueAt),
        ],
      })
      return rowCount ?? 0
    },

    async take(workspaceId, now, ms) {
      const { rows } = await pool.query({
        name: 'bulletin_take',
        text: `
          with next as (
            select key from bulletins
            where workspace_id = $1 and state = 'pending' and due_at <= $2
              and (held_until is null or held_until <= $2)
            order by due_at, key limit 1 for update skip locked
          )
          update bulletins b set held_until = $3 from next
          where b.workspace_id = $1 and b.key = next.key
          returning ${columns}`,
        values: [workspaceId, now, new Date(now.getTime() + ms)],
      })
      return bulletinRow.optional().parse(rows[0])
    },

    async sending({ workspaceId, key, heldUntil }, handoffIds, now, ms) {
      const { rows } = await pool.query({
        name: 'bulletin_sending',
        // an erasure that is under way is waited for; one that comes later finds what is named here
        text: `
          with named as (
            select erased_at from leads where workspace_id = $1
              and id in (select lead_id from handoffs where workspace_id = $1 and id = any($5))
            order by id for key share
          )
          update bulletins b
          set uncertain = true, tries = tries + 1, held_until = $4, handoff_ids = $5
          where ${held} and not withdrawn
            and not exists (select from named where erased_at is not null)
          returning ${columns}`,
        values: [workspaceId, key, heldUntil, new Date(now.getTime() + ms), handoffIds],
      })
      return bulletinRow.optional().parse(rows[0])
    },

    async sent(bulletin, { channelId, ts }) {
      await settle(
        bulletin,
        `uncertain = false, error = null, channel_id = $4, ts = $5,
         state = case when withdrawn then 'pending' else 'sent' end,
         held_until = case when not withdrawn then held_until end`,
        [channelId, ts],
      )
    },

    async later(bulletin, at, { error, uncertain }) {
      await settle(bulletin, 'held_until = $4, error = $5, uncertain = $6', [at, error, uncertain])
    },

    async park(bulletin, error) {
      await settle(bulletin, `state = 'parked', uncertain = false, error = $4`, [error])
    },

    async drop(bulletin) {
      await settle(bulletin, `state = 'dropped', uncertain = false`)
    },

    async prune(before) {
      await pool.query({
        name: 'bulletins_prune',
        text: `delete from bulletins where ctid = any (array(
            select ctid from bulletins where state <> 'pending' and due_at < $1
              and not (state = 'sent' and handoff_ids <> '{}') limit $2))`,
        values: [before, prunedAtOnce],
      })
    },

    async owners(workspaceId) {
      const { rows } = await pool.query({
        name: 'bulletin_owners',
        text: `select u.id from users u
          where u.workspace_id = $1 and u.slack_id is not null and not u.external
            and exists (select 1 from handoffs h where h.workspace_id = $1 and h.owner_id = u.id
              and h.status in ${open})`,
        values: [workspaceId],
      })
      return z
        .array(z.object({ id: z.string() }))
        .parse(rows)
        .map(({ id }) => id)
    },
  }
}
