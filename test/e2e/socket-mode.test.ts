import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { channels, eventually, people, type RunningBaton, startBaton } from '../support/baton.ts'

let running: RunningBaton
beforeAll(async () => {
  running = await startBaton({ socketMode: true })
})
afterAll(() => running.stop())
afterEach(() => running.slack.heal())

const { anna, luca, ben } = people
let counter = 0

async function handedOver(): Promise<string> {
  counter += 1
  const { status, body } = await running.api('POST', '/api/v1/handoffs', {
    lead: { email: `socket${counter}@example.com`, name: `Lead ${counter}` },
    reason: 'Asked for a quote',
    handedOffBy: ben.email,
  })
  expect(status).toBe(201)
  return String(body.id)
}
const click = async (user: { id: string }, actionId: string, id: string) =>
  running.slack.clickButton({
    user: user.id,
    channel: channels.sql.id,
    actionId,
    value: id,
    message: await running.card(id),
  })
const stateOf = async (id: string) => (await running.api('GET', `/api/v1/handoffs/${id}`)).body
const connected = () => eventually(() => running.slack.openSockets() === 1 || undefined)

test('Accept over the socket makes the owner before it is acknowledged, and redraws the card', async () => {
  await connected()
  const id = await handedOver()
  const sent = await click(anna, 'handoff.accept', id)
  expect(sent.status).toBe(200)
  expect(await stateOf(id)).toMatchObject({ status: 'accepted', owner: anna.email })
  const card = await running.card(id, ({ updates }) => updates > 0)
  expect(card.text).toContain(`Accepted by <@${anna.id}>`)

  const late = await click(luca, 'handoff.accept', id)
  expect((await late.nextResponse()).body).toMatchObject({ response_type: 'ephemeral' })
})

test('a form is opened, checked and submitted over the socket', async () => {
  const id = await handedOver()
  await click(anna, 'handoff.return', id)
  const view = await running.slack.nextView()
  const faulty = { user: anna.id, view, values: { reason: 'not-ready' } }
  expect((await running.slack.submitView(faulty)).body).toMatchObject({
    response_action: 'errors',
    errors: { ready_on: expect.any(String) },
  })
  const values = { reason: 'wrong-data', note: 'The number is not theirs' }
  await running.slack.submitView({ user: anna.id, view, values })
  expect(await stateOf(id)).toMatchObject({ status: 'returned' })
})

test('/glossary MQL is answered over the socket, in the language of the asker', async () => {
  const ask = (user: string) =>
    running.slack.sendCommand({ user, command: '/glossary', text: 'MQL' })
  const english = await ask(anna.id)
  expect(english.body).toMatchObject({ response_type: 'ephemeral' })
  expect(JSON.stringify(english.body)).toContain('Marketing qualified lead')
  expect(JSON.stringify((await ask(luca.id)).body)).toContain('Lead qualificato dal marketing')
})

test('nothing of Slack is taken over HTTP', async () => {
  const body = JSON.stringify({ type: 'block_actions' })
  const { status } = await running.slack.signedRequest({ body })
  expect(status).toBe(404)
})

test('a stop in the midst of clicks is in time, and what was acknowledged is there afterwards', async () => {
  const ids = await Promise.all(Array.from({ length: 10 }, handedOver))
  for (const id of ids) await running.card(id)
  const clicks = ids.map((id) => click(anna, 'handoff.accept', id))
  await Promise.any(clicks)
  const start = performance.now()
  await running.restart()
  expect(performance.now() - start).toBeLessThan(5_000)
  await connected()
  const outcomes = await Promise.allSettled(clicks)
  for (const [index, { status }] of outcomes.entries()) {
    if (status !== 'fulfilled') continue
    expect(await stateOf(ids[index] ?? '')).toMatchObject({ status: 'accepted', owner: anna.email })
  }
})

test('a socket that Slack cuts is opened again', async () => {
  running.slack.fail('apps.connections.open', { with: 500 })
  running.slack.dropSockets('cut')
  await eventually(() => running.slack.openSockets() === 0 || undefined)
  await connected()
  const sent = await running.slack.sendCommand({ user: anna.id, command: '/sla', text: '' })
  expect(sent.body).toMatchObject({ response_type: 'ephemeral' })
})

test('an app token that Slack refuses is told in a line', async () => {
  running.slack.fail('apps.connections.open', { with: { error: 'invalid_auth' } })
  await expect(running.restart()).rejects.toThrow('Slack refuses SLACK_APP_TOKEN: invalid_auth')
  expect(running.slack.openSockets()).toBe(0)
  await running.restart()
  await connected()
})

test('nothing is left open after the stop', async () => {
  await running.baton.stop()
  expect(running.slack.openSockets()).toBe(0)
})
