import type { ActionsBlock, Button, KnownBlock, Overflow } from '@slack/types'
import { actions, button, section } from './blocks.ts'
import { refusalOf } from './slack-errors.ts'
import { escapeText } from './text.ts'

/** Slack refuses the blocks, whatever is in them: it has no such type, or not any more. */
const refusals: readonly string[] = ['invalid_blocks', 'invalid_blocks_format', 'invalid_arguments']

/** Sends the first of these that Slack does not refuse for its blocks. */
export async function firstTaken<Content, Answer>(
  contents: readonly [Content, ...Content[]],
  send: (content: Content) => Promise<Answer>,
): Promise<Answer> {
  const [content, next, ...others] = contents
  if (next === undefined) return send(content)
  try {
    return await send(content)
  } catch (error) {
    if (!refusals.includes(refusalOf(error) ?? '')) throw error
    return firstTaken([next, ...others], send)
  }
}

/** The same in sections, buttons and menus alone, which every Slack draws; pictures fall away. */
export const plainest = (blocks: readonly KnownBlock[]): KnownBlock[] => blocks.flatMap(plainer)

function plainer(block: KnownBlock): KnownBlock[] {
  switch (block.type) {
    case 'header':
      return [section(`*${escapeText(block.text.text)}*`)]
    case 'section': {
      const texts = [...(block.text ? [block.text] : []), ...(block.fields ?? [])]
      const { accessory } = block
      return [
        ...told(texts),
        ...(accessory?.type === 'button' || accessory?.type === 'overflow'
          ? bare([accessory])
          : []),
      ]
    }
    case 'context':
      return told(block.elements.flatMap((one) => (one.type === 'image' ? [] : [one])))
    case 'actions':
      return bare(block.elements)
    default:
      return []
  }
}

const told = (texts: readonly { type: string; text: string }[]): KnownBlock[] => {
  const lines = texts.map(({ type, text }) => (type === 'mrkdwn' ? text : escapeText(text)))
  return lines.length === 0 ? [] : [section(lines.join('\n'))]
}

/** Without what a button may have beside its text. */
const bare = (elements: ActionsBlock['elements']): KnownBlock[] =>
  actions(
    elements.flatMap((one): (Button | Overflow)[] => {
      if (one.type === 'overflow') return [one]
      if (one.type !== 'button' || one.action_id === undefined) return []
      return [button(one.action_id, one.text.text, one.value ?? '', one.style)]
    }),
  )
