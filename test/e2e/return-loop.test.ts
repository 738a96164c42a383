import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import {
  calmAgreement,
  channels,
  eventually,
  isCardOf,
  people,
  type RunningBaton,
  startBaton,
} from '../support/baton.ts'
import type { FakeMessage, Sent } from '../support/fake-slack.ts'

/**
 * The whole loop as people go through it in Slack: returned, contested, ruled on, handed over again,
 * accepted, won; and what it comes to in the story of the lead.
 */

let running: RunningBaton
beforeAll(async () => {
  running = await startBaton({
    agreement: `${calmAgreement}  - { email: mario@acme.example, role: marketing_manager, head_of: marketing }\n`,
  })
})
afterAll(() => running.stop())
afterEach(() => running.slack.heal())

const { anna, luca, ben, sara, mario, guest } = people
type User = { id: string }

let counter = 0
const newLead = () => {
  counter += 1
  return { email: `loop${counter}@example.com`, name: `Loop Lead ${counter}` }
}
const handedOver = async (lead = newLead()) => {
  const { status, body } = await running.api('POST', '/api/v1/handoffs', {
    lead,
    reason: 'Asked for a quote for two presses',
    handedOffBy: ben.email,
  })
  expect(status).toBe(201)
  return String(body.id)
}

const stateOf = async (id: string) => (await running.api('GET', `/api/v1/handoffs/${id}`)).body

const threadOf = async (id: string): Promise<FakeMessage[]> => {
  const card = await running.card(id)
  return running.slack.thread(card.channel, card.ts).slice(1)
}
const told = (id: string, part: RegExp): Promise<FakeMessage> =>
  eventually(async () => (await threadOf(id)).find(({ text }) => part.test(text)))

/** Clicks a button of a message; of the card where none is given. */
const click = async (user: User, actionId: string, id: string, message?: FakeMessage) =>
  running.slack.clickButton({
    user: user.id,
    channel: channels.sql.id,
    actionId,
    value: id,
    message: message ?? (await running.card(id)),
  })
const choose = async (user: User, entry: string, id: string) =>
  running.slack.clickButton({
    user: user.id,
    channel: channels.sql.id,
    actionId: 'handoff.more',
    value: `${entry}:${id}`,
    message: await running.card(id),
  })
/** Sends the form that the click opened. */
async function fill(user: User, opening: Promise<Sent>, values: Record<string, string>) {
  expect((await opening).status).toBe(200)
  const view = await running.slack.nextView()
  return { view, sent: await running.slack.submitView({ user: user.id, view, values }) }
}
const accepts = async (user: User, opening: Promise<Sent>, values: Record<string, string>) => {
  const { sent } = await fill(user, opening, values)
  expect(sent).toMatchObject({ status: 200 })
  expect(JSON.stringify(sent.body ?? {})).not.toContain('response_action')
}

const returnAsNotReady = async (id: string) => {
  await accepts(anna, click(anna, 'handoff.return', id), {
    reason: 'not-ready',
    ready_when: 'next year’s budget is approved',
  })
  return told(id, /Returned – not ready/)
}

/** The card of the next round of a lead. */
const nextRound = (first: string, name: string): Promise<string> =>
  eventually(() => {
    const card = running.slack
      .messages(channels.sql.id)
      .filter(({ metadata }) => metadata?.event_type === 'baton_handoff')
      .find((message) => message.text.includes(name) && !isCardOf(message, first))
    const handoff = card?.metadata?.event_payload.handoff
    return typeof handoff === 'string' && handoff !== first ? handoff : undefined
  })

describe('a lead that comes back', () => {
  test('is contested, ruled on, handed over again and won, and its story tells it all', async () => {
    const lead = newLead()
    const first = await handedOver(lead)
    const announced = await returnAsNotReady(first)
    expect(announced.text).toContain(`<@${ben.id}>`)

    await accepts(ben, click(ben, 'return.contest', first, announced), {
      why: 'The budget was approved last week',
    })
    const contest = await told(first, /budget was approved last week/)
    expect(contest.text).toContain(`<@${sara.id}>`)
    expect(contest.text).toContain(`<@${mario.id}>`)

    await click(sara, 'return.uphold', first, contest)
    expect(await stateOf(first)).toMatchObject({ returned: { contest: { ruling: null } } })
    await click(mario, 'return.overturn', first, contest)
    await running.card(first, ({ text }) => /not agree|disagree/i.test(text))
    await accepts(sara, click(sara, 'return.clarify', first, contest), {
      words: 'A budget counts from the day on which the board approves it',
    })
    await accepts(mario, click(mario, 'return.clarify', first, contest), {
      words: 'A budget counts from the day on which the board approves it',
    })
    expect(await stateOf(first)).toMatchObject({
      status: 'returned',
      returned: { contest: { ruling: 'clarify' } },
    })
    const glossary = await running.slack.sendCommand({
      user: anna.id,
      command: '/glossary',
      text: 'SQL',
    })
    expect(JSON.stringify(glossary.body)).toContain('the day on which the board approves it')

    await accepts(ben, click(ben, 'return.again', first), {
      what_changed: 'The board has approved the budget',
    })
    const second = await nextRound(first, lead.name)
    const card = await running.card(second)
    expect(card.text).toMatch(/second handoff/i)
    expect(card.text).toContain('The board has approved the budget')
    expect(await stateOf(first)).toMatchObject({ returned: { answer: 'handed-over-again' } })

    await click(anna, 'handoff.accept', second)
    await accepts(anna, click(anna, 'handoff.outcome', second), { deal_stage: 'exploration' })
    expect(await stateOf(second)).toMatchObject({
      status: 'qualified',
      leadStatus: 'Open deal',
      lifecycleStage: 'opportunity',
    })
    const quiet = await told(second, /meeting booked/i)
    expect(quiet.text).not.toContain('<@')
    await accepts(anna, click(anna, 'handoff.outcome', second), { deal_stage: 'closed-won' })
    expect(await stateOf(second)).toMatchObject({ status: 'closed', lifecycleStage: 'customer' })

    const story = await running.slack.sendCommand({
      user: ben.id,
      command: '/handoff',
      text: `find ${lead.email}`,
    })
    const words = JSON.stringify(story.body)
    const order = [
      'next year’s budget is approved',
      'The budget was approved last week',
      'the board approves it',
      'The board has approved the budget',
      'Closed won',
      // The line at the top says where the lead stands now.
    ].map((part) => words.lastIndexOf(part))
    expect(order).not.toContain(-1)
    expect(order).toEqual([...order].sort((a, b) => a - b))

    const { body } = await running.api('GET', `/api/v1/leads/${lead.email}`)
    expect(body).toMatchObject({ lifecycleStage: 'customer', leadStatus: 'Closed won' })
  })

  test('goes on with sales where both managers overturn the return', async () => {
    const id = await handedOver()
    await click(anna, 'handoff.accept', id)
    const announced = await returnAsNotReady(id)
    await accepts(ben, click(ben, 'return.contest', id, announced), { why: 'She called today' })
    const contest = await told(id, /She called today/)
    await click(sara, 'return.overturn', id, contest)
    await click(mario, 'return.overturn', id, contest)
    expect(await stateOf(id)).toMatchObject({
      status: 'accepted',
      owner: anna.email,
      lifecycleStage: 'sql',
      returned: null,
    })
    const card = await running.card(id, ({ text }) => !text.includes('Returned –'))
    expect(JSON.stringify(card.blocks)).toContain('handoff.attempt')
  })

  test('comes back to marketing’s list when its condition is met', async () => {
    const id = await handedOver()
    const announced = await returnAsNotReady(id)
    await click(ben, 'return.acknowledge', id, announced)
    await choose(ben, 'ready', id)
    expect((await stateOf(id)).returned).toMatchObject({ readySince: expect.any(String) })
    const list = await running.slack.sendCommand({
      user: ben.id,
      command: '/handoff',
      text: 'returns',
    })
    expect(JSON.stringify(list.body)).toContain('return.again')
  })

  test('is not handed over again without what changed, neither by form nor by the API', async () => {
    const lead = newLead()
    const id = await handedOver(lead)
    await returnAsNotReady(id)
    const again = await running.api('POST', '/api/v1/handoffs', { lead, reason: 'Called again' })
    expect(again).toMatchObject({ status: 422, body: { code: 'needed' } })
    expect(JSON.stringify(again.body.errors)).toContain('/whatChanged')
  })
})

describe('who may', () => {
  test('rule on a return: the managers, and nobody who has a part in it', async () => {
    const id = await handedOver()
    const announced = await returnAsNotReady(id)
    await accepts(ben, click(ben, 'return.contest', id, announced), { why: 'She called today' })
    const contest = await told(id, /She called today/)
    for (const person of [anna, ben, luca, guest]) {
      const sent = await click(person, 'return.overturn', id, contest)
      expect((await sent.nextResponse()).body).toMatchObject({ response_type: 'ephemeral' })
    }
    expect((await stateOf(id)).returned).toMatchObject({ contest: { votes: [] } })
  })

  test('give a lead to somebody: its owner and managers; the new owner is told', async () => {
    const id = await handedOver()
    await click(anna, 'handoff.accept', id)
    const luka = await running.api('POST', `/api/v1/handoffs/${id}/reassign`, {
      by: ben.email,
      to: luca.email,
    })
    expect(luka.status).toBe(403)
    const passed = await running.api('POST', `/api/v1/handoffs/${id}/reassign`, {
      by: sara.email,
      to: luca.email,
    })
    expect(passed).toMatchObject({ status: 200, body: { owner: luca.email, status: 'accepted' } })
    expect((await told(id, new RegExp(`<@${luca.id}>`))).text).toBeDefined()
    await choose(anna, 'owner', id).then(async (sent) =>
      expect((await sent.nextResponse()).body).toMatchObject({ response_type: 'ephemeral' }),
    )
  })

  test('see the story of a lead: no guest', async () => {
    const lead = newLead()
    await handedOver(lead)
    const sent = await running.slack.sendCommand({
      user: guest.id,
      command: '/handoff',
      text: `find ${lead.email}`,
    })
    expect(JSON.stringify(sent.body)).not.toContain(lead.name)
  })
})

test('a form that was open while the handoff moved on says so, and does nothing', async () => {
  const id = await handedOver()
  await click(anna, 'handoff.return', id)
  const view = await running.slack.nextView()
  await click(luca, 'handoff.accept', id)
  const sent = await running.slack.submitView({
    user: anna.id,
    view,
    values: { reason: 'not-ready', ready_when: 'later' },
  })
  expect(sent.body).toMatchObject({ response_action: 'update' })
  expect(JSON.stringify(sent.body)).toContain('Luca Bianchi')
  expect(await stateOf(id)).toMatchObject({ status: 'accepted', owner: luca.email })
})
