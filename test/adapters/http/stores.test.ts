import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createActivities } from '../../../src/adapters/postgres/activities.ts'
import { connect, type Database } from '../../../src/adapters/postgres/client.ts'
import { createHandoffs } from '../../../src/adapters/postgres/handoffs.ts'
import { createLeads } from '../../../src/adapters/postgres/leads.ts'
import { createMembers } from '../../../src/adapters/postgres/members.ts'
import { createStories } from '../../../src/adapters/postgres/stories.ts'
import { type FreshDatabase, freshDatabase } from '../../support/database.ts'
import { createMemoryWorld } from '../../support/memory-world.ts'
import { mutated } from './mutate.ts'
import { aHandOff, anApi } from './support.ts'

/** The same on PostgreSQL: what the schemas let in, the database can hold. */

let fresh: FreshDatabase
let database: Database

beforeAll(async () => {
  fresh = await freshDatabase()
  database = connect(fresh.url)
})
afterAll(async () => {
  await database.close()
  await fresh.drop()
})

const nobody = {
  bySlackId: async () => undefined,
  byEmail: async () => undefined,
  all: async () => [],
}

function anApiOnPostgres() {
  return anApi({
    world: {
      ...createMemoryWorld(),
      handoffs: createHandoffs(database),
      leads: createLeads(database),
      activities: createActivities(database),
      stories: createStories(database),
      members: createMembers(database, nobody),
      newId: (prefix) => `${prefix}_${randomUUID()}`,
    },
  })
}

test('a lead is handed over, moved and listed', async () => {
  const { ask } = anApiOnPostgres()
  const headers = { 'idempotency-key': 'first' }
  const made = await ask('POST', '/api/v1/handoffs', { body: aHandOff(), headers })
  expect(made.status).toBe(201)
  const again = await ask('POST', '/api/v1/handoffs', { body: aHandOff(), headers })
  expect(again).toMatchObject({ status: 200, body: made.body })
  const path = `/api/v1/handoffs/${made.body.id}`
  const body = { by: 'anna@acme.example' }
  expect((await ask('POST', `${path}/accept`, { body })).body.owner).toBe('anna@acme.example')
  const attempt = { channel: 'call', outcome: 'no-answer' }
  const logged = await ask('POST', `${path}/attempts`, {
    body: attempt,
    headers: { 'idempotency-key': 'call' },
  })
  const repeated = await ask('POST', `${path}/attempts`, {
    body: attempt,
    headers: { 'idempotency-key': 'call' },
  })
  expect([logged.status, repeated.status]).toEqual([201, 200])
  expect(repeated.body).toEqual(logged.body)
  const listed = await ask('GET', '/api/v1/handoffs?owner=anna@acme.example&status=accepted')
  expect(listed.body.items).toEqual([(await ask('GET', path)).body])
})

test('a lead goes through the whole loop, and its story is read', async () => {
  const { ask } = anApiOnPostgres()
  const [anna, ben] = ['anna@acme.example', 'ben@acme.example']
  const address = { email: 'paola@officineverdi.example', name: 'Paola Verdi' }
  const handOver = async (more = {}) =>
    (await ask('POST', '/api/v1/handoffs', { body: aHandOff({ lead: address, ...more }) })).body.id
  const moves = async (id: string, ...steps: [string, object][]) => {
    for (const [verb, body] of steps) {
      const answer = await ask('POST', `/api/v1/handoffs/${id}/${verb}`, { body })
      expect(answer).toMatchObject({ status: 200 })
      expect(answer.body).toEqual((await ask('GET', `/api/v1/handoffs/${id}`)).body)
    }
  }
  const first = await handOver()
  const words = 'A budget counts once it is approved'
  await moves(
    first,
    ['accept', { by: anna }],
    ['reassign', { by: anna, to: 'luca@acme.example' }],
    ['reassign', { by: 'sara@acme.example', to: null }],
    ['return', { by: anna, reason: 'not-ready', readyOn: '2027-03-01', note: 'next year' }],
    ['contest', { by: ben, why: 'It was approved' }],
    ['rule', { by: 'sara@acme.example', ruling: 'clarify', words }],
    ['rule', { by: 'mario@acme.example', ruling: 'clarify', words }],
    ['ready', { by: ben }],
  )
  const second = await handOver({ whatChanged: 'It is approved' })
  await moves(
    second,
    ['accept', { by: anna }],
    ['outcome', { by: anna, dealStage: 'exploration' }],
    ['outcome', { by: anna, dealStage: 'closed-won', note: 'Two presses' }],
  )
  const lead = (await ask('GET', `/api/v1/leads/${address.email}`)).body
  expect(lead).toMatchObject({ lifecycleStage: 'customer', leadStatus: 'Closed won' })
  expect(lead.handoffs.map(({ id, round }: { id: string; round: number }) => [id, round])).toEqual([
    [first, 1],
    [second, 2],
  ])
  const stages = lead.history.filter(({ what }: { what: string }) => what === 'stage')
  expect(stages.map(({ to }: { to: string }) => to)).toEqual([
    'sql',
    'mql',
    'sql',
    'opportunity',
    'customer',
  ])
  expect(lead.history.every(({ rule, by }: Record<string, string>) => rule !== '' && by)).toBe(true)
})

test('nothing that is let in is refused by the database', async () => {
  const { ask, logged } = anApiOnPostgres()
  await fc.assert(
    fc.asyncProperty(mutated(aHandOff({ whatChanged: 'x' })), fc.uuid(), async (sent, unique) => {
      const body = JSON.stringify(sent).replaceAll('maria@', `${unique}@`)
      const answer = await ask('POST', '/api/v1/handoffs', { body })
      expect(answer.status).toBeLessThan(500)
      expect(logged).toEqual([])
    }),
    { numRuns: 200 },
  )
})

test('no news of a lead that is let in is refused by the database, and no activity', async () => {
  const { ask, logged } = anApiOnPostgres()
  const { email: _, ...news } = { ...aHandOff().lead, lifecycleStage: 'lead' }
  const activity = {
    ...{ email: 'maria@b.example', type: 'page-view', at: '2026-11-23T09:00:00Z' },
    ...{ properties: { url: '/prices' }, name: 'Maria' },
  }
  const requests = fc.oneof(
    mutated(news).map((body) => ['PUT', '/api/v1/leads/maria@b.example', body] as const),
    mutated([activity, { ...activity, id: 'a' }]).map(
      (body) => ['POST', '/api/v1/activities', body] as const,
    ),
  )
  await fc.assert(
    fc.asyncProperty(requests, async ([method, path, body]) => {
      const answer = await ask(method, path, { body: JSON.stringify(body) })
      expect(answer.status).toBeLessThan(500)
      expect(logged).toEqual([])
    }),
    { numRuns: 200 },
  )
})

test('no cursor makes the database stumble', async () => {
  const { ask } = anApiOnPostgres()
  const at = fc.constantFrom(
    '2026-11-23T09:00:00.000Z',
    '0000-01-01T00:00:00Z',
    '9999-12-31T23:59:59Z',
  )
  const cursor = fc.record({ at, id: fc.constantFrom('hof_1', '\u0000', '\ud800', '') })
  await fc.assert(
    fc.asyncProperty(cursor, async (any) => {
      const text = Buffer.from(JSON.stringify(any)).toString('base64url')
      expect((await ask('GET', `/api/v1/handoffs?cursor=${text}`)).status).toBeLessThan(500)
    }),
    { numRuns: 20 },
  )
})
