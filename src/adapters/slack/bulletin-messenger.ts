import type { WebClient } from '@slack/web-api'
import type {
  BulletinContent,
  BulletinMessenger,
  TakenBulletin,
} from '../../use-cases/ports/bulletins.ts'
import type { Said } from '../../use-cases/ports/delivery.ts'
import { buildDigest } from './messages/digest.ts'
import { buildWeeklyReport } from './messages/weekly-report.ts'
import { asGone, sortOut } from './slack-errors.ts'
import { asWritten, createSpeaker, withoutPreviews } from './speaker.ts'

/** Tells bulletins: to a person in the direct conversation with Baton, or in a channel. */
export function createBulletinMessenger(client: WebClient, now: () => Date): BulletinMessenger {
  const speaker = createSpeaker(client, now)

  /** The channel to speak in; what Slack answers instead, where it tells none. */
  async function placeOf({ kind, recipient }: TakenBulletin): Promise<string | NotSaid> {
    if (kind === 'weekly') return recipient
    try {
      const { channel } = await client.conversations.open({ users: recipient })
      return channel?.id ?? { kind: 'never', error: 'Slack told no conversation' }
    } catch (error) {
      const said = sortOut(error)
      // nothing was posted by that
      return said.kind === 'later' ? { ...said, ambiguous: false } : said
    }
  }

  return {
    async post(bulletin, content) {
      const place = await placeOf(bulletin)
      if (typeof place !== 'string') return place
      return speaker.say(place, (channel) =>
        client.chat.postMessage({
          channel,
          ...messageOf(content),
          metadata: { event_type: 'baton_bulletin', event_payload: { key: bulletin.key } },
          ...asWritten,
          ...withoutPreviews,
        }),
      )
    },

    async find(bulletin) {
      const channel = await placeOf(bulletin)
      if (typeof channel === 'string') {
        return speaker.find(bulletin.key, { channel, threadTs: null })
      }
      // where nobody can be written to, nothing was written
      return channel.kind === 'never' ? { kind: 'absent' } : { ...channel, ambiguous: true }
    },

    remove: ({ channelId, ts }) =>
      speaker.say(channelId, async (channel) => {
        await client.chat.delete({ channel, ts }).catch(asGone)
        return { channel, ts }
      }),
  }
}

type NotSaid = Exclude<Said, { kind: 'done' }>

const messageOf = (content: BulletinContent) =>
  content.kind === 'daily' ? buildDigest(content) : buildWeeklyReport(content)
