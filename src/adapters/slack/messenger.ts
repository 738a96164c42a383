import type { KnownBlock, MessageMetadata } from '@slack/types'
import type { WebClient } from '@slack/web-api'
import type { Logger } from 'pino'
import type { Dates } from '../../content/words/format.ts'
import { calendarOf, languageOf, leadTypeOf } from '../../domain/clocks.ts'
import type { Handoff } from '../../domain/handoff.ts'
import type { Notice } from '../../domain/notice.ts'
import type { Person } from '../../domain/person.ts'
import type { Agreements } from '../../use-cases/ports/agreements.ts'
import type { Messenger, Said } from '../../use-cases/ports/delivery.ts'
import type { Members } from '../../use-cases/ports/people.ts'
import { limits } from './blocks.ts'
import { createCards } from './cards.ts'
import { buildHandoffCard, type Card } from './messages/card.ts'
import { buildNotice, peopleIn } from './messages/notice.ts'
import { firstTaken, plainest } from './plainest.ts'
import { asGone } from './slack-errors.ts'
import { asWritten, createSpeaker, withoutPreviews } from './speaker.ts'

export interface MessengerParts {
  client: WebClient
  members: Pick<Members, 'byId'>
  agreements: Pick<Agreements, 'version'>
  log: Pick<Logger, 'warn'>
  now?: () => Date
  /** `plain` for a Slack that does not draw dates. */
  dates?: Dates
}

/** Speaks in Slack: builds the messages, posts them, and sorts out what Slack answers. */
export function createMessenger(parts: MessengerParts): Messenger {
  const { client, members, agreements, log, now = () => new Date(), dates = 'slack' } = parts
  const speaker = createSpeaker(client, now)
  const cards = createCards(client)

  const viewOf = async (handoff: Handoff, among: 'team' | 'managers' = 'team') => {
    const agreement = await agreements.version(handoff.workspaceId, handoff.agreementVersion)
    const locale =
      among === 'managers' ? agreement.language : languageOf(agreement, handoff.leadType)
    const zone = calendarOf(agreement, handoff.leadType).timezone
    return { agreement, locale, zone, dates }
  }

  const cardOf = async (handoff: Handoff, key?: string): Promise<Card> => {
    const view = await viewOf(handoff)
    const type = leadTypeOf(view.agreement, handoff.leadType)
    const leadTypeName = type?.name[view.locale] ?? handoff.leadType
    const { owner } = handoff
    const holder = owner === null ? undefined : await members.byId(handoff.workspaceId, owner.id)
    const ownerLeft = holder?.external ?? false
    const told = { ...view, leadTypeName, ownerLeft, now: now(), ...(key && { key }) }
    return buildHandoffCard(handoff, told)
  }

  const peopleOf = async (handoff: Handoff, notice: Notice): Promise<Map<string, Person>> => {
    const found = await Promise.all(
      peopleIn(notice).map((id) => members.byId(handoff.workspaceId, id)),
    )
    return new Map(found.flatMap((person) => (person === undefined ? [] : [[person.id, person]])))
  }

  /** Runs a call in a channel; what Slack did not take is in the log. */
  const say = async (
    handoff: Handoff,
    channel: string,
    call: (channelId: string) => Promise<{ channel?: string; ts?: string }>,
  ): Promise<Said> => {
    const said = await speaker.say(channel, call)
    if (said.kind !== 'done') {
      log.warn({ handoff: handoff.id, said: said.kind, error: said.error }, 'Slack took no message')
    }
    return said
  }

  return {
    async postCard(handoff, key) {
      const { text, blocks, metadata } = await cardOf(handoff, key)
      return say(handoff, handoff.channel, (channel) =>
        firstTaken(waysToSay(text, blocks), (content) =>
          client.chat.postMessage({
            channel,
            ...content,
            metadata,
            ...asWritten,
            ...withoutPreviews,
          }),
        ),
      )
    },

    async updateCard(handoff, { channelId, ts }) {
      const { text, blocks, metadata } = await cardOf(handoff)
      return say(handoff, channelId, (channel) =>
        firstTaken(waysToSay(text, blocks), (content) =>
          client.chat.update({ channel, ts, ...content, metadata, ...asWritten }),
        ),
      )
    },

    async postNotice(handoff, { key, notice, card }, { channel: place, threadTs }) {
      const [view, people, cardUrl] = await Promise.all([
        viewOf(handoff, notice.type === 'escalated-to-channel' ? 'managers' : 'team'),
        peopleOf(handoff, notice),
        notice.type === 'escalated-to-channel' && card !== null
          ? cards.urlOf({ channel: card.channelId, ts: card.ts })
          : undefined,
      ])
      const { text, blocks } = buildNotice(notice, {
        ...view,
        now: now(),
        handoff,
        people,
        cardUrl,
      })
      return say(handoff, place, (channel) =>
        firstTaken(waysToSay(text, blocks), (content) =>
          client.chat.postMessage({
            channel,
            ...content,
            metadata: noticeMetadata(handoff, key),
            ...asWritten,
            ...withoutPreviews,
            ...(threadTs === null ? {} : { thread_ts: threadTs }),
          }),
        ),
      )
    },

    async remove(handoff, { channelId, ts }) {
      const said = await say(handoff, channelId, async (channel) => {
        const deleted = await client.chat.delete({ channel, ts }).catch(asGone)
        return { channel, ts, ...deleted }
      })
      return said
    },

    find: speaker.find,
  }
}

interface Content {
  text: string
  blocks?: KnownBlock[]
}

/** As it is meant; for a Slack that refuses such blocks plainly; and in words alone. */
const waysToSay = (text: string, blocks: KnownBlock[] | undefined): [Content, ...Content[]] =>
  blocks === undefined
    ? [{ text }]
    : [
        { text, blocks },
        { text, blocks: plainest(blocks).slice(0, limits.blocks) },
        { text, blocks: [] },
      ]

const noticeMetadata = (handoff: Handoff, key: string): MessageMetadata => ({
  event_type: 'baton_notice',
  event_payload: { handoff: handoff.id, key },
})
