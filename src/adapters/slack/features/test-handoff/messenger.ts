import type { WebClient } from '@slack/web-api'
import { calendarOf, languageOf, leadTypeOf } from '../../../../domain/clocks.ts'
import type { TestHandoff } from '../../../../domain/test-handoff.ts'
import type { Agreements } from '../../../../use-cases/ports/agreements.ts'
import type { Members } from '../../../../use-cases/ports/people.ts'
import type { TestMessenger } from '../../../../use-cases/ports/test-handoffs.ts'
import { refusalOf, sortOut } from '../../slack-errors.ts'
import { asWritten, createSpeaker, withoutPreviews } from '../../speaker.ts'
import { buildTestCard, type TestMessage } from './message.ts'

export interface TestMessengerParts {
  client: WebClient
  members: Pick<Members, 'byId'>
  agreements: Pick<Agreements, 'version'>
  now: () => Date
}

/** Shows handoffs to try Baton with, each as one card in its channel. */
export function createTestMessenger(parts: TestMessengerParts): TestMessenger {
  const { client, members, agreements, now } = parts
  const speaker = createSpeaker(client, now)

  async function cardOf(test: TestHandoff): Promise<TestMessage> {
    const { workspaceId, leadType, agreementVersion, answer } = test
    const agreement = await agreements.version(workspaceId, agreementVersion)
    const by = answer === null ? undefined : await members.byId(workspaceId, answer.byId)
    const locale = languageOf(agreement, leadType)
    return buildTestCard(test, by ?? null, {
      ...{ agreement, locale, dates: 'slack', now: now() },
      leadTypeName: leadTypeOf(agreement, leadType)?.name[locale] ?? leadType,
      zone: calendarOf(agreement, leadType).timezone,
    })
  }

  return {
    async post(test) {
      const card = await cardOf(test)
      return speaker.say(test.channel, (channel) =>
        client.chat.postMessage({ channel, ...card, ...asWritten, ...withoutPreviews }),
      )
    },

    async redraw(test) {
      const { place } = test
      if (place === null) return { kind: 'never', error: 'its place is not known' }
      const card = await cardOf(test)
      return speaker.say(place.channelId, (channel) =>
        client.chat.update({ channel, ts: place.ts, ...card, ...asWritten }),
      )
    },

    find: (test) => speaker.find(test.id, { channel: test.channel, threadTs: null }),

    async delete({ channelId, ts }) {
      try {
        await client.chat.delete({ channel: channelId, ts })
      } catch (error) {
        if (refusalOf(error) !== 'message_not_found') return sortOut(error)
      }
      return { kind: 'done', channelId, ts }
    },
  }
}
