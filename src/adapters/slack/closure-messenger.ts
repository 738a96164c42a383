import type { WebClient } from '@slack/web-api'
import { closedChannelWords } from '../../content/words/closed-channels.ts'
import type { Locale } from '../../domain/agreement.ts'
import type { Closure } from '../../domain/closed-channel.ts'
import type { ClosureMessenger } from '../../use-cases/ports/channels.ts'
import type { Said } from '../../use-cases/ports/delivery.ts'
import { type Message, message, section } from './blocks.ts'
import { sortOut } from './slack-errors.ts'
import { asWritten, createSpeaker, withoutPreviews } from './speaker.ts'
import { asMrkdwn } from './text.ts'

const isPerson = (place: string): boolean => /^[UW][A-Z0-9]+$/.test(place)

const keyOf = ({ channel, since }: Closure): string => `closed_${channel}_${since.getTime()}`

/** Tells of channels that Baton may not speak in: in another channel, or to one person. */
export function createClosureMessenger(client: WebClient, now: () => Date): ClosureMessenger {
  const speaker = createSpeaker(client, now)

  /** The conversation with a person. */
  const conversation = async (place: string): Promise<string | Exclude<Said, { kind: 'done' }>> => {
    if (!isPerson(place)) return place
    try {
      const { channel } = await client.conversations.open({ users: place })
      return channel?.id ?? place
    } catch (error) {
      return sortOut(error)
    }
  }

  return {
    async tell(closure, place, locale) {
      const channel = await conversation(place)
      if (typeof channel !== 'string') return channel
      return speaker.say(channel, (id) =>
        client.chat.postMessage({
          channel: id,
          ...buildClosure(closure, locale),
          metadata: { event_type: 'baton_closed_channel', event_payload: { key: keyOf(closure) } },
          ...asWritten,
          ...withoutPreviews,
        }),
      )
    },

    async find(closure, place) {
      const channel = await conversation(place)
      if (typeof channel === 'string') {
        return speaker.find(keyOf(closure), { channel, threadTs: null })
      }
      return channel.kind === 'never' ? { kind: 'absent' } : channel
    },
  }
}

/** What is wrong with a channel, what to do, and what waits for it. */
export function buildClosure({ channel, closing, waiting }: Closure, locale: Locale): Message {
  const words = closedChannelWords[locale]
  const told = /^[CG][A-Z0-9]+$/.test(channel) ? `<#${channel}>` : asMrkdwn(`#${channel}`, 100)
  const text = [words.closing[closing](told), words.waiting(waiting)].join(' ')
  return message(text, [section(text)])
}
