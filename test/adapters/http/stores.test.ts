import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect, type Database } from '../../../src/adapters/postgres/client.ts'
import { createHandoffs } from '../../../src/adapters/postgres/handoffs.ts'
import { createLeads } from '../../../src/adapters/postgres/leads.ts'
import { createMembers } from '../../../src/adapters/postgres/members.ts'
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
