import { z } from 'zod'
import { closings } from '../../domain/closed-channel.ts'
import type { ClosedChannels } from '../../use-cases/ports/channels.ts'
import type { Database } from './client.ts'

const closedRow = z.object({
  channel: z.string(),
  closing: z.enum(closings),
  waiting: z.int(),
  since: z.date(),
  openedAt: z.date().nullable(),
  isTold: z.boolean(),
})

/** An error of a delivery that the channel is to blame for: it begins with Slack's name of it. */
const ofChannel = `'^(${closings.join('|')})'`

/** What waits for a card that the channel did not take. */
const follows = `'the card could not be posted'`

/** A channel that was missing a moment ago is looked up by its name only after so long. */
const missingForMs = 31_000

export function createClosedChannels({ pool }: Pick<Database, 'pool'>): ClosedChannels {
  return {
    async all(workspaceId, now) {
      const { rows } = await pool.query({
        name: 'closed_channels_all',
        text: `
          with parked as (
            select stream, min(substring(error from ${ofChannel})) as error,
              count(*) filter (where error ~ ${ofChannel} or error = ${follows})::int as waiting
            from deliveries where workspace_id = $1 and state = 'parked'
            group by stream having bool_or(error ~ ${ofChannel})
          ),
          open as (
            delete from closed_channels c
            where c.workspace_id = $1 and not exists (select 1 from parked p where p.stream = c.channel)
              and not exists (select 1 from deliveries d
                where d.workspace_id = $1 and d.stream = c.channel and d.state = 'pending')
          ),
          closed as (
            insert into closed_channels as c (workspace_id, channel, error, since)
            select $1, stream, error, $2 from parked
            on conflict (workspace_id, channel) do update set error = excluded.error
            returning c.channel, c.error, c.since, c.opened_at, c.told_at
          )
          select channel, c.error as closing, p.waiting, since, opened_at as "openedAt",
            told_at is not null as "isTold"
          from closed c join parked p on p.stream = c.channel order by channel`,
        values: [workspaceId, now],
      })
      return z.array(closedRow).parse(rows)
    },

    async take(workspaceId, channel, now, ms) {
      const { rows } = await pool.query({
        name: 'closed_channels_take',
        text: `
          with before as (
            select uncertain from closed_channels
            where workspace_id = $1 and channel = $2 and told_at is null
              and (held_until is null or held_until <= $3)
            for update skip locked
          )
          update closed_channels c set held_until = $4, uncertain = true from before
          where c.workspace_id = $1 and c.channel = $2 returning before.uncertain`,
        values: [workspaceId, channel, now, new Date(now.getTime() + ms)],
      })
      return z.object({ uncertain: z.boolean() }).optional().parse(rows[0])
    },

    async told(workspaceId, channel, now) {
      await pool.query(
        `update closed_channels set told_at = $3, held_until = null
         where workspace_id = $1 and channel = $2`,
        [workspaceId, channel, now],
      )
    },

    async notTold(workspaceId, channel, uncertain) {
      await pool.query(
        `update closed_channels set held_until = null, uncertain = $3
         where workspace_id = $1 and channel = $2`,
        [workspaceId, channel, uncertain],
      )
    },

    async open(workspaceId, channel, now) {
      await pool.query(
        `with opened as (
           update closed_channels set opened_at = $3 where workspace_id = $1 and channel = $2
         )
         update deliveries set state = 'pending', tries = 0, error = null,
           next_try_at = case when error ~ '^channel_not_found' then $4 else $3 end::timestamptz
         where workspace_id = $1 and stream = $2 and state = 'parked'
           and (error ~ ${ofChannel} or error = ${follows})`,
        [workspaceId, channel, now, new Date(now.getTime() + missingForMs)],
      )
      return { workspaceId, stream: channel }
    },

    async administrators(workspaceId, limit) {
      const { rows } = await pool.query(
        `select slack_id as id from users
         where workspace_id = $1 and slack_admin and not external and slack_id is not null
         order by id limit $2`,
        [workspaceId, limit],
      )
      return z
        .array(z.object({ id: z.string() }))
        .parse(rows)
        .map(({ id }) => id)
    },
  }
}
