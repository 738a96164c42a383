import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connect, type Database } from '../../src/adapters/postgres/client.ts'
import { channels, eventually, people, type RunningBaton, startBaton } from '../support/baton.ts'
import { type FakeReceiver, startFakeReceiver } from '../support/fake-receiver.ts'
import type { FakeMessage } from '../support/fake-slack.ts'
import { faultsOf, messageBlocksSchema } from '../support/slack-limits.ts'

/** A handoff to try Baton with: sent, answered, gone, and heard of nowhere else. */

const { anna, ben, luca, sara, guest } = people
let running: RunningBaton
let database: Database
let receiver: FakeReceiver

beforeAll(async () => {
  running = await startBaton({ webhooksPrivate: 'allowed' })
  database = connect(running.database.url, { max: 2 })
  receiver = await startFakeReceiver()
  const { body } = await running.api('POST', '/api/v1/webhooks', { url: receiver.url })
  receiver.trust(String(body.secret))
}, 60_000)
afterAll(async () => {
  await database.close()
  await running.stop()
  await receiver.stop()
}, 30_000)

const send = async (user: { id: string }): Promise<string> => {
  const asked = { user: user.id, command: '/handoff', text: 'test' }
  return JSON.stringify((await running.slack.sendCommand(asked)).body)
}
const standing = (): FakeMessage[] =>
  Object.values(channels)
    .flatMap(({ id }) => running.slack.messages(id))
    .filter(({ metadata }) => metadata?.event_type === 'baton_test')
const theOne = async (): Promise<FakeMessage> => eventually(() => standing()[0])
const click = async (user: { id: string }, actionId: string): Promise<string> => {
  const message = await theOne()
  const value = String(message.metadata?.event_payload.key)
  const sent = await running.slack.clickButton({ user: user.id, actionId, value, message })
  return JSON.stringify(sent.responses)
}
/** Its time is over, as if minutes had passed. */
const pass = () => database.pool.query('update test_handoffs set remove_at = created_at')
const gone = () => eventually(() => standing().length === 0 || undefined)
const kept = async (): Promise<number> => {
  const { rowCount } = await database.pool.query('select from test_handoffs')
  return rowCount ?? 0
}

const counted = [
  ...['leads', 'lead_changes', 'handoffs', 'attempts', 'events', 'timers', 'deliveries'],
  ...['webhook_deliveries', 'crm_writes', 'rotations', 'bulletins', 'erasures', 'activities'],
]
const figures = async () => {
  const sums = counted.map((name) => `(select count(*)::int from ${name}) as ${name}`)
  const { rows } = await database.pool.query(`select ${sums.join(', ')}`)
  return rows[0]
}

describe('a test handoff', () => {
  test('is sent by who manages, and is seen to be a test', async () => {
    expect(await send(anna)).toContain('managers and admins')
    expect(standing()).toEqual([])
    expect(await send(sara)).toContain('The test handoff is in')
    const card = await theOne()
    const text = JSON.stringify(card.blocks)
    expect(text).toContain('Test: Test lead')
    expect(text).toMatch(/test-\w+@baton\.invalid/)
    expect(text).toContain('it goes away by itself in 10 minutes')
    expect(text).not.toContain('handoff.accept')
    expect(faultsOf(messageBlocksSchema, card.blocks)).toEqual([])
    expect(await send(sara)).toContain('there already')
    expect(standing()).toHaveLength(1)
  })

  test('is answered by anyone of the workspace, once, and goes away', async () => {
    const before = await figures()
    await click(guest, 'test.accept')
    expect(JSON.stringify((await theOne()).blocks)).toContain('test.accept')
    await click(ben, 'test.accept')
    const card = await eventually(() =>
      standing().find(({ blocks }) => JSON.stringify(blocks).includes('accepted the test')),
    )
    expect(JSON.stringify(card.blocks)).toContain(`<@${ben.id}>`)
    expect(JSON.stringify(card.blocks)).not.toContain('test.accept')
    expect(faultsOf(messageBlocksSchema, card.blocks)).toEqual([])
    await click(luca, 'test.return')
    expect(JSON.stringify((await theOne()).blocks)).toContain('accepted the test')
    await pass()
    await gone()
    await eventually(async () => (await kept()) === 0 || undefined)
    expect(await figures()).toEqual(before)
  }, 30_000)

  test('goes away after a restart too, and the next one may be returned', async () => {
    await send(sara)
    await click(luca, 'test.return')
    await eventually(() =>
      standing().find(({ blocks }) => JSON.stringify(blocks).includes('returned the test')),
    )
    await running.restart()
    await pass()
    await gone()
    await eventually(async () => (await kept()) === 0 || undefined)
  }, 30_000)

  test('counts nowhere, and no program hears of it', async () => {
    expect(await figures()).toEqual(Object.fromEntries(counted.map((name) => [name, 0])))
    await running.api('POST', '/api/v1/handoffs', {
      lead: { email: 'maria@example.com', name: 'Maria Verdi' },
      reason: 'Asked for a quote',
      handedOffBy: ben.email,
    })
    // events come in order: what a test had told would have come before
    const received = await eventually(() =>
      receiver.received.length > 0 ? receiver.received : undefined,
    )
    expect(received.map(({ type }) => type)).toEqual(['HandedOff'])
  }, 30_000)
})
