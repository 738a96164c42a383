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

const labelled = z.object({ accessibility_label: z.string() })

/** What is said of buttons to those who hear rather than see them. */
export function labelsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(labelsIn)
  if (typeof value !== 'object' || value === null) return []
  const label = labelled.safeParse(value)
  const own = label.success ? [label.data.accessibility_label] : []
  return [...own, ...Object.values(value).flatMap(labelsIn)]
}

/** Blocks as a few lines, for snapshots that people can read. */
export const drawn = (blocks: readonly { type: string }[] = []): string[] =>
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

const control = z.object({
  type: z.literal('button'),
  text: z.object({ text: z.string() }),
  action_id: z.string().optional(),
  value: z.string().optional(),
  accessibility_label: z.string().optional(),
})

/** Each button: what it says, what is heard of it, and what it does. */
export function controlsIn(value: unknown): { label: string; spoken: string; does: string }[] {
  if (Array.isArray(value)) return value.flatMap(controlsIn)
  if (typeof value !== 'object' || value === null) return []
  const button = control.safeParse(value)
  if (!button.success) return Object.values(value).flatMap(controlsIn)
  const { text, action_id: id, value: of, accessibility_label: spoken = text.text } = button.data
  return [{ label: text.text, spoken, does: `${id} ${of}` }]
}
