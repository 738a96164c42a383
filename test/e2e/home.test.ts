import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { eventually, people, type RunningBaton, startBaton } from '../support/baton.ts'
import type { FakeView } from '../support/fake-slack.ts'

let running: RunningBaton
beforeAll(async () => {
  running = await startBaton()
})
afterAll(() => running.stop())
afterEach(() => running.slack.heal())

const { anna, luca, ben, sara, guest } = people
let counter = 0

const handedOver = async (overrides: object = {}): Promise<{ id: string; name: string }> => {
  counter += 1
  const name = `Lead ${counter}`
  const { status, body } = await running.api('POST', '/api/v1/handoffs', {
    lead: { email: `lead@home${counter}.example`, name },
    reason: 'Asked for a quote',
    handedOffBy: ben.email,
    ...overrides,
  })
  expect(status).toBe(201)
  return { id: String(body.id), name }
}
const open = async (user: { id: string }): Promise<void> => {
  const event = { type: 'app_home_opened', user: user.id, channel: 'D0HOME', tab: 'home' }
  expect(await running.slack.sendEvent(event)).toMatchObject({ status: 200 })
}
const textOf = (view: FakeView | undefined): string => JSON.stringify(view?.blocks ?? [])
const homeWith = (user: { id: string }, holds: (text: string) => boolean): Promise<string> =>
  eventually(() => {
    const text = textOf(running.slack.homeOf(user.id))
    return holds(text) ? text : undefined
  })
/** The next window that is opened: homes are views too. */
const nextWindow = async (): Promise<FakeView> => {
  for (;;) {
    const view = await running.slack.nextView()
    if (view.type === 'modal') return view
  }
}
const statusOf = async (id: string) => (await running.api('GET', `/api/v1/handoffs/${id}`)).body

describe('the home of a rep', () => {
  test('shows what is offered, and follows what others do elsewhere', async () => {
    const { id, name } = await handedOver()
    await open(anna)
    await homeWith(anna, (text) => text.includes(name) && text.includes('handoff.accept'))
    await running.api('POST', `/api/v1/handoffs/${id}/accept`, { by: luca.email })
    await homeWith(anna, (text) => !text.includes(name))
    await open(luca)
    await homeWith(luca, (text) => text.includes(name) && text.includes('handoff.attempt'))
  })

  test('accepts with one click, and the card shows it', async () => {
    const { id, name } = await handedOver({ owner: anna.email })
    await open(anna)
    await homeWith(anna, (text) => text.includes(name))
    await running.slack.clickInHome({ user: anna.id, actionId: 'handoff.accept', value: id })
    expect(await statusOf(id)).toMatchObject({ status: 'accepted' })
    await running.card(id, ({ text }) => text.includes('Accepted'))
    await homeWith(anna, (text) => text.includes(name) && text.includes('Your leads'))
  })

  test('says in a window why a click had no effect', async () => {
    const { id, name } = await handedOver()
    await open(anna)
    await homeWith(anna, (text) => text.includes(name))
    await running.api('POST', `/api/v1/handoffs/${id}/accept`, { by: luca.email })
    await running.slack.clickInHome({ user: anna.id, actionId: 'handoff.accept', value: id })
    const view = await nextWindow()
    expect(textOf(view)).toContain('Luca Bianchi')
    await homeWith(anna, (text) => !text.includes(name))
  })

  test('opens the forms of the card, and they work', async () => {
    const { id, name } = await handedOver({ owner: anna.email })
    await running.api('POST', `/api/v1/handoffs/${id}/accept`, { by: anna.email })
    await open(anna)
    await homeWith(anna, (text) => text.includes(name))
    await running.slack.clickInHome({ user: anna.id, actionId: 'handoff.attempt', value: id })
    const view = await nextWindow()
    expect(view.callback_id).toBe('handoff.attempt')
    const before = textOf(running.slack.homeOf(anna.id))
    await running.slack.submitView({ user: anna.id, view })
    expect((await statusOf(id)).attempts).toHaveLength(1)
    await homeWith(anna, (text) => text.includes(name) && text !== before)
  })

  test('follows the form of a deal stage that was opened from it', async () => {
    const { id, name } = await handedOver({ owner: anna.email })
    await running.api('POST', `/api/v1/handoffs/${id}/accept`, { by: anna.email })
    await running.api('POST', `/api/v1/handoffs/${id}/attempts`, {
      ...{ channel: 'call', outcome: 'connected', by: anna.email },
    })
    await open(anna)
    await homeWith(anna, (text) => text.includes(name))
    await running.slack.clickInHome({ user: anna.id, actionId: 'handoff.outcome', value: id })
    const view = await nextWindow()
    expect(view.callback_id).toBe('handoff.outcome')
    const values = { deal_stage: 'closed-won' }
    await running.slack.submitView({ user: anna.id, view, values })
    expect(await statusOf(id)).toMatchObject({ status: 'closed' })
    await homeWith(anna, (text) => !text.includes(name))
  })

  test('links a lead to its card', async () => {
    const { id, name } = await handedOver({ owner: anna.email })
    await running.card(id)
    const { channel, ts } = Object(await statusOf(id)).card
    await open(anna)
    const link = `archives/${channel}/p${ts.replace('.', '')}|`
    await homeWith(anna, (text) => text.includes(name) && text.includes(link))
  })

  test('waits as Slack asks, and is drawn then', async () => {
    const { name } = await handedOver({ owner: luca.email })
    running.slack.fail('views.publish', { with: 'ratelimited', retryAfter: 1 })
    await open(luca)
    await homeWith(luca, (text) => text.includes(name) && text.includes('Da accettare'))
  })
})

describe('the home of the others', () => {
  test('of marketing shows returns to answer', async () => {
    const { id, name } = await handedOver({ owner: anna.email })
    await open(ben)
    await homeWith(ben, (text) => text.includes('No return waits'))
    await running.api('POST', `/api/v1/handoffs/${id}/return`, {
      by: anna.email,
      reason: 'not-ready',
      readyWhen: 'the budget is approved',
    })
    await homeWith(ben, (text) => text.includes(name) && text.includes('return.acknowledge'))
    await running.slack.clickInHome({ user: ben.id, actionId: 'return.acknowledge', value: id })
    await homeWith(ben, (text) => !text.includes(name))
  })

  test('of a rep follows the form of a return that was opened from it', async () => {
    const { id, name } = await handedOver({ owner: anna.email })
    await open(anna)
    await homeWith(anna, (text) => text.includes(name))
    await running.slack.clickInHome({ user: anna.id, actionId: 'handoff.return', value: id })
    const view = await nextWindow()
    expect(view.callback_id).toBe('handoff.return')
    const values = { reason: 'not-ready', ready_when: 'the budget is approved' }
    await running.slack.submitView({ user: anna.id, view, values })
    expect(await statusOf(id)).toMatchObject({ status: 'returned' })
    await homeWith(anna, (text) => !text.includes(name))
  })

  test('of a manager shows figures, that of a guest what Baton is', async () => {
    await open(sara)
    await homeWith(sara, (text) => text.includes('The last seven days'))
    await open(guest)
    await homeWith(guest, (text) => text.includes('/glossary'))
  })

  test('with many leads is turned page by page', async () => {
    for (let made = 0; made < 12; made++) await handedOver({ owner: anna.email })
    await open(anna)
    await homeWith(anna, (text) => text.includes('Page 1 of'))
    await running.slack.clickInHome({ user: anna.id, actionId: 'home.page', value: '1' })
    await homeWith(anna, (text) => text.includes('Page 2 of') && text.includes('home.page_back'))
  })
})
