import { createServer } from 'node:http'
import { App, HTTPReceiver } from '@slack/bolt'
import { LogLevel, WebClient } from '@slack/web-api'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type FakeSlack, type FakeView, startFakeSlack } from './fake-slack.ts'

const anna = { id: 'U0ANNA', name: 'anna', email: 'anna@acme.example', locale: 'it-IT' }
const groups = [
  { id: 'S0REPS', handle: 'reps', users: ['U0ANNA'] },
  { id: 'S0OLD', handle: 'old', users: [], isDisabled: true },
]
const card = {
  channel: 'sql-handoffs',
  text: 'Maria Verdi',
  metadata: { event_type: 'baton_handoff', event_payload: { handoff: 'hof_1', version: 1 } },
  blocks: [
    { type: 'section', text: { type: 'mrkdwn', text: '*Maria Verdi*' } },
    {
      type: 'actions',
      elements: [
        {
          type: 'button',
          action_id: 'handoff.accept',
          value: 'hof_1',
          text: { type: 'plain_text', text: 'Accept' },
        },
      ],
    },
  ],
}

let slack: FakeSlack
let web: WebClient

beforeEach(async () => {
  slack = await startFakeSlack({
    users: [anna],
    groups,
    channels: [
      { id: 'C0SQL', name: 'sql-handoffs' },
      { id: 'C0OLD', name: 'old', isArchived: true },
      { id: 'C0OUT', name: 'closed', hasBot: false },
    ],
  })
  web = new WebClient(slack.botToken, {
    slackApiUrl: slack.apiUrl,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: 300,
    logLevel: LogLevel.ERROR,
  })
})
afterEach(() => slack.stop())

const codeOf = (call: Promise<unknown>) =>
  call.then(
    () => 'no error',
    (error) => error.data?.error ?? error.code,
  )

describe('the fake Slack and a WebClient', () => {
  test('a posted message is kept with its blocks and metadata, and can be updated', async () => {
    const posted = await web.chat.postMessage(card)
    expect(posted).toMatchObject({ ok: true, channel: 'C0SQL' })
    await web.chat.update({ channel: 'C0SQL', ts: posted.ts ?? '', text: 'Accepted', blocks: [] })
    expect(slack.messages('C0SQL')).toMatchObject([
      { text: 'Accepted', blocks: [], updates: 1, metadata: card.metadata },
    ])
    expect(slack.calls.map((call) => call.method)).toEqual(['chat.postMessage', 'chat.update'])
  })

  test('metadata of a thread comes only when it is asked for', async () => {
    const { ts = '' } = await web.chat.postMessage(card)
    await web.chat.postMessage({ channel: 'C0SQL', text: 'Reminder', thread_ts: ts })
    await web.chat.postEphemeral({ channel: 'C0SQL', text: 'Only you', user: 'U0ANNA' })
    const plain = await web.conversations.replies({ channel: 'C0SQL', ts })
    const full = await web.conversations.replies({
      channel: 'C0SQL',
      ts,
      include_all_metadata: true,
    })
    expect(plain.messages?.map((message) => message.metadata)).toEqual([undefined, undefined])
    expect(full.messages?.[0]?.metadata).toEqual(card.metadata)
    expect(slack.thread('C0SQL', ts).map((message) => message.text)).toEqual([
      'Maria Verdi',
      'Reminder',
    ])
  })

  test('people are found by id and by e-mail, with their locale where it is asked for', async () => {
    const info = await web.users.info({ user: 'U0ANNA', include_locale: true })
    const byEmail = await web.users.lookupByEmail({ email: 'Anna@acme.example' })
    expect(info.user?.locale).toBe('it-IT')
    expect(byEmail.user).toMatchObject({ id: 'U0ANNA', profile: { email: anna.email } })
    expect(await codeOf(web.users.info({ user: 'U0NONE' }))).toBe('user_not_found')
    expect((await web.conversations.open({ users: 'U0ANNA' })).channel?.id).toMatch(/^D/)
  })

  test('user groups are listed with their people where they are asked for', async () => {
    const bare = await web.usergroups.list()
    expect(bare.usergroups).toMatchObject([{ id: 'S0REPS', handle: 'reps', user_count: 1 }])
    expect(bare.usergroups?.[0]).not.toHaveProperty('users')
    const full = await web.usergroups.list({ include_users: true, include_disabled: true })
    expect(full.usergroups?.map(({ users }) => users)).toEqual([['U0ANNA'], []])
    expect((await web.usergroups.users.list({ usergroup: 'S0REPS' })).users).toEqual(['U0ANNA'])
    expect(await codeOf(web.usergroups.users.list({ usergroup: 'S0NONE' }))).toBe('no_such_subteam')
  })

  test('lists come in pages', async () => {
    const names: unknown[] = []
    let cursor: string | undefined
    do {
      const page = await web.conversations.list({ limit: 2, ...(cursor && { cursor }) })
      names.push(page.channels?.map((channel) => channel.name))
      cursor = page.response_metadata?.next_cursor
    } while (cursor)
    expect(names).toEqual([['sql-handoffs', 'old'], ['closed']])
  })

  test.each([
    ['an unknown channel', { channel: 'C0NONE' }, 'channel_not_found'],
    ['an archived channel', { channel: 'old' }, 'is_archived'],
    ['a channel without the bot', { channel: 'closed' }, 'not_in_channel'],
    ['no text', { text: '' }, 'no_text'],
    [
      '51 blocks',
      { blocks: Array.from({ length: 51 }, () => ({ type: 'divider' })) },
      'invalid_blocks',
    ],
    [
      'a section of more than 3,000 characters',
      { blocks: [{ type: 'section', text: { type: 'mrkdwn', text: 'x'.repeat(3_001) } }] },
      'invalid_blocks',
    ],
    [
      'two blocks of one id',
      { blocks: [1, 2].map(() => ({ type: 'divider', block_id: 'same' })) },
      'invalid_blocks',
    ],
  ])('%s is refused', async (_what, override, error) => {
    expect(await codeOf(web.chat.postMessage({ ...card, ...override }))).toBe(error)
    expect(slack.calls).toEqual([])
    expect(slack.refused).toMatchObject([{ why: error }])
  })

  test('a wrong token is refused', async () => {
    const stranger = new WebClient('xoxb-other', { slackApiUrl: slack.apiUrl })
    expect(await codeOf(stranger.auth.test())).toBe('invalid_auth')
  })

  test.each([
    ['ratelimited', 'slack_webapi_rate_limited_error', 0],
    [500, 'slack_webapi_http_error', 0],
    ['reset', 'slack_webapi_request_error', 0],
    ['hang', 'slack_webapi_request_error', 0],
    ['accept-then-reset', 'slack_webapi_request_error', 1],
    ['accept-then-hang', 'slack_webapi_request_error', 1],
    [{ error: 'channel_not_found' }, 'channel_not_found', 0],
  ] as const)('the fault %j is met once, then all is well', async (fault, code, kept) => {
    slack.fail('chat.postMessage', { with: fault })
    expect(await codeOf(web.chat.postMessage(card))).toBe(code)
    expect(slack.messages('C0SQL')).toHaveLength(kept)
    expect(await codeOf(web.chat.postMessage(card))).toBe('no error')
  })

  test('a bare rate limit is an error, and a fault may be for some calls only', async () => {
    slack.fail('*', { with: 'ratelimited-bare', where: (args) => args.user === 'U0ANNA' })
    expect(await codeOf(web.auth.test())).toBe('no error')
    expect(await codeOf(web.users.info({ user: 'U0ANNA' }))).not.toBe('no error')
  })
})

describe('the fake Slack and a Bolt app', () => {
  const form = {
    type: 'modal' as const,
    callback_id: 'handoff.return',
    title: { type: 'plain_text' as const, text: 'Return' },
    submit: { type: 'plain_text' as const, text: 'Return' },
    blocks: [
      {
        type: 'input' as const,
        block_id: 'reason',
        label: { type: 'plain_text' as const, text: 'Reason' },
        element: {
          type: 'static_select' as const,
          action_id: 'value',
          options: [
            { value: 'not-ready', text: { type: 'plain_text' as const, text: 'Not ready' } },
          ],
        },
      },
      {
        type: 'input' as const,
        block_id: 'note',
        optional: true,
        label: { type: 'plain_text' as const, text: 'Note' },
        element: { type: 'plain_text_input' as const, action_id: 'value', initial_value: 'May' },
      },
    ],
  }

  async function withApp(body: (events: string[], received: unknown[]) => Promise<void>) {
    const receiver = new HTTPReceiver({
      signingSecret: slack.signingSecret,
      logLevel: LogLevel.ERROR,
    })
    const app = new App({
      receiver,
      token: slack.botToken,
      clientOptions: { slackApiUrl: slack.apiUrl },
      logLevel: LogLevel.ERROR,
    })
    const events: string[] = []
    const received: unknown[] = []
    app.command('/glossary', async ({ ack, respond, command }) => {
      await ack()
      await respond({ text: `About ${command.text}`, response_type: 'ephemeral' })
    })
    app.action('handoff.accept', async ({ ack, client, body }) => {
      await ack()
      if (body.type === 'block_actions') {
        received.push(body.actions[0])
        await client.views.open({ trigger_id: body.trigger_id, view: form })
      }
    })
    app.view('handoff.return', async ({ ack, view }) => {
      received.push(view.state.values)
      await ack({ response_action: 'errors', errors: { note: 'Say more' } })
    })
    app.event('app_home_opened', async ({ event }) => {
      events.push(event.user)
    })
    const server = createServer(receiver.requestListener)
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
    const address = server.address()
    if (address === null || typeof address === 'string') throw new Error('no address')
    slack.sendTo(`http://127.0.0.1:${address.port}/slack/events`)
    try {
      await body(events, received)
    } finally {
      server.closeAllConnections()
      await new Promise((closed) => server.close(closed))
    }
  }

  test('a command is acknowledged, and its answer comes to the response_url', () =>
    withApp(async () => {
      const sent = await slack.sendCommand({ command: '/glossary', text: 'MQL', user: 'U0ANNA' })
      expect(sent.status).toBe(200)
      expect((await sent.nextResponse()).body).toMatchObject({ text: 'About MQL' })
    }))

  test('a click opens a form, and the form is submitted with the values of its fields', () =>
    withApp(async (_events, received) => {
      await web.chat.postMessage(card)
      const [message] = slack.messages('C0SQL')
      if (message === undefined) throw new Error('nothing was posted')
      await slack.clickButton({ actionId: 'handoff.accept', user: 'U0ANNA', message })
      const view: FakeView = await slack.nextView()
      const values = { reason: 'not-ready' }
      const sent = await slack.submitView({ view, user: 'U0ANNA', values })
      expect(sent.body).toEqual({ response_action: 'errors', errors: { note: 'Say more' } })
      expect(received).toMatchObject([
        { action_id: 'handoff.accept', value: 'hof_1' },
        {
          reason: { value: { selected_option: { value: 'not-ready' } } },
          note: { value: { value: 'May' } },
        },
      ])
    }))

  test('an event arrives, a forged or stale request does not', () =>
    withApp(async (events) => {
      const event = { type: 'app_home_opened', user: 'U0ANNA', channel: 'D0ANNA', tab: 'home' }
      expect((await slack.sendEvent(event)).status).toBe(200)
      const body = JSON.stringify({ type: 'event_callback', event })
      const old = Math.floor(Date.now() / 1_000) - 600
      expect((await slack.signedRequest({ body, secret: 'another' })).status).toBe(401)
      expect((await slack.signedRequest({ body, timestamp: old })).status).toBe(401)
      expect(events).toEqual(['U0ANNA'])
    }))
})
