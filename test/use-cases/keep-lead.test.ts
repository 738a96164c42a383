import { describe, expect, test } from 'vitest'
import { handOffLead } from '../../src/use-cases/hand-off-lead.ts'
import { keepNews } from '../../src/use-cases/keep-lead.ts'
import { createMemoryWorld } from '../support/memory-world.ts'

const ws = 'ws_acme'
const email = 'maria@b.example'

const handedOver = async () => {
  const world = createMemoryWorld()
  await handOffLead(world, {
    ...{ workspaceId: ws, lead: { email, name: 'Maria' }, reason: 'Asked for a quote' },
    ...{ priority: 'hot', owner: undefined, by: null, whatChanged: undefined },
  })
  return world
}

describe('news of a lead', () => {
  test('make it, change it, and have it scored', async () => {
    const world = createMemoryWorld()
    expect(await keepNews(world, ws, { email, name: 'Maria' })).toEqual({
      kind: 'kept',
      created: true,
    })
    expect(await keepNews(world, ws, { email, title: 'Owner' })).toEqual({
      kind: 'kept',
      created: false,
    })
    expect(world.leadOf(ws, email)).toMatchObject({
      lead: { name: 'Maria', title: 'Owner' },
      stage: 'lead',
    })
    expect(world.scorings).toHaveLength(2)
  })

  test('need a name where the lead is new', async () => {
    const world = createMemoryWorld()
    expect(await keepNews(world, ws, { email })).toEqual({ kind: 'name-needed' })
    expect(world.scorings).toEqual([])
  })

  test('move it only where the agreement lets it', async () => {
    const world = createMemoryWorld()
    await keepNews(world, ws, { email, name: 'Maria', lifecycleStage: 'mql' })
    expect(await keepNews(world, ws, { email, lifecycleStage: 'customer' })).toMatchObject({
      kind: 'refused',
      refusal: { code: 'stage-not-allowed', from: 'mql', to: 'customer' },
    })
  })

  test('leave its stage alone while sales has it', async () => {
    const world = await handedOver()
    expect(await keepNews(world, ws, { email, lifecycleStage: 'mql' })).toMatchObject({
      kind: 'refused',
      refusal: { code: 'already-open' },
    })
    expect(await keepNews(world, ws, { email, lifecycleStage: 'sql' })).toMatchObject({
      kind: 'kept',
    })
    expect(await keepNews(world, ws, { email, phone: '1' })).toMatchObject({ kind: 'kept' })
    expect(world.leadOf(ws, email)).toMatchObject({ stage: 'sql', lead: { phone: '1' } })
  })
})
