import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { connect, type Database } from '../../../src/adapters/postgres/client.ts'
import { createHomes } from '../../../src/adapters/postgres/homes.ts'
import type { Homes } from '../../../src/use-cases/ports/home.ts'
import { fixedNow, minutesAfter } from '../../support/builders.ts'
import { type FreshDatabase, freshDatabase } from '../../support/database.ts'

const workspaceId = 'T0TEST'
const since = minutesAfter(-60)

let fresh: FreshDatabase
let database: Database
let homes: Homes
beforeAll(async () => {
  fresh = await freshDatabase()
  database = connect(fresh.url, { max: 5 })
  homes = createHomes(database)
  await database.pool.query(`insert into workspaces (id, name) values ('${workspaceId}', 'Test')`)
})
afterAll(async () => {
  await database.close()
  await fresh.drop()
})
beforeEach(() => database.pool.query('delete from homes'))

const take = (now = fixedNow) => homes.take(workspaceId, { now, since, ms: 20_000, limit: 4 })
const later = (ms: number) => new Date(fixedNow.getTime() + ms)
const drawn = async (redrawAt: Date | null = null) => {
  const { homes: taken } = await take()
  for (const home of taken) {
    await homes.drawn(home, { shown: 'hash', freeAt: later(1_000), redrawAt })
  }
}

describe('homes that are open', () => {
  test('are taken on once, however many look', async () => {
    await homes.open(workspaceId, 'U0ANNA', fixedNow)
    const looks = await Promise.all(Array.from({ length: 5 }, () => take()))
    expect(looks.flatMap((look) => look.homes)).toEqual([
      { workspaceId, userId: 'U0ANNA', page: 0, shown: null, stamp: '' },
    ])
  })

  test('are let be while nothing happens', async () => {
    await homes.open(workspaceId, 'U0ANNA', fixedNow)
    await drawn()
    expect(await take(later(2_000))).toEqual({ homes: [], open: 1 })
  })

  test('are drawn again when a deadline passes', async () => {
    await homes.open(workspaceId, 'U0ANNA', fixedNow)
    await drawn(later(5_000))
    expect((await take(later(4_999))).homes).toEqual([])
    expect((await take(later(5_000))).homes).toMatchObject([{ shown: 'hash' }])
  })

  test('are drawn again by another process where one died over it', async () => {
    await homes.open(workspaceId, 'U0ANNA', fixedNow)
    await take()
    expect((await take(later(19_999))).homes).toEqual([])
    expect((await take(later(20_000))).homes).toHaveLength(1)
  })

  test('show the page that was turned to while they were drawn', async () => {
    await homes.open(workspaceId, 'U0ANNA', fixedNow)
    const { homes: taken } = await take()
    await homes.turn(workspaceId, 'U0ANNA', 3)
    for (const home of taken) {
      await homes.drawn(home, { shown: 'hash', freeAt: later(1_000), redrawAt: null })
    }
    expect((await take(later(999))).homes).toEqual([])
    expect((await take(later(1_000))).homes).toMatchObject([{ page: 3 }])
  })

  test('are forgotten an hour after they were opened', async () => {
    await homes.open(workspaceId, 'U0ANNA', minutesAfter(-60))
    expect(await take()).toEqual({ homes: [], open: 0 })
  })

  test('wait as long as Slack asks for', async () => {
    await homes.open(workspaceId, 'U0ANNA', fixedNow)
    const { homes: taken } = await take()
    for (const home of taken) await homes.notDrawn(home, later(30_000))
    expect((await take(later(29_999))).homes).toEqual([])
    expect((await take(later(30_000))).homes).toHaveLength(1)
  })
})
