import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createActivities } from '../../../src/adapters/postgres/activities.ts'
import { connect, type Database } from '../../../src/adapters/postgres/client.ts'
import { createErasures } from '../../../src/adapters/postgres/erasures.ts'
import { createHandoffs } from '../../../src/adapters/postgres/handoffs.ts'
import { createOutbox } from '../../../src/adapters/postgres/outbox.ts'
import { createWorkspaces } from '../../../src/adapters/postgres/workspaces.ts'
import { type DeliveryWorld, deliver } from '../../../src/use-cases/deliver.ts'
import { pruneErasures } from '../../../src/use-cases/erase-lead.ts'
import type { Messenger, Said } from '../../../src/use-cases/ports/delivery.ts'
import { LeadErased } from '../../../src/use-cases/ports/erasures.ts'
import { aHandoff, aLead, fixedNow, minutesAfter, returned } from '../../support/builders.ts'
import { type FreshDatabase, freshDatabase } from '../../support/database.ts'

let fresh: FreshDatabase
let database: Database
const ws = 'T0ACME'
const email = 'gone@example.com'

beforeAll(async () => {
  fresh = await freshDatabase()
  database = connect(fresh.url, { max: 10 })
  for (const id of [ws, 'T0OTHER']) await createWorkspaces(database).adopt({ id, name: id })
})
afterAll(async () => {
  await database.close()
  await fresh.drop()
})
beforeEach(() =>
  database.pool.query('truncate leads, handoffs, lead_changes, erasures, deliveries cascade'),
)

const told = (address: string, workspaceId = ws) =>
  createActivities(database).add(
    workspaceId,
    [
      {
        email: address,
        name: 'A lead',
        key: `${Math.random()}`,
        type: 'form',
        at: fixedNow,
        properties: {},
      },
    ],
    fixedNow,
  )
const erase = (at = fixedNow) => createErasures(database).erase(ws, { email }, at)

test('an erased lead is refused in its workspace and in no other', async () => {
  await told(email)
  await told(email, 'T0OTHER')
  expect(await erase()).toMatchObject({ at: fixedNow, handoffs: 0 })
  await expect(told(email)).rejects.toThrow(LeadErased)
  expect(await told(email, 'T0OTHER')).toBe(1)
  expect(await createErasures(database).erasedAt(ws, { email })).toEqual(fixedNow)
  expect(await createErasures(database).among(ws, [email, 'somebody@example.com'])).toEqual(
    new Map([[email, fixedNow]]),
  )
})

test('the same address has another fingerprint in each workspace', async () => {
  const { rows } = await database.pool.query<{ a: string; b: string }>(
    `select lead_fingerprint($1, 'email', $3) as a, lead_fingerprint($2, 'email', $3) as b`,
    [ws, 'T0OTHER', email],
  )
  expect(rows[0]?.a).toMatch(/^[0-9a-f]{64}$/)
  expect(rows[0]?.a).not.toBe(rows[0]?.b)
})

test('a known lead can’t take the address of an erased one', async () => {
  await told(email)
  await told('other@example.com')
  await erase()
  const readdressed = database.pool.query('update leads set email = $1 where email = $2', [
    email,
    'other@example.com',
  ])
  await expect(readdressed).rejects.toThrow('the lead was erased')
})

test('what is remembered is forgotten after its days, in batches, and then the lead may come', async () => {
  await told(email)
  await erase()
  const erasures = createErasures(database)
  const on = (days: number) => ({ erasures, now: () => minutesAfter(days * 24 * 60) })
  await pruneErasures(on(29), 30)
  await expect(told(email)).rejects.toThrow(LeadErased)
  await pruneErasures(on(31), 30)
  expect(await told(email)).toBe(1)
})

test('a CRM’s record that no lead is known of stays out too', async () => {
  const crm = { system: 'hubspot', id: '77' }
  const erasures = createErasures(database)
  expect(await erasures.erase(ws, { crm }, fixedNow)).toBeUndefined()
  expect(await erasures.erasedAt(ws, { email, crm })).toEqual(fixedNow)
})

/** A Slack that keeps what it was told, by timestamp. */
function aSlack() {
  const present = new Map<string, string>()
  const deleted: string[] = []
  const answers: Said[] = []
  const post = (key: string): Said => {
    present.set(key, `${key}.1`)
    return { kind: 'done', channelId: 'C1', ts: `${key}.1` }
  }
  const messenger: Messenger = {
    postCard: async (_, key) => post(key),
    updateCard: async (_, { channelId, ts }) => ({ kind: 'done', channelId, ts }),
    postNotice: async (_, { key }) => post(key),
    async remove(_, { channelId, ts }) {
      const answer = answers.shift()
      if (answer !== undefined) return answer
      deleted.push(ts)
      for (const [key, at] of present) if (at === ts) present.delete(key)
      return { kind: 'done', channelId, ts }
    },
    async find(key) {
      const ts = present.get(key)
      return ts === undefined ? { kind: 'absent' } : { kind: 'done', channelId: 'C1', ts }
    },
  }
  return { present, deleted, answers, messenger }
}

async function aToldHandoff(slack: ReturnType<typeof aSlack>) {
  const handoff = aHandoff({ workspaceId: ws, lead: aLead({ email }) })
  const handoffs = createHandoffs(database)
  const notice = { type: 'news' as const, by: null, to: null, reason: 'A canary', hot: false }
  const decision = {
    handoff,
    events: [{ type: 'HandedOff' as const, at: fixedNow, by: null, data: {} }],
    notices: [{ where: { thread: true as const }, notice }],
    changes: [],
    redraw: true,
  }
  expect(await handoffs.commit(null, decision)).toBe('committed')
  let now = new Date()
  const world: DeliveryWorld = {
    outbox: createOutbox(database),
    handoffs,
    messenger: slack.messenger,
    queue: { deliver: () => {} },
    now: () => now,
    sleep: async () => {},
    every: () => () => {},
    newHolder: () => 'a process',
    postIntervalMs: 0,
  }
  const stream = { workspaceId: ws, stream: handoff.channel }
  const speak = async (laterMs = 1_000) => {
    now = new Date(now.getTime() + laterMs)
    await database.pool.query('truncate delivery_leases')
    await deliver(world, stream)
  }
  const states = async () => {
    const { rows } = await database.pool.query(
      'select kind, state, content from deliveries order by id',
    )
    return rows
  }
  return { handoff, world, stream, speak, states }
}

test('the returned leads of marketing are without those that are erased', async () => {
  const handoffs = createHandoffs(database)
  for (const address of [email, 'stays@example.com']) {
    const lead = aLead({ id: `lead_${address}`, email: address })
    const told = { ...returned(), id: `hof_${address}`, workspaceId: ws, lead, version: 1 }
    const handoff = { ...told, owner: null, handedOffBy: null, acceptedBy: null }
    const decision = { handoff, events: [], notices: [], changes: [], redraw: false }
    expect(await handoffs.commit(null, decision)).toBe('committed')
  }
  const back = async () => (await handoffs.back(ws, 10)).map(({ lead }) => lead.email).sort()
  expect(await back()).toEqual([email, 'stays@example.com'])
  await erase()
  expect(await back()).toEqual(['stays@example.com'])
})

const gone = { kind: 'removal', state: 'dropped', content: {} }
const shown = { kind: 'card', state: 'sent', content: {} }

test('a notice that stands in Slack is deleted there, and later where Slack asks for patience', async () => {
  const slack = aSlack()
  const { speak, states, handoff } = await aToldHandoff(slack)
  await speak()
  expect(slack.present.size).toBe(2)
  await erase(new Date())
  slack.answers.push({
    kind: 'later',
    afterMs: 1_000,
    error: 'ratelimited',
    ambiguous: false,
    whole: true,
  })
  await speak()
  expect(slack.deleted).toEqual([])
  await speak(2_000)
  expect([...slack.present.keys()]).toEqual([`card_${handoff.id}`])
  expect(await states()).toEqual([shown, gone])
})

test('one that Slack will never delete is parked', async () => {
  const slack = aSlack()
  const { speak, states } = await aToldHandoff(slack)
  await speak()
  await erase(new Date())
  slack.answers.push({ kind: 'never', error: 'cant_delete_message' })
  await speak()
  expect(await states()).toEqual([shown, { ...gone, state: 'parked' }])
})

test('one that was never sent is never sent', async () => {
  const slack = aSlack()
  const { speak, states, handoff } = await aToldHandoff(slack)
  await erase(new Date())
  await speak()
  expect([...slack.present.keys()]).toEqual([`card_${handoff.id}`])
  expect(await states()).toEqual([shown, gone])
})

test('one that is being posted while the lead is erased is deleted, also after a death', async () => {
  for (const dies of [false, true]) {
    await database.pool.query('truncate leads, handoffs, erasures, deliveries cascade')
    const slack = aSlack()
    const { speak, states, handoff, world } = await aToldHandoff(slack)
    const { postNotice } = slack.messenger
    world.messenger = {
      ...slack.messenger,
      async postNotice(...asked) {
        await erase(new Date())
        const said = await postNotice(...asked)
        if (dies) throw new Error('killed')
        return said
      },
    }
    await speak().catch(() => undefined)
    await speak(10_000)
    expect([...slack.present.keys()]).toEqual([`card_${handoff.id}`])
    expect(await states()).toEqual([shown, gone])
  }
})
