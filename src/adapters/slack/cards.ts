import type { WebClient } from '@slack/web-api'
import type { Cards } from '../../use-cases/ports/delivery.ts'

/** Where cards can be opened: nothing that a message could not do without. */
export const createCards = (client: WebClient): Cards => ({
  async urlOf({ channel, ts }) {
    const found = await client.chat.getPermalink({ channel, message_ts: ts }).catch(() => undefined)
    return found?.permalink
  },
})
