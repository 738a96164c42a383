import { randomUUID } from 'node:crypto'
import type { PoolClient } from 'pg'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { connect, type Database } from '../../../src/adapters/postgres/client.ts'
import { createCrmContacts } from '../../../src/adapters/postgres/crm-contacts.ts'
import { createErasures } from '../../../src/adapters/postgres/erasures.ts'
import { createHandoffs } from '../../../src/adapters/postgres/handoffs.ts'
import { createWebhookOutbox, createWebhooks } from '../../../src/adapters/postgres/webhooks.ts'
import { accept } from '../../../src/domain/decide/accept.ts'
import { handOff } from '../../../src/domain/decide/hand-off.ts'
import { returnLead } from '../../../src/domain/decide/return.ts'
import { deliverWebhooks, type WebhookWorld } from '../../../src/use-cases/deliver-webhooks.ts'
import { LeadErased } from '../../../src/use-cases/ports/erasures.ts'
import {
  aHandOff,
  aLead,
  anActor,
  anAgreement,
  aPerson,
  aReturn,
  ben,
  decisionOf,
  fixedNow,
  minutesAfter,
} from '../../support/builders.ts'
import { type FreshDatabase, freshDatabase } from '../../support/database.ts'

/** What is written about a lead at the very moment of its erasure. */

const ws = 'T0ACME'
const email = 'gone@example.com'
const agreement = anAgreement()

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
beforeEach(() =>
  database.pool.query(
    'truncate leads, handoffs, erasures, deliveries, webhook_endpoints, crm_contacts cascade',
  ),
)

async function handedOver(id: string, address: string) {
  const lead = aLead({ id: `lead_${id}`, email: address })
  const first = handOff(aHandOff({ id, workspaceId: ws, lead }), null, { agreement, now: fixedNow })
  expect(await createHandoffs(database).commit(null, decisionOf(first))).toBe('committed')
  const handoff = await createHandoffs(database).byId(ws, id)
  if (handoff === undefined) throw new Error('it was committed')
  return handoff
}
const erase = (address = email) => createErasures(database).erase(ws, { email: address }, fixedNow)

/** Everything that tables hold of what people wrote. */
async function written(): Promise<string> {
  const tables = ['leads', 'handoffs', 'events', 'deliveries', 'webhook_deliveries']
  const read = tables.map((table) => database.pool.query(`select row_to_json(t) from ${table} t`))
  return JSON.stringify((await Promise.all(read)).map(({ rows }) => rows))
}

/** Until so many wait for a lock that another holds. */
const waiting = (many: number) =>
  expect
    .poll(async () => {
      const { rows } = await database.pool.query(
        `select count(*)::int as many from pg_stat_activity
         where datname = current_database() and wait_event_type = 'Lock'`,
      )
      return rows[0].many
    })
    .toBe(many)

/** Locks rows while something runs. */
async function whileLocked(sql: string, run: (letGo: () => Promise<void>) => Promise<void>) {
  const client: PoolClient = await database.pool.connect()
  let held = true
  const letGo = async (): Promise<void> => {
    if (held) await client.query('rollback')
    held = false
  }
  try {
    await client.query('begin')
    await client.query(sql)
    await run(letGo)
  } finally {
    await letGo()
    client.release()
  }
}

/** A database whose every statement is part of one transaction, until it is committed. */
async function inOneTransaction(
  run: (one: Database, commit: () => Promise<void>) => Promise<void>,
) {
  const one = connect(fresh.url, { max: 1 })
  try {
    await one.pool.query('begin')
    await run(one, async () => {
      await one.pool.query('commit')
    })
  } finally {
    await one.close()
  }
}

const sending = (overrides: Partial<WebhookWorld> = {}) => {
  const sent: string[] = []
  const world: WebhookWorld = {
    outbox: createWebhookOutbox(database),
    sender: {
      async send({ body }) {
        sent.push(body)
        return { kind: 'status', status: 500, retryAfterMs: null }
      },
    },
    members: { byId: async () => undefined },
    now: () => minutesAfter(5),
    chance: () => 0.5,
    newHolder: randomUUID,
    disabled() {},
    stopping: new AbortController().signal,
    ...overrides,
  }
  return { world, sent }
}

async function anEndpoint(): Promise<void> {
  const endpoint = {
    id: 'hook_1',
    url: 'https://hooks.example/1',
    events: [],
    secret: 'whsec_c2Vj',
  }
  expect(await createWebhooks(database).add(ws, { ...endpoint, createdAt: fixedNow }, 1)).toBe(
    'added',
  )
}

test('a body that was made before the erasure is made anew after it', async () => {
  await anEndpoint()
  const handoff = await handedOver('hof_1', email)
  await database.pool.query('truncate webhook_deliveries')
  const taken = accept(handoff, anActor(), { agreement, now: minutesAfter(1) })
  await createHandoffs(database).commit(handoff, decisionOf(taken))
  let erased = false
  const { world, sent } = sending({
    members: {
      // who is named is looked up while the body is made
      async byId() {
        if (!erased) await erase()
        erased = true
        return undefined
      },
    },
  })
  await deliverWebhooks(world)
  expect(sent).toHaveLength(1)
  expect(sent[0]).toContain('"type":"Accepted"')
  expect(sent[0]).not.toContain(email)
  expect(await written()).not.toContain(email)
})

test('a body that is kept while the erasure is under way waits for it', async () => {
  await anEndpoint()
  await handedOver('hof_1', email)
  const { world, sent } = sending()
  const told = await world.outbox.take(world.now(), 'one', 60_000)
  if (told === undefined) throw new Error('an event waits')
  // an erasure comes to what is to be written to the CRM at its end
  await database.pool.query(
    `insert into crm_writes (workspace_id, lead_id, due_at) select workspace_id, id, now() from leads
     on conflict (lead_id) do nothing`,
  )
  await whileLocked('select from crm_writes for update', async (letGo) => {
    const erasing = erase()
    await waiting(1)
    const keeping = world.outbox.keepBody(told, `{"email":"${email}"}`)
    await waiting(2)
    await letGo()
    await erasing
    expect(await keeping).toBeUndefined()
  })
  expect(sent).toEqual([])
  expect(await written()).not.toContain(email)
})

/** Another lead, returned as a duplicate of the one that is erased. */
async function returnedAsDuplicate(through: Database, address: string, id: string) {
  const handoffs = createHandoffs(through)
  const handoff = await handoffs.byId(ws, id)
  if (handoff === undefined) throw new Error('it was handed over')
  const duplicateOf = { email: address, lead: aLead({ id: 'lead_gone', email: address }) }
  const decided = returnLead(
    handoff,
    aReturn({ reason: 'duplicate', duplicateOf, note: 'The same' }),
    anActor(),
    {
      agreement,
      now: minutesAfter(2),
    },
  )
  return handoffs.commit(handoff, decisionOf(decided))
}

test('a return that names a lead before its erasure is waited for, and names nobody then', async () => {
  await handedOver('hof_gone', email)
  await handedOver('hof_other', 'other@example.com')
  await inOneTransaction(async (one, commit) => {
    expect(await returnedAsDuplicate(one, email, 'hof_other')).toBe('committed')
    const erasing = erase()
    await waiting(1)
    await commit()
    await erasing
  })
  expect(await written()).not.toContain(email)
  const other = await createHandoffs(database).byId(ws, 'hof_other')
  expect(other).toMatchObject({ status: 'returned', returned: { duplicateOf: null } })
})

test('a return that names a lead during its erasure is decided again after it', async () => {
  await handedOver('hof_gone', email)
  await handedOver('hof_other', 'other@example.com')
  await database.pool.query(
    `insert into crm_writes (workspace_id, lead_id, due_at)
     select workspace_id, id, now() from leads where email = $1 on conflict do nothing`,
    [email],
  )
  await whileLocked('select from crm_writes for update', async (letGo) => {
    const erasing = erase()
    await waiting(1)
    const returning = returnedAsDuplicate(database, email, 'hof_other')
    await waiting(2)
    await letGo()
    await erasing
    expect(await returning).toBe('moved')
  })
  expect(await written()).not.toContain(email)
})

test('whatever comes first of twenty returns and erasures, no address is left', async () => {
  const several = Array.from({ length: 20 }, (_, n) => `gone${n}@example.com`)
  for (const [n, address] of several.entries()) {
    await handedOver(`hof_gone${n}`, address)
    await handedOver(`hof_other${n}`, `other${n}@example.com`)
  }
  await Promise.all(
    several.flatMap((address, n) => [
      returnedAsDuplicate(database, address, `hof_other${n}`),
      erase(address),
    ]),
  )
  expect((await written()).match(/gone\d+@example/)).toBeNull()
})

const record = { system: 'hubspot', id: '77' }
const takeIn = (through: Database) =>
  createCrmContacts(through, ws).keep(
    'hubspot',
    { id: 'lead_77', email, name: 'Gone', crm: { ...record, url: 'https://crm.example/77' } },
    null,
    { now: fixedNow, mayMove: () => true },
  )
const told = () =>
  createCrmContacts(database, ws).told(
    'hubspot',
    [{ id: record.id, mark: null, handOverKey: null, erase: false }],
    fixedNow,
  )
const eraseRecord = () => createErasures(database).erase(ws, { crm: record }, fixedNow)

test('a record that is first taken in while its erasure is asked for is erased', async () => {
  await told()
  await inOneTransaction(async (one, commit) => {
    await takeIn(one)
    const erasing = eraseRecord()
    await waiting(1)
    await commit()
    expect(await erasing).toMatchObject({ handoffs: 0 })
  })
  expect(await written()).not.toContain(email)
})

test('and is refused where the erasure is there first', async () => {
  await told()
  await whileLocked(`select from crm_contacts for update`, async (letGo) => {
    const erasing = eraseRecord()
    await waiting(1)
    const taking = takeIn(database).catch((error: unknown) => error)
    await waiting(2)
    await letGo()
    await erasing
    expect(await taking).toBeInstanceOf(LeadErased)
  })
  expect(await written()).not.toContain(email)
})
