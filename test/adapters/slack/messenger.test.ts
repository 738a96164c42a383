import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createWebClient } from '../../../src/adapters/slack/client.ts'
import { createMessenger } from '../../../src/adapters/slack/messenger.ts'
import type { Agreement } from '../../../src/domain/agreement.ts'
import type { Notice } from '../../../src/domain/notice.ts'
import type { Messenger, NoticeDelivery, Said } from '../../../src/use-cases/ports/delivery.ts'
import { accepted, aHandoff, aMember, anAgreement, minutesAfter } from '../../support/builders.ts'
import {
  type FakeChannel,
  type FakeSlack,
  type Fault,
  startFakeSlack,
} from '../../support/fake-slack.ts'

const channels: FakeChannel[] = [
  { id: 'C0SQL', name: 'sql-handoffs' },
  { id: 'C0MANAGERS', name: 'sales-managers' },
  { id: 'C0OLD', name: 'old', isArchived: true },
  { id: 'C0OUT', name: 'closed', hasBot: false },
]

let slack: FakeSlack
let messenger: Messenger
let now: Date
const started: FakeSlack[] = []

async function start(workspace: FakeChannel[] = channels): Promise<void> {
  slack = await startFakeSlack({ users: [{ id: 'U0ANNA', name: 'anna' }], channels: workspace })
  started.push(slack)
  messenger = messengerTo(slack.apiUrl)
}

function messengerTo(apiUrl: string, token = slack.botToken, agreement = anAgreement()): Messenger {
  return createMessenger({
    client: createWebClient({ token, apiUrl }),
    members: { byId: async (_, id) => (id === 'per_anna' ? aMember() : undefined) },
    agreements: { version: async () => agreement },
    log: pino({ level: 'silent' }),
    now: () => now,
    dates: 'plain',
  })
}

beforeEach(async () => {
  now = new Date()
  await start()
})
afterEach(async () => {
  for (const fake of started.splice(0)) {
    fake.heal()
    await fake.stop()
  }
})

const reminder: Notice = {
  type: 'reminder',
  deadline: { kind: 'accept', dueAt: minutesAfter(300) },
  fraction: 0.5,
  to: 'per_anna',
}
const delivery = (overrides: Partial<NoticeDelivery> = {}): NoticeDelivery => ({
  kind: 'notice',
  handoffId: 'hof_1',
  key: 'notice-1',
  notice: reminder,
  card: null,
  inThread: true,
  tries: 0,
  uncertain: false,
  ...overrides,
})

const inChannel = { channel: 'sql-handoffs', threadTs: null }

async function posted(key = 'card-1'): Promise<{ channelId: string; ts: string }> {
  const said = await messenger.postCard(aHandoff(), key)
  if (said.kind !== 'done') throw new Error(said.error)
  return said
}

async function cardAfter(fault: Fault, retryAfter?: number): Promise<Said> {
  slack.fail('chat.postMessage', { with: fault, ...(retryAfter && { retryAfter }) })
  return messenger.postCard(aHandoff(), 'card-1')
}

describe('the messenger', () => {
  test('posts a card into the channel of that name, with its metadata and without previews', async () => {
    const { channelId, ts } = await posted()
    expect(channelId).toBe('C0SQL')
    expect(slack.messages('C0SQL')).toMatchObject([
      {
        ts,
        text: expect.stringContaining('Hot SQL: Maria Verdi'),
        metadata: {
          event_type: 'baton_handoff',
          event_payload: { handoff: 'hof_1', version: 1, key: 'card-1' },
        },
      },
    ])
    expect(slack.callsOf('chat.postMessage')[0]?.args).toMatchObject({
      parse: 'none',
      unfurl_links: 'false',
      unfurl_media: 'false',
    })
  })

  test('redraws a card in its present state', async () => {
    const at = await posted()
    expect(await messenger.updateCard(accepted(), at)).toEqual({ kind: 'done', ...at })
    const [card] = slack.messages('C0SQL')
    expect(card).toMatchObject({ updates: 1, metadata: { event_payload: { version: 2 } } })
    expect(card?.text).toContain('Accepted by <@U0ANNA>')
  })

  test('tells a notice in the thread of the card', async () => {
    const { channelId, ts } = await posted()
    const where = { channel: channelId, threadTs: ts }
    expect(await messenger.postNotice(aHandoff(), delivery(), where)).toMatchObject({
      kind: 'done',
    })
    expect(slack.thread('C0SQL', ts)[1]).toMatchObject({
      text: expect.stringContaining('<@U0ANNA>, half of the time to accept is gone'),
      metadata: {
        event_type: 'baton_notice',
        event_payload: { handoff: 'hof_1', key: 'notice-1' },
      },
    })
  })

  test('links the card from another channel, and does without where Slack gives no link', async () => {
    const card = await posted()
    const escalated = delivery({
      notice: { type: 'escalated-to-channel', deadline: reminder.deadline },
      card,
      inThread: false,
    })
    const where = { channel: 'sales-managers', threadTs: null }
    await messenger.postNotice(aHandoff(), escalated, where)
    slack.fail('chat.getPermalink', { with: 500 })
    await messenger.postNotice(aHandoff(), escalated, where)
    const [first, second] = slack.messages('C0MANAGERS')
    expect(JSON.stringify(first?.blocks)).toContain('/archives/C0SQL/p')
    expect(JSON.stringify(second?.blocks)).not.toContain('/archives/')
  })
})

describe('a lead type whose channel has a language of its own', () => {
  const plain = anAgreement()
  const italian: Agreement = {
    ...plain,
    lead_types: plain.lead_types.map((type) =>
      type.id === 'service' ? type : { ...type, language: 'it' },
    ),
  }
  beforeEach(() => {
    messenger = messengerTo(slack.apiUrl, slack.botToken, italian)
  })

  test('has its card and what is told in the thread in that language', async () => {
    const { channelId, ts } = await posted()
    await messenger.postNotice(aHandoff({}, italian), delivery(), {
      channel: channelId,
      threadTs: ts,
    })
    const [card, told] = slack.thread('C0SQL', ts)
    expect(JSON.stringify(card?.blocks)).toContain('Nuovo cliente, macchinari')
    expect(JSON.stringify(card?.blocks)).toContain('Accetta')
    expect(told?.text).toContain('metà del tempo')
  })

  test('is told to the managers in the language of the agreement', async () => {
    const notice: Notice = { type: 'escalated-to-channel', deadline: reminder.deadline }
    const escalated = delivery({ notice, inThread: false })
    const where = { channel: 'sales-managers', threadTs: null }
    await messenger.postNotice(aHandoff({}, italian), escalated, where)
    const [told] = slack.messages('C0MANAGERS')
    await messengerTo(slack.apiUrl).postNotice(aHandoff(), escalated, where)
    expect(slack.messages('C0MANAGERS')[1]?.text).toBe(told?.text)
  })

  test('keeps the cards of the others in the language of the agreement', async () => {
    await messenger.postCard(aHandoff({ leadType: 'service', channel: 'sql-handoffs' }), 'card-2')
    expect(JSON.stringify(slack.messages('C0SQL')[0]?.blocks)).toContain('Existing customer')
  })
})

describe('looking for what may have been said', () => {
  test('finds a card in its channel and a notice in its thread by their keys', async () => {
    const card = await posted()
    const thread = { channel: card.channelId, threadTs: card.ts }
    const notice = await messenger.postNotice(aHandoff(), delivery(), thread)
    expect(await messenger.find('card-1', inChannel)).toEqual({ kind: 'done', ...card })
    expect(await messenger.find('notice-1', thread)).toEqual(notice)
    expect(await messenger.find('notice-2', thread)).toEqual({ kind: 'absent' })
    expect(await messenger.find('card-2', inChannel)).toEqual({ kind: 'absent' })
  })

  test('finds nothing where there is no channel or thread', async () => {
    for (const where of [
      { channel: 'nowhere', threadTs: null },
      { channel: 'C0SQL', threadTs: '1.000001' },
    ]) {
      expect(await messenger.find('k', where)).toEqual({ kind: 'absent' })
    }
  })

  test('leaves it open where Slack can not be asked', async () => {
    slack.fail('conversations.history', { with: 500 })
    expect(await messenger.find('k', inChannel)).toMatchObject({ kind: 'later', ambiguous: true })
    slack.fail('conversations.history', { with: 'ratelimited', retryAfter: 9 })
    expect(await messenger.find('k', inChannel)).toMatchObject({
      kind: 'later',
      ambiguous: true,
      afterMs: 9_000,
    })
  })

  test('finds what Slack accepted before it hung up', async () => {
    expect(await cardAfter('accept-then-reset')).toMatchObject({ kind: 'later', ambiguous: true })
    expect(await messenger.find('card-1', inChannel)).toMatchObject({ channelId: 'C0SQL' })
  })
})

describe('what Slack answers', () => {
  test('asks the whole channel to wait where it is too much, as long as Slack says', async () => {
    expect(await cardAfter('ratelimited', 7)).toEqual({
      kind: 'later',
      afterMs: 7_000,
      error: 'ratelimited',
      ambiguous: false,
      whole: true,
    })
    expect(await cardAfter('ratelimited-bare')).toMatchObject({ afterMs: 30_000, whole: true })
    expect(await cardAfter({ error: 'ratelimited' })).toMatchObject({
      afterMs: 30_000,
      whole: true,
    })
  })

  test.each<Fault>([500, 'reset', { error: 'internal_error' }, { error: 'fatal_error' }])(
    'leaves it uncertain after %j',
    async (fault) => {
      const said = await cardAfter(fault)
      expect(said).toMatchObject({ kind: 'later', afterMs: null, ambiguous: true, whole: false })
      expect(slack.refused).toHaveLength(1)
    },
  )

  test('is later, and certain, where nobody is there', async () => {
    const { apiUrl } = slack
    await slack.stop()
    expect(await messengerTo(apiUrl).postCard(aHandoff({ channel: 'C0SQL' }), 'k')).toMatchObject({
      kind: 'later',
      error: 'ECONNREFUSED',
      ambiguous: false,
    })
  })

  test.each([
    ['msg_too_long', 'msg_too_long: Slack refuses it'],
    ['restricted_action', 'restricted_action: an administrator must let Baton post'],
    ['something_new', 'something_new: Slack refuses it'],
  ])('is never after %s', async (error, told) => {
    expect(await cardAfter({ error })).toEqual({
      kind: 'never',
      error: expect.stringContaining(told),
    })
  })

  test.each([
    ['old', 'is_archived: unarchive'],
    ['closed', 'not_in_channel: invite Baton'],
    ['nowhere', 'channel_not_found: Baton sees no channel nowhere'],
    ['C0NOWHERE', 'channel_not_found: create the channel'],
  ])('says what to do about the channel %s', async (channel, told) => {
    expect(await messenger.postCard(aHandoff({ channel }), 'k')).toEqual({
      kind: 'never',
      error: expect.stringContaining(told),
    })
  })

  test('waits for an operator where the account is wrong', async () => {
    const said = await messengerTo(slack.apiUrl, 'xoxb-wrong').postCard(aHandoff(), 'k')
    expect(said).toEqual({
      kind: 'later',
      afterMs: 300_000,
      error: 'invalid_auth: check SLACK_BOT_TOKEN',
      ambiguous: false,
      whole: true,
    })
    expect(await cardAfter({ error: 'missing_scope' })).toMatchObject({
      kind: 'later',
      error: expect.stringContaining('manifest.yml'),
    })
  })

  test('is never where the message to be redrawn was deleted', async () => {
    const at = { channelId: 'C0SQL', ts: '1.000001' }
    expect(await messenger.updateCard(aHandoff(), at)).toMatchObject({ kind: 'never' })
  })

  test('to a look-up of channels can wait, since nothing was said', async () => {
    slack.fail('conversations.list', { with: 500 })
    expect(await messenger.postCard(aHandoff(), 'k')).toMatchObject({
      kind: 'later',
      ambiguous: false,
    })
    slack.fail('conversations.list', { with: { error: 'invalid_arguments' } })
    expect(await messenger.postCard(aHandoff(), 'k')).toMatchObject({ kind: 'later' })
  })
})

describe('channels', () => {
  test('are listed once, over all pages', async () => {
    await start([
      ...Array.from({ length: 600 }, (_, n) => ({ id: `C1${n}`, name: `other-${n}` })),
      ...channels,
    ])
    await Promise.all(['a', 'b', 'c'].map((key) => messenger.postCard(aHandoff(), key)))
    await posted()
    expect(slack.callsOf('conversations.list')).toHaveLength(2)
  })

  test('that are missing are asked for again after a while', async () => {
    const there: FakeChannel[] = []
    await start(there)
    const lists = () => slack.callsOf('conversations.list').length
    await messenger.postCard(aHandoff(), 'a')
    await messenger.postCard(aHandoff(), 'b')
    expect(lists()).toBe(1)
    now = new Date(now.getTime() + 30_000)
    await messenger.postCard(aHandoff(), 'c')
    expect(lists()).toBe(2)
  })

  test('that became another are found again', async () => {
    const old: FakeChannel = { id: 'C0SQL', name: 'sql-handoffs' }
    const next: FakeChannel = { id: 'C0NEXT', name: 'next' }
    await start([old, next])
    await posted()
    old.name = 'sql-before'
    next.name = 'sql-handoffs'
    const toOld = (args: Record<string, unknown>) => args.channel === 'C0SQL'
    slack.fail('chat.postMessage', { with: { error: 'channel_not_found' }, where: toOld })
    expect(await posted('card-2')).toMatchObject({ channelId: 'C0NEXT' })
  })
})
