import type { WebClient } from '@slack/web-api'
import type { Logger } from 'pino'
import type { OwnChannels } from '../../use-cases/ports/home.ts'

/** Slack is asked no more often than this; also after it did not answer. */
const askEveryMs = 10 * 60_000

const pageSize = 500
const mostPages = 10

/** The channels that Baton is in, as Slack told them within the last ten minutes, or `everyMs`. */
export function createOwnChannels(
  client: WebClient,
  now: () => Date,
  log: Pick<Logger, 'debug'>,
  everyMs = askEveryMs,
): OwnChannels {
  let known: { at: number; channels: Promise<ReadonlySet<string> | undefined> } | undefined

  async function ask(): Promise<ReadonlySet<string>> {
    const found = new Set<string>()
    let cursor: string | undefined
    for (let page = 0; page < mostPages; page++) {
      const answer = await client.users.conversations({
        types: 'public_channel,private_channel',
        exclude_archived: true,
        limit: pageSize,
        ...(cursor === undefined ? {} : { cursor }),
      })
      for (const { id, name } of answer.channels ?? []) {
        for (const one of [id, name]) if (one !== undefined) found.add(one)
      }
      cursor = answer.response_metadata?.next_cursor || undefined
      if (cursor === undefined) break
    }
    return found
  }

  return {
    all() {
      const at = now().getTime()
      if (known === undefined || at - known.at >= everyMs) {
        const channels = ask().catch((error: unknown) => {
          log.debug({ err: error }, 'Slack does not tell which channels Baton is in')
          return undefined
        })
        known = { at, channels }
      }
      return known.channels
    },
  }
}
