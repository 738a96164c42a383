import type { KnownBlock, MessageMetadata } from '@slack/types'
import type { WebClient } from '@slack/web-api'
import type { Logger } from 'pino'
import { z } from 'zod'
import type { Dates } from '../../content/words/format.ts'
import { calendarOf, leadTypeOf } from '../../domain/agreement.ts'
import type { Handoff } from '../../domain/handoff.ts'
import type { Notice } from '../../domain/notice.ts'
import type { Person } from '../../domain/person.ts'
import type { Agreements, Found, Members, Messenger, Said } from '../../use-cases/ports.ts'
import { buildHandoffCard, type Card } from './messages/card.ts'
import { buildNotice, peopleIn } from './messages/notice.ts'
import { refusalOf, sortOut } from './slack-errors.ts'

export interface MessengerParts {
  client: WebClient
  members: Pick<Members, 'byId'>
  agreements: Pick<Agreements, 'version'>
  log: Pick<Logger, 'warn'>
  now?: () => Date
  /** `plain` for a Slack that does not draw dates. */
  dates?: Dates
}

/** Slack adds nothing of its own: no previews, no links or mentions made out of words. */
const asWritten = { parse: 'none', link_names: false } as const
const withoutPreviews = { unfurl_links: false, unfurl_media: false } as const

/** So far back, and over so many pages, a message is looked for in a channel. */
const lookBackMs = 24 * 3_600_000
const pageSize = 200
const maxPages = 10

/** Speaks in Slack: builds the messages, posts them, and sorts out what Slack answers. */
export function createMessenger(parts: MessengerParts): Messenger {
  const { client, members, agreements, log, now = () => new Date(), dates = 'slack' } = parts
  const channels = createChannels(client, now)

  const viewOf = async (handoff: Handoff) => {
    const agreement = await agreements.version(handoff.workspaceId, handoff.agreementVersion)
    const locale = agreement.language
    const zone = calendarOf(agreement, handoff.leadType).timezone
    return { agreement, locale, zone, dates }
  }

  const cardOf = async (handoff: Handoff, key?: string): Promise<Card> => {
    const view = await viewOf(handoff)
    const type = leadTypeOf(view.agreement, handoff.leadType)
    const leadTypeName = type?.name[view.locale] ?? handoff.leadType
    return buildHandoffCard(handoff, { ...view, leadTypeName, ...(key && { key }) })
  }

  const peopleOf = async (handoff: Handoff, notice: Notice): Promise<Map<string, Person>> => {
    const found = await Promise.all(
      peopleIn(notice).map((id) => members.byId(handoff.workspaceId, id)),
    )
    return new Map(found.flatMap((person) => (person === undefined ? [] : [[person.id, person]])))
  }

  /** Where the card can be opened; nothing that the notice could not do without. */
  const permalink = async (card: { channelId: string; ts: string } | null) => {
    if (card === null) return undefined
    const found = await client.chat
      .getPermalink({ channel: card.channelId, message_ts: card.ts })
      .catch(() => undefined)
    return found?.permalink
  }

  /** Runs a call in a channel, once more where the channel of that name has become another. */
  const say = async (
    handoff: Handoff,
    channel: string,
    call: (channelId: string) => Promise<{ channel?: string; ts?: string }>,
  ): Promise<Said> => {
    const said = await sayOnce(channel, call)
    if (said.kind !== 'done') {
      log.warn({ handoff: handoff.id, said: said.kind, error: said.error }, 'Slack took no message')
    }
    return said
  }

  const sayOnce = async (
    channel: string,
    call: (channelId: string) => Promise<{ channel?: string; ts?: string }>,
    triedId?: string,
  ): Promise<Said> => {
    const id = await channels.idOf(channel, triedId).catch((error: unknown) => failedLookUp(error))
    if (typeof id === 'object') return id
    if (id === undefined || id === triedId) {
      return {
        kind: 'never',
        error: `channel_not_found: Baton sees no channel ${channel}: create it or invite Baton to it, or correct the agreement`,
      }
    }
    try {
      const answer = await call(id)
      if (answer.ts === undefined) throw new Error('Slack told no timestamp')
      return { kind: 'done', channelId: answer.channel ?? id, ts: answer.ts }
    } catch (error) {
      const renamed = refusalOf(error) === 'channel_not_found' && triedId === undefined
      return renamed && id !== channel ? sayOnce(channel, call, id) : sortOut(error)
    }
  }

  /** The messages of a thread, or of a channel of late, page by page. */
  const pagesOf = (channel: string, threadTs: string | null) => (cursor: string | undefined) => {
    const next = cursor === undefined ? {} : { cursor }
    const asked = { channel, limit: pageSize, include_all_metadata: true, ...next }
    const oldest = String((now().getTime() - lookBackMs) / 1_000)
    return threadTs === null
      ? client.conversations.history({ ...asked, oldest })
      : client.conversations.replies({ ...asked, ts: threadTs })
  }

  return {
    async postCard(handoff, key) {
      const { text, blocks, metadata } = await cardOf(handoff, key)
      return say(handoff, handoff.channel, (channel) =>
        client.chat.postMessage({
          channel,
          text,
          blocks,
          metadata,
          ...asWritten,
          ...withoutPreviews,
        }),
      )
    },

    async updateCard(handoff, { channelId, ts }) {
      const { text, blocks, metadata } = await cardOf(handoff)
      return say(handoff, channelId, (channel) =>
        client.chat.update({ channel, ts, text, blocks, metadata, ...asWritten }),
      )
    },

    async postNotice(handoff, { key, notice, card }, { channel: place, threadTs }) {
      const [view, people, cardUrl] = await Promise.all([
        viewOf(handoff),
        peopleOf(handoff, notice),
        notice.type === 'escalated-to-channel' ? permalink(card) : undefined,
      ])
      const { text, blocks } = buildNotice(notice, {
        ...view,
        now: now(),
        handoff,
        people,
        cardUrl,
      })
      return say(handoff, place, (channel) =>
        client.chat.postMessage({
          channel,
          ...contentOf(text, blocks),
          metadata: noticeMetadata(handoff, key),
          ...asWritten,
          ...withoutPreviews,
          ...(threadTs === null ? {} : { thread_ts: threadTs }),
        }),
      )
    },

    async find(key, { channel: place, threadTs }) {
      try {
        const channel = await channels.idOf(place)
        if (channel === undefined) return absent
        const ts = await findKey(key, pagesOf(channel, threadTs))
        return ts === undefined ? absent : { kind: 'done', channelId: channel, ts }
      } catch (error) {
        return isGone.includes(refusalOf(error) ?? '') ? absent : stillUncertain(error)
      }
    },
  }
}

const contentOf = (text: string, blocks: KnownBlock[] | undefined) =>
  blocks === undefined ? { text } : { text, blocks }

const noticeMetadata = (handoff: Handoff, key: string): MessageMetadata => ({
  event_type: 'baton_notice',
  event_payload: { handoff: handoff.id, key },
})

/** Where there is no channel or thread, nothing was said in it. */
const isGone: readonly string[] = ['channel_not_found', 'thread_not_found', 'not_in_channel']

const absent = { kind: 'absent' } as const

/** Slack can't be asked now, so whether it has the message stays open. */
const stillUncertain = (error: unknown): Found => ({ ...laterAfter(error), ambiguous: true })

/** Nothing was said yet, so whatever went wrong may be tried again. */
const failedLookUp = (error: unknown): Said => ({ ...laterAfter(error), ambiguous: false })

function laterAfter(error: unknown): Extract<Said, { kind: 'later' }> {
  const said = sortOut(error)
  return said.kind === 'later'
    ? said
    : { kind: 'later', afterMs: null, error: said.error, ambiguous: true, whole: false }
}

const keyed = z.object({
  ts: z.string(),
  metadata: z.object({ event_payload: z.object({ key: z.string() }) }),
})

interface Page {
  messages?: unknown[]
  response_metadata?: { next_cursor?: string }
}

/** The timestamp of the message with that key in its metadata. */
async function findKey(
  key: string,
  page: (cursor: string | undefined) => Promise<Page>,
): Promise<string | undefined> {
  let cursor: string | undefined
  for (let pages = 0; pages < maxPages; pages++) {
    const { messages = [], response_metadata: metadata } = await page(cursor)
    for (const message of messages) {
      const parsed = keyed.safeParse(message)
      if (parsed.success && parsed.data.metadata.event_payload.key === key) return parsed.data.ts
    }
    cursor = metadata?.next_cursor
    if (cursor === undefined || cursor === '') return undefined
  }
  return undefined
}

/** A channel that is not there may be made at any time, but is not asked for at every message. */
const missingForMs = 30_000
const isId = (channel: string): boolean => /^[CGD][A-Z0-9]+$/.test(channel)

/** Channels by name, as Slack lists them; an id is taken as it is. */
function createChannels(client: WebClient, now: () => Date) {
  let ids = new Map<string, string>()
  const missedAt = new Map<string, number>()
  let listing: Promise<void> | undefined

  const list = async (): Promise<void> => {
    const found = new Map<string, string>()
    let cursor: string | undefined
    do {
      const page = await client.conversations.list({
        types: 'public_channel,private_channel',
        limit: 500,
        ...(cursor === undefined ? {} : { cursor }),
      })
      for (const { id, name } of page.channels ?? []) {
        if (id !== undefined && name !== undefined) found.set(name, id)
      }
      cursor = page.response_metadata?.next_cursor
    } while (cursor !== undefined && cursor !== '')
    ids = found
  }

  const refresh = (): Promise<void> => {
    listing ??= list().finally(() => {
      listing = undefined
    })
    return listing
  }

  return {
    /** The id of a channel; undefined where Slack lists none. `stale` is an id known to be wrong. */
    async idOf(channel: string, stale?: string): Promise<string | undefined> {
      if (isId(channel)) return channel
      const known = ids.get(channel)
      if (known !== undefined && known !== stale) return known
      const missed = missedAt.get(channel) ?? Number.NEGATIVE_INFINITY
      if (now().getTime() - missed < missingForMs) return undefined
      await refresh()
      const id = ids.get(channel)
      if (id === undefined) missedAt.set(channel, now().getTime())
      return id
    },
  }
}
