import type { WebClient } from '@slack/web-api'
import { z } from 'zod'
import type { Found, Said } from '../../use-cases/ports/delivery.ts'
import { refusalOf, sortOut } from './slack-errors.ts'

/** Slack adds nothing of its own: no previews, no links or mentions made out of words. */
export const asWritten = { parse: 'none', link_names: false } as const
export const withoutPreviews = { unfurl_links: false, unfurl_media: false } as const

/** So far back, and over so many pages, a message is looked for in a channel. */
const lookBackMs = 24 * 3_600_000
const pageSize = 200
const maxPages = 10

/** Speaks in channels by name or id, and finds again what was said there. */
export interface Speaker {
  /** Runs a call in a channel, once more where the channel of that name has become another. */
  say(
    channel: string,
    call: (channelId: string) => Promise<{ channel?: string; ts?: string }>,
  ): Promise<Said>
  /** Looks for the message with that key in its metadata, in a thread or in a channel of late. */
  find(key: string, where: { channel: string; threadTs: string | null }): Promise<Found>
}

export function createSpeaker(client: WebClient, now: () => Date): Speaker {
  const channels = createChannels(client, now)

  const say = async (
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
      return renamed && id !== channel ? say(channel, call, id) : sortOut(error)
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
    say: (channel, call) => say(channel, call),

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
