import type {
  ActionsBlock,
  Button,
  ContextBlock,
  HeaderBlock,
  KnownBlock,
  MrkdwnElement,
  Overflow,
  PlainTextElement,
  PlainTextOption,
  SectionBlock,
} from '@slack/types'
import { asPlain, cut } from './text.ts'

/** Slack's limits: how many of a thing, and characters of a text. */
export const limits = {
  blocks: 50,
  homeBlocks: 100,
  section: 3_000,
  fields: 10,
  field: 2_000,
  header: 150,
  context: 10,
  actions: 25,
  button: 75,
  overflow: 5,
  buttonValue: 2_000,
  optionText: 75,
  optionValue: 150,
  label: 2_000,
  placeholder: 150,
  viewTitle: 24,
  privateMetadata: 3_000,
  /** Slack takes 40,000; a notification or a screen reader is not helped by more than this. */
  message: 3_000,
} as const

/** What is said in one message; `text` is for notifications and screen readers. */
export interface Message {
  text: string
  blocks?: KnownBlock[]
}

/** Our own words or others', shown as they read. */
export const plain = (text: string, max: number = limits.section): PlainTextElement => ({
  type: 'plain_text',
  text: asPlain(text, max) || '–',
  emoji: false,
})

/** Text with markup: what others wrote in it has gone through `asMrkdwn`. */
export const mrkdwn = (text: string, max: number = limits.section): MrkdwnElement => ({
  type: 'mrkdwn',
  text: whole(text, max),
  verbatim: true,
})

/** Cut without leaving half a mention, link or entity behind. */
function whole(text: string, max: number): string {
  if (text.length <= max) return text
  return `${cut(text, max - 1).replace(/(<[^>]*|&\w*)?…$/, '')}…`
}

export const header = (text: string): HeaderBlock => ({
  type: 'header',
  text: plain(text, limits.header),
})

export const section = (text: string): SectionBlock => ({ type: 'section', text: mrkdwn(text) })

export const plainSection = (text: string): SectionBlock => ({
  type: 'section',
  text: plain(text),
})

/** Short texts side by side; nothing where there are none. */
export const fields = (texts: readonly string[]): SectionBlock[] =>
  texts.length === 0
    ? []
    : [
        {
          type: 'section',
          fields: texts.slice(0, limits.fields).map((text) => plain(text, limits.field)),
        },
      ]

/** Small print; nothing where there is none. */
export const context = (elements: readonly (PlainTextElement | MrkdwnElement)[]): ContextBlock[] =>
  elements.length === 0 ? [] : [{ type: 'context', elements: elements.slice(0, limits.context) }]

/** A row of buttons and menus; nothing where there are none. */
export const actions = (elements: readonly (Button | Overflow)[]): ActionsBlock[] =>
  elements.length === 0 ? [] : [{ type: 'actions', elements: elements.slice(0, limits.actions) }]

/** `value` is an id: it is refused rather than cut. */
export function button(
  id: string,
  label: string,
  value: string,
  style?: 'primary' | 'danger',
): Button {
  return {
    type: 'button',
    action_id: id,
    text: plain(label, limits.button),
    value: bounded(value, limits.buttonValue, 'value of a button'),
    ...(style === undefined ? {} : { style }),
  }
}

/**
 * A button that says, to those who hear it, what it is about: "Accept: Maria Verdi". What would be
 * markup elsewhere is nothing to be heard.
 */
export const about = (element: Button, what: string): Button => ({
  ...element,
  accessibility_label: asPlain(
    `${element.text.text}: ${what.replace(/[*_~`<>]/g, '')}`,
    limits.button,
  ),
})

/** What the buttons among them say, for a text that is heard. */
export const labelsOf = (elements: readonly ActionsBlock['elements'][number][]): string[] =>
  elements.flatMap((one) => (one.type === 'button' ? [one.text.text] : []))

/** `value` is an id: it is refused rather than cut. */
export const option = (value: string, label: string): PlainTextOption => ({
  text: plain(label, limits.optionText),
  value: bounded(value, limits.optionValue, 'value of an option'),
})

/** A menu of further things to do; nothing where there are none. */
export const overflow = (id: string, options: readonly PlainTextOption[]): Overflow[] =>
  options.length === 0
    ? []
    : [{ type: 'overflow', action_id: id, options: options.slice(0, limits.overflow) }]

/** What a form remembers, as JSON; refused where it is more than Slack keeps. */
export const privateMetadata = (value: unknown): string =>
  bounded(JSON.stringify(value), limits.privateMetadata, 'private metadata')

function bounded(text: string, max: number, what: string): string {
  if (text.length > max) throw new Error(`the ${what} has more than ${max} characters`)
  return text
}

/** A message inside Slack's limits. `text` is mrkdwn. */
export function message(text: string, blocks?: readonly KnownBlock[]): Message {
  const told = whole(text, limits.message)
  return blocks === undefined
    ? { text: told }
    : { text: told, blocks: blocks.slice(0, limits.blocks) }
}
