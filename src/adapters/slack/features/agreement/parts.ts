import { limits, section } from '../../blocks.ts'
import type { Block } from '../feature.ts'

export const bullet = (line: string): string => `• ${line}`

/** A heading with its lines, over as many sections as they need; nothing where there are none. */
export function part(heading: string, lines: readonly string[]): Block[] {
  const texts: string[] = []
  let text = `*${heading}*`
  for (const line of lines) {
    if (text.length + 1 + line.length > limits.section) {
      texts.push(text)
      text = line
    } else {
      text = `${text}\n${line}`
    }
  }
  return lines.length === 0 ? [] : [...texts, text].map((each) => section(each))
}
