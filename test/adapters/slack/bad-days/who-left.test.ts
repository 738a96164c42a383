import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { signatureLines } from '../../../../src/adapters/slack/features/agreement/message.ts'
import { stateLines } from '../../../../src/adapters/slack/messages/card-state.ts'
import { cardWords } from '../../../../src/content/words/card.ts'
import { handOffLead } from '../../../../src/use-cases/hand-off-lead.ts'
import { wakeTimer } from '../../../../src/use-cases/wake-timer.ts'
import { eventually, people, type RunningBaton, startBaton } from '../../../support/baton.ts'
import {
  accepted,
  aHandoff,
  aMember,
  anAgreement,
  ben,
  fixedNow,
  mario,
  minutesAfter,
  sara,
  withEveryClock,
} from '../../../support/builders.ts'
import { createMemoryWorld } from '../../../support/memory-world.ts'

const rotating = `
calendar: { timezone: Europe/Rome, hours: always }
people:
  - { email: anna@acme.example, role: rep }
  - { email: luca@acme.example, role: rep }
  - { email: ben@acme.example, role: marketing }
  - { email: sara@acme.example, role: sales_manager, head_of: sales }
lead_types:
  - id: new
    name: { en: New, it: Nuovo }
    channel: sql-handoffs
    owners: { rotate: [anna@acme.example, luca@acme.example] }
    clocks: {}
`

describe('a rep whose account was deactivated', () => {
  let running: RunningBaton
  beforeAll(async () => {
    running = await startBaton({ agreement: rotating })
  })
  afterAll(() => running.stop())

  let counter = 0
  const handOver = async (owner?: string) => {
    counter += 1
    const { status, body } = await running.api('POST', '/api/v1/handoffs', {
      lead: { email: `lead@left${counter}.example`, name: `Lead ${counter}`, type: 'new' },
      reason: 'Asked for a quote',
      ...(owner === undefined ? {} : { owner }),
    })
    expect(status).toBe(201)
    return { id: String(body.id), owner: body.owner }
  }
  const { anna, luca } = people

  test('gets no lead any more, and the cards of theirs say so', async () => {
    const { id } = await handOver(anna.email)
    await running.api('POST', `/api/v1/handoffs/${id}/accept`, { by: anna.email })
    await running.card(id, ({ text }) => text.includes('Accepted'))

    running.slack.changeUser(anna.id, { deleted: true })
    const event = { type: 'user_change', user: { id: anna.id, name: 'anna', deleted: true } }
    expect(await running.slack.sendEvent(event)).toMatchObject({ status: 200 })

    await running.card(id, ({ text }) => text.includes('Anna Rossi has left Slack'))
    const owners = [await handOver(), await handOver(), await handOver()].map((one) => one.owner)
    expect(owners).toEqual([luca.email, luca.email, luca.email])
  })

  test('can do nothing with a click that was still under way', async () => {
    const { id } = await handOver()
    const card = await running.card(id)
    const sent = await running.slack.clickButton({
      user: anna.id,
      actionId: 'handoff.accept',
      message: card,
    })
    expect((await sent.nextResponse()).body.text).toBeTypeOf('string')
    expect((await running.api('GET', `/api/v1/handoffs/${id}`)).body.status).toBe('offered')
  })

  test('is no one’s business where only their profile changed', async () => {
    const event = { type: 'user_change', user: { id: luca.id, name: 'luca', deleted: false } }
    expect(await running.slack.sendEvent(event)).toMatchObject({ status: 200 })
    await eventually(async () => (await handOver()).owner === luca.email)
  })
})

test.each(['en', 'it'] as const)('a card says that its owner has left, in words (%s)', (locale) => {
  const handoff = accepted(aHandoff())
  const view = {
    ...{ locale, leadTypeName: 'New', dates: 'plain' as const, agreement: anAgreement() },
    ...{ zone: 'Europe/Rome', now: fixedNow, ownerLeft: true },
  }
  const [first] = stateLines({ handoff, view, words: cardWords[locale] })
  expect(first?.strong).toBe(cardWords[locale].ownerLeft(handoff.owner?.name ?? ''))
  const [other] = stateLines({
    handoff,
    view: { ...view, ownerLeft: false },
    words: cardWords[locale],
  })
  expect(other).not.toEqual(first)
})

test('an escalation goes on to the managers who are there', async () => {
  const workspaceId = 'ws_1'
  const agreement = withEveryClock()
  const other = aMember({
    id: 'per_nora',
    slackId: 'U0NORA',
    email: 'nora@acme.example',
    name: 'Nora',
  })
  const people = [
    ...agreement.people.filter(({ role }) => role !== 'sales_manager'),
    { email: 'sara@acme.example', role: 'sales_manager' as const, head_of: 'sales' as const },
    { email: 'nora@acme.example', role: 'sales_manager' as const },
  ]
  const world = createMemoryWorld({
    agreement: { ...agreement, people },
    members: [aMember(), aMember(ben), { ...aMember(sara), external: true }, aMember(mario), other],
  })
  const result = await handOffLead(world, {
    workspaceId,
    lead: { email: 'maria@example.com', name: 'Maria Verdi', attributes: {} },
    reason: 'Asked for a quote',
    priority: 'hot',
    owner: undefined,
    by: aMember(ben),
    whatChanged: undefined,
  })
  if (result.kind !== 'done') throw new Error(result.kind)
  world.clock.now = minutesAfter(7 * 24 * 60)
  await wakeTimer(world, { workspaceId, handoffId: result.handoff.id, kind: 'accept' })
  const told = world.notices.flatMap(({ notice }) => (notice.type === 'escalated' ? notice.to : []))
  expect(told).toEqual(['per_nora'])
})

describe('a head who has left', () => {
  const open = { state: 'open' as const, signatures: [], proposedAt: fixedNow }
  const lines = (heads: object[], locale: 'en' | 'it') => {
    const proposal = { ...open, id: 'prop_1', workspaceId: 'ws_1', baseVersion: 1 }
    return signatureLines(
      {
        ...proposal,
        ...{ revision: 1, version: null, inForceFrom: null, proposedBy: null },
        ...{ withdrawnBy: null, withdrawnAt: null },
      },
      {
        ...{ locale, zone: 'Europe/Rome', dates: 'plain' },
        heads: { sales: heads.map((head) => aMember(head)), marketing: [] },
      },
    )
  }

  test('is named, not mentioned, with what to do', () => {
    const [en] = lines([{ external: true }], 'en')
    const [it] = lines([{ external: true }], 'it')
    expect(en).toMatch(/^Sales: waits for Anna Rossi, whose Slack account is deactivated/)
    expect(it).toMatch(/manca la firma di Anna Rossi, che ha l’account Slack disattivato/)
    expect(`${en}${it}`).not.toContain('<@')
  })

  test('is not waited for where there is another', () => {
    const [line] = lines([{ external: true }, { id: 'per_sara', slackId: 'U0SARA' }], 'en')
    expect(line).toBe('Sales: waits for <@U0SARA>')
  })
})
