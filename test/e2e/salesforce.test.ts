import { XMLParser } from 'fast-xml-parser'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { longId } from '../../src/adapters/http/webhooks/salesforce.ts'
import { startWithSalesforce } from '../adapters/crm/running.ts'
import { channels, eventually, people } from '../support/baton.ts'
import { anOutboundMessage } from '../support/fake-salesforce.ts'
import type { FakeMessage } from '../support/fake-slack.ts'

/**
 * A lead of Salesforce, from the outbound message that tells of it to what Salesforce shows of it
 * in the end; Slack and Salesforce are on loopback, with Salesforce's own client in between.
 */

let running: Awaited<ReturnType<typeof startWithSalesforce>>
const { anna } = people
const annaId = '005000000000001AAA'
const organization = '00D000000000001AAA'
const leadId = (n: number) => longId(`00Q${String(n).padStart(12, '0')}`)
const notice = (n: number, recordId = leadId(n)) => ({
  id: `04l${String(n).padStart(12, '0')}AAA`,
  recordId,
})
const maria = leadId(1)
const callout = (notifications: object[], organizationId = organization) =>
  JSON.stringify({ organizationId, notifications })
const json = { type: 'application/json' }

const leadOf = (id: string) =>
  running.salesforce.records.get('Lead')?.find((record) => record.Id === id)
const tasks = () => running.salesforce.records.get('Task') ?? []
const aRecord = (n: number, fields: object = {}) => ({
  Id: leadId(n),
  Email: `lead${n}@company${n}.example`,
  FirstName: 'Lead',
  LastName: `No ${n}.`,
  Company: `Company ${n}`,
  Status: 'Qualified',
  ...fields,
})

beforeAll(async () => {
  running = await startWithSalesforce()
  const { salesforce } = running
  salesforce.records.set('User', [{ Id: annaId, Email: anna.email }])
  const mariaVerdi = { FirstName: 'Maria', LastName: 'Verdi', Company: 'Officine Verdi' }
  salesforce.records.set('Lead', [
    aRecord(1, mariaVerdi),
    ...Array.from({ length: 100 }, (_, n) => aRecord(n + 101, { Status: 'New' })),
    aRecord(301),
  ])
  salesforce.pageSize = 50
})
afterAll(() => running.stop())

const handoffs = () =>
  running.rows(`select h.id, h.status, h.reason, l.crm ->> 'id' as record from handoffs h
    join leads l on l.id = h.lead_id order by h.created_at`)
/** The card of a lead, as it is now. */
const cardOf = (name: string): Promise<FakeMessage> =>
  eventually(() => running.slack.messages(channels.sql.id).find(({ text }) => text.includes(name)))

const click = async (actionId: string) => {
  const [handoff] = await handoffs()
  const sent = await running.slack.clickButton({
    user: anna.id,
    channel: channels.sql.id,
    actionId,
    value: String(handoff?.id),
    message: await cardOf('Maria Verdi'),
  })
  expect(sent.status).toBe(200)
}
const fill = async (actionId: string, values: Record<string, string>) => {
  await click(actionId)
  const view = await running.slack.nextView()
  const sent = await running.slack.submitView({ user: anna.id, view, values })
  expect(JSON.stringify(sent.body ?? {})).not.toContain('response_action')
}

test('nothing is heard of another organization, or without the secret', async () => {
  const answers = await Promise.all([
    running.tell(anOutboundMessage([notice(1)], '00D000000000002AAA')),
    running.tell(anOutboundMessage([notice(1)]), { secret: 'another-secret-of-24-characters' }),
    running.tell(callout([notice(1)], '00D000000000002AAA'), json),
  ])
  expect(answers.map(({ status }) => status)).toEqual([403, 401, 403])
  expect(await running.rows('select from crm_contacts')).toEqual([])
})

test('an outbound message is acknowledged as Salesforce expects it, and the lead handed over', async () => {
  const answer = await running.tell(anOutboundMessage([notice(1)]))
  expect(answer.status).toBe(200)
  expect(answer.headers.get('content-type')).toMatch(/^text\/xml/)
  const said: unknown = new XMLParser({ ignoreAttributes: false }).parse(await answer.text())
  expect(said).toMatchObject({
    'soapenv:Envelope': {
      '@_xmlns:soapenv': 'http://schemas.xmlsoap.org/soap/envelope/',
      'soapenv:Body': {
        notificationsResponse: {
          '@_xmlns': 'http://soap.sforce.com/2005/09/outbound',
          Ack: true,
        },
      },
    },
  })
  expect((await cardOf('Maria Verdi')).text).toContain('Maria Verdi')
  expect(await handoffs()).toMatchObject([
    { status: 'offered', reason: 'Marked as qualified in Salesforce', record: maria },
  ])
})

test('told again, late, as a callout or by its short id, it is no second handoff', async () => {
  await running.tell(anOutboundMessage([notice(1), notice(1)]))
  await running.tell(anOutboundMessage([notice(3, maria), notice(2, maria)]))
  const answer = await running.tell(callout([notice(4, maria.slice(0, 15))]), json)
  expect(await answer.json()).toEqual({ accepted: 1 })
  await running.settled()
  expect(await handoffs()).toHaveLength(1)
  expect(await running.rows('select contact_id from crm_contacts')).toEqual([{ contact_id: maria }])
})

test('what is done in Slack is written back: owner, status, and a task for the attempt', async () => {
  await click('handoff.accept')
  await fill('handoff.attempt', { channel: 'call', outcome: 'no-answer', note: 'Rang twice' })
  await eventually(() => (tasks().length > 0 ? true : undefined))
  await running.written()
  expect(leadOf(maria)).toMatchObject({ OwnerId: annaId, Status: 'Working' })
  expect(tasks()).toMatchObject([
    { WhoId: maria, Subject: 'Connect attempt: call', Status: 'Completed' },
  ])
  expect(tasks()[0]?.Description).toContain('Rang twice')
})

test('a session that has ended is renewed, and nothing waits for it', async () => {
  running.salesforce.endSessions()
  await fill('handoff.return', { reason: 'not-ready', ready_when: 'after the fair' })
  await eventually(() => (leadOf(maria)?.Status === 'Nurturing' ? true : undefined))
  await running.written()
  expect(running.logged.join()).not.toContain('the CRM is tried again later')
  expect(tasks()).toHaveLength(1)
})

test('what Baton wrote itself is no news when Salesforce tells of it', async () => {
  await running.tell(anOutboundMessage([notice(5, maria)]))
  await running.settled()
  expect(await handoffs()).toHaveLength(1)
})

test('a message with a hundred notifications is taken in whole; leads that are new are leads', async () => {
  const all = Array.from({ length: 100 }, (_, n) => notice(n + 101))
  const answer = await running.tell(anOutboundMessage(all))
  expect(await answer.text()).toContain('<Ack>true</Ack>')
  await running.settled()
  const leads = await running.rows('select from leads')
  expect(leads).toHaveLength(101)
  expect(await handoffs()).toHaveLength(1)
})

test('a callout hands over as well', async () => {
  await running.tell(callout([notice(301)]), json)
  await running.settled()
  expect((await handoffs()).map(({ record }) => record)).toEqual([maria, leadId(301)])
  await running.written()
})

test('when the day’s requests are used up, what is to be written waits for minutes, and is kept', async () => {
  running.salesforce.fail(() => ({ status: 403, errorCode: 'REQUEST_LIMIT_EXCEEDED' }))
  const [, handoff] = await handoffs()
  const path = `/api/v1/handoffs/${String(handoff?.id)}/accept`
  expect((await running.api('POST', path, { by: anna.email })).status).toBe(200)
  const [waiting] = await eventually(async () => {
    const rows = await running.rows(`select error, due_at > now() + interval '5 minutes' as later
      from crm_writes where error is not null`)
    return rows.length > 0 ? rows : undefined
  })
  expect(waiting).toEqual({
    error: 'salesforce answered 429 REQUEST_LIMIT_EXCEEDED',
    later: true,
  })
})

test('no line of the log holds an address, a name or a secret', async () => {
  const log = running.logged.join('\n')
  expect(log).not.toMatch(/company1|Verdi|consumer-secret|session-\d/)
  expect(log).not.toContain('a-secret-of-24')
})
