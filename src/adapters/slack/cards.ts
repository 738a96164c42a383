import type { WebClient } from '@slack/web-api'
import type { Cards } from '../../use-cases/ports/delivery.ts'

/** Where cards can be opened: nothing that a message could not do without. */
export const createCards = (client: WebClient): Cards => ({
  async urlOf({ channel, ts }) {
    const found = await client.chat.getPermalink({ channel, message_ts: ts }).catch(() => undefined)
    return found?.permalink
  },
})

/**
 * The same without a call to Slack, for where there are many: in the archives of the workspace, whose
 * address Slack tells with its name. Nowhere, where it does not.
 */
export const createArchivedCards = (workspaceUrl: string | undefined): Cards => ({
  async urlOf({ channel, ts }) {
    if (workspaceUrl === undefined) return undefined
    return new URL(`archives/${channel}/p${ts.replace('.', '')}`, workspaceUrl).href
  },
})
