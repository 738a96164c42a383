import { firstRunWords } from '../../../../content/words/first-run.ts'
import { testHandoffWords } from '../../../../content/words/test-handoff.ts'
import type { Locale } from '../../../../domain/agreement.ts'
import type { ChannelCheck } from '../../../../use-cases/ports/set-up.ts'
import {
  actions,
  button,
  context,
  header,
  type Message,
  message,
  mrkdwn,
  plainSection,
  section,
} from '../../blocks.ts'
import { asMrkdwn } from '../../text.ts'
import { bullet } from '../agreement/parts.ts'
import type { Block } from '../feature.ts'

/** Names of channels have no capital letters. */
export const isChannelId = (channel: string): boolean => /^[CG][A-Z0-9]{2,}$/.test(channel)

/** A channel as Slack links it, or by the name that the agreement has for it. */
export const channelText = (channel: string): string =>
  isChannelId(channel) ? `<#${channel}>` : asMrkdwn(`#${channel}`, 100)

/** What the one who administers the workspace is asked for, in a message and in their home. */
export function greetingBlocks(locale: Locale): Block[] {
  const { title, text, hint, button: label } = firstRunWords[locale].greeting
  return [
    header(title),
    plainSection(text),
    ...actions([button('setup.open', label, 'setup', 'primary')]),
    ...context([mrkdwn(hint)]),
  ]
}

export function buildGreeting(locale: Locale): Message {
  const { title, text, hint } = firstRunWords[locale].greeting
  return message([`${title}.`, text, hint].join(' '), greetingBlocks(locale))
}

/** How Baton stands to its channels, and how to see whether everything works. */
export function buildSetUpReport(checks: readonly ChannelCheck[], locale: Locale): Message {
  const { title, standings, next, more } = firstRunWords[locale].report
  const lines = checks.map(({ channel, standing }) => standings[standing](channelText(channel)))
  return message([`${title}.`, ...lines, next].join('\n'), [
    header(title),
    ...(lines.length === 0 ? [] : [section(lines.map(bullet).join('\n'))]),
    section(next),
    ...actions([button('test.send', testHandoffWords[locale].send, 'test')]),
    ...context([mrkdwn(more)]),
  ])
}
