import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { connect, type Database } from '../../../src/adapters/postgres/client.ts'
import { createLeads } from '../../../src/adapters/postgres/leads.ts'
import { keepLead, type LeadNews } from '../../../src/domain/decide/keep-lead.ts'
import { aLead, anAgreement, fixedNow, minutesAfter } from '../../support/builders.ts'
import { type FreshDatabase, freshDatabase } from '../../support/database.ts'

let fresh: FreshDatabase
let database: Database
const ws = 'T0ACME'
const { email } = aLead()
const agreement = anAgreement()

beforeAll(async () => {
  fresh = await freshDatabase()
  database = connect(fresh.url, { max: 10 })
})
afterAll(async () => {
  await database.close()
  await fresh.drop()
})
beforeEach(() => database.pool.query('truncate leads, lead_changes, crm_writes cascade'))

const tell = (news: Partial<LeadNews>, { now = fixedNow, workspaceId = ws } = {}) =>
  createLeads(database).keep(
    workspaceId,
    email,
    (known) => keepLead(agreement, known, { email, ...news }, `lead_of_${workspaceId}`),
    now,
  )

test('a lead is made, and found as it was told', async () => {
  const kept = await tell({
    name: 'Maria Verdi',
    title: 'Plant manager',
    company: { name: 'Officine Verdi', employees: 120 },
    attributes: { budget: '50k' },
    source: 'webinar',
    crm: { system: 'hubspot', id: '123' },
    journeyStage: 'decision',
    type: 'service',
  })
  expect(kept).toMatchObject({ created: true, decided: { ok: true } })
  expect(await createLeads(database).byEmail(ws, email)).toEqual({
    lead: {
      id: `lead_of_${ws}`,
      email,
      name: 'Maria Verdi',
      title: 'Plant manager',
      phone: null,
      company: { name: 'Officine Verdi', employees: 120 },
      attributes: { budget: '50k' },
      source: 'webinar',
      crm: { system: 'hubspot', id: '123' },
      journeyStage: 'decision',
      type: 'service',
    },
    stage: 'lead',
    status: null,
    score: null,
  })
  expect(await database.prisma.lead.findFirst()).toMatchObject({ scoreDueAt: fixedNow })
})

test('news are merged, due to be scored, and a stage that changes is on record', async () => {
  await tell({ name: 'Maria', company: { employees: 120 }, crm: { system: 'hubspot', id: '1' } })
  await database.prisma.crmWrite.deleteMany()
  const now = minutesAfter(5)
  await tell({ company: { country: 'IT' } }, { now })
  expect(await database.prisma.crmWrite.count()).toBe(0)
  await tell({ lifecycleStage: 'mql' }, { now })
  const known = await createLeads(database).byEmail(ws, email)
  expect(known).toMatchObject({
    lead: { name: 'Maria', company: { employees: 120, country: 'IT' } },
    stage: 'mql',
  })
  expect(await database.prisma.lead.findFirst()).toMatchObject({ scoreDueAt: now, updatedAt: now })
  const changes = await database.prisma.leadChange.findMany({ orderBy: { id: 'asc' } })
  expect(changes).toMatchObject([
    { what: 'stage', from: null, to: 'lead', rule: 'api', handoffId: null },
    { what: 'stage', from: 'lead', to: 'mql', rule: 'api', at: now },
  ])
  expect(await database.prisma.crmWrite.count()).toBe(1)
})

test('what is refused changes nothing', async () => {
  expect(await tell({})).toMatchObject({ decided: { refusal: { code: 'name-needed' } } })
  await tell({ name: 'Maria', lifecycleStage: 'mql' })
  const refused = await tell({ name: 'Other', lifecycleStage: 'customer' })
  expect(refused).toMatchObject({ decided: { refusal: { code: 'stage-not-allowed' } } })
  expect(await createLeads(database).byEmail(ws, email)).toMatchObject({
    lead: { name: 'Maria' },
    stage: 'mql',
  })
})

test('many at once lose nothing of each other, and one of them makes the lead', async () => {
  const kept = await Promise.all(
    Array.from({ length: 8 }, (_, index) =>
      tell({ name: 'Maria', attributes: { [`field${index}`]: index } }),
    ),
  )
  expect(kept.filter(({ created }) => created)).toHaveLength(1)
  const known = await createLeads(database).byEmail(ws, email)
  expect(Object.keys(known?.lead.attributes ?? {})).toHaveLength(8)
})

test('a lead belongs to its workspace', async () => {
  await tell({ name: 'Maria' })
  await tell({ name: 'Another' }, { workspaceId: 'T0ELSE' })
  expect(await createLeads(database).byEmail(ws, email)).toMatchObject({ lead: { name: 'Maria' } })
})
