import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect, type Database } from '../../../src/adapters/postgres/client.ts'
import { createHandoffs } from '../../../src/adapters/postgres/handoffs.ts'
import { createLeads } from '../../../src/adapters/postgres/leads.ts'
import { createPastHandoffs } from '../../../src/adapters/postgres/past-handoffs.ts'
import { accept } from '../../../src/domain/decide/accept.ts'
import { addNews } from '../../../src/domain/decide/add-news.ts'
import { handOff } from '../../../src/domain/decide/hand-off.ts'
import type { Handoff } from '../../../src/domain/handoff.ts'
import type { Lead } from '../../../src/domain/lead.ts'
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

let fresh: FreshDatabase
let database: Database
const ws = 'T0ACME'
const agreement = anAgreement()
const marketing = anActor(ben, 'marketing')

beforeAll(async () => {
  fresh = await freshDatabase()
  database = connect(fresh.url, { max: 4 })
  const people = [aPerson(), ben]
  await database.prisma.user.createMany({
    data: people.map((person) => ({ ...person, workspaceId: ws })),
  })
})
afterAll(async () => {
  await database.close()
  await fresh.drop()
})

async function handedOver(id: string, lead: Partial<Lead>, priority: 'hot' | 'standard' = 'hot') {
  const told = aLead({ id: `lead_${id}`, email: `${id}@example.com`, ...lead })
  const said = aHandOff({ id: `hof_${id}`, workspaceId: ws, lead: told, priority })
  const decision = decisionOf(handOff(said, marketing, { agreement, now: fixedNow }))
  expect(await createHandoffs(database).commit(null, decision)).toBe('committed')
  return decision.handoff
}

const tellNews = (handoff: Handoff, lead: Partial<Lead> = {}) => {
  const told = { lead: { ...handoff.lead, ...lead }, reason: 'Called', score: null } as const
  return addNews(handoff, { ...told, priority: 'hot' }, marketing, { now: minutesAfter(30) })
}

test('a lead is found by what its CRM calls it, in its own workspace only', async () => {
  const leads = createLeads(database)
  await handedOver('known', { crm: { system: 'hubspot', id: '7' } })
  expect((await leads.byCrm(ws, { system: 'hubspot', id: '7' }))?.lead.id).toBe('lead_known')
  for (const [workspaceId, crm] of [
    [ws, { system: 'salesforce', id: '7' }],
    [ws, { system: 'hubspot', id: '8' }],
    ['T0OTHER', { system: 'hubspot', id: '7' }],
  ] as const) {
    expect(await leads.byCrm(workspaceId, crm)).toBeUndefined()
  }
})

test('first handoffs at once with the same name in a CRM make one lead', async () => {
  const handoffs = createHandoffs(database)
  for (let round = 0; round < 10; round++) {
    const crm = { system: 'hubspot', id: `same ${round}` }
    const first = (who: string, lead: Partial<Lead> = {}) => {
      const id = `${who}_${round}`
      const told = aLead({ id: `lead_${id}`, email: `${id}@example.com`, crm, ...lead })
      const said = aHandOff({ id: `hof_${id}`, workspaceId: ws, lead: told })
      return decisionOf(handOff(said, marketing, { agreement, now: fixedNow }))
    }
    const outcomes = await Promise.all(
      ['one', 'two', 'three', 'four'].map((who) => handoffs.commit(null, first(who))),
    )
    expect(outcomes.sort()).toEqual(['committed', 'moved', 'moved', 'moved'])
    const others = await Promise.all([
      handoffs.commit(null, first('other', { crm: { ...crm, system: 'salesforce' } })),
      handoffs.commit(null, first('none', { crm: null })),
    ])
    expect(others).toEqual(['committed', 'committed'])
  }
  const leads = await database.prisma.lead.count({ where: { id: { endsWith: '_7' } } })
  expect(leads).toBe(3)
})

test('a lead that is known by its address keeps it, whoever has its name in a CRM', async () => {
  const crm = { system: 'hubspot', id: 'theirs' }
  await handedOver('owner', { crm })
  const data = { email: 'known_by@example.com', name: 'Known', lifecycleStage: 'mql' }
  const at = { createdAt: fixedNow, updatedAt: fixedNow }
  await database.prisma.lead.create({
    data: { id: 'lead_known_by', workspaceId: ws, ...data, ...at },
  })
  const handoff = await handedOver('known_by', { crm })
  expect(handoff.lead.crm).toEqual(crm)
})

test('that look-up is by its index', async () => {
  const client = await database.pool.connect()
  await client.query('set enable_seqscan = off')
  const { rows } = await client.query(`explain select id from leads where workspace_id = 'a'
    and crm ->> 'system' = 'hubspot' and crm ->> 'id' = '7' order by created_at, id limit 1`)
  client.release(true)
  expect(JSON.stringify(rows)).toContain('leads_by_crm')
})

test('news are kept with what they tell of the lead, and of two at once one comes first', async () => {
  const handoffs = createHandoffs(database)
  const start = await handedOver('two', {})
  const first = decisionOf(tellNews(start, { phone: '+39 051 555 0199' }))
  const second = decisionOf(tellNews(start, { title: 'Buyer' }))
  const outcomes = await Promise.all([
    handoffs.commit(start, first),
    handoffs.commit(start, second),
  ])
  expect(outcomes.sort()).toEqual(['committed', 'moved'])
  const now = await handoffs.byId(ws, start.id)
  expect(now).toMatchObject({ version: 2, news: { reason: 'Called', by: { id: ben.id } } })
  expect([first.handoff.lead, second.handoff.lead]).toContainEqual(now?.lead)
})

test('a first attempt that ran before the lead became hot stays one of a standard lead', async () => {
  const handoffs = createHandoffs(database)
  const start = await handedOver('later', {}, 'standard')
  const taken = decisionOf(accept(start, anActor(), { agreement, now: minutesAfter(12) }))
  await handoffs.commit(start, taken)
  const decision = decisionOf(tellNews(taken.handoff))
  expect(await handoffs.commit(taken.handoff, decision)).toBe('committed')
  expect(await handoffs.byId(ws, start.id)).toMatchObject({
    priority: 'hot',
    news: { hotSince: minutesAfter(30) },
  })
  const past = []
  const since = minutesAfter(-1)
  for await (const page of createPastHandoffs(database).pages(ws, since)) past.push(...page)
  expect(past.find(({ id }) => id === start.id)?.priority).toBe('standard')
  expect(past.find(({ id }) => id === 'hof_two')?.priority).toBe('hot')
})
