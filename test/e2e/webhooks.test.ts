import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { eventually, people, type RunningBaton, startBaton } from '../support/baton.ts'
import { type FakeReceiver, hang, startFakeReceiver, status } from '../support/fake-receiver.ts'

let running: RunningBaton
let receiver: FakeReceiver
let hook = ''
let secret = ''
beforeAll(async () => {
  running = await startBaton({ webhooksPrivate: 'allowed' })
})
afterAll(() => running.stop())
beforeEach(async () => {
  receiver = await startFakeReceiver()
  const { status: made, body } = await running.api('POST', '/api/v1/webhooks', {
    url: receiver.url,
  })
  expect(made).toBe(201)
  hook = String(body.id)
  secret = String(body.secret)
  receiver.trust(secret)
})
afterEach(async () => {
  await running.api('DELETE', `/api/v1/webhooks/${hook}`)
  await receiver.stop()
})

let counter = 0
async function handedOver(): Promise<string> {
  counter += 1
  const { body } = await running.api('POST', '/api/v1/handoffs', {
    lead: { email: `lead${counter}@example.com`, name: `Lead ${counter}` },
    reason: 'Asked for a quote for two presses',
    handedOffBy: people.ben.email,
  })
  return String(body.id)
}
const accept = (id: string) =>
  running.api('POST', `/api/v1/handoffs/${id}/accept`, { by: people.anna.email })
const got = (types: string[]) =>
  eventually(() => {
    const found = receiver.received.map(({ type }) => type)
    return found.length >= types.length ? found : undefined
  })

describe('events of a handoff', () => {
  test('arrive signed and in order, with people by their addresses', async () => {
    const id = await handedOver()
    await accept(id)
    const types = ['HandedOff', 'Accepted']
    expect(await got(types)).toEqual(types)
    expect(receiver.received.every(({ verified }) => verified)).toBe(true)
    expect(JSON.parse(receiver.received[1]?.body ?? '')).toMatchObject({
      type: 'Accepted',
      data: {
        handoff: { id, status: 'accepted', owner: people.anna.email },
        by: people.anna.email,
      },
    })
  })

  test('that were under way at a stop arrive after the next start, the same again', async () => {
    receiver.answer(hang)
    const id = await handedOver()
    await got(['HandedOff'])
    await accept(id)
    receiver.answer(status(200))
    const stopping = performance.now()
    await running.restart()
    expect(performance.now() - stopping).toBeLessThan(10_000)
    const types = await got(['HandedOff', 'HandedOff', 'Accepted'])
    expect(types).toEqual(['HandedOff', 'HandedOff', 'Accepted'])
    const [first, second] = receiver.received
    expect(second?.body).toBe(first?.body)
    expect(second?.id).toBe(first?.id)
  })

  test('leave nothing personal and no secret in the log', async () => {
    receiver.answer(status(410))
    await handedOver()
    await got(['HandedOff'])
    await eventually(() => running.logged.find((line) => line.includes(hook)))
    const about = running.logged.filter((line) => /webhook/.test(line)).join('\n')
    for (const private_ of [secret, receiver.url, '@example.com', 'Lead ']) {
      expect(about).not.toContain(private_)
    }
  })
})

test('a test is sent at once and its answer told', async () => {
  const path = `/api/v1/webhooks/${hook}/test`
  expect((await running.api('POST', path)).body).toEqual({ taken: true, answer: '200' })
  expect(receiver.received).toMatchObject([{ type: 'Test', verified: true }])
  receiver.answer(status(500))
  expect((await running.api('POST', path)).body).toEqual({ taken: false, answer: '500' })
})
