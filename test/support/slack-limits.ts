import { z } from 'zod'

/** Slack's documented limits on blocks and views, as far as this program can run into them. */

const plainText = (most: number) =>
  z.looseObject({ type: z.literal('plain_text'), text: z.string().min(1).max(most) })
const anyText = (most: number) =>
  z.looseObject({
    type: z.enum(['plain_text', 'mrkdwn']),
    text: z.string().min(1).max(most),
  })

const actionId = z.string().min(1).max(255).optional()
const option = z.looseObject({
  text: anyText(75),
  value: z.string().min(1).max(150),
  description: anyText(75).optional(),
})
const options = (most: number) =>
  z
    .array(option)
    .min(1)
    .max(most)
    .refine((all) => isUnique(all.map((one) => one.value)), 'option values must be unique')
const confirm = z
  .looseObject({
    title: plainText(100),
    text: anyText(300),
    confirm: plainText(30),
    deny: plainText(30),
  })
  .optional()
const placeholder = plainText(150).optional()
const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/)

function select(type: string) {
  return z.looseObject({ type: z.literal(type), action_id: actionId, placeholder, confirm })
}

function isAmong(chosen: { value: string }, all: readonly { value: string }[]): boolean {
  return all.some((one) => one.value === chosen.value)
}

const button = z.looseObject({
  type: z.literal('button'),
  text: plainText(75),
  action_id: actionId,
  value: z.string().max(2_000).optional(),
  url: z.string().max(3_000).optional(),
  style: z.enum(['primary', 'danger']).optional(),
  accessibility_label: z.string().min(1).max(75).optional(),
  confirm,
})
const overflow = z.looseObject({
  type: z.literal('overflow'),
  action_id: actionId,
  options: options(5),
  confirm,
})
const staticSelect = z
  .looseObject({
    type: z.literal('static_select'),
    action_id: actionId,
    placeholder,
    options: options(100).optional(),
    option_groups: z.array(z.looseObject({ options: options(100) })).optional(),
    initial_option: option.optional(),
  })
  .refine((one) => one.options !== undefined || one.option_groups !== undefined, 'needs options')
  .refine(
    ({ initial_option: initial, options: all }) =>
      initial === undefined || all === undefined || isAmong(initial, all),
    'initial_option must be one of the options',
  )
const plainTextInput = z.looseObject({
  type: z.literal('plain_text_input'),
  action_id: actionId,
  placeholder,
  multiline: z.boolean().optional(),
  initial_value: z.string().max(3_000).optional(),
  max_length: z.int().min(1).max(3_000).optional(),
})
const typedInput = (type: string) => z.looseObject({ type: z.literal(type), action_id: actionId })
const datepicker = z.looseObject({
  type: z.literal('datepicker'),
  action_id: actionId,
  placeholder,
  initial_date: day.optional(),
})
const choice = (type: string) =>
  z.looseObject({ type: z.literal(type), action_id: actionId, options: options(10) })
const image = z.looseObject({
  type: z.literal('image'),
  image_url: z.string().max(3_000),
  alt_text: z.string().max(2_000),
})

const interactive = [
  button,
  staticSelect,
  datepicker,
  choice('radio_buttons'),
  choice('checkboxes'),
  select('users_select'),
  select('conversations_select'),
  select('channels_select'),
  typedInput('timepicker'),
] as const
const actionElement = z.union([...interactive, overflow])
const accessory = z.union([...interactive, overflow, image])
const inputElement = z.union([
  ...interactive.slice(1),
  plainTextInput,
  typedInput('email_text_input'),
  typedInput('number_input'),
  typedInput('url_text_input'),
  typedInput('multi_static_select'),
  typedInput('multi_users_select'),
])

function isUnique(ids: readonly (string | undefined)[]): boolean {
  const given = ids.filter((id) => id !== undefined)
  return new Set(given).size === given.length
}

const blockId = z.string().min(1).max(255).optional()
const section = z
  .looseObject({
    type: z.literal('section'),
    block_id: blockId,
    text: anyText(3_000).optional(),
    fields: z.array(anyText(2_000)).min(1).max(10).optional(),
    accessory: accessory.optional(),
  })
  .refine((one) => one.text !== undefined || one.fields !== undefined, 'needs a text or fields')
const actions = z.looseObject({
  type: z.literal('actions'),
  block_id: blockId,
  elements: z
    .array(actionElement)
    .min(1)
    .max(25)
    .refine((all) => isUnique(all.map((one) => one.action_id)), 'action ids must be unique'),
})
const context = z.looseObject({
  type: z.literal('context'),
  block_id: blockId,
  elements: z
    .array(z.union([anyText(3_000), image]))
    .min(1)
    .max(10),
})
const input = z.looseObject({
  type: z.literal('input'),
  block_id: blockId,
  label: plainText(2_000),
  hint: plainText(2_000).optional(),
  element: inputElement,
})
const plainBlock = (type: string) => z.looseObject({ type: z.literal(type), block_id: blockId })

const chartLabel = z.string().min(1).max(20)
const chart = z
  .strictObject({
    type: z.enum(['bar', 'line', 'area']),
    series: z
      .array(
        z.strictObject({
          name: chartLabel,
          data: z
            .array(z.strictObject({ label: chartLabel, value: z.number() }))
            .min(1)
            .max(20),
        }),
      )
      .min(1)
      .max(6)
      .refine((all) => isUnique(all.map(({ name }) => name)), 'names of series must be unique'),
    axis_config: z.strictObject({
      categories: z.array(chartLabel).min(1).max(20),
      x_label: z.string().min(1).max(50).optional(),
      y_label: z.string().min(1).max(50).optional(),
    }),
  })
  .refine(({ axis_config: { categories } }) => isUnique(categories), 'categories must be unique')
  .refine(
    ({ series, axis_config: { categories } }) =>
      series.every(({ data }) => data.map(({ label }) => label).join() === categories.join()),
    'every series has a value for each category',
  )

const block = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('data_visualization'),
    block_id: blockId,
    title: z.string().min(1).max(50),
    chart,
  }),
  section,
  actions,
  context,
  input,
  z.looseObject({ type: z.literal('header'), block_id: blockId, text: plainText(150) }),
  plainBlock('divider'),
  z.looseObject({ ...image.shape, block_id: blockId, title: plainText(2_000).optional() }),
  plainBlock('rich_text'),
  plainBlock('markdown'),
  plainBlock('table'),
  z.looseObject({
    type: z.literal('data_table'),
    block_id: blockId,
    caption: z.string().min(1),
    page_size: z.int().min(1).max(100).optional(),
    rows: z
      .array(
        z
          .array(z.looseObject({ type: z.enum(['raw_text']), text: z.string().min(1) }))
          .min(1)
          .max(20),
      )
      .min(2)
      .max(101)
      .refine((rows) => new Set(rows.map(({ length }) => length)).size === 1, 'rows are as long'),
  }),
])

const blocks = (most: number) =>
  z
    .array(block)
    .max(most)
    .refine((all) => isUnique(all.map((one) => one.block_id)), 'block ids must be unique')
    .refine(
      (all) => all.filter(({ type }) => type === 'data_visualization').length <= 2,
      'a message has two charts at most',
    )

export const messageBlocksSchema = blocks(50)

const view = {
  blocks: blocks(100),
  callback_id: z.string().max(255).optional(),
  private_metadata: z.string().max(3_000).optional(),
  external_id: z.string().max(255).optional(),
}
const modal = z
  .looseObject({
    ...view,
    type: z.literal('modal'),
    title: plainText(24),
    submit: plainText(24).optional(),
    close: plainText(24).optional(),
  })
  .refine(
    (one) => one.submit !== undefined || one.blocks.every((each) => each.type !== 'input'),
    'submit is required where there are inputs',
  )
export const viewSchema = z.union([modal, z.looseObject({ ...view, type: z.literal('home') })])

export const metadataSchema = z.strictObject({
  event_type: z.string().min(1),
  event_payload: z.record(z.string(), z.unknown()),
})

/** What is wrong with it, in lines such as `/0/text/text: Too big…`; nothing where all is well. */
export function faultsOf(schema: z.ZodType, value: unknown): string[] {
  const parsed = schema.safeParse(value)
  if (parsed.success) return []
  return parsed.error.issues.map((issue) => `/${issue.path.join('/')}: ${issue.message}`)
}
