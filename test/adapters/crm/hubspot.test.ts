import { afterEach, beforeEach, expect, test } from 'vitest'
import { createHubspot } from '../../../src/adapters/crm/hubspot/hubspot.ts'
import { readCrmMapping } from '../../../src/adapters/crm/mapping.ts'
import type { Crm, CrmAttempt, CrmStanding } from '../../../src/use-cases/ports/crm.ts'
import { fixedNow } from '../../support/builders.ts'
import { type FakeHubspot, hubspotToken, startFakeHubspot } from '../../support/fake-hubspot.ts'

let fake: FakeHubspot
let crm: Crm
const maria = '501'
beforeEach(async () => {
  fake = await startFakeHubspot()
  fake.contacts.set(maria, { email: 'maria@example.com', lifecyclestage: 'lead' })
  const mapping = readCrmMapping().hubspot.contact
  mapping.write.last_attempt = 'our_last_attempt'
  crm = createHubspot({ accessToken: hubspotToken, apiUrl: fake.url, mapping })
})
afterEach(() => fake.stop())

const aStanding: CrmStanding = {
  recordId: maria,
  status: 'Accepted',
  stage: 'sql',
  owner: null,
  lastAttemptAt: fixedNow,
  dealStage: null,
  attempts: [],
}
const anAttempt = (said: Partial<CrmAttempt> = {}): CrmAttempt => ({
  id: 'att_1',
  channel: 'call',
  outcome: 'no-answer',
  note: null,
  at: fixedNow,
  void: false,
  crmId: null,
  uncertain: false,
  stamp: '1',
  ...said,
})

test('a field of the mapping that HubSpot does not have is named, and let be', async () => {
  expect(await crm.unknownFields()).toEqual(['our_last_attempt'])
  await crm.write(aStanding)
  expect(fake.contacts.get(maria)).toMatchObject({
    lifecyclestage: 'salesqualifiedlead',
    hs_lead_status: 'OPEN',
  })
})

test('one that was away when its fields were asked for is asked before it is written to', async () => {
  fake.fail(() => ({ status: 503 }))
  await expect(crm.unknownFields()).rejects.toMatchObject({ kind: 'later' })
  await expect(crm.write(aStanding)).rejects.toMatchObject({ kind: 'later' })
  fake.fail(() => undefined)
  await crm.write(aStanding)
  expect(fake.contacts.get(maria)).toMatchObject({ hs_lead_status: 'OPEN' })
})

test('a field that HubSpot has by now is written', async () => {
  await crm.unknownFields()
  fake.properties.push('our_last_attempt')
  await crm.unknownFields()
  await crm.write(aStanding)
  expect(fake.contacts.get(maria)?.our_last_attempt).toBe(fixedNow.toISOString())
})

test('an attempt is found again as what it was before a correction', async () => {
  const id = await crm.logAttempt(maria, anAttempt())
  await crm.logAttempt(maria, anAttempt({ id: 'att_2' }))
  const corrected = anAttempt({ channel: 'linkedin', outcome: 'sent' })
  expect(await crm.findAttempt(maria, corrected)).toBe(id)
  expect(await crm.findAttempt(maria, anAttempt({ id: 'att_3' }))).toBeUndefined()
})

test('an attempt is put right, but for its channel; taken away it is no fault if it is gone', async () => {
  const id = (await crm.logAttempt(maria, anAttempt())) ?? ''
  const corrected = anAttempt({ outcome: 'connected' })
  expect(await crm.correctAttempt(id, corrected)).toBe(true)
  expect(fake.engagements).toMatchObject([{ properties: { hs_call_status: 'COMPLETED' } }])
  expect(await crm.correctAttempt(id, anAttempt({ channel: 'email' }))).toBe(false)
  await crm.removeAttempt(id, corrected)
  await crm.removeAttempt(id, corrected)
  expect(fake.engagements).toEqual([])
  expect(await crm.correctAttempt(id, corrected)).toBe(false)
})
