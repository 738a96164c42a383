import { describe, expect, test } from 'vitest'
import { createMemoryWorld } from '../../../support/memory-world.ts'
import { anApi, keys } from '../support.ts'

const webhooks = '/api/v1/webhooks'
const url = 'https://hooks.example/baton'

async function anEndpoint() {
  const { ask, world } = anApi()
  const { body } = await ask('POST', webhooks, { body: { url, events: ['Accepted', 'Accepted'] } })
  return { ask, world, id: String(body.id) }
}

describe('a webhook', () => {
  test('is made with a secret that is told once', async () => {
    const { ask } = anApi()
    const made = await ask('POST', webhooks, { body: { url } })
    expect(made.status).toBe(201)
    expect(made.body).toMatchObject({ url, events: [], disabledAt: null })
    expect(made.body.secret).toMatch(/^whsec_/)
    const listed = await ask('GET', webhooks)
    const { secret: _, ...shown } = made.body
    expect(listed.body).toEqual({ items: [shown] })
  })

  test('is told of the events that were asked for', async () => {
    const { ask } = await anEndpoint()
    expect((await ask('GET', webhooks)).body.items[0].events).toEqual(['Accepted'])
  })

  test('is tested, and its log tells so', async () => {
    const { ask, id } = await anEndpoint()
    const tested = await ask('POST', `${webhooks}/${id}/test`)
    expect(tested).toMatchObject({ status: 200, body: { taken: true, answer: '200' } })
    await ask('POST', `${webhooks}/${id}/test`)
    const log = await ask('GET', `${webhooks}/${id}/deliveries?limit=1`)
    expect(log.body.items).toMatchObject([{ type: 'Test', state: 'sent', tries: 1, answer: '200' }])
    const next = `${webhooks}/${id}/deliveries?limit=1&cursor=${log.body.nextCursor}`
    expect((await ask('GET', next)).body).toMatchObject({ items: [{}], nextCursor: null })
  })

  test('that answers badly is told as it is', async () => {
    const world = createMemoryWorld()
    world.webhookSender.send = async () => ({ kind: 'none', why: 'timeout' })
    const { ask } = anApi({ world })
    const { id } = (await ask('POST', webhooks, { body: { url } })).body
    const tested = await ask('POST', `${webhooks}/${id}/test`)
    expect(tested.body).toEqual({ taken: false, answer: 'timeout' })
  })

  test('is removed', async () => {
    const { ask, id } = await anEndpoint()
    expect((await ask('DELETE', `${webhooks}/${id}`)).status).toBe(204)
    expect((await ask('DELETE', `${webhooks}/${id}`)).status).toBe(404)
    expect((await ask('GET', webhooks)).body.items).toEqual([])
  })

  test('is nobody else’s', async () => {
    const { ask, id } = await anEndpoint()
    const key = keys.other
    expect((await ask('GET', webhooks, { key })).body.items).toEqual([])
    expect((await ask('DELETE', `${webhooks}/${id}`, { key })).status).toBe(404)
    expect((await ask('POST', `${webhooks}/${id}/test`, { key })).status).toBe(404)
    expect((await ask('GET', `${webhooks}/${id}/deliveries`, { key })).status).toBe(404)
  })

  test.each(['nothing', '%00', '..', 'a'.repeat(500)])('%j is no id', async (id) => {
    const { ask } = anApi()
    expect((await ask('DELETE', `${webhooks}/${id}`)).status).toBeGreaterThanOrEqual(404)
    expect((await ask('GET', `${webhooks}/${id}/deliveries`)).status).toBe(404)
  })
})

describe('what is refused', () => {
  test('names the field and the reason', async () => {
    const { ask } = anApi()
    const refused = await ask('POST', webhooks, { body: { url: 'http://hooks.example/' } })
    expect(refused).toMatchObject({
      status: 422,
      body: { code: 'address-without-tls', errors: [{ pointer: '/url' }] },
    })
    for (const body of [{}, { url: 7 }, { url, events: ['Exploded'] }, { url, events: 'Accepted' }])
      expect((await ask('POST', webhooks, { body })).status).toBe(422)
  })

  test('is the same address twice, however it is written', async () => {
    const { ask } = await anEndpoint()
    const again = await ask('POST', webhooks, { body: { url: 'https://HOOKS.example:443/baton' } })
    expect(again).toMatchObject({ status: 409, body: { code: 'endpoint-known' } })
  })

  test('is one more than twenty', async () => {
    const { ask } = anApi()
    const add = (n: number) => ask('POST', webhooks, { body: { url: `${url}/${n}` } })
    for (let n = 0; n < 20; n++) expect((await add(n)).status).toBe(201)
    expect(await add(20)).toMatchObject({ status: 409, body: { code: 'too-many-endpoints' } })
  })
})
