import { describe, expect, test } from 'vitest'
import { minutesAfter } from '../../../support/builders.ts'
import { createMemoryWorld } from '../../../support/memory-world.ts'
import { anApi, keys } from '../support.ts'

const path = '/api/v1/activities'
const email = 'maria@officineverdi.example'
const view = { email, type: 'page-view' }

const anApiWithWorld = () => {
  const world = createMemoryWorld()
  return { ...anApi({ world }), world }
}

describe('activities', () => {
  test('come in one at a time or many at once, and have their leads scored', async () => {
    const { ask, world } = anApiWithWorld()
    const one = await ask('POST', path, { body: view })
    expect(one).toMatchObject({ status: 202, body: { accepted: 1, duplicates: 0 } })
    const body = [view, { ...view, email: 'paola@b.example', properties: { url: '/prices' } }]
    expect((await ask('POST', path, { body })).body).toEqual({ accepted: 2, duplicates: 0 })
    expect(world.leadOf('ws_acme', email)?.activities).toHaveLength(2)
    expect(world.leadOf('ws_acme', 'paola@b.example')).toMatchObject({
      lead: { name: 'paola' },
      stage: 'lead',
      activities: [{ type: 'page-view', properties: { url: '/prices' } }],
    })
    expect(world.scorings).toHaveLength(2)
  })

  test('with an id count once', async () => {
    const { ask } = anApiWithWorld()
    const body = [
      { ...view, id: 'a' },
      { ...view, id: 'b' },
      { ...view, id: 'a' },
    ]
    expect((await ask('POST', path, { body })).body).toEqual({ accepted: 2, duplicates: 1 })
    expect((await ask('POST', path, { body })).body).toEqual({ accepted: 0, duplicates: 3 })
  })

  test('of a request that comes again count once', async () => {
    const { ask } = anApiWithWorld()
    const asked = { body: [view, view], headers: { 'idempotency-key': 'batch-1' } }
    expect((await ask('POST', path, asked)).body).toEqual({ accepted: 2, duplicates: 0 })
    expect((await ask('POST', path, asked)).body).toEqual({ accepted: 0, duplicates: 2 })
  })

  test('that say the same of the same moment count once, without it each time', async () => {
    const { ask } = anApiWithWorld()
    const at = '2026-11-23T08:00:00Z'
    const body = [
      { ...view, at, properties: { a: 1, b: 2 } },
      { ...view, at, properties: { b: 2, a: 1 } },
      { ...view, at, properties: { a: 2 } },
      view,
      view,
    ]
    expect((await ask('POST', path, { body })).body).toEqual({ accepted: 4, duplicates: 1 })
  })

  test('of the future happened now', async () => {
    const { ask, world } = anApiWithWorld()
    await ask('POST', path, { body: { ...view, at: minutesAfter(60).toISOString() } })
    expect(world.leadOf('ws_acme', email)?.activities[0]?.at).toEqual(world.clock.now)
  })

  test('are kept apart by workspace', async () => {
    const { ask, world } = anApiWithWorld()
    const body = { ...view, id: 'a' }
    await ask('POST', path, { body })
    const other = await ask('POST', path, { body, key: keys.other })
    expect(other.body).toEqual({ accepted: 1, duplicates: 0 })
    expect(world.leadOf('ws_other', email)?.activities).toHaveLength(1)
  })

  test.each([
    ['an unknown type', { type: 'page view' }, '/7/type'],
    ['a missing type', { type: undefined }, '/7/type'],
    ['no address', { email: 'maria' }, '/7/email'],
    ['no moment', { at: 'yesterday' }, '/7/at'],
    ['properties that are too large', { properties: { a: 'x'.repeat(17_000) } }, '/7/properties'],
    ['no properties', { properties: [] }, '/7/properties'],
  ])('are all refused where one has %s', async (_, wrong, pointer) => {
    const { ask, world } = anApiWithWorld()
    const body = Array.from({ length: 9 }, (__, index) =>
      index === 7 ? { ...view, ...wrong } : view,
    )
    const answer = await ask('POST', path, { body })
    expect(answer.status).toBe(422)
    expect(answer.body.errors.map((fault: { pointer: string }) => fault.pointer)).toEqual([pointer])
    expect(world.leadOf('ws_acme', email)).toBeUndefined()
  })

  test('are refused with a pointer where there is one only, none, or too many', async () => {
    const { ask } = anApiWithWorld()
    const one = await ask('POST', path, { body: { email } })
    expect(one.body.errors).toEqual([{ pointer: '/type', detail: 'is required' }])
    const many = await ask('POST', path, { body: Array(1_001).fill(view) })
    expect(many).toMatchObject({ status: 422, body: { errors: [{ pointer: '' }] } })
    expect((await ask('POST', path, { body: [] })).status).toBe(422)
    expect((await ask('POST', path, { body: Array(1_000).fill(view) })).status).toBe(202)
  })

  test('are taken from nobody without a key', async () => {
    const { ask } = anApiWithWorld()
    expect((await ask('POST', path, { body: view, key: null })).status).toBe(401)
  })

  test('are told of in the document', async () => {
    const { ask } = anApiWithWorld()
    const { body } = await ask('GET', '/api/v1/openapi.json')
    expect(body.components.schemas.NewActivities).toMatchObject({
      type: ['object', 'array'],
      required: ['email', 'type'],
      items: { required: ['email', 'type'] },
      maxItems: 1_000,
    })
  })
})
