import { Client } from 'pg'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  channels,
  eventually,
  isCardOf,
  people,
  type RunningBaton,
  startBaton,
} from '../../../support/baton.ts'

let running: RunningBaton
beforeEach(async () => {
  running = await startBaton({ others: [{ id: 'U0OWNER', name: 'owner', isOwner: true }] })
})
afterEach(() => running.stop())

const { sql, managers } = channels
let counter = 0

async function handOver(): Promise<string> {
  counter += 1
  const { status, body } = await running.api('POST', '/api/v1/handoffs', {
    lead: { email: `lead@closed${counter}.example`, name: `Lead ${counter}` },
    reason: 'Asked for a quote',
    handedOffBy: people.ben.email,
  })
  expect(status).toBe(201)
  return String(body.id)
}

const metrics = async (): Promise<string> => (await fetch(`${running.baton.url}/metrics`)).text()
const parked = (count: number) =>
  eventually(async () => (await metrics()).includes(`baton_deliveries{state="parked"} ${count}`))
const toldIn = (channel: string, said: RegExp) =>
  running.slack.messages(channel).filter(({ text }) => said.test(text))
const conversationWith = (user: string) =>
  running.slack.calls.find(
    ({ method, args }) => method === 'conversations.open' && args.users === user,
  )
const joined = (channel: string) =>
  running.slack.sendEvent({
    type: 'member_joined_channel',
    user: running.slack.botUserId,
    channel,
    channel_type: 'C',
  })
/** Nothing waits for any channel, and a look has seen that. */
const forgotten = () =>
  eventually(async () => {
    await look()
    const database = new Client({ connectionString: running.database.url })
    await database.connect()
    try {
      return (await database.query('select 1 from closed_channels')).rowCount === 0
    } finally {
      await database.end()
    }
  })
/** Looks come by themselves every few seconds; an event brings one at once. */
const look = () => joined(managers.id)

describe('a channel that Baton was thrown out of', () => {
  test('is told of once, and what waited for it goes out when Baton is invited again', async () => {
    running.slack.changeChannel(sql.id, { hasBot: false })
    const first = await handOver()
    const second = await handOver()
    await parked(2)
    await look()
    await eventually(() => toldIn(managers.id, /not in #sql-handoffs.*\/invite @Baton/)[0])
    await look()
    await look()

    running.slack.changeChannel(sql.id, { hasBot: true })
    await joined(sql.id)
    await running.card(first)
    await running.card(second)
    expect(toldIn(managers.id, /sql-handoffs/)).toHaveLength(1)
    expect(running.slack.messages(sql.id).filter((one) => isCardOf(one, first))).toHaveLength(1)
    await parked(0)
  })

  test('is told of anew when it happens again', async () => {
    for (const times of [1, 2]) {
      running.slack.changeChannel(sql.id, { hasBot: false })
      const id = await handOver()
      await parked(1)
      await look()
      await eventually(() => toldIn(managers.id, /sql-handoffs/)[times - 1])
      running.slack.changeChannel(sql.id, { hasBot: true })
      await joined(sql.id)
      await running.card(id)
      await look()
      await forgotten()
    }
  })

  test('is told to the owner of the workspace where the managers’ channel is closed too', async () => {
    running.slack.changeChannel(sql.id, { hasBot: false })
    running.slack.changeChannel(managers.id, { isArchived: true })
    await handOver()
    await parked(1)
    await look()
    await eventually(() => conversationWith('U0OWNER'))
    await eventually(() =>
      running.slack.calls.find(
        ({ method, args }) =>
          method === 'chat.postMessage' && /not in #sql-handoffs/.test(String(args.text)),
      ),
    )
  })
})

describe('a channel that was', () => {
  test('archived is told of, and goes on when it is unarchived, without any event', async () => {
    running.slack.changeChannel(sql.id, { isArchived: true })
    const id = await handOver()
    await parked(1)
    await look()
    await eventually(() => toldIn(managers.id, /#sql-handoffs is archived/)[0])
    running.slack.changeChannel(sql.id, { isArchived: false })
    await eventually(() => running.slack.messages(sql.id).find((one) => isCardOf(one, id)), 15_000)
  }, 40_000)

  test('deleted is told of', async () => {
    running.slack.changeChannel(sql.id, null)
    await handOver()
    await parked(1)
    await look()
    await eventually(() => toldIn(managers.id, /sees no channel #sql-handoffs/)[0])
  })
})
