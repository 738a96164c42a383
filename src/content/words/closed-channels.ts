import type { Locale } from '../../domain/agreement.ts'
import type { Closing } from '../../domain/closed-channel.ts'
import { plural } from './format.ts'

interface ClosureWords {
  /** Why nothing can be said in a channel, and what to do about it. */
  closing: Record<Closing, (channel: string) => string>
  waiting(count: number): string
}

/** What managers are told of a channel that Baton may not speak in; `channel` is mrkdwn. */
export const closedChannelWords: Record<Locale, ClosureWords> = {
  en: {
    closing: {
      channel_not_found: (channel) =>
        `Baton sees no channel ${channel}. If it is private, invite Baton there with \`/invite @Baton\`; else create it, or name another one in the agreement.`,
      is_archived: (channel) =>
        `${channel} is archived. Unarchive it and invite Baton with \`/invite @Baton\`, or name another channel in the agreement.`,
      not_in_channel: (channel) =>
        `Baton is not in ${channel}. Invite it there with \`/invite @Baton\`.`,
      restricted_action: (channel) =>
        `Slack does not let Baton post in ${channel}. An administrator has to allow it.`,
    },
    waiting: (count) =>
      `${plural(count, 'en', { one: 'message waits', other: 'messages wait' })} for it, and will be posted then.`,
  },
  it: {
    closing: {
      channel_not_found: (channel) =>
        `Baton non vede il canale ${channel}. Se è privato, invita Baton con \`/invite @Baton\`; altrimenti crealo, o indica un altro canale nell’accordo.`,
      is_archived: (channel) =>
        `${channel} è archiviato. Ripristinalo e invita Baton con \`/invite @Baton\`, o indica un altro canale nell’accordo.`,
      not_in_channel: (channel) => `Baton non è in ${channel}. Invitalo con \`/invite @Baton\`.`,
      restricted_action: (channel) =>
        `Slack non permette a Baton di scrivere in ${channel}. Deve consentirlo un amministratore.`,
    },
    waiting: (count) =>
      count === 1
        ? 'Un messaggio è in attesa e sarà pubblicato subito dopo.'
        : `${plural(count, 'it', { one: 'messaggio', other: 'messaggi' })} sono in attesa e saranno pubblicati subito dopo.`,
  },
}
