import { afterAll, beforeAll, expect, test } from 'vitest'
import { readCrmMapping } from '../../../src/adapters/crm/mapping.ts'
import { createSalesforce } from '../../../src/adapters/crm/salesforce/salesforce.ts'
import { type Crm, CrmFault, type CrmStanding } from '../../../src/use-cases/ports/crm.ts'
import { fixedNow } from '../../support/builders.ts'
import {
  type FakeSalesforce,
  salesforceClient,
  startFakeSalesforce,
} from '../../support/fake-salesforce.ts'

let fake: FakeSalesforce
let crm: Crm
const maria = '00Q000000000001AAA'
const nino = '00Q000000000002AAA'
const anna = '005000000000001AAA'

beforeAll(async () => {
  fake = await startFakeSalesforce()
  crm = createSalesforce({
    loginUrl: fake.url,
    ...salesforceClient,
    mapping: readCrmMapping().salesforce,
  })
  fake.records.set('User', [{ Id: anna, Email: 'anna@acme.example' }])
  fake.records.set('Lead', [
    {
      Id: maria,
      Email: 'maria@officineverdi.example',
      FirstName: 'Maria',
      LastName: 'Verdi',
      Company: 'Officine Verdi',
      NumberOfEmployees: 120,
      Status: 'Qualified',
    },
    { Id: nino, Email: 'nino@example.com', LastName: 'Neri', Status: 'New' },
  ])
})
afterAll(() => fake.stop())

const aStanding = (overrides: Partial<CrmStanding> = {}): CrmStanding => ({
  recordId: maria,
  status: 'Attempting',
  stage: 'sql',
  owner: 'anna@acme.example',
  lastAttemptAt: null,
  dealStage: null,
  attempts: [],
  ...overrides,
})

const faultOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  )

test('fields of the mapping that Salesforce does not have are named, and let be', async () => {
  expect(await crm.unknownFields()).toEqual([
    'Contact.Account.Name',
    'Contact.Account.Website',
    'Contact.Account.Industry',
    'Contact.Account.NumberOfEmployees',
  ])
})

test('leads are read, page by page', async () => {
  const records = await crm.read([maria, nino, '001000000000001AAA'])
  expect(records).toMatchObject([
    {
      id: maria,
      mark: 'Qualified',
      lead: {
        email: 'maria@officineverdi.example',
        name: 'Maria Verdi',
        company: { name: 'Officine Verdi', employees: 120 },
        crm: { system: 'salesforce', id: maria, url: `${fake.url}/${maria}` },
      },
    },
    { id: nino, mark: 'New' },
  ])
  expect(crm.qualifies(maria, 'Qualified')).toBe(true)
  expect(crm.qualifies(maria, 'New')).toBe(false)
})

test('status and owner are written, once, and after the session has ended too', async () => {
  fake.endSessions()
  await crm.write(aStanding())
  expect(fake.records.get('Lead')?.[0]).toMatchObject({ Status: 'Working', OwnerId: anna })
  const before = fake.asked.length
  await crm.write(aStanding())
  expect(fake.asked.slice(before).filter((line) => line.startsWith('PATCH'))).toEqual([])
})

test('an attempt is a task, which is found again', async () => {
  const attempt = {
    id: 'att_1',
    channel: 'call',
    outcome: 'no-answer',
    note: null,
    at: fixedNow,
    void: false,
    crmId: null,
    uncertain: true,
    stamp: '1',
  } as const
  expect(await crm.findAttempt(maria, attempt)).toBeUndefined()
  const id = await crm.logAttempt(maria, attempt)
  expect(id).toMatch(/^00T/)
  await crm.logAttempt(maria, { ...attempt, id: 'att_2' })
  expect(await crm.findAttempt(maria, attempt)).toBe(id)
  expect(fake.records.get('Task')?.[0]).toMatchObject({ WhoId: maria, ActivityDate: '2026-11-23' })

  const corrected = { ...attempt, channel: 'email', outcome: 'sent' } as const
  expect(await crm.correctAttempt(id ?? '', corrected)).toBe(true)
  expect(fake.records.get('Task')?.[0]).toMatchObject({ Subject: 'Connect attempt: email' })
  await crm.removeAttempt(id ?? '', attempt)
  await crm.removeAttempt(id ?? '', attempt)
  expect(fake.records.get('Task')).toHaveLength(1)
  expect(await crm.correctAttempt(id ?? '', corrected)).toBe(false)
})

test.each([
  [403, 'REQUEST_LIMIT_EXCEEDED', 'later', 600_000],
  [400, 'UNABLE_TO_LOCK_ROW', 'later', null],
  [400, 'FIELD_CUSTOM_VALIDATION_EXCEPTION', 'never', null],
  // of one record: it must not keep the others waiting
  [403, 'INSUFFICIENT_ACCESS_OR_READONLY', 'never', null],
])('what Salesforce answers with %i %s is %s', async (status, errorCode, kind, afterMs) => {
  fake.fail((line) => (line.startsWith('PATCH') ? { status, errorCode } : undefined))
  const fault = await faultOf(crm.write(aStanding({ status: 'Unresponsive' })))
  fake.fail(() => undefined)
  expect(fault).toBeInstanceOf(CrmFault)
  expect(fault).toMatchObject({ kind, afterMs })
})

test('a lead that is gone is never written', async () => {
  const fault = await faultOf(crm.write(aStanding({ recordId: '00Q000000000009AAA' })))
  expect(fault).toMatchObject({ kind: 'gone' })
})
