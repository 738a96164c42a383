import type { WebClient } from '@slack/web-api'
import type { Logger } from 'pino'
import type { ChannelStanding } from '../../../../domain/set-up.ts'
import type { ChannelCheck, SetUpMessenger } from '../../../../use-cases/ports/set-up.ts'
import { refusalOf, sortOut } from '../../slack-errors.ts'
import { buildGreeting, buildSetUpReport, isChannelId } from './message.ts'

export interface SetUpMessengerParts {
  client: WebClient
  log: Pick<Logger, 'warn'>
}

const pageSize = 500
const mostPages = 10

interface Channel {
  id: string
  isMember: boolean
}

/** Speaks with whoever sets Baton up, and looks at the channels they chose. */
export function createSetUpMessenger({ client, log }: SetUpMessengerParts): SetUpMessenger {
  /** Channels by name, as Baton sees them; asked for once a check. */
  async function byName(): Promise<Map<string, Channel>> {
    const found = new Map<string, Channel>()
    let cursor: string | undefined
    for (let page = 0; page < mostPages; page++) {
      const answer = await client.conversations.list({
        types: 'public_channel,private_channel',
        exclude_archived: true,
        limit: pageSize,
        ...(cursor === undefined ? {} : { cursor }),
      })
      for (const { id, name, is_member: isMember } of answer.channels ?? []) {
        if (id !== undefined && name !== undefined) {
          found.set(name, { id, isMember: isMember === true })
        }
      }
      cursor = answer.response_metadata?.next_cursor || undefined
      if (cursor === undefined) break
    }
    return found
  }

  async function byId(id: string): Promise<Channel | undefined> {
    try {
      const { channel } = await client.conversations.info({ channel: id })
      return { id, isMember: channel?.is_member === true }
    } catch (error) {
      // a private channel that Baton is not in looks to it as if it were not there
      if (refusalOf(error) === 'channel_not_found') return { id, isMember: false }
      throw error
    }
  }

  async function standingIn(found: Channel | undefined): Promise<ChannelStanding> {
    if (found === undefined) return 'not-found'
    if (found.isMember) return 'is-in'
    try {
      await client.conversations.join({ channel: found.id })
      return 'joined'
    } catch (error) {
      if (refusalOf(error) === undefined) throw error
      return 'invite'
    }
  }

  const said = (what: string) => (error: unknown) => {
    log.warn({ error: sortOut(error).error }, `Slack took no ${what}`)
    return false
  }

  return {
    greet: (userId, locale) =>
      client.chat.postMessage({ channel: userId, ...buildGreeting(locale) }).then(
        () => true,
        // what may have been taken is not said again
        (error: unknown) => {
          const answer = sortOut(error)
          return said('greeting')(error) || (answer.kind === 'later' && answer.ambiguous)
        },
      ),

    async check(channels) {
      let names: Promise<Map<string, Channel>> | undefined
      const lookUp = async (channel: string): Promise<Channel | undefined> => {
        if (isChannelId(channel)) return byId(channel)
        names ??= byName()
        return (await names).get(channel)
      }
      return Promise.all(
        channels.map(
          async (channel): Promise<ChannelCheck> => ({
            channel,
            standing: await lookUp(channel)
              .then(standingIn)
              .catch(() => 'unknown' as const),
          }),
        ),
      )
    },

    async report(userId, checks, locale) {
      const content = buildSetUpReport(checks, locale)
      await client.chat.postMessage({ channel: userId, ...content }).catch(said('report'))
    },
  }
}
