import { expect, test } from 'vitest'
import { recordActivities } from '../../src/use-cases/record-activities.ts'
import { fixedNow, minutesAfter } from '../support/builders.ts'
import { createMemoryWorld } from '../support/memory-world.ts'

const ws = 'ws_acme'
const told = { email: 'maria@b.example', key: 'a', type: 'page-view', properties: {} }

test('an activity makes a lead that goes by its address, and has it scored', async () => {
  const world = createMemoryWorld()
  expect(await recordActivities(world, ws, [told])).toEqual({ accepted: 1, duplicates: 0 })
  expect(world.leadOf(ws, told.email)).toMatchObject({
    lead: { name: 'maria' },
    stage: 'lead',
    dueAt: fixedNow,
    activities: [{ type: 'page-view', at: fixedNow }],
  })
  expect(world.scorings).toEqual([fixedNow])
})

test('a lead goes by the name that is told', async () => {
  const world = createMemoryWorld()
  await recordActivities(world, ws, [{ ...told, name: 'Maria Verdi' }])
  expect(world.leadOf(ws, told.email)?.lead.name).toBe('Maria Verdi')
})

test('nothing happens later than it is told', async () => {
  const world = createMemoryWorld()
  await recordActivities(world, ws, [
    { ...told, at: minutesAfter(5) },
    { ...told, key: 'b', at: minutesAfter(-5) },
  ])
  const times = world.leadOf(ws, told.email)?.activities.map(({ at }) => at)
  expect(times).toEqual([fixedNow, minutesAfter(-5)])
})

test('the same key twice is one activity, and wakes nobody the second time', async () => {
  const world = createMemoryWorld()
  expect(await recordActivities(world, ws, [told, told])).toEqual({ accepted: 1, duplicates: 1 })
  expect(await recordActivities(world, ws, [told])).toEqual({ accepted: 0, duplicates: 1 })
  expect(world.scorings).toHaveLength(1)
})
