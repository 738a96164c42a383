import { afterAll, beforeAll, expect, test } from 'vitest'
import { addMaria, anEvent, contactId, startWithHubspot } from '../adapters/crm/running.ts'
import { eventually } from '../support/baton.ts'

let running: Awaited<ReturnType<typeof startWithHubspot>>
beforeAll(async () => {
  running = await startWithHubspot()
})
afterAll(() => running.stop())

const handoffs = () =>
  running.rows('select status, reason, round from handoffs order by created_at')

test('a contact that becomes an SQL is handed over once, however often and late it is told', async () => {
  addMaria(running.hubspot)
  const creation = anEvent({
    subscriptionType: 'contact.creation',
    occurredAt: anEvent().occurredAt - 5,
  })
  // out of order, and twice
  const told = await running.tell([anEvent(), creation, anEvent()])
  expect(told.status).toBe(200)
  await running.tell([anEvent()])
  await running.settled()
  expect(await handoffs()).toMatchObject([
    { status: 'offered', reason: 'Marked as an SQL in HubSpot', round: 1 },
  ])
  const [lead] = await running.rows('select email, name, company, crm, lifecycle_stage from leads')
  expect(lead).toMatchObject({
    email: 'maria@officineverdi.example',
    name: 'Maria Verdi',
    company: { name: 'Officine Verdi', domain: 'officineverdi.example', employees: 120 },
    crm: {
      system: 'hubspot',
      id: contactId,
      url: `https://app-eu1.hubspot.com/contacts/4711/record/0-1/${contactId}`,
    },
    lifecycle_stage: 'sql',
  })
  await running.tell([anEvent(), creation])
  await running.settled()
  expect(await handoffs()).toHaveLength(1)
})

test('a contact that is no SQL is a lead at its stage, and follows the changes of it', async () => {
  addMaria(running.hubspot, { email: 'nino@example.com', lifecyclestage: 'subscriber' })
  running.hubspot.contacts.set('502', { ...running.hubspot.contacts.get(contactId) })
  const stage = async () =>
    (
      await running.rows(
        `select lifecycle_stage as stage from leads where email = 'nino@example.com'`,
      )
    )[0]?.stage
  await running.tell([anEvent({ objectId: 502, propertyName: 'email', propertyValue: 'x' })])
  await running.settled()
  expect(await stage()).toBe('subscriber')
  running.hubspot.contacts.set('502', {
    ...running.hubspot.contacts.get('502'),
    lifecyclestage: 'marketingqualifiedlead',
  })
  await running.tell([anEvent({ objectId: 502, propertyValue: 'marketingqualifiedlead' })])
  await running.settled()
  expect(await stage()).toBe('mql')
})

test('HubSpot that asks for patience, fails and comes back is read in the end', async () => {
  running.hubspot.contacts.set('503', { email: 'rita@example.com', lifecyclestage: 'lead' })
  let failures = 0
  running.hubspot.fail((line) => {
    if (!line.includes('batch/read') || failures > 0) return undefined
    failures++
    return {
      status: 429,
      headers: { 'retry-after': '1' },
      body: { policyName: 'TEN_SECONDLY_ROLLING' },
    }
  })
  await running.tell([anEvent({ objectId: 503, subscriptionType: 'contact.creation' })])
  await eventually(async () => (failures === 1 ? true : undefined))
  await running.settled()
  running.hubspot.fail(() => undefined)
  expect(
    await running.rows(`select email from leads where email = 'rita@example.com'`),
  ).toHaveLength(1)
})

test('a contact that is to be erased is never read again', async () => {
  running.hubspot.contacts.set('504', { email: 'gone@example.com' })
  const erase = anEvent({ objectId: 504, subscriptionType: 'contact.privacyDeletion' })
  const creation = anEvent({ objectId: 504, subscriptionType: 'contact.creation' })
  await running.tell([erase])
  await running.tell([creation])
  await running.settled()
  expect(await running.rows(`select email from leads where email = 'gone@example.com'`)).toEqual([])
  const [row] = await running.rows(`select erasure_at from crm_contacts where contact_id = '504'`)
  expect(row?.erasure_at).toBeInstanceOf(Date)
  expect(running.logged.join()).toContain('"contact":"504"')
  expect(running.logged.join()).not.toContain('gone@example.com')
})

test('the lead of a contact that is to be erased is erased, and stays out under another contact', async () => {
  const contact = { email: 'forgotten@example.com', firstname: 'Canary' }
  running.hubspot.contacts.set('514', contact)
  await running.tell([anEvent({ objectId: 514, subscriptionType: 'contact.creation' })])
  await running.settled()
  const erase = anEvent({ objectId: 514, subscriptionType: 'contact.privacyDeletion' })
  expect((await running.tell([erase])).status).toBe(200)
  running.hubspot.contacts.set('515', contact)
  await running.tell([anEvent({ objectId: 515, subscriptionType: 'contact.creation' })])
  await running.settled()
  expect(await running.rows(`select from leads where name like 'Canary%'`)).toEqual([])
  expect(await running.rows('select from leads where erased_at is not null')).toHaveLength(1)
  expect(
    await running.rows(`select lead_id, mark, error from crm_contacts
      where contact_id in ('514', '515') order by contact_id`),
  ).toEqual([
    { lead_id: null, mark: null, error: null },
    { lead_id: null, mark: null, error: 'erased' },
  ])
  expect(running.logged.join()).not.toContain('forgotten@example.com')
})

test('a contact without an address, and one that is gone, are no leads and keep nobody waiting', async () => {
  running.hubspot.contacts.set('505', { firstname: 'Nobody' })
  await running.tell([
    anEvent({ objectId: 505 }),
    anEvent({ objectId: 506, subscriptionType: 'contact.deletion' }),
  ])
  await running.settled()
  const errors = await running.rows(
    `select error from crm_contacts where contact_id in ('505', '506') order by contact_id`,
  )
  expect(errors).toEqual([{ error: 'no e-mail address' }, { error: 'gone' }])
})

test('only what HubSpot signed for the public address, now, is heard', async () => {
  const minutes = (n: number) => new Date(Date.now() + n * 60_000)
  const answers = await Promise.all([
    running.tell([], { secret: 'another secret' }),
    running.tell([], { at: minutes(-6) }),
    running.tell([], { at: minutes(6) }),
    running.tell({ not: 'a list' }),
    running.tell([], { query: '?to=sales@acme' }),
    running.tell([null, 3, { objectId: 'x' }, anEvent({ subscriptionType: 'deal.creation' })]),
  ])
  expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 400, 200, 200])
})
