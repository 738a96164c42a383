import { afterAll, beforeAll, expect, test } from 'vitest'
import { addMaria, anEvent, contactId, startWithHubspot } from '../adapters/crm/running.ts'
import { eventually } from '../support/baton.ts'

let running: Awaited<ReturnType<typeof startWithHubspot>>
let handoffId = ''
const contact = () => running.hubspot.contacts.get(contactId)
const attempt = (outcome: string) =>
  running.api('POST', `/api/v1/handoffs/${handoffId}/attempts`, {
    channel: 'call',
    outcome,
    note: 'Rang <twice>',
    by: 'anna@acme.example',
  })

beforeAll(async () => {
  running = await startWithHubspot()
  running.hubspot.owners.push(
    { id: '70', email: 'luca@acme.example' },
    { id: '71', email: 'Anna@acme.example' },
  )
  addMaria(running.hubspot)
  await running.tell([anEvent()])
  const [handoff] = await eventually(async () => {
    const rows = await running.rows('select id from handoffs')
    return rows.length > 0 ? rows : undefined
  })
  handoffId = String(handoff?.id)
})
afterAll(() => running.stop())

test('status and owner are written back, and each attempt once', async () => {
  await running.api('POST', `/api/v1/handoffs/${handoffId}/accept`, { by: 'anna@acme.example' })
  expect((await attempt('no-answer')).status).toBe(201)
  await running.written()
  expect(contact()).toMatchObject({
    hs_lead_status: 'ATTEMPTED_TO_CONTACT',
    hubspot_owner_id: '71',
    lifecyclestage: 'salesqualifiedlead',
  })
  expect(running.hubspot.engagements).toMatchObject([
    { type: 'calls', contact: contactId, properties: { hs_call_status: 'NO_ANSWER' } },
  ])
  expect(running.hubspot.engagements[0]?.properties.hs_call_body).toContain('&lt;twice&gt;')
})

test('an attempt whose answer was lost is looked for, and not noted down twice', async () => {
  running.hubspot.loseAnswer('POST /crm/v3/objects/calls')
  await attempt('left-message')
  await running.written(20_000)
  expect(running.hubspot.engagements).toHaveLength(2)
  const ids = await running.rows('select crm_id from attempts order by number')
  expect(ids.map(({ crm_id: id }) => id)).toEqual(
    running.hubspot.engagements.map(({ id, type }) => `${type}/${id}`),
  )
}, 30_000)

test('a corrected attempt is put right there, one of another channel moved, a void one taken away', async () => {
  const correct = async (number: number, correction: object) => {
    const path = `/api/v1/handoffs/${handoffId}/attempts/${number}`
    const { status } = await running.api('PATCH', path, { by: 'anna@acme.example', ...correction })
    expect(status).toBe(200)
    await running.written()
  }
  const engagements = () => running.hubspot.engagements
  await correct(1, { note: 'Rang <once>' })
  expect(engagements()).toHaveLength(2)
  expect(engagements()[0]?.properties.hs_call_body).toContain('&lt;once&gt;')

  await correct(2, { channel: 'email', outcome: 'sent' })
  expect(engagements().map(({ type }) => type)).toEqual(['calls', 'emails'])

  await correct(1, { void: true })
  expect(engagements().map(({ type }) => type)).toEqual(['emails'])
  await correct(1, { void: false })
  expect(engagements().map(({ type }) => type)).toEqual(['emails', 'calls'])

  const before = running.hubspot.asked.length
  await running.api('POST', `/api/v1/handoffs/${handoffId}/attempts`, {
    channel: 'linkedin',
    outcome: 'sent',
    by: 'anna@acme.example',
  })
  await running.written()
  const changes = running.hubspot.asked.slice(before).filter((line) => !line.startsWith('GET'))
  expect(changes).toEqual(['POST /crm/v3/objects/communications'])
}, 40_000)

test('a stage that goes back is emptied first, and what Baton wrote is no news when it comes back', async () => {
  const returned = await running.api('POST', `/api/v1/handoffs/${handoffId}/return`, {
    by: 'anna@acme.example',
    reason: 'not-ready',
    readyWhen: 'after the fair',
  })
  expect(returned.status).toBe(200)
  await running.written()
  expect(contact()).toMatchObject({
    lifecyclestage: 'marketingqualifiedlead',
    hs_lead_status: 'BAD_TIMING',
  })
  const later = { occurredAt: anEvent().occurredAt + 1_000, changeSource: 'INTEGRATION' }
  await running.tell([anEvent({ ...later, propertyValue: 'marketingqualifiedlead' })])
  await running.settled()
  expect(await running.rows('select round from handoffs')).toEqual([{ round: 1 }])
})

test('marked as an SQL again it is handed over again', async () => {
  addMaria(running.hubspot, { lifecyclestage: 'salesqualifiedlead' })
  await running.tell([anEvent({ occurredAt: anEvent().occurredAt + 9_000 })])
  await running.settled()
  const rounds = await running.rows('select round, status from handoffs order by round')
  expect(rounds).toMatchObject([{ round: 1 }, { round: 2, status: 'offered' }])
  await running.written()
})

test('a contact that is gone parks its row with the error', async () => {
  running.hubspot.contacts.delete(contactId)
  const [handoff] = await running.rows('select id from handoffs where round = 2')
  await running.api('POST', `/api/v1/handoffs/${String(handoff?.id)}/accept`, {
    by: 'anna@acme.example',
  })
  await running.written()
  const rows = await running.rows('select due_at, error from crm_writes')
  expect(rows).toEqual([{ due_at: null, error: 'hubspot answered 404' }])
})

test('no line of the log holds an address or a token', () => {
  const log = running.logged.join('\n')
  expect(log).not.toMatch(/officineverdi|pat-eu1-test|client-secret/)
})
