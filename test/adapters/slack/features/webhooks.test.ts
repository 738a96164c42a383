import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import {
  buildSecret,
  buildWebhookForm,
} from '../../../../src/adapters/slack/features/webhooks/form.ts'
import {
  buildLog,
  buildWebhooks,
  placeOf,
} from '../../../../src/adapters/slack/features/webhooks/messages.ts'
import { type Locale, locales } from '../../../../src/domain/agreement.ts'
import { eventTypes } from '../../../../src/domain/handoff.ts'
import { mostEndpoints, type WebhookAnswer } from '../../../../src/domain/webhook.ts'
import type { WebhookLogLine } from '../../../../src/use-cases/ports/webhooks.ts'
import { addEndpoint, type EndpointSeen } from '../../../../src/use-cases/webhook-endpoints.ts'
import { anAgreement, fixedNow, minutesAfter } from '../../../support/builders.ts'
import type { FakeMessage, FakeView } from '../../../support/fake-slack.ts'
import { createMemoryWorld, type MemoryWorld } from '../../../support/memory-world.ts'
import { faultsOf, messageBlocksSchema, viewSchema } from '../../../support/slack-limits.ts'
import { drawn, foreignControls, textsIn } from '../messages/showing.ts'
import {
  anna,
  benMember,
  luca,
  mario,
  saraMember,
  startWorkplace,
  type Workplace,
  workspaceId,
} from './workplace.ts'

const url = 'https://crm.example/hooks/baton?token=s3cr3t'

let place: Workplace
let world: MemoryWorld
/** What the endpoint answers, and which address is refused. */
let answer: () => Promise<WebhookAnswer>
let check: MemoryWorld['webhookSender']['check']

/** Luca is an admin, Sara and Mario manage, Anna sells, Ben is of marketing. */
beforeEach(async () => {
  answer = async () => ({ kind: 'status', status: 200, retryAfterMs: null })
  check = async () => undefined
  const agreement = anAgreement({
    people: [
      { email: 'anna@acme.example', role: 'rep' },
      { email: 'ben@acme.example', role: 'marketing' },
      { email: 'sara@acme.example', role: 'sales_manager' },
      { email: 'mario@acme.example', role: 'marketing_manager' },
      { email: 'luca@acme.example', role: 'admin' },
    ],
  })
  const members = [anna, luca, benMember, saraMember, mario]
  const memory = createMemoryWorld({ agreement, members })
  world = {
    ...memory,
    webhookSender: {
      ...memory.webhookSender,
      send: () => answer(),
      check: (address) => check(address),
    },
  }
  place = await startWorkplace({ through: () => world })
})
afterEach(() => place.stop())

const ask = (user: string) => place.slack.sendCommand({ command: '/sla', text: 'webhooks', user })
const said = async (user: string) => {
  const sent = await ask(user)
  expect(sent).toMatchObject({ status: 200, body: { response_type: 'ephemeral' } })
  return JSON.stringify(sent.body)
}

async function anEndpoint(): Promise<string> {
  const added = await addEndpoint(world, workspaceId, { url, events: ['Accepted', 'Returned'] })
  if (!added.ok) throw new Error(added.refusal.code)
  return added.endpoint.id
}

/** A message to click on, and what is told to whom because of it. */
const aMessage: FakeMessage = {
  channel: 'C0SQL',
  ts: '1.1',
  user: 'U0BATON',
  text: 'webhooks',
  blocks: [],
  updates: 0,
}
async function click(user: string, actionId: string, value: string): Promise<string> {
  const sent = await place.slack.clickButton({
    user,
    channel: 'C0SQL',
    actionId,
    value,
    message: aMessage,
  })
  expect(sent.status).toBe(200)
  const { body } = await sent.nextResponse()
  expect(body).toMatchObject({ response_type: 'ephemeral', replace_original: false })
  return JSON.stringify(body)
}

const logOf = async (id: string) => {
  const page = await world.webhooks.log(workspaceId, id, { limit: 10 })
  return page?.items.map((line) => [line.type, line.state, line.answer])
}

describe('/sla webhooks', () => {
  test.each([
    ['a rep', 'U0ANNA', 'Webhooks are for managers and admins'],
    ['marketing', 'U0BEN', 'Webhooks are for managers and admins'],
  ])('is nothing for %s', async (_, user, sentence) => {
    await anEndpoint()
    const text = await said(user)
    expect(text).toContain(sentence)
    expect(text).not.toContain('crm.example')
  })

  test('shows managers each webhook without what may be secret, and no way to change it', async () => {
    const id = await anEndpoint()
    const text = await said('U0SARA')
    expect(text).toContain('*crm.example/hooks/baton*')
    expect(text).toContain('Working')
    expect(text).toContain('Events: accepted and returned')
    expect(text).toContain('Nothing was sent yet')
    expect(text).toContain(id)
    for (const hidden of ['s3cr3t', 'whsec_', 'webhooks.remove', 'webhooks.add']) {
      expect(text).not.toContain(hidden)
    }
  })

  test('lets admins add and remove, in their language', async () => {
    expect(await said('U0LUCA')).toContain('Non c’è ancora nessun webhook')
    await anEndpoint()
    const text = await said('U0LUCA')
    for (const shown of ['Funziona', 'webhooks.remove', 'webhooks.add', 'Aggiungi un webhook']) {
      expect(text).toContain(shown)
    }
  })
})

describe('a test', () => {
  test.each([
    [
      'is taken',
      async () => ({ kind: 'status', status: 204, retryAfterMs: null }),
      'crm.example/hooks/baton took the test: it answered 204.',
      ['Test', 'sent', '204'],
    ],
    [
      'is not taken',
      async () => ({ kind: 'status', status: 500, retryAfterMs: null }),
      'crm.example/hooks/baton did not take the test: it answered 500.',
      ['Test', 'failed', '500'],
    ],
    [
      'does not get there',
      async () => ({ kind: 'none', why: 'unreachable' }),
      'crm.example/hooks/baton did not take the test: it could not be reached.',
      ['Test', 'failed', 'unreachable'],
    ],
  ] satisfies [string, () => Promise<WebhookAnswer>, string, unknown][])(
    'that %s is told to who asked, and is in the log',
    async (_, answered, sentence, line) => {
      const id = await anEndpoint()
      answer = answered
      expect(await click('U0SARA', 'webhooks.test', id)).toContain(sentence)
      expect(await logOf(id)).toEqual([line])
      expect(await click('U0MARIO', 'webhooks.log', id)).toContain(', test: ')
    },
  )

  test('that is answered late is not waited for, and its log tells the rest', async () => {
    const id = await anEndpoint()
    let respond: (answered: WebhookAnswer) => void = () => {}
    answer = () => new Promise((resolve) => (respond = resolve))
    expect(await click('U0SARA', 'webhooks.test', id)).toContain('has not answered yet')
    respond({ kind: 'status', status: 200, retryAfterMs: null })
    await vi.waitFor(async () => expect(await logOf(id)).toEqual([['Test', 'sent', '200']]))
  })
})

describe('a click', () => {
  test.each([
    ['webhooks.test', 'U0ANNA', 'Webhooks are for managers and admins'],
    ['webhooks.log', 'U0BEN', 'Webhooks are for managers and admins'],
    ['webhooks.remove', 'U0SARA', 'Only an admin can add or remove webhooks'],
    ['webhooks.add', 'U0MARIO', 'Only an admin can add or remove webhooks'],
  ])('on %s by %s does nothing', async (actionId, user, sentence) => {
    const id = await anEndpoint()
    expect(await click(user, actionId, id)).toContain(sentence)
    expect(await world.webhooks.list(workspaceId)).toHaveLength(1)
    expect(await logOf(id)).toEqual([])
  })

  test('removes the webhook for an admin, once', async () => {
    const id = await anEndpoint()
    expect(await click('U0LUCA', 'webhooks.remove', id)).toContain('Il webhook è rimosso')
    expect(await world.webhooks.list(workspaceId)).toEqual([])
    for (const actionId of ['webhooks.remove', 'webhooks.test', 'webhooks.log']) {
      expect(await click('U0LUCA', actionId, id)).toContain('Questo webhook non c’è più')
    }
  })

  test.each(['', 'hof_1', '../x', `${'x'.repeat(1_900)} 1`])(
    'of %o is of no webhook',
    async (id) => {
      expect(await click('U0SARA', 'webhooks.log', id)).toContain(
        'This webhook is not there any more',
      )
    },
  )
})

describe('the form', () => {
  async function opened(): Promise<FakeView> {
    const { slack } = place
    await slack.clickButton({
      user: 'U0LUCA',
      actionId: 'webhooks.add',
      value: 'add',
      message: aMessage,
    })
    return slack.nextView()
  }
  const send = async (user: string, view: FakeView, values: Record<string, string | string[]>) =>
    (await place.slack.submitView({ user, view, values })).body

  test('adds a webhook, and shows its secret this once to the one who added it', async () => {
    const view = await opened()
    const body = await send('U0LUCA', view, { url, events: ['Accepted', 'NewsAdded'] })
    expect(body).toMatchObject({
      response_action: 'update',
      view: { title: { text: 'Webhook aggiunto' } },
    })
    expect(JSON.stringify(body)).toContain('`whsec_a-secret`')
    expect(await world.webhooks.list(workspaceId)).toMatchObject([
      { url, events: ['Accepted', 'NewsAdded'] },
    ])
    expect(await said('U0LUCA')).not.toContain('whsec_')
    expect(place.slack.messages('C0SQL')).toEqual([])
    expect(place.logged.join('')).not.toContain('whsec_')
  })

  test('adds one for all events where none is chosen', async () => {
    await send('U0LUCA', await opened(), { url, events: [] })
    expect(await world.webhooks.list(workspaceId)).toMatchObject([{ url, events: [] }])
  })

  test.each([
    ['an address that is refused', 'address-private', 'L’indirizzo è in una rete privata'],
    ['one without TLS', 'address-without-tls', 'L’indirizzo deve iniziare con https://'],
  ] as const)('says what is wrong with %s, as everywhere', async (_, code, sentence) => {
    check = async () => code
    const body = await send('U0LUCA', await opened(), { url, events: [] })
    expect(body).toMatchObject({
      response_action: 'errors',
      errors: { url: expect.stringContaining(sentence) },
    })
    expect(await world.webhooks.list(workspaceId)).toEqual([])
  })

  test('adds nothing whose address can not be looked up in time', async () => {
    check = () => new Promise(() => {})
    const body = await send('U0LUCA', await opened(), { url, events: [] })
    expect(body).toMatchObject({ errors: { url: expect.stringContaining('troppo tempo') } })
    expect(await world.webhooks.list(workspaceId)).toEqual([])
  })

  test('sent by who may not, adds nothing', async () => {
    const body = await send('U0SARA', await opened(), { url, events: [] })
    expect(body).toMatchObject({ errors: { url: expect.stringContaining('Only an admin') } })
    expect(await world.webhooks.list(workspaceId)).toEqual([])
  })

  test('needs an address that is not there yet', async () => {
    await anEndpoint()
    expect(await send('U0LUCA', await opened(), { url, events: [] })).toMatchObject({
      errors: { url: expect.stringContaining('C’è già un webhook') },
    })
    expect(await send('U0LUCA', await opened(), { url: ' ', events: [] })).toMatchObject({
      errors: { url: expect.stringContaining('Indica un indirizzo') },
    })
  })
})

const aLine = (overrides: Partial<WebhookLogLine> = {}): WebhookLogLine => ({
  id: '1',
  type: 'Accepted',
  state: 'sent',
  tries: 1,
  answer: '200',
  createdAt: fixedNow,
  sentAt: fixedNow,
  nextTryAt: null,
  ...overrides,
})

const log: WebhookLogLine[] = [
  aLine({ state: 'pending', answer: null, nextTryAt: minutesAfter(0) }),
  aLine({ state: 'pending', answer: 'timeout', nextTryAt: minutesAfter(20), type: 'NewsAdded' }),
  aLine({ state: 'failed', answer: '500', type: 'HandedOff' }),
  aLine({ state: 'failed', answer: 'certificate', type: 'Test' }),
  aLine(),
]

const seenOf = (overrides: Partial<EndpointSeen['endpoint']>): EndpointSeen => ({
  endpoint: {
    id: 'hook_1',
    url,
    events: [],
    createdAt: fixedNow,
    disabledAt: null,
    failingSince: null,
    ...overrides,
  },
  log,
})

describe.each(locales)('webhooks in words (%s)', (locale: Locale) => {
  const view = { locale, zone: 'Europe/Rome', mayChange: true }

  test('read well', () => {
    const message = buildWebhooks(
      [
        seenOf({}),
        seenOf({ events: ['Accepted', 'Returned'], failingSince: minutesAfter(-60) }),
        { ...seenOf({ disabledAt: minutesAfter(-60), url: 'https://erp.example/' }), log: [] },
      ],
      view,
    )
    expect(faultsOf(messageBlocksSchema, message.blocks)).toEqual([])
    expect(drawn(message.blocks)).toMatchSnapshot()
    expect(drawn(buildLog(seenOf({}), '7', view).blocks)).toMatchSnapshot()
    expect(drawn(buildWebhooks([], view).blocks)).toMatchSnapshot()
    const secret = { url, secret: `whsec_${'+/aA'.repeat(11)}=` }
    for (const form of [buildWebhookForm(locale), buildSecret(secret, locale)]) {
      expect(faultsOf(viewSchema, form)).toEqual([])
    }
    expect(textsIn(buildSecret(secret, locale))).toMatchSnapshot()
    expect(JSON.stringify(buildSecret(secret, locale))).toContain(secret.secret)
  })

  test('are all there, however many and long, and show what others wrote as text', () => {
    const long = `https://${'a.'.repeat(100)}example/<!channel>/*_${'x&<'.repeat(500)}`
    const many = Array.from({ length: mostEndpoints }, (_, index) =>
      seenOf({ id: `hook_${index}`, url: long, events: [...eventTypes] }),
    )
    const { blocks = [], text } = buildWebhooks(many, view)
    expect(faultsOf(messageBlocksSchema, blocks)).toEqual([])
    expect(blocks.filter(({ type }) => type === 'actions')).toHaveLength(mostEndpoints + 1)
    for (const shown of [{ type: 'mrkdwn', text }, ...textsIn(blocks)]) {
      if (shown.type === 'mrkdwn') expect(foreignControls(shown.text)).toEqual([])
    }
  })
})

test('the place of an address is its host and path', () => {
  expect(placeOf({ url: 'https://erp.example:8443/a/b?key=1#x' })).toBe('erp.example:8443/a/b')
  expect(placeOf({ url: 'https://erp.example/' })).toBe('erp.example')
})
