import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { RequestKey } from '../../use-cases/ports/handoffs.ts'

/**
 * What comes from Slack, checked and cut down to what Baton reads. Whatever else a payload holds is
 * dropped here, so that no handler can trust it by mistake.
 */

const slackId = z.string().regex(/^[\w-]{1,50}$/)
/** Printable and without spaces, as all ids of Slack are: the database can hold it. */
const token = z.string().regex(/^[\x21-\x7e]{0,200}$/)
const name = z
  .string()
  .max(200)
  .transform((text) => text.replaceAll('\u0000', '').toWellFormed())

/** Who asks. The name is Slack's and only a hint; the id decides. */
export interface Asker {
  userId: string
  name: string
}

const askerSchema = z
  .object({ id: slackId, name: name.optional(), username: name.optional() })
  .transform((user): Asker => ({ userId: user.id, name: user.name ?? user.username ?? user.id }))

const fieldSchema = z
  .object({
    value: z.string().max(40_000).nullish(),
    selected_option: z.object({ value: z.string().max(2_000) }).nullish(),
    selected_options: z
      .array(z.object({ value: z.string().max(2_000) }))
      .max(100)
      .nullish(),
    selected_date: z.string().max(40).nullish(),
    selected_user: z.string().max(50).nullish(),
    selected_users: z.array(z.string().max(50)).max(1_000).nullish(),
    selected_conversation: z.string().max(50).nullish(),
    selected_channel: z.string().max(50).nullish(),
  })
  .transform(
    ({
      value,
      selected_option: option,
      selected_options: options,
      selected_date: date,
      selected_user: user,
      selected_users: users,
      selected_conversation: conversation,
      selected_channel: channel,
    }) =>
      value ??
      option?.value ??
      options?.map((one) => one.value).join(',') ??
      date ??
      user ??
      users?.join(',') ??
      conversation ??
      channel,
  )

/**
 * The fields of a form by block id; the action id of each is `value`. Empty ones are left out, and
 * several values of one field have commas between them.
 */
export type Fields = ReadonlyMap<string, string>

const stateSchema = z
  .object({
    values: z
      .record(z.string(), z.object({ value: fieldSchema.optional() }))
      .transform((blocks): Fields => {
        const filled = Object.entries(blocks).flatMap(([block, { value }]) =>
          value === undefined || value === null || value.trim() === ''
            ? []
            : [[block, value] as const],
        )
        return new Map(filled)
      }),
  })
  .optional()

const viewSchema = z
  .object({
    id: token,
    type: z.string().max(50).default('modal'),
    hash: token.default(''),
    callback_id: z.string().max(255).default(''),
    private_metadata: z.string().max(3_000).default(''),
    blocks: z
      .array(z.object({ type: z.string().optional(), block_id: z.string().max(255).optional() }))
      .default([]),
    state: stateSchema,
  })
  .transform((view) => ({
    id: view.id,
    ...(view.type === 'home' ? { isHome: true } : {}),
    hash: view.hash,
    callbackId: view.callback_id,
    metadata: view.private_metadata,
    /** The block ids of the fields that the form shows; none where Slack does not tell them. */
    shown: view.blocks.flatMap(({ type, block_id: id }) =>
      type === 'input' && id !== undefined ? [id] : [],
    ),
    fields: view.state?.values ?? new Map<string, string>(),
  }))

/** An open form with what is filled in. */
export type Form = z.output<typeof viewSchema>

const triggerId = z.string().max(500).default('')
const channelSchema = z.object({ id: slackId.or(z.literal('')) }).nullish()
const ts = z.string().max(40)
const responseUrl = z
  .url({ protocol: /^https?$/ })
  .max(2_000)
  .optional()

export const clickSchema = z
  .object({
    user: askerSchema,
    trigger_id: triggerId,
    response_url: responseUrl,
    channel: channelSchema,
    container: z
      .object({ message_ts: ts.optional(), thread_ts: ts.optional() })
      // The first message of a thread stands in the channel, and so do answers to clicks on it.
      .transform((at) => (at.thread_ts === at.message_ts ? undefined : at.thread_ts))
      .nullish(),
    view: viewSchema.nullish(),
    actions: z
      .array(
        z.object({
          action_id: z.string().max(255),
          block_id: z.string().max(255).default(''),
          value: z.string().max(2_000).nullish(),
          selected_option: z.object({ value: z.string().max(2_000) }).nullish(),
        }),
      )
      .min(1),
  })
  .transform(({ user, actions, view, channel, container, ...rest }, context) => {
    const action = actions[0]
    if (action === undefined) {
      context.addIssue({ code: 'custom', message: 'expects an action' })
      return z.NEVER
    }
    // A button of a message has a channel, a field of a form has the form.
    const isElsewhere = view ? view.isHome : !channel?.id
    return {
      /** The button's action id; for a field of a form the form's id and the block's. */
      id: view && !view.isHome ? `${view.callbackId}/${action.block_id}` : action.action_id,
      asker: user,
      value: action.value ?? action.selected_option?.value ?? '',
      triggerId: rest.trigger_id,
      responseUrl: rest.response_url,
      channelId: channel?.id || undefined,
      threadTs: container ?? undefined,
      form: view && !view.isHome ? view : undefined,
      /** It was done in the home of Baton: there is no channel to answer in. */
      ...(isElsewhere ? { isInHome: true } : {}),
    }
  })

/** A click on a button, or a change in a form that reports its changes. */
export type Click = z.output<typeof clickSchema>

export const submissionSchema = z
  .object({ user: askerSchema, view: viewSchema })
  .transform(({ user, view }) => ({ id: view.callbackId, asker: user, form: view }))

/** A form that was sent. */
export type Submission = z.output<typeof submissionSchema>

export const commandSchema = z
  .object({
    command: z.string().max(100),
    text: z.string().max(40_000).default(''),
    user_id: slackId,
    user_name: name.optional(),
    channel_id: slackId,
    trigger_id: triggerId,
    response_url: responseUrl,
  })
  .transform((command) => ({
    id: command.command,
    text: command.text.trim(),
    asker: { userId: command.user_id, name: command.user_name ?? command.user_id },
    triggerId: command.trigger_id,
    responseUrl: command.response_url,
    channelId: command.channel_id,
  }))

/** A slash command. */
export type Command = z.output<typeof commandSchema>

export const shortcutSchema = z
  .object({
    callback_id: z.string().max(255),
    user: askerSchema,
    trigger_id: triggerId,
    response_url: responseUrl,
    channel: channelSchema,
    message: z
      .object({
        text: z.string().max(100_000).nullish(),
        ts: ts.optional(),
        thread_ts: ts.optional(),
      })
      .nullish(),
  })
  .transform((shortcut) => ({
    id: shortcut.callback_id,
    asker: shortcut.user,
    triggerId: shortcut.trigger_id,
    responseUrl: shortcut.response_url,
    channelId: shortcut.channel?.id || undefined,
    /** The text of the message it was called on; undefined for a global one. */
    messageText: shortcut.message?.text ?? undefined,
    /** The thread that this message is in; the first one of a thread stands in the channel. */
    threadTs: threadOf(shortcut.message),
  }))

const threadOf = (
  message: { ts?: string | undefined; thread_ts?: string | undefined } | null | undefined,
): string | undefined =>
  message?.thread_ts === message?.ts ? undefined : (message?.thread_ts ?? undefined)

/** A global shortcut, or one on a message. */
export type Shortcut = z.output<typeof shortcutSchema>

/** What is known of a person, as far as it matters: whether they are still there. */
const userSchema = z.object({ id: slackId, deleted: z.boolean().default(false) })

export const eventSchema = z
  .object({
    event: z.object({
      type: z.string().max(100),
      // most events name a person by id, some by what is known of them
      user: slackId.or(userSchema).optional().catch(undefined),
      user_id: slackId.optional().catch(undefined),
      channel: slackId.optional().catch(undefined),
      channel_id: slackId.optional().catch(undefined),
      file_id: slackId.optional().catch(undefined),
      tab: z.string().max(50).optional().catch(undefined),
    }),
  })
  .transform(({ event }) => ({
    id: event.type,
    userId: (typeof event.user === 'object' ? event.user.id : event.user) ?? event.user_id,
    /** The account was deactivated. */
    hasLeft: typeof event.user === 'object' && event.user.deleted,
    channelId: event.channel ?? event.channel_id,
    fileId: event.file_id,
    /** Of an App Home that was opened. */
    tab: event.tab,
  }))

/** An event that Slack tells of. */
export type SlackEvent = z.output<typeof eventSchema>

export const stepSchema = z
  .object({
    event: z.object({
      function: z.object({ callback_id: z.string().max(255) }),
      function_execution_id: token.min(1),
      inputs: z.record(z.string(), z.unknown()).default({}),
    }),
  })
  .transform(({ event }) => ({
    id: event.function.callback_id,
    executionId: event.function_execution_id,
    inputs: event.inputs,
  }))

/** A step of a workflow that is to be run. */
export type Step = z.output<typeof stepSchema>

/** The key of a step: Slack tells of it again where the answer was late. */
export const requestOfStep = ({ id, executionId, inputs }: Step): RequestKey => ({
  key: `slack:step:${executionId}`,
  fingerprint: createHash('sha256')
    .update(JSON.stringify([id, inputs]))
    .digest('hex'),
})

/**
 * The key of a sent form: the same request that comes again has the same one. The fingerprint is of
 * what was filled in.
 */
export function requestOf({ asker, form }: Submission): RequestKey {
  const asked = JSON.stringify([form.callbackId, form.metadata, [...form.fields].sort()])
  return {
    key: `slack:view:${form.id}:${form.hash}:${asker.userId}`,
    fingerprint: createHash('sha256').update(asked).digest('hex'),
  }
}
