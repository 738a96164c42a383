/** Why a channel takes nothing of Baton, by Slack's name of the error. */
export const closings = [
  'channel_not_found',
  'is_archived',
  'not_in_channel',
  'restricted_action',
] as const
export type Closing = (typeof closings)[number]

/** A channel that takes nothing of Baton, while messages wait that it was to show. */
export interface ClosedChannel {
  /** Name or id, out of the agreement. */
  channel: string
  closing: Closing
  /** How many messages wait. */
  waiting: number
  since: Date
  /** When they were last let go in vain; null where they never were. */
  openedAt: Date | null
  isTold: boolean
}

/** What is told of a closed channel. */
export type Closure = Pick<ClosedChannel, 'channel' | 'closing' | 'waiting' | 'since'>
