import { createHmac } from 'node:crypto'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { App, HTTPReceiver, LogLevel } from '@slack/bolt'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createServer } from '../../../src/adapters/http/server.ts'
import { fixedNow } from '../../support/builders.ts'
import { anOutboundMessage } from '../../support/fake-salesforce.ts'
import { send, sendSigned, signingSecret } from './loopback.ts'
import { mutated } from './mutate.ts'
import { aHandOff, anApi, keys } from './support.ts'

/** Whatever comes in: a clear error, no 5xx, no end of the process. */

/** How many bodies in all; an environment variable asks for more than is needed every day. */
const inAll = Number(process.env.FUZZ_RUNS ?? 3_000)
const entranceCount = 30
const runs = { numRuns: Math.ceil(inAll / entranceCount) }
const timeout = 30_000 + inAll * 20

setFlagsFromString('--expose-gc')
const collectGarbage: () => void = runInNewContext('gc')

const nasty = fc.oneof(
  fc.json({ maxDepth: 4 }),
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    'null',
    '1e999',
    '"\\ud800"',
    '{"__proto__":{}}',
    '['.repeat(10_000),
    '"\\u0000"',
  ),
)

describe('the API', () => {
  const attempt = { channel: 'call', outcome: 'no-answer', at: '2026-11-23T09:00:00Z', note: 'n' }
  const by = 'anna@acme.example'
  const entrances: [string, string, unknown][] = [
    ['handoffs', '/api/v1/handoffs', aHandOff({ owner: by, whatChanged: 'x' })],
    ['accept', '/api/v1/handoffs/att/accept', { by }],
    [
      'return',
      '/api/v1/handoffs/att/return',
      {
        by,
        reason: 'not-ready',
        readyOn: '2027-01-01',
        readyWhen: 'w',
        note: 'n',
        criterion: 'size',
        field: 'phone',
        duplicateOf: 'paola@b.example',
      },
    ],
    ['attempts', '/api/v1/handoffs/att/attempts', { ...attempt, by }],
    [
      'outcome',
      '/api/v1/handoffs/att/outcome',
      { by, dealStage: 'closed-lost', lostReason: 'price', note: 'n' },
    ],
    ['reassign', '/api/v1/handoffs/att/reassign', { by, to: 'luca@acme.example' }],
    ['giving back', '/api/v1/handoffs/att/reassign', { by, to: null }],
    ['webhooks', '/api/v1/webhooks', { url: 'https://hooks.example/', events: ['Accepted'] }],
  ]
  const marketing = 'ben@acme.example'
  const answers: [string, string, unknown][] = [
    ['acknowledge', '/api/v1/handoffs/att/acknowledge', { by: marketing }],
    ['contest', '/api/v1/handoffs/att/contest', { by: marketing, why: 'w' }],
    ['ready', '/api/v1/handoffs/att/ready', { by: marketing }],
    [
      'rule',
      '/api/v1/handoffs/att/rule',
      { by: 'sara@acme.example', ruling: 'clarify', words: 'w' },
    ],
    ['another round', '/api/v1/handoffs', aHandOff({ whatChanged: 'x' })],
  ]

  test('survives any correction of an attempt', { timeout }, async () => {
    const { ask } = anApi()
    const { id } = (await ask('POST', '/api/v1/handoffs', { body: aHandOff() })).body
    await ask('POST', `/api/v1/handoffs/${id}/accept`, { body: { by } })
    await ask('POST', `/api/v1/handoffs/${id}/attempts`, { body: attempt })
    const correction = { ...attempt, by, void: false }
    const bodies = fc.oneof(
      nasty,
      mutated(correction).map((other) => JSON.stringify(other)),
    )
    const numbers = fc.oneof(
      fc.constant('1'),
      fc.string().map((any) => encodeURIComponent(any.toWellFormed())),
    )
    await fc.assert(
      fc.asyncProperty(numbers, bodies, async (number, body) => {
        const path = `/api/v1/handoffs/${id}/attempts/${number}`
        expect((await ask('PATCH', path, { body })).status).toBeLessThan(500)
      }),
      runs,
    )
  })

  const places = test.each(entrances)
  places('survives any body at %s', { timeout }, async (_, path, body) => {
    const { ask } = anApi()
    const { id } = (await ask('POST', '/api/v1/handoffs', { body: aHandOff() })).body
    await ask('POST', `/api/v1/handoffs/${id}/accept`, { body: { by } })
    await survives(ask, path.replace('att', id), body)
  })

  test('keeps nothing of bodies that it refuses', { timeout }, async () => {
    const { ask } = anApi()
    const paths = ['/api/v1/handoffs', '/api/v1/activities', '/api/v1/webhooks']
    const bodies = fc.sample(nasty, { numRuns: runs.numRuns, seed: 5 })
    const sendAll = async (): Promise<number> => {
      for (const body of bodies) {
        for (const path of paths) {
          const { status } = await ask('POST', path, { body })
          expect(status).toBeGreaterThanOrEqual(400)
          expect(status).toBeLessThan(500)
        }
      }
      collectGarbage()
      return process.memoryUsage().heapUsed
    }
    await sendAll()
    const before = await sendAll()
    const after = await sendAll()
    expect(after - before).toBeLessThan(8 * 1024 * 1024)
  })

  const returns = test.each(answers)
  returns('survives any body at %s of a return', { timeout }, async (name, path, body) => {
    const { ask } = anApi()
    const { id } = (await ask('POST', '/api/v1/handoffs', { body: aHandOff() })).body
    const at = (verb: string) => `/api/v1/handoffs/${id}/${verb}`
    const back = { by, reason: 'not-ready', readyWhen: 'w' }
    await ask('POST', at('return'), { body: back })
    if (name === 'rule') await ask('POST', at('contest'), { body: { by: marketing, why: 'w' } })
    await survives(ask, path.replace('att', id), body)
  })

  const lead = { ...aHandOff().lead, lifecycleStage: 'mql' }
  const activity = {
    email: 'maria@b.example',
    type: 'page-view',
    at: '2026-11-23T09:00:00Z',
    properties: { url: '/prices', seconds: 4 },
    id: 'a',
    name: 'Maria',
  }
  const ofLeads: [string, 'PUT' | 'POST', string, unknown][] = [
    ['news of a lead', 'PUT', '/api/v1/leads/maria@officineverdi.example', lead],
    ['an activity', 'POST', '/api/v1/activities', activity],
    ['activities', 'POST', '/api/v1/activities', [activity, { ...activity, id: 'b' }]],
  ]

  const leads = test.each(ofLeads)
  leads('survives any body of %s', { timeout }, async (_, method, path, body) => {
    const { ask } = anApi()
    await survives((__, ...asked) => ask(method, ...asked), path, body)
  })

  async function survives(ask: ReturnType<typeof anApi>['ask'], path: string, body: unknown) {
    const bodies = fc.oneof(
      nasty,
      mutated(body).map((other) => JSON.stringify(other)),
    )
    await fc.assert(
      fc.asyncProperty(bodies, async (sent) => {
        expect((await ask('POST', path, { body: sent })).status).toBeLessThan(500)
      }),
      runs,
    )
  }

  test('survives any path, query, key and header', async () => {
    const { ask } = anApi()
    const text = fc.string({ unit: 'binary', maxLength: 60 }).map((any) => {
      return encodeURIComponent(any.toWellFormed())
    })
    const header = fc.string({ maxLength: 300 }).map((any) => any.replaceAll(/[^\x20-\x7e]/g, '?'))
    await fc.assert(
      fc.asyncProperty(text, text, header, async (one, other, odd) => {
        const paths = [
          `/${one}`,
          `/api/v1/handoffs/${one}`,
          `/api/v1/leads/${one}`,
          `/api/v1/leads/${one}@b.example`,
          `/api/v1/handoffs?cursor=${one}&status=${other}&owner=${one}&limit=${other}&${one}=${other}`,
          `/api/v1/glossary?q=${one}&locale=${other}`,
          `/api/v1/webhooks/${one}/deliveries?cursor=${other}&limit=${one}`,
          `/api/v1/glossary?q=${one}&%&%zz=${other}`,
        ]
        for (const path of paths) expect((await ask('GET', path)).status).toBeLessThan(500)
        const headers = { 'idempotency-key': odd, 'content-type': odd, authorization: odd }
        const asked = await ask('POST', '/api/v1/handoffs', { body: '{}', headers, key: null })
        expect(asked.status).toBeLessThan(500)
      }),
      { numRuns: 100 },
    )
  })
})

describe('what CRMs tell', () => {
  const secret = 'a-secret-of-24-characters-or-more'
  const listening = () =>
    anApi({
      crmWebhooks: {
        hubspot: { clientSecret: secret, publicUrl: 'http://localhost' },
        salesforce: { secret, organizationId: '00D000000000001' },
        tell: async () => {},
        now: () => fixedNow,
      },
    })
  const event = {
    ...{ subscriptionType: 'contact.propertyChange', objectId: 123, occurredAt: 1 },
    ...{ eventId: 1, propertyName: 'lifecyclestage', propertyValue: 'lead', attemptNumber: 0 },
  }
  const told = { id: '04l000000000001AAA', recordId: '00Q000000000001AAA' }
  const signatureOf = (body: string): Record<string, string> => {
    const timestamp = String(fixedNow.getTime())
    const signed = `POSThttp://localhost/webhooks/hubspot${body}${timestamp}`
    return {
      'x-hubspot-request-timestamp': timestamp,
      'x-hubspot-signature-v3': createHmac('sha256', secret).update(signed).digest('base64'),
    }
  }
  const bodiesLike = (like: unknown) =>
    fc
      .oneof(
        nasty,
        mutated(like).map((other) => JSON.stringify(other)),
      )
      .map((body) => body.toWellFormed())

  test('survives anything that HubSpot has signed', { timeout }, async () => {
    const { ask } = listening()
    await fc.assert(
      fc.asyncProperty(bodiesLike([event, event]), async (body) => {
        const { status } = await ask('POST', '/webhooks/hubspot', {
          ...{ body, headers: signatureOf(body), key: null },
        })
        expect(status).not.toBe(401)
        expect(status).toBeLessThan(500)
      }),
      runs,
    )
  })

  test.each([
    ['a callout', 'application/json'],
    ['an outbound message', 'text/xml'],
  ])('survives anything like %s of Salesforce', { timeout }, async (_, type) => {
    const { ask } = listening()
    const like = { organizationId: '00D000000000001', notifications: [told, told] }
    const messages = fc
      .tuple(fc.string({ maxLength: 40 }), fc.nat(), fc.nat(80))
      .map(([other, at, length]) => {
        const message = anOutboundMessage([told])
        const place = at % message.length
        return `${message.slice(0, place)}${other}${message.slice(place + length)}`.toWellFormed()
      })
    const bodies = type === 'text/xml' ? messages : bodiesLike(like)
    await fc.assert(
      fc.asyncProperty(bodies, async (body) => {
        const headers = { 'content-type': type }
        const path = `/webhooks/salesforce/${secret}`
        expect((await ask('POST', path, { body, headers, key: null })).status).toBeLessThan(500)
      }),
      runs,
    )
  })
})

describe("Slack's entrance, with Bolt behind it", () => {
  const receiver = new HTTPReceiver({ signingSecret, logLevel: LogLevel.ERROR })
  let port = 0
  const { api } = anApi()
  const server = createServer({
    slack: { listener: receiver.requestListener, signingSecret },
    api: api.fetch,
    log: { error() {} },
  })

  beforeAll(async () => {
    const app = new App({
      receiver,
      logLevel: LogLevel.ERROR,
      authorize: async () => ({ botToken: 'xoxb-test', botId: 'B1', botUserId: 'U0' }),
    })
    for (const listen of [
      () => app.action(/.*/, async ({ ack }) => ack()),
      () => app.view(/.*/, async ({ ack }) => ack()),
      () => app.view({ type: 'view_closed' }, async ({ ack }) => ack()),
      () => app.command(/.*/, async ({ ack }) => ack()),
      () => app.shortcut(/.*/, async ({ ack }) => ack()),
      () => app.options(/.*/, async ({ ack }) => ack({ options: [] })),
      () => app.event(/.*/, async () => {}),
    ]) {
      listen()
    }
    port = (await server.listen('127.0.0.1', 0)).port
  })
  afterAll(() => server.close())

  const people = { team: { id: 'T1', domain: 'acme' }, user: { id: 'U1', team_id: 'T1' } }
  const kinds: [string, string, unknown][] = [
    [
      'an event',
      'json',
      {
        type: 'event_callback',
        team_id: 'T1',
        event_id: 'Ev1',
        event: {
          type: 'message',
          subtype: 'message_changed',
          channel: 'C1',
          channel_id: 'C1',
          channel_type: 'channel',
          user: 'U1',
          bot_id: 'B2',
          ts: '1.1',
          thread_ts: '1.0',
          item: { channel: 'C1' },
          message: { ts: '1.1', user: 'U1', thread_ts: '1.0' },
          assistant_thread: { thread_ts: '1.0', channel_id: 'C1', context: {} },
        },
        authorizations: [{ team_id: 'T1', enterprise_id: null, user_id: 'U0', is_bot: true }],
      },
    ],
    ['a challenge', 'json', { type: 'url_verification', challenge: 'c' }],
    [
      'a click',
      'payload',
      {
        type: 'block_actions',
        ...people,
        channel: { id: 'C1' },
        actions: [{ type: 'button', action_id: 'handoff.accept', block_id: 'b', value: 'hof_1' }],
        response_url: 'https://slack.example/response',
        trigger_id: 't',
      },
    ],
    [
      'a form',
      'payload',
      {
        type: 'view_submission',
        ...people,
        view: { id: 'V1', callback_id: 'handoff.return', state: { values: {} }, hash: 'h' },
        response_urls: [],
      },
    ],
    [
      'a shortcut',
      'payload',
      { type: 'shortcut', ...people, callback_id: 'handoff.new', trigger_id: 't' },
    ],
    [
      'a shortcut on a message',
      'payload',
      {
        type: 'message_action',
        ...people,
        callback_id: 'handoff.from_message',
        channel: { id: 'C1' },
        message: { ts: '1.1', text: 'a' },
      },
    ],
    ['options', 'payload', { type: 'block_suggestion', ...people, action_id: 'a', value: 'b' }],
    [
      'a command',
      'form',
      { command: '/sla', text: '', team_id: 'T1', user_id: 'U1', channel_id: 'C1' },
    ],
  ]

  const encode = (way: string, body: unknown): { body: string; type: string } => {
    if (way === 'json') return { body: JSON.stringify(body), type: 'application/json' }
    const type = 'application/x-www-form-urlencoded'
    if (way === 'payload')
      return { body: new URLSearchParams({ payload: JSON.stringify(body) }).toString(), type }
    const text = (field: unknown) =>
      typeof field === 'object' ? JSON.stringify(field) : String(field)
    const fields = Object.entries(Object(body)).map(([key, field]) => ({ [key]: text(field) }))
    return { body: new URLSearchParams(Object.assign({}, ...fields)).toString(), type }
  }
  const sendEncoded = ({ body, type }: { body: string; type: string }) =>
    sendSigned(port, body, { 'content-type': type })

  test.each(kinds)('takes %s', async (_, way, body) => {
    expect((await sendEncoded(encode(way, body))).status).toBe(200)
  })

  const anything = test.each(kinds)
  anything('survives anything like %s, well signed', { timeout }, async (_, way, body) => {
    const strange = [
      'event',
      'command',
      'name',
      'actions',
      'ssl_check',
      'function_data',
      'is_enterprise_install',
      'enterprise',
      'authorizations',
      'response_urls',
    ]
    const extra = Object.fromEntries(strange.map((key) => [key, undefined]))
    const bodies = mutated({ ...extra, ...Object(body) })
    await fc.assert(
      fc.asyncProperty(bodies, async (sent) => {
        expect((await sendEncoded(encode(way, sent))).status).toBeLessThan(500)
      }),
      runs,
    )
  })

  test('survives any body, well signed or not', { timeout }, async () => {
    await fc.assert(
      fc.asyncProperty(nasty, fc.boolean(), async (body, asForm) => {
        const type = asForm ? 'application/x-www-form-urlencoded' : 'application/json'
        const text = asForm
          ? `payload=${encodeURIComponent(body.toWellFormed())}`
          : body.toWellFormed()
        const signed = await sendSigned(port, text, { 'content-type': type })
        expect(signed.status).toBeGreaterThanOrEqual(400)
        expect(signed.status).toBeLessThan(500)
        const forged = await sendSigned(port, text, { 'x-slack-signature': 'v0=forged' })
        expect(forged.status).toBe(401)
      }),
      runs,
    )
  })

  test('and the API behind the same server survive any path', async () => {
    const path = fc
      .string({ maxLength: 40 })
      .map((any) => `/${any.replaceAll(/[^\x21-\x7e]/g, '%')}`)
    await fc.assert(
      fc.asyncProperty(
        path,
        fc.constantFrom('GET', 'POST', 'DELETE', 'OPTIONS', 'TRACE'),
        async (any, method) => {
          const headers = { authorization: `Bearer ${keys.acme}` }
          expect((await send(port, { path: any, method, headers })).status).toBeLessThan(500)
        },
      ),
      runs,
    )
  })
})
