import { parse as parseForm } from 'node:querystring'
import { z } from 'zod'
import type { Problem } from './problem.ts'

const json = 'application/json'
const form = 'application/x-www-form-urlencoded'

/** Not there: Bolt tells requests apart by these keys, so none may stand in a request of another kind. */
const absent = z.undefined().optional()
const id = z.string().min(1).max(255)
const withId = z.looseObject({ id })
const user = z.looseObject({ id, team_id: id.optional() })
const team = withId.nullish()
/** A click in an App Home has none, which some write as an empty id. */
const channel = z.looseObject({ id: z.string().max(255) }).nullish()

const notAnEvent = { event: absent, command: absent, ssl_check: absent }
const interaction = { ...notAnEvent, name: absent, user, team, channel }
const responseUrls = {
  response_url: z.string().optional(),
  response_urls: z.array(z.looseObject({ response_url: z.string() })).optional(),
}
const noFunction = { function_data: absent, bot_access_token: absent }

const event = z.looseObject({
  type: id,
  user: z.union([id, withId]).optional(),
  channel: z.union([id, withId]).optional(),
  channel_id: id.optional(),
  item: z.looseObject({ channel: id.optional() }).optional(),
  message: z.looseObject({}).optional(),
  assistant_thread: z.looseObject({}).optional(),
})
const installedIn = z.looseObject({
  team_id: id.nullable(),
  enterprise_id: id.nullish(),
  user_id: id.nullish(),
})

/** What Slack sends as JSON, as far as Bolt looks into it before any listener does. */
const bodySchema = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('url_verification'), challenge: z.string().max(1_000) }),
  z.looseObject({
    type: z.literal('event_callback'),
    ssl_check: absent,
    team_id: id.nullish(),
    event,
    authorizations: z.array(installedIn).optional(),
    ...responseUrls,
  }),
])

const view = z.looseObject({ id, callback_id: z.string(), app_installed_team_id: id.nullish() })

/** What Slack sends in the `payload` of a form. */
const payloadSchema = z.discriminatedUnion('type', [
  z.looseObject({
    type: z.literal('block_actions'),
    ...interaction,
    ...responseUrls,
    ...noFunction,
    actions: z.array(z.looseObject({ type: id, action_id: id })).min(1),
  }),
  z.looseObject({
    type: z.enum(['view_submission', 'view_closed']),
    ...interaction,
    ...responseUrls,
    ...noFunction,
    actions: absent,
    view,
  }),
  z.looseObject({
    type: z.enum(['shortcut', 'message_action']),
    ...interaction,
    ...responseUrls,
    ...noFunction,
    actions: absent,
    callback_id: id,
  }),
  z.looseObject({
    type: z.literal('block_suggestion'),
    ...interaction,
    ...responseUrls,
    ...noFunction,
    action_id: id,
  }),
])

/** A command, or Slack's own check of the certificate; in a form every value is one text. */
const commandSchema = z
  .object({ event: absent, command: id, team_id: id, user_id: id, channel_id: id })
  .catchall(z.string())
const certificateCheckSchema = z.object({ ssl_check: z.literal('1') }).catchall(z.string())
const formSchema = z.union([commandSchema, certificateCheckSchema])

type Parsed = { ok: true; contentType: string } | { ok: false; problem: Problem }

const refused = (status: 400 | 415, detail: string): Parsed => ({
  ok: false,
  problem: { status, detail },
})

/** Whether a signed body is one of Slack's kinds. Refuses whatever Bolt could stumble over. */
export function parseSlackBody(header: string | undefined, rawBody: Buffer): Parsed {
  const contentType = header?.split(';', 1)[0]?.trim().toLowerCase()
  const text = rawBody.toString()
  if (contentType === json) return checked(bodySchema, parseJson(text), json)
  if (contentType !== form) return refused(415, `Slack sends ${json} or ${form}.`)
  const fields = parseForm(text)
  if (fields.payload === undefined) return checked(formSchema, { ...fields }, form)
  if (typeof fields.payload !== 'string') return refused(400, 'There is more than one payload.')
  // Bolt looks at this field of the form before it looks at the payload.
  if (fields.ssl_check !== undefined) return refused(400, 'A payload comes alone.')
  return checked(payloadSchema, parseJson(fields.payload), form)
}

function checked(schema: z.ZodType, value: unknown, contentType: string): Parsed {
  return schema.safeParse(value).success
    ? { ok: true, contentType }
    : refused(400, 'The body is none of the kinds that Slack sends to an app.')
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
