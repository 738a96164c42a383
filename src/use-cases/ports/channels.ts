import type { Locale } from '../../domain/agreement.ts'
import type { ClosedChannel, Closure } from '../../domain/closed-channel.ts'
import type { Found, Said, Stream } from './delivery.ts'

/** The channels that take nothing of Baton. */
export interface ClosedChannels {
  /** Those of now; one that has said everything since is forgotten, and told anew the next time. */
  all(workspaceId: string, now: Date): Promise<ClosedChannel[]>
  /**
   * The right to tell of one for `ms`; undefined where another process has it, or has told.
   * `uncertain`: somebody began to tell, and it is not known whether they did.
   */
  take(
    workspaceId: string,
    channel: string,
    now: Date,
    ms: number,
  ): Promise<{ uncertain: boolean } | undefined>
  told(workspaceId: string, channel: string, now: Date): Promise<void>
  /** Nobody was told: that is tried again. */
  notTold(workspaceId: string, channel: string, uncertain: boolean): Promise<void>
  /** Has what waits there said. */
  open(workspaceId: string, channel: string, now: Date): Promise<Stream>
  /** Slack ids of the administrators of the workspace itself: so many at most. */
  administrators(workspaceId: string, limit: number): Promise<string[]>
}

/** Tells people of a closed channel; `place` is a channel, or Slack's id of a person. */
export interface ClosureMessenger {
  tell(closure: Closure, place: string, locale: Locale): Promise<Said>
  /** Looks for what may have been told there. */
  find(closure: Closure, place: string): Promise<Found>
}

/** Told that a channel may have been opened to Baton. */
export interface ChannelDoor {
  changed(): void
}
