import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createHubspot } from '../../../src/adapters/crm/hubspot/hubspot.ts'
import { readCrmMapping } from '../../../src/adapters/crm/mapping.ts'
import { createSalesforce } from '../../../src/adapters/crm/salesforce/salesforce.ts'
import { connect, type Database } from '../../../src/adapters/postgres/client.ts'
import { createCrmContacts } from '../../../src/adapters/postgres/crm-contacts.ts'
import { createCrmWrites } from '../../../src/adapters/postgres/crm-writes.ts'
import { createHandoffs } from '../../../src/adapters/postgres/handoffs.ts'
import { accept } from '../../../src/domain/decide/accept.ts'
import type { Decided } from '../../../src/domain/decide/decision.ts'
import { handOff } from '../../../src/domain/decide/hand-off.ts'
import { logAttempt } from '../../../src/domain/decide/log-attempt.ts'
import type { Handoff } from '../../../src/domain/handoff.ts'
import type { Crm } from '../../../src/use-cases/ports/crm.ts'
import { type WroteBack, writeBack } from '../../../src/use-cases/write-back.ts'
import {
  aHandOff,
  aLead,
  anActor,
  anAgreement,
  aPerson,
  ben,
  fixedNow,
} from '../../support/builders.ts'
import { type FreshDatabase, freshDatabase } from '../../support/database.ts'
import { type FakeHubspot, hubspotToken, startFakeHubspot } from '../../support/fake-hubspot.ts'
import {
  type FakeSalesforce,
  salesforceClient,
  startFakeSalesforce,
} from '../../support/fake-salesforce.ts'

/** CRMs that are away for hours; the clock is moved by hand. */

const ws = 'T0ACME'
const second = 1_000
const minute = 60 * second
const agreement = anAgreement()
/** A hanging answer is given up after this. */
const withinMs = 60

let fresh: FreshDatabase
let database: Database
let hubspot: FakeHubspot
let salesforce: FakeSalesforce
let crms: Record<Crm['system'], Crm>
let now = fixedNow

beforeAll(async () => {
  fresh = await freshDatabase()
  database = connect(fresh.url, { max: 5 })
  const people = [aPerson(), ben].map((person) => ({ ...person, workspaceId: ws }))
  await database.prisma.user.createMany({ data: people })
  hubspot = await startFakeHubspot()
  salesforce = await startFakeSalesforce()
  const { hubspot: contacts, salesforce: leads } = readCrmMapping()
  crms = {
    hubspot: createHubspot({
      accessToken: hubspotToken,
      apiUrl: hubspot.url,
      mapping: contacts.contact,
      withinMs,
    }),
    salesforce: createSalesforce({
      loginUrl: salesforce.url,
      ...salesforceClient,
      mapping: leads,
      withinMs,
    }),
  }
})
afterAll(async () => {
  await hubspot.stop()
  await salesforce.stop()
  await database.close()
  await fresh.drop()
})

async function keep(before: Handoff | null, decided: Decided): Promise<Handoff> {
  if (!decided.ok) throw new Error(decided.refusal.code)
  expect(await createHandoffs(database).commit(before, decided.decision)).toBe('committed')
  return decided.decision.handoff
}

let counter = 0
/** A lead of a CRM that somebody has accepted. */
async function acceptedLead(system: Crm['system']): Promise<Handoff> {
  const n = String(++counter).padStart(3, '0')
  const id = system === 'hubspot' ? `8${n}` : `00Q000000000${n}AAA`
  const email = `lead${n}@example.com`
  if (system === 'hubspot') hubspot.contacts.set(id, { email })
  else {
    const leads = salesforce.records.get('Lead') ?? []
    salesforce.records.set('Lead', [...leads, { Id: id, Email: email, Status: 'Qualified' }])
  }
  const lead = aLead({ id: `lead_${n}`, email, crm: { system, id } })
  const command = aHandOff({ id: `hof_${n}`, workspaceId: ws, lead })
  const offered = await keep(null, handOff(command, anActor(ben, 'marketing'), { agreement, now }))
  return keep(offered, accept(offered, anActor(), { agreement, now }))
}

function attempt(handoff: Handoff, channel: 'call' | 'email'): Promise<Handoff> {
  const id = `att_${handoff.id}_${handoff.attempts.length + 1}`
  const command = { id, channel, outcome: 'no-answer', note: undefined, at: now } as const
  return keep(handoff, logAttempt(handoff, command, anActor(), { agreement, now }))
}

/** The ids of the attempts that the CRM has of a lead, in the order in which they came. */
function notedDown({ lead }: Handoff): string[] {
  const id = lead.crm?.id
  const texts =
    lead.crm?.system === 'hubspot'
      ? hubspot.engagements
          .filter(({ contact }) => contact === id)
          .flatMap(({ properties }) => Object.values(properties))
      : (salesforce.records.get('Task') ?? [])
          .filter(({ WhoId }) => WhoId === id)
          .map(({ Description }) => Description)
  return texts.flatMap((text) => /Baton (\w+)/.exec(String(text))?.[1] ?? [])
}

const write = (system: Crm['system']): Promise<WroteBack> =>
  writeBack({
    world: { now: () => now },
    writes: createCrmWrites(database, ws),
    contacts: createCrmContacts(database, ws),
    crms: [crms[system]],
  })

const pass = (ms: number) => {
  now = new Date(now.getTime() + ms)
}

/** Writes back for as long as it is told, each time when it is due again; gives the waits. */
async function goThrough(system: Crm['system'], ms: number): Promise<number[]> {
  const until = now.getTime() + ms
  const waits: number[] = []
  while (now.getTime() < until) {
    const wrote = await write(system)
    if (wrote.kind === 'later') waits.push(wrote.waitMs)
    pass(wrote.kind === 'later' ? Math.max(wrote.waitMs, second) : minute)
  }
  return waits
}

/** Once the CRM is back: everything that waits is due within the longest wait. */
async function catchUp(system: Crm['system'], longest: number): Promise<void> {
  pass(longest)
  for (let wrote = await write(system); wrote.kind !== 'nothing'; wrote = await write(system)) {
    // a machine that is busy may take a moment too long
    if (wrote.kind === 'later') pass(wrote.waitMs)
    else expect(wrote.kind).toBe('written')
  }
  const { rows } = await database.pool.query('select lead_id from crm_writes')
  expect(rows).toEqual([])
}

const quarter = 15 * minute
type Outage = [Crm['system'], string, () => void, number]
const fails = (answer: ReturnType<Parameters<FakeHubspot['fail']>[0]>) => () =>
  hubspot.fail(() => answer)
const refuses = (answer: ReturnType<Parameters<FakeSalesforce['fail']>[0]>) => () =>
  salesforce.fail(() => answer)

const outages: Outage[] = [
  ['hubspot', '500', fails({ status: 500 }), quarter],
  ['hubspot', '429', fails({ status: 429 }), quarter],
  ['hubspot', '429 with a time', fails({ status: 429, headers: { 'retry-after': '70' } }), 70_000],
  ['hubspot', '401', fails({ status: 401 }), quarter],
  ['hubspot', 'a broken connection', fails('reset'), quarter],
  ['hubspot', 'silence', fails('hang'), quarter],
  ['salesforce', '500', refuses({ status: 500, errorCode: 'UNKNOWN' }), quarter],
  [
    'salesforce',
    'its limit',
    refuses({ status: 403, errorCode: 'REQUEST_LIMIT_EXCEEDED' }),
    10 * minute,
  ],
  ['salesforce', 'a broken connection', refuses('reset'), quarter],
  ['salesforce', 'silence', refuses('hang'), quarter],
]

const heal = () => {
  hubspot.fail(() => undefined)
  salesforce.fail(() => undefined)
}

describe.each(outages)('%s that answers with %s', (system, _, fall, longest) => {
  test('for hours is asked less and less, and caught up with in order', async () => {
    let first = await acceptedLead(system)
    let other = await acceptedLead(system)
    fall()
    const waits: number[] = []
    for (const channel of ['call', 'email', 'call'] as const) {
      first = await attempt(first, channel)
      other = await attempt(other, channel)
      waits.push(...(await goThrough(system, 2 * 60 * minute)))
    }
    expect(Math.max(...waits)).toBe(longest)
    expect(waits.length).toBeLessThan((6 * 60 * minute) / 40_000)
    expect(notedDown(first)).toEqual([])

    heal()
    await catchUp(system, longest)
    for (const handoff of [first, other]) {
      expect(notedDown(handoff)).toEqual(handoff.attempts.map(({ id }) => id))
    }
  })
})

describe.each(['hubspot', 'salesforce'] as const)('%s that goes away', (system) => {
  test('twice while an attempt is noted down has it once', async () => {
    let handoff = await acceptedLead(system)
    await catchUp(system, 0)
    handoff = await attempt(handoff, 'call')
    handoff = await attempt(handoff, 'email')
    const fall = { hubspot: fails('reset'), salesforce: refuses('reset') }[system]
    const create = { hubspot: 'POST /crm/v3/objects/calls', salesforce: 'sobjects/Task' }[system]
    const fake = { hubspot, salesforce }[system]
    fake.loseAnswer(create)
    expect(await write(system)).toMatchObject({ kind: 'later' })
    fall()
    await goThrough(system, 60 * minute)
    heal()
    // back for so long as to find what was noted down, and away again
    fake.loseAnswer({ hubspot: 'POST /crm/v3/objects/emails', salesforce: 'sobjects/Task' }[system])
    pass(quarter)
    expect(await write(system)).toMatchObject({ kind: 'later' })
    fall()
    await goThrough(system, 60 * minute)
    heal()
    await catchUp(system, quarter)
    expect(notedDown(handoff)).toEqual(handoff.attempts.map(({ id }) => id))
  })
})
