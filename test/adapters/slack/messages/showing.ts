import type { KnownBlock } from '@slack/types'
import { z } from 'zod'

/** Every text object in blocks, with the way in which Slack reads it. */
export interface Shown {
  type: 'plain_text' | 'mrkdwn'
  text: string
}

const shown = z.object({ type: z.enum(['plain_text', 'mrkdwn']), text: z.string() })

export function textsIn(value: unknown): Shown[] {
  if (Array.isArray(value)) return value.flatMap(textsIn)
  if (typeof value !== 'object' || value === null) return []
  const text = shown.safeParse(value)
  return text.success ? [text.data] : Object.values(value).flatMap(textsIn)
}

/** Blocks as a few lines, for snapshots that people can read. */
export const drawn = (blocks: readonly KnownBlock[] = []): string[] =>
  blocks.map((block) => {
    const texts = textsIn(block).map(({ type, text }) => (type === 'mrkdwn' ? text : `"${text}"`))
    return `${block.type}: ${texts.join(' | ')}`
  })

/** What Slack would read as its own in mrkdwn: `<…>` and what it allows Baton to write there. */
const ours = [
  /^<@[UW][A-Z0-9]+>$/,
  /^<!date\^\d+\^[^|<>]*\|[^<>]*>$/,
  /^<https:\/\/(crm|acme)\.example\/[^|<>]*\|[^<>]*>$/,
]

/** Controls in a mrkdwn text that Baton did not write. */
export const foreignControls = (text: string): string[] =>
  (text.match(/<[^>]*>?/g) ?? []).filter((control) => !ours.some((own) => own.test(control)))
