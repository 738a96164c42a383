import type { Locale } from '../../domain/agreement.ts'
import type { ChannelStanding } from '../../domain/set-up.ts'

/** How far the first run of a workspace has come. */
export interface SetUps {
  /** When the form was sent; null before. */
  setUpAt(workspaceId: string): Promise<Date | null>
  /** The form was sent; only the first time counts. */
  done(workspaceId: string, at: Date): Promise<void>
  /** Takes on the one greeting of the workspace; false where somebody was greeted before. */
  greet(workspaceId: string, userId: string, at: Date): Promise<boolean>
  /** Slack did not take the greeting, so that somebody else may still be greeted. */
  notGreeted(workspaceId: string): Promise<void>
}

export interface ChannelCheck {
  /** As the agreement names it. */
  channel: string
  standing: ChannelStanding
}

/** Says what the first run has to say to one person, in their conversation with Baton. */
export interface SetUpMessenger {
  /** Asks for the set-up; false where Slack did not take the message. */
  greet(userId: string, locale: Locale): Promise<boolean>
  /** Looks whether Baton is in these channels, and joins those that it may. */
  check(channels: readonly string[]): Promise<ChannelCheck[]>
  /** What became of the form, and what is left to do. */
  report(userId: string, checks: readonly ChannelCheck[], locale: Locale): Promise<void>
}
