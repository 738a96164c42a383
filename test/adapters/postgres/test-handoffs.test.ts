import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { connect, type Database } from '../../../src/adapters/postgres/client.ts'
import { createTestHandoffs } from '../../../src/adapters/postgres/test-handoffs.ts'
import { newTest, type TestHandoff } from '../../../src/domain/test-handoff.ts'
import type { TestHandoffs } from '../../../src/use-cases/ports/test-handoffs.ts'
import { anAgreement, fixedNow, minutesAfter } from '../../support/builders.ts'
import { type FreshDatabase, freshDatabase } from '../../support/database.ts'

let fresh: FreshDatabase
let database: Database
let tests: TestHandoffs
const ws = 'T0ACME'
const minute = 60_000

beforeAll(async () => {
  fresh = await freshDatabase()
  database = connect(fresh.url, { max: 5 })
  tests = createTestHandoffs(database)
})
afterEach(() => database.pool.query('delete from test_handoffs'))
afterAll(async () => {
  await database.close()
  await fresh.drop()
})

function aTest(id = 'hof_test1', workspaceId = ws): TestHandoff {
  const made = newTest(anAgreement(), { id, workspaceId, agreementVersion: 1 }, fixedNow)
  if (made === undefined) throw new Error('the agreement has lead types')
  return made
}
const said = (byId: string, at = minutesAfter(1)) => ({ kind: 'accepted' as const, byId, at })

test('a workspace has one at a time, read as it was written', async () => {
  const many = ['hof_test1', 'hof_test2', 'hof_test3'].map((id) => tests.add(aTest(id)))
  expect((await Promise.all(many)).filter((added) => added)).toHaveLength(1)
  expect(await tests.add(aTest('hof_test4', 'T0ELSE'))).toBe(true)
  expect(await tests.find('T0ELSE', 'hof_test4')).toEqual(aTest('hof_test4', 'T0ELSE'))
  expect(await tests.find(ws, 'hof_test4')).toBeUndefined()
})

test('of many who answer at once one does; nobody does once its time is over', async () => {
  const one = aTest()
  await tests.add(one)
  expect(await tests.answer(one, said('per_late', one.removeAt), one.removeAt)).toBeUndefined()
  const answers = ['per_a', 'per_b', 'per_c'].map((id) =>
    tests.answer(one, said(id), minutesAfter(2)),
  )
  const counted = (await Promise.all(answers)).flatMap((answered) => answered ?? [])
  expect(counted).toHaveLength(1)
  expect(await tests.find(ws, one.id)).toEqual(counted[0])
  const place = { channelId: 'C0SQL', ts: '1.2' }
  const { answer = null } = counted[0] ?? {}
  expect(await tests.posted(one, place)).toEqual({
    ...one,
    ...{ answer, place, removeAt: minutesAfter(2) },
  })
})

test('one process at a time removes it; the next may, once the hold is over', async () => {
  const one = aTest()
  await tests.add(one)
  const { removeAt } = one
  expect(await tests.takeDue(ws, new Date(removeAt.getTime() - 1), minute)).toEqual([])
  const takes = [1, 2, 3].map(() => tests.takeDue(ws, removeAt, minute))
  expect((await Promise.all(takes)).flat()).toEqual([one])
  expect(await tests.takeDue(ws, new Date(removeAt.getTime() + minute - 1), minute)).toEqual([])
  expect(await tests.takeDue(ws, new Date(removeAt.getTime() + minute), minute)).toEqual([one])
  await tests.remove({ ...one, id: 'hof_another' })
  expect(await tests.find(ws, one.id)).toEqual(one)
  await tests.remove(one)
  expect(await tests.find(ws, one.id)).toBeUndefined()
})
