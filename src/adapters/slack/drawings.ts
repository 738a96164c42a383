import type { KnownBlock } from '@slack/types'
import type { Message } from './blocks.ts'
import type { ChartBlock } from './charts.ts'

/** A message that may hold what not every Slack draws. */
export interface Drawn {
  text: string
  blocks?: (KnownBlock | ChartBlock)[]
}

/** Messages with charts and tables, which not every Slack takes, and the same in plain blocks. */
export interface Drawings {
  /**
   * Sends the drawn message where this Slack takes such, else the plain one, by `send`, which says
   * whether it was taken. One that takes only the plain one is not asked again.
   */
  send(
    messages: { drawn: Drawn; message: Message },
    send: (message: Drawn) => Promise<boolean>,
  ): Promise<boolean>
}

/** Only Slack itself draws them: a local one takes the blocks and shows nothing. */
export function createDrawings(apiUrl: string): Drawings {
  const { hostname } = new URL(apiUrl)
  let draws = hostname === 'slack.com' || hostname.endsWith('.slack.com')
  return {
    async send({ drawn, message }, send) {
      if (!draws) return send(message)
      if (await send(drawn)) return true
      const taken = await send(message)
      // the way was open, so it was the blocks
      if (taken) draws = false
      return taken
    },
  }
}
