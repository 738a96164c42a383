import { expect, test } from 'vitest'
import { longId } from '../../../../src/adapters/http/webhooks/salesforce.ts'
import type { CrmNews } from '../../../../src/use-cases/ports/crm.ts'
import { fixedNow } from '../../../support/builders.ts'
import { anOutboundMessage } from '../../../support/fake-salesforce.ts'
import { anApi } from '../support.ts'

const secret = 'a-secret-of-24-characters-or-more'
const maria = { id: '04l000000000001AAA', recordId: '00Q000000000001AAA' }

function listening() {
  const heard: CrmNews[] = []
  const { api } = anApi({
    crmWebhooks: {
      hubspot: null,
      salesforce: { secret, organizationId: '00D000000000001' },
      tell: async (_, news) => void heard.push(...news),
      now: () => fixedNow,
    },
  })
  const send = (body: string, path = `/${secret}`, type = 'text/xml') =>
    Promise.resolve(
      api.request(`/webhooks/salesforce${path}`, {
        method: 'POST',
        body,
        headers: { 'content-type': type },
      }),
    )
  return { heard, send }
}

test('an outbound message is kept and acknowledged, each notification once', async () => {
  const { heard, send } = listening()
  const answer = await send(anOutboundMessage([maria, maria]))
  expect(answer.status).toBe(200)
  expect(await answer.text()).toContain('<Ack>true</Ack>')
  expect(heard).toEqual([{ id: maria.recordId, key: `salesforce_${maria.recordId}_${maria.id}` }])
})

test('a callout in JSON tells the same', async () => {
  const { heard, send } = listening()
  const body = JSON.stringify({
    organizationId: '00D000000000001',
    notifications: [{ id: maria.id, recordId: maria.recordId.slice(0, 15) }],
  })
  const answer = await send(body, `/${secret}`, 'application/json')
  expect(await answer.json()).toEqual({ accepted: 1 })
  expect(heard).toEqual([
    {
      id: longId(maria.recordId.slice(0, 15)),
      key: `salesforce_${longId(maria.recordId.slice(0, 15))}_${maria.id}`,
    },
  ])
})

test('without the secret, from another organization, or out of shape, nothing is heard', async () => {
  const { heard, send } = listening()
  const entities = anOutboundMessage([maria]).replace(
    '?>',
    '?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
  )
  const many = Array.from({ length: 101 }, (_, n) => ({
    ...maria,
    id: `04l${String(n).padStart(15, '0')}`,
  }))
  const answers = await Promise.all([
    send(anOutboundMessage([maria]), ''),
    send(anOutboundMessage([maria]), '/another-secret'),
    send(anOutboundMessage([maria], '00D000000000002AAA')),
    send(entities),
    send(anOutboundMessage(many)),
    send('<a>'),
    send(''),
    send('null', `/${secret}`, 'application/json'),
    send('x'.repeat(1_048_577)),
    send('<a>'.repeat(50_000)),
  ])
  expect(answers.map(({ status }) => status)).toEqual([
    401, 401, 403, 400, 400, 400, 400, 400, 413, 400,
  ])
  expect(heard).toEqual([])
})

test('the long form of an id tells which letters are capitals', () => {
  expect(longId('00D24000000ABCD')).toBe('00D24000000ABCDEA4')
  expect(longId('00Q000000000001AAA')).toBe('00Q000000000001AAA')
})
