import type { Button, KnownBlock } from '@slack/types'
import { formatInstant, formatList } from '../../../../content/words/format.ts'
import { webhookAnswerWords, webhookWords } from '../../../../content/words/webhooks.ts'
import type { Locale } from '../../../../domain/agreement.ts'
import { testType } from '../../../../domain/webhook.ts'
import type { WebhookEndpoint, WebhookLogLine } from '../../../../use-cases/ports/webhooks.ts'
import type { EndpointSeen, Tested } from '../../../../use-cases/webhook-endpoints.ts'
import { about, actions, button, header, type Message, message, section } from '../../blocks.ts'
import { asMrkdwn } from '../../text.ts'
import { bullet, part } from '../agreement/parts.ts'

export interface WebhookView {
  locale: Locale
  zone: string
  /** Whether the reader may add and remove. */
  mayChange: boolean
}

/** A confirmation takes 300 characters; the address of an endpoint has its place in one. */
const mostPlace = 150

/** Host and path of an address, as mrkdwn; what else stands in it may be a secret. */
export function placeOf({ url }: Pick<WebhookEndpoint, 'url'>): string {
  const { host, pathname } = new URL(url)
  return asMrkdwn(pathname === '/' ? host : `${host}${pathname}`, mostPlace)
}

/** All endpoints, whether they answer, and what was sent to each last. */
export function buildWebhooks(seen: readonly EndpointSeen[], view: WebhookView): Message {
  const words = webhookWords[view.locale]
  const add = view.mayChange ? [button('webhooks.add', words.buttons.add, 'add')] : []
  const told = seen.map((one) => ({ ...one, text: textOf(one, view) }))
  const nothing = told.length === 0 ? [words.none] : []
  return message([words.title, ...nothing, ...told.map(({ text }) => text)].join('\n'), [
    header(words.title),
    ...nothing.map(section),
    ...told.flatMap(({ endpoint, text }) => [section(text), ...buttonsOf(endpoint, view)]),
    ...actions(add),
  ])
}

function textOf({ endpoint, log }: EndpointSeen, view: WebhookView): string {
  const words = webhookWords[view.locale]
  return [
    `*${placeOf(endpoint)}*`,
    stateOf(endpoint, view),
    eventsOf(endpoint, view),
    ...(log.length === 0 ? [words.nothingSent] : log.map((line) => bullet(lineOf(line, view)))),
  ].join('\n')
}

function stateOf({ disabledAt, failingSince }: WebhookEndpoint, view: WebhookView): string {
  const words = webhookWords[view.locale]
  if (disabledAt !== null) return words.disabled(when(disabledAt, view))
  return failingSince === null ? words.working : words.failing(when(failingSince, view))
}

function eventsOf({ events }: WebhookEndpoint, { locale }: WebhookView): string {
  const words = webhookWords[locale]
  if (events.length === 0) return words.allEvents
  return words.events(
    formatList(
      events.map((type) => words.eventNames[type]),
      locale,
    ),
  )
}

const when = (at: Date, { locale, zone }: WebhookView): string => formatInstant(at, locale, zone)

/** A delivery in plain words: when, which event, and what came of it. */
function lineOf(line: WebhookLogLine, view: WebhookView): string {
  const words = webhookWords[view.locale]
  return words.line(when(line.createdAt, view), words.eventNames[line.type], cameOf(line, view))
}

function cameOf({ type, state, answer, nextTryAt }: WebhookLogLine, view: WebhookView): string {
  const words = webhookWords[view.locale]
  if (answer === null) return words.waits
  const said = asMrkdwn(webhookAnswerWords(answer, view.locale), mostPlace)
  if (state === 'sent') return words.taken(said)
  if (state === 'pending' && nextTryAt !== null) return words.again(said, when(nextTryAt, view))
  return type === testType ? words.notTaken(said) : words.givenUp(said)
}

function buttonsOf(endpoint: WebhookEndpoint, { locale, mayChange }: WebhookView): KnownBlock[] {
  const { buttons } = webhookWords[locale]
  const { id } = endpoint
  const { host } = new URL(endpoint.url)
  return actions(
    [
      button('webhooks.test', buttons.test, id),
      button('webhooks.log', buttons.log, id),
      ...(mayChange ? [removeButton(endpoint, locale)] : []),
    ].map((one) => about(one, host)),
  )
}

function removeButton(endpoint: WebhookEndpoint, locale: Locale): Button {
  const { buttons, remove } = webhookWords[locale]
  const plain = (text: string) => ({ type: 'plain_text', text }) as const
  return {
    ...button('webhooks.remove', buttons.remove, endpoint.id, 'danger'),
    confirm: {
      title: plain(remove.title),
      text: { type: 'mrkdwn', text: remove.text(placeOf(endpoint)) },
      confirm: plain(remove.confirm),
      deny: plain(remove.deny),
    },
  }
}

/** A page of the log of one endpoint; `older` is where the next begins. */
export function buildLog(
  { endpoint, log }: EndpointSeen,
  older: string | null,
  view: WebhookView,
): Message {
  const words = webhookWords[view.locale]
  const heading = words.log(placeOf(endpoint))
  const lines = log.length === 0 ? [words.nothingSent] : log.map((line) => lineOf(line, view))
  const more =
    older === null ? [] : [button('webhooks.log', words.buttons.older, `${endpoint.id} ${older}`)]
  return message([heading, ...lines].join('\n'), [
    ...part(heading, lines.map(bullet)),
    ...actions(more),
  ])
}

/** What came of a test, in a sentence; undefined where no answer has come so far. */
export function testWords(
  endpoint: WebhookEndpoint,
  tested: Tested | undefined,
  locale: Locale,
): string {
  const words = webhookWords[locale]
  const place = placeOf(endpoint)
  if (tested === undefined) return words.testSlow(place)
  const answer = webhookAnswerWords(tested.answer, locale)
  return tested.taken ? words.testTaken(place, answer) : words.testNotTaken(place, answer)
}
