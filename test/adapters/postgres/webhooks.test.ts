import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { connect, type Database } from '../../../src/adapters/postgres/client.ts'
import { createHandoffs } from '../../../src/adapters/postgres/handoffs.ts'
import { createWebhookOutbox, createWebhooks } from '../../../src/adapters/postgres/webhooks.ts'
import { createWebhookSender } from '../../../src/adapters/webhooks/sender.ts'
import { accept } from '../../../src/domain/decide/accept.ts'
import { handOff } from '../../../src/domain/decide/hand-off.ts'
import {
  deliverWebhooks,
  pruneWebhooks,
  type WebhookWorld,
} from '../../../src/use-cases/deliver-webhooks.ts'
import {
  aHandOff,
  aLead,
  anActor,
  anAgreement,
  aPerson,
  ben,
  decisionOf,
  fixedNow,
  minutesAfter,
} from '../../support/builders.ts'
import { type FreshDatabase, freshDatabase } from '../../support/database.ts'
import {
  type FakeReceiver,
  hang,
  type Received,
  startFakeReceiver,
  status,
} from '../../support/fake-receiver.ts'

const ws = 'T0ACME'
const agreement = anAgreement()
const members = { byId: async () => undefined }
const { newSecret } = createWebhookSender({ allowPrivate: true, userAgent: 'Baton/test' })

let fresh: FreshDatabase
let database: Database
beforeAll(async () => {
  fresh = await freshDatabase()
  database = connect(fresh.url, { max: 20 })
  await database.prisma.workspace.create({ data: { id: ws, name: 'Acme' } })
  await database.prisma.user.createMany({
    data: [aPerson(), ben].map((person) => ({ ...person, workspaceId: ws })),
  })
})
afterAll(async () => {
  await database.close()
  await fresh.drop()
})

let receiver: FakeReceiver
beforeEach(async () => {
  receiver = await startFakeReceiver()
})
afterEach(async () => {
  await receiver.stop()
  await database.prisma.webhookEndpoint.deleteMany()
})

const webhooks = () => createWebhooks(database)
const outbox = () => createWebhookOutbox(database)

/** An endpoint at the receiver, which goes by its secret. */
async function anEndpoint(overrides: { url?: string; events?: ('Accepted' | 'HandedOff')[] } = {}) {
  const id = `hook_${randomUUID()}`
  const secret = newSecret()
  receiver.trust(secret)
  const endpoint = { id, url: receiver.url, events: [], createdAt: fixedNow, secret, ...overrides }
  expect(await webhooks().add(ws, endpoint, 20)).toBe('added')
  return id
}

let made = 0
/** A lead is handed over and accepted: two events at the least. */
async function handedOverAndAccepted(): Promise<string> {
  made += 1
  const id = `hof_${made}`
  const lead = aLead({ id: `lead_${made}`, email: `lead${made}@example.com` })
  const handoffs = createHandoffs(database)
  const handedOver = { agreement, now: fixedNow }
  const first = decisionOf(handOff(aHandOff({ id, workspaceId: ws, lead }), null, handedOver))
  expect(await handoffs.commit(null, first)).toBe('committed')
  const before = await handoffs.byId(ws, id)
  if (before === undefined) throw new Error('it was committed')
  const second = decisionOf(accept(before, anActor(), { agreement, now: minutesAfter(1) }))
  expect(await handoffs.commit(before, second)).toBe('committed')
  return id
}

const aWorld = (overrides: Partial<WebhookWorld> = {}): WebhookWorld => ({
  outbox: outbox(),
  sender: createWebhookSender({ allowPrivate: true, userAgent: 'Baton/test', timeoutMs: 1_000 }),
  members,
  now: () => minutesAfter(5),
  chance: () => 0.5,
  newHolder: randomUUID,
  disabled() {},
  stopping: new AbortController().signal,
  ...overrides,
})
const later = (minutes: number) => aWorld({ now: () => minutesAfter(minutes) })
/** The database's clock can't be moved, so a pause is taken away. */
const withoutPause = () => database.pool.query('update webhook_endpoints set busy_until = null')
const linesOf = async (id: string) => (await webhooks().log(ws, id, { limit: 100 }))?.items ?? []
const typesAt = (received: Received[], handoff: string): string[] =>
  received.filter(({ body }) => body.includes(`"${handoff}"`)).map(({ type }) => type)

/** Its clock is not the test's, so signatures are made at the real time for the library's window. */
const signedNow = () => aWorld({ now: () => new Date() })

describe('events', () => {
  test('arrive once, in order, signed, with the handoff as it stood', async () => {
    const id = await anEndpoint()
    const handoff = await handedOverAndAccepted()
    await deliverWebhooks(signedNow())
    await deliverWebhooks(signedNow())
    expect(receiver.received.map(({ type }) => type)).toEqual(['HandedOff', 'Accepted'])
    expect(receiver.received.every(({ verified }) => verified)).toBe(true)
    const [first, second] = receiver.received.map(({ body }) => JSON.parse(body))
    expect(first.data.handoff).toMatchObject({ id: handoff, status: 'offered', owner: null })
    expect(second.data.handoff).toMatchObject({
      id: handoff,
      status: 'accepted',
      lead: { email: `lead${made}@example.com` },
    })
    expect(second.data.by).toBe(aPerson().email)
    expect(await linesOf(id)).toMatchObject([
      { type: 'Accepted', state: 'sent', tries: 1, answer: '200', nextTryAt: null },
      { type: 'HandedOff', state: 'sent', tries: 1, answer: '200' },
    ])
    // what was sent is not kept
    expect(await database.prisma.webhookDelivery.count({ where: { body: { not: null } } })).toBe(0)
  })

  test('are those that were asked for', async () => {
    await anEndpoint({ events: ['Accepted'] })
    await handedOverAndAccepted()
    await deliverWebhooks(aWorld())
    expect(receiver.received.map(({ type }) => type)).toEqual(['Accepted'])
  })

  test('that fail come again with the same bytes, and nothing of the handoff overtakes', async () => {
    const id = await anEndpoint()
    const stuck = await handedOverAndAccepted()
    let down = true
    receiver.answer((response, { body }) =>
      status(down && body.includes(`"${stuck}"`) ? 500 : 200)(response),
    )
    await deliverWebhooks(aWorld())
    const other = await handedOverAndAccepted()
    await deliverWebhooks(aWorld())
    expect(typesAt(receiver.received, stuck)).toEqual(['HandedOff'])
    expect(typesAt(receiver.received, other)).toEqual(['HandedOff', 'Accepted'])
    down = false
    await database.prisma.lead.updateMany({ data: { name: 'Another name' } })
    await deliverWebhooks(later(6))
    expect(typesAt(receiver.received, stuck)).toEqual(['HandedOff', 'HandedOff', 'Accepted'])
    const tries = receiver.received.filter(
      ({ type, body }) => type === 'HandedOff' && body.includes(`"${stuck}"`),
    )
    expect(new Set(tries.map(({ body }) => body)).size).toBe(1)
    expect(new Set(tries.map((one) => one.headers['webhook-id'])).size).toBe(1)
    expect((await linesOf(id)).map(({ tries }) => tries).sort()).toEqual([1, 1, 1, 2])
  })

  test('wait as long as Retry-After says', async () => {
    await anEndpoint()
    await handedOverAndAccepted()
    receiver.answer(status(429, { 'retry-after': '3600' }))
    await deliverWebhooks(aWorld())
    await handedOverAndAccepted()
    await deliverWebhooks(later(50))
    expect(receiver.received).toHaveLength(1)
    await withoutPause()
    receiver.answer(status(200))
    await deliverWebhooks(later(70))
    expect(receiver.received).toHaveLength(5)
  })

  test('are sent to no endpoint that is gone', async () => {
    const id = await anEndpoint()
    await handedOverAndAccepted()
    receiver.answer(status(410))
    const told: object[] = []
    await deliverWebhooks(aWorld({ disabled: (endpoint) => void told.push(endpoint) }))
    expect(told).toEqual([{ endpointId: id, answer: '410' }])
    expect(await linesOf(id)).toMatchObject([
      { state: 'failed', answer: 'disabled' },
      { state: 'failed', answer: '410' },
    ])
    await handedOverAndAccepted()
    await deliverWebhooks(later(60))
    expect(receiver.received).toHaveLength(1)
    expect((await webhooks().list(ws))[0]?.failingSince).not.toBeNull()
    await webhooks().tested(ws, id, { at: fixedNow, taken: true, answer: '200' })
    const enabled = { disabledAt: null, failingSince: null }
    expect((await webhooks().list(ws))[0]).toMatchObject(enabled)
  })

  test('of a lead that was erased are gone with it', async () => {
    const id = await anEndpoint()
    const handoff = await handedOverAndAccepted()
    await database.prisma.event.deleteMany({ where: { handoffId: handoff } })
    expect(await linesOf(id)).toEqual([])
  })
})

describe('several processes', () => {
  test('share what is to be sent, each event once and in order', async () => {
    await anEndpoint()
    const handoffs = []
    for (let i = 0; i < 8; i++) handoffs.push(await handedOverAndAccepted())
    await Promise.all(Array.from({ length: 6 }, () => deliverWebhooks(aWorld())))
    await deliverWebhooks(aWorld())
    expect(receiver.received).toHaveLength(16)
    for (const handoff of handoffs) {
      expect(typesAt(receiver.received, handoff)).toEqual(['HandedOff', 'Accepted'])
    }
  })

  test('send one thing at a time to an endpoint, and are not held up by a slow one', async () => {
    const slow = await startFakeReceiver()
    slow.answer(hang)
    await anEndpoint({ url: slow.url })
    await anEndpoint()
    await handedOverAndAccepted()
    const stop = new AbortController()
    const world = aWorld({
      stopping: stop.signal,
      stop: stop.signal,
      sender: createWebhookSender({ allowPrivate: true, userAgent: 'Baton/test' }),
    })
    // either of them may be the one that the slow one holds up
    const both = [deliverWebhooks(world), deliverWebhooks(world)]
    await expect.poll(() => receiver.received.length).toBe(2)
    expect(slow.received).toHaveLength(1)
    // whoever stops leaves it to the next, as if it had not been begun
    slow.answer(status(200))
    stop.abort()
    slow.answer(status(200))
    await slow.stop()
    await Promise.all(both)
    const waiting = await database.prisma.webhookDelivery.findMany({ where: { state: 'pending' } })
    expect(waiting).toHaveLength(2)
  })

  test('leave what another holds, until its lease is over', async () => {
    await anEndpoint()
    await handedOverAndAccepted()
    const died = await outbox().take(minutesAfter(5), 'died', 60_000)
    expect(died?.told.event.type).toBe('HandedOff')
    expect(await outbox().take(minutesAfter(5), 'other', 60_000)).toBeUndefined()
    await withoutPause()
    await deliverWebhooks(aWorld())
    expect(receiver.received.map(({ type }) => type)).toEqual(['HandedOff', 'Accepted'])
  })
})

describe('endpoints', () => {
  const endpoint = (n: number) => ({
    id: `hook_${n}`,
    url: `https://hooks.example/${n}`,
    events: [],
    createdAt: minutesAfter(n),
    secret: 'whsec_c2VjcmV0',
  })

  test('are so many at most, also where they come at once', async () => {
    const adding = Array.from({ length: 12 }, (_, n) => webhooks().add(ws, endpoint(n), 5))
    const added = await Promise.all(adding)
    expect(added.filter((one) => one === 'added')).toHaveLength(5)
    expect(await webhooks().list(ws)).toHaveLength(5)
    expect(added.filter((one) => one === 'too-many-endpoints')).toHaveLength(7)
  })

  test('are one for an address, and nobody else sees them or their secret', async () => {
    await webhooks().add(ws, endpoint(1), 5)
    expect(await webhooks().add(ws, { ...endpoint(1), id: 'hook_x' }, 5)).toBe('endpoint-known')
    expect(JSON.stringify(await webhooks().list(ws))).not.toContain('whsec')
    expect(await webhooks().list('T0OTHER')).toEqual([])
    expect(await webhooks().byId('T0OTHER', 'hook_1')).toBeUndefined()
    expect(await webhooks().log('T0OTHER', 'hook_1', { limit: 5 })).toBeUndefined()
    expect(await webhooks().remove('T0OTHER', 'hook_1')).toBe(false)
    expect(await webhooks().remove(ws, 'hook_1')).toBe(true)
  })

  test('have a log that is read in pages and forgotten after 30 days', async () => {
    await webhooks().add(ws, endpoint(1), 5)
    for (let n = 0; n < 5; n++) {
      const test = { at: minutesAfter(n), taken: n % 2 === 0, answer: `${n}` }
      await webhooks().tested(ws, 'hook_1', test)
    }
    const first = await webhooks().log(ws, 'hook_1', { limit: 3 })
    expect(first?.items.map(({ answer }) => answer)).toEqual(['4', '3', '2'])
    const rest = await webhooks().log(ws, 'hook_1', { limit: 3, cursor: `${first?.nextCursor}` })
    expect(rest?.items.map(({ answer }) => answer)).toEqual(['1', '0'])
    expect(rest?.nextCursor).toBeNull()
    const days = 30 * 24 * 60
    await pruneWebhooks(later(days + 2.5))
    expect((await linesOf('hook_1')).map(({ answer }) => answer)).toEqual(['4', '3'])
  })
})
