import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { eventually, people, type RunningBaton, startBaton } from '../../../support/baton.ts'
import type { FakeView } from '../../../support/fake-slack.ts'

let running: RunningBaton
beforeAll(async () => {
  running = await startBaton()
})
afterAll(() => running.stop())
afterEach(() => running.slack.heal())

const { anna, ben, luca } = people
let counter = 0
const shown = new Set<string>()

async function handOver(owner?: string): Promise<string> {
  counter += 1
  const { status, body } = await running.api('POST', '/api/v1/handoffs', {
    lead: { email: `lead@stale${counter}.example`, name: `Lead ${counter}` },
    reason: 'Asked for a quote',
    handedOffBy: ben.email,
    ...(owner === undefined ? {} : { owner }),
  })
  expect(status).toBe(201)
  return String(body.id)
}

const openForm = async (actionId: string, id: string): Promise<FakeView> => {
  const message = await running.card(id)
  await running.slack.clickButton({ user: anna.id, actionId, value: id, message })
  for (;;) {
    const view = await running.slack.nextView()
    if (view.callback_id === actionId && !shown.has(view.id)) {
      shown.add(view.id)
      return view
    }
  }
}

describe('a form that was open for a day', () => {
  test('of a lead that somebody else has returned since says so, and changes nothing', async () => {
    const id = await handOver()
    const view = await openForm('handoff.return', id)
    const said = { by: luca.email, reason: 'not-ready', readyWhen: 'the budget is there' }
    expect((await running.api('POST', `/api/v1/handoffs/${id}/return`, said)).status).toBe(200)
    const before = (await running.api('GET', `/api/v1/handoffs/${id}`)).body
    const values = { reason: 'wrong-data', note: 'No such number' }
    const sent = await running.slack.submitView({ user: anna.id, view, values })
    expect(sent.status).toBe(200)
    expect(JSON.stringify(sent.body)).toMatch(/returned/i)
    expect((await running.api('GET', `/api/v1/handoffs/${id}`)).body.events).toEqual(before.events)
  })

  test('of a lead that has gone to somebody else since says so', async () => {
    const id = await handOver(anna.email)
    await running.api('POST', `/api/v1/handoffs/${id}/accept`, { by: anna.email })
    const view = await openForm('handoff.attempt', id)
    const given = await running.api('POST', `/api/v1/handoffs/${id}/reassign`, {
      by: 'sara@acme.example',
      to: luca.email,
    })
    expect(given.body).toMatchObject({ owner: luca.email })
    expect(view.callback_id).toBe('handoff.attempt')
    const sent = await running.slack.submitView({ user: anna.id, view })
    expect(JSON.stringify(sent.body)).toContain('Luca')
    expect((await running.api('GET', `/api/v1/handoffs/${id}`)).body.attempts).toEqual([])
  })
})

test.each([
  ['expired_trigger_id', anna, /click again/i],
  ['invalid_trigger_id', luca, /di nuovo/i],
  ['exchanged_trigger_id', anna, /click again/i],
])('after %s the one who asked is told what to do', async (error, { id: user }, told) => {
  running.slack.fail('views.open', { with: { error } })
  const sent = await running.slack.sendCommand({ user, command: '/handoff' })
  const { body } = sent.responses[0] ?? (await sent.nextResponse())
  expect(String(body.text)).toMatch(told)
})

describe('a home', () => {
  const open = (user: string) =>
    running.slack.sendEvent({ type: 'app_home_opened', user, channel: 'D0HOME', tab: 'home' })

  test('whose Slack refuses new types of blocks is drawn plainly', async () => {
    const where = ({ view }: Record<string, unknown>) => JSON.stringify(view).includes('"header"')
    running.slack.fail('views.publish', { with: { error: 'invalid_arguments' }, times: 99, where })
    const id = await handOver(anna.email)
    await open(anna.id)
    const drawn = await eventually(() => {
      const text = JSON.stringify(running.slack.homeOf(anna.id)?.blocks ?? [])
      return text.includes(id) ? text : undefined
    })
    expect(drawn).toContain('handoff.accept')
    expect(drawn).not.toContain('"header"')
  })

  test('is drawn later where Slack asks for patience, and not at all for somebody it does not know', async () => {
    running.slack.fail('views.publish', { with: 'ratelimited', retryAfter: 1 })
    await open(luca.id)
    await eventually(() => running.slack.homeOf(luca.id))
    running.slack.fail('views.publish', { with: { error: 'user_not_found' }, times: 2 })
    await open('U0NOBODY')
    await eventually(() =>
      running.logged.some((line) => line.includes('user_not_found')) ? true : undefined,
    )
    expect((await fetch(`${running.baton.url}/healthz`)).status).toBe(200)
  })
})
