import type { InputBlock } from '@slack/types'
import type { z } from 'zod'
import {
  limits,
  type Message,
  option,
  plain,
  plainSection,
  privateMetadata,
  section,
} from '../blocks.ts'
import type { Form } from '../payloads.ts'
import { cut } from '../text.ts'
import type { Block, FormReply, FormView } from './feature.ts'

/** The parts of forms. A field's block id is its name, its action id always `value`. */

interface Field {
  block: string
  label: string
  hint?: string | undefined
  optional?: boolean
  /** Tells Baton of each change, so that the form can follow. */
  reports?: boolean
}

function input(
  { block, label, hint, optional, reports }: Field,
  element: InputBlock['element'],
): InputBlock {
  return {
    type: 'input',
    block_id: block,
    label: plain(label, limits.label),
    element,
    optional: optional ?? false,
    dispatch_action: reports ?? false,
    ...(hint === undefined ? {} : { hint: plain(hint, limits.label) }),
  }
}

/** A text of at most `most` characters (Slack takes 3,000), on one line or several. */
export const textField = (
  field: Field & { value?: string | undefined; lines?: 'one' | 'several'; most: number },
): InputBlock =>
  input(field, {
    type: 'plain_text_input',
    action_id: 'value',
    multiline: field.lines === 'several',
    max_length: field.most,
    ...(field.value === undefined ? {} : { initial_value: cut(field.value, field.most) }),
  })

export interface Choice {
  value: string
  label: string
}

/** One of a list. What is chosen at first stands in the empty field too, for clients without it. */
export function choiceField(
  field: Field & { choices: readonly Choice[]; chosen?: string | undefined; choose: string },
): InputBlock {
  const options = field.choices.map(({ value, label }) => option(value, label))
  const chosen = options.find(({ value }) => value === field.chosen)
  return input(field, {
    type: 'static_select',
    action_id: 'value',
    options,
    placeholder: plain(chosen?.text.text ?? field.choose, limits.placeholder),
    ...(chosen === undefined ? {} : { initial_option: chosen }),
  })
}

/** Some of a list; `chosen` are those that are chosen at first. */
export function choicesField({
  choices,
  chosen = [],
  choose,
  ...field
}: Field & {
  choices: readonly Choice[]
  chosen?: readonly string[]
  choose: string
}): InputBlock {
  const options = choices.map(({ value, label }) => option(value, label))
  const before = options.filter(({ value }) => value !== undefined && chosen.includes(value))
  return input(field, {
    type: 'multi_static_select',
    action_id: 'value',
    options,
    placeholder: plain(choose, limits.placeholder),
    ...(before.length === 0 ? {} : { initial_options: before }),
  })
}

/** Somebody of the workspace, by their Slack id. */
export const personField = ({
  choose,
  chosen,
  ...field
}: Field & { choose: string; chosen?: string | undefined }): InputBlock =>
  input(field, {
    type: 'users_select',
    action_id: 'value',
    placeholder: plain(choose, limits.placeholder),
    ...(chosen === undefined ? {} : { initial_user: chosen }),
  })

/** Some people of the workspace, by their Slack ids. */
export const peopleField = ({
  choose,
  chosen = [],
  ...field
}: Field & { choose: string; chosen?: readonly string[] }): InputBlock =>
  input(field, {
    type: 'multi_users_select',
    action_id: 'value',
    placeholder: plain(choose, limits.placeholder),
    ...(chosen.length === 0 ? {} : { initial_users: [...chosen] }),
  })

/** A channel of the workspace, by its Slack id. */
export const channelField = ({
  choose,
  chosen,
  ...field
}: Field & { choose: string; chosen?: string | undefined }): InputBlock =>
  input(field, {
    type: 'conversations_select',
    action_id: 'value',
    placeholder: plain(choose, limits.placeholder),
    filter: { include: ['public', 'private'], exclude_external_shared_channels: true },
    ...(chosen === undefined ? {} : { initial_conversation: chosen }),
  })

/** A calendar date, YYYY-MM-DD. */
export function dateField({ value, ...field }: Field & { value?: string | undefined }): InputBlock {
  const known = value !== undefined && /^\d{4}-\d{2}-\d{2}$/.test(value)
  return input(field, {
    type: 'datepicker',
    action_id: 'value',
    ...(known ? { initial_date: value } : {}),
  })
}

export function form(parts: {
  id: string
  /** What the form remembers until it is sent. */
  remembers?: unknown
  title: string
  submit: string
  cancel: string
  blocks: Block[]
}): FormView {
  return {
    type: 'modal',
    callback_id: parts.id,
    private_metadata: parts.remembers === undefined ? '' : privateMetadata(parts.remembers),
    title: plain(parts.title, limits.viewTitle),
    submit: plain(parts.submit, limits.viewTitle),
    close: plain(parts.cancel, limits.viewTitle),
    blocks: parts.blocks,
  }
}

/** What is shown in place of a form: a sentence and nothing to fill in. */
export const sentenceView = (parts: { title: string; close: string; text: string }): FormView => ({
  type: 'modal',
  title: plain(parts.title, limits.viewTitle),
  close: plain(parts.close, limits.viewTitle),
  blocks: [plainSection(parts.text)],
})

/** A message in a window of its own, with nothing to fill in. */
export const messageView = (parts: {
  title: string
  close: string
  message: Message
}): FormView => ({
  type: 'modal',
  title: plain(parts.title, limits.viewTitle),
  close: plain(parts.close, limits.viewTitle),
  blocks: parts.message.blocks ?? [section(parts.message.text)],
})

/** What a form remembers, checked; undefined where it is not what Baton wrote. */
export function rememberedBy<Schema extends z.ZodType>(
  { metadata }: Form,
  schema: Schema,
): z.output<Schema> | undefined {
  const parsed = schema.safeParse(parseJson(metadata))
  return parsed.success ? parsed.data : undefined
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** A sentence under each field that does not hold what is expected. */
export function fieldFaults<Field extends string>(
  error: z.ZodError,
  sentences: Record<Field, string>,
): FormReply {
  const known = Object.entries<string>(sentences).filter(([field]) =>
    error.issues.some(({ path }) => path[0] === field),
  )
  return { kind: 'errors', errors: Object.fromEntries(known) }
}
