import { webhookWords } from '../../../../content/words/webhooks.ts'
import { webhookRight } from '../../../../domain/webhook.ts'
import type { WebhookEndpoint } from '../../../../use-cases/ports/webhooks.ts'
import { endpointsSeen, testEndpoint } from '../../../../use-cases/webhook-endpoints.ts'
import { message, section } from '../../blocks.ts'
import type { Asker, Click, Submission } from '../../payloads.ts'
import {
  type Desk,
  type Feature,
  type FormReply,
  memberOf,
  type Reply,
  soon,
  tell,
} from '../feature.ts'
import { addWebhook, buildWebhookForm } from './form.ts'
import { buildLog, buildWebhooks, placeOf, testWords, type WebhookView } from './messages.ts'

/** So many deliveries of each are shown in the list, and on a page of the log. */
const mostInList = 5
const mostOnPage = 25

/** How somebody may look at webhooks; null for who may not. */
interface Reader {
  view: WebhookView
  right: ReturnType<typeof webhookRight>
}

async function readerOf(asker: Asker, desk: Desk): Promise<Reader> {
  const { world, workspaceId } = desk
  const [member, { agreement }] = await Promise.all([
    memberOf(asker, desk),
    world.agreements.inForce(workspaceId),
  ])
  const right = webhookRight(agreement, member)
  const zone = member.zone ?? agreement.calendar.timezone
  return { view: { locale: member.locale, zone, mayChange: right === 'change' }, right }
}

const say = (text: string): Reply => tell(message(text, [section(text)]))

/** `/sla webhooks`: the programs that are told of events, to managers and admins. */
export async function showWebhooks(asker: Asker, desk: Desk): Promise<Reply> {
  const { view, right } = await readerOf(asker, desk)
  if (right === null) return say(webhookWords[view.locale].whoMayLook)
  const seen = await endpointsSeen(desk.world, desk.workspaceId, mostInList)
  return tell(buildWebhooks(seen, view))
}

/** What a button of an endpoint does; `rest` is what its value holds after the id. */
type OfEndpoint = (
  endpoint: WebhookEndpoint,
  desk: Desk,
  view: WebhookView,
  rest: string | undefined,
) => Promise<Reply>

/** A click of who may, on an endpoint that is still there. */
const onEndpoint =
  (needed: 'look' | 'change', handle: OfEndpoint) =>
  async ({ asker, value }: Click, desk: Desk): Promise<Reply> => {
    const { view, right } = await readerOf(asker, desk)
    const words = webhookWords[view.locale]
    if (right === null) return say(words.whoMayLook)
    if (needed === 'change' && right !== 'change') return say(words.whoMayChange)
    const [id = '', rest] = value.split(' ')
    const endpoint = await desk.world.webhooks.byId(desk.workspaceId, id)
    return endpoint === undefined ? say(words.gone) : handle(endpoint, desk, view, rest)
  }

/** One that is slow to answer is tested on: the log tells what came of it. */
const test: OfEndpoint = async (endpoint, { world, workspaceId }, { locale }) =>
  say(testWords(endpoint, await soon(testEndpoint(world, workspaceId, endpoint.id)), locale))

const log: OfEndpoint = async (endpoint, { world, workspaceId }, view, cursor) => {
  const page = await world.webhooks.log(workspaceId, endpoint.id, { cursor, limit: mostOnPage })
  return page === undefined
    ? say(webhookWords[view.locale].gone)
    : tell(buildLog({ endpoint, log: page.items }, page.nextCursor, view))
}

const remove: OfEndpoint = async (endpoint, { world, workspaceId }, { locale }) => {
  const words = webhookWords[locale]
  const removed = await world.webhooks.remove(workspaceId, endpoint.id)
  return say(removed ? words.removed(placeOf(endpoint)) : words.gone)
}

async function openForm({ asker }: Click, desk: Desk): Promise<Reply> {
  const { view, right } = await readerOf(asker, desk)
  return right === 'change'
    ? { kind: 'open', view: buildWebhookForm(view.locale) }
    : say(webhookWords[view.locale].whoMayChange)
}

async function submit(submission: Submission, desk: Desk): Promise<FormReply> {
  const { view, right } = await readerOf(submission.asker, desk)
  return right === 'change'
    ? addWebhook(submission, view.locale, desk)
    : { kind: 'errors', errors: { url: webhookWords[view.locale].whoMayChange } }
}

/** Programs that are told of events: seen by managers, changed by admins. */
export const webhooks: Feature = {
  actions: {
    'webhooks.test': onEndpoint('look', test),
    'webhooks.log': onEndpoint('look', log),
    'webhooks.remove': onEndpoint('change', remove),
    'webhooks.add': openForm,
  },
  views: { 'webhooks.add': submit },
}
