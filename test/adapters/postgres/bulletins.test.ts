import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createBulletins } from '../../../src/adapters/postgres/bulletins.ts'
import { connect, type Database } from '../../../src/adapters/postgres/client.ts'
import { createErasures } from '../../../src/adapters/postgres/erasures.ts'
import { createHandoffs } from '../../../src/adapters/postgres/handoffs.ts'
import { createOutbox } from '../../../src/adapters/postgres/outbox.ts'
import { createWorkspaces } from '../../../src/adapters/postgres/workspaces.ts'
import type { PlannedBulletin } from '../../../src/domain/bulletin.ts'
import type { Bulletins, TakenBulletin } from '../../../src/use-cases/ports/bulletins.ts'
import { aHandoff, aLead, fixedNow } from '../../support/builders.ts'
import { type FreshDatabase, freshDatabase } from '../../support/database.ts'

const workspaceId = 'T0TEST'
const leaseMs = 45_000

let fresh: FreshDatabase
let database: Database
let bulletins: Bulletins
beforeAll(async () => {
  fresh = await freshDatabase()
  database = connect(fresh.url, { max: 8 })
  bulletins = createBulletins(database)
  await createWorkspaces(database).adopt({ id: workspaceId, name: 'Test' })
})
afterAll(async () => {
  await database.close()
  await fresh.drop()
})
beforeEach(() => database.pool.query('delete from bulletins'))

const later = (ms: number): Date => new Date(fixedNow.getTime() + ms)
const digest = (overrides: Partial<PlannedBulletin> = {}): PlannedBulletin => ({
  key: 'digest:2026-11-23:usr_anna',
  kind: 'daily',
  recipient: 'U0ANNA',
  dueAt: fixedNow,
  ...overrides,
})
const taken = async (now = fixedNow): Promise<TakenBulletin> => {
  const bulletin = await bulletins.take(workspaceId, now, leaseMs)
  if (bulletin === undefined) throw new Error('nothing is due')
  return bulletin
}
const stateOf = async (key: string): Promise<unknown> => {
  const { rows } = await database.pool.query(
    'select state, channel_id, ts, tries, uncertain, error from bulletins where key = $1',
    [key],
  )
  return rows[0]
}

describe('bulletins', () => {
  test('are planned once, however many plan them', async () => {
    const plans = await Promise.all(
      Array.from({ length: 6 }, () => bulletins.plan(workspaceId, [digest()])),
    )
    expect(plans.sort()).toEqual([0, 0, 0, 0, 0, 1])
    expect(await bulletins.plan('T0OTHER', [digest()])).toBe(1)
  })

  test('are taken on once, the longest due first, and not before they are due', async () => {
    const others = [
      digest({ key: 'digest:2026-11-23:usr_luca', dueAt: later(-1_000) }),
      digest({ key: 'digest:2026-11-23:usr_late', dueAt: later(1) }),
    ]
    await bulletins.plan(workspaceId, [digest(), ...others])
    expect((await taken()).key).toBe('digest:2026-11-23:usr_luca')
    const looks = await Promise.all(
      Array.from({ length: 5 }, () => bulletins.take(workspaceId, fixedNow, leaseMs)),
    )
    expect(looks.filter((one) => one !== undefined)).toMatchObject([digest()])
  })

  test('are taken over from a process that died, which then changes nothing of them', async () => {
    await bulletins.plan(workspaceId, [digest()])
    const first = await taken()
    expect(await bulletins.take(workspaceId, later(leaseMs - 1), leaseMs)).toBeUndefined()
    const sending = await bulletins.sending(first, [], fixedNow, leaseMs)
    expect(sending).toMatchObject({ uncertain: true, tries: 1 })
    const second = await taken(later(leaseMs))
    expect(second).toMatchObject({ uncertain: true, tries: 1 })
    expect(await bulletins.sending(first, [], later(leaseMs), leaseMs)).toBeUndefined()
    await bulletins.drop(first)
    await bulletins.sent(first, { channelId: 'D1', ts: '1.0' })
    expect(await stateOf(first.key)).toMatchObject({ state: 'pending' })
    await bulletins.sent(second, { channelId: 'D1', ts: '2.0' })
    expect(await stateOf(first.key)).toMatchObject({
      ...{ state: 'sent', channel_id: 'D1', ts: '2.0', uncertain: false },
    })
  })

  test('that can’t be told wait, and keep when they were due', async () => {
    await bulletins.plan(workspaceId, [digest()])
    const why = { error: 'ratelimited', uncertain: false }
    await bulletins.later(await taken(), later(30_000), why)
    expect(await bulletins.take(workspaceId, later(29_999), leaseMs)).toBeUndefined()
    expect(await taken(later(30_000))).toMatchObject({ dueAt: fixedNow, uncertain: false })
  })

  test('are done with when they are dropped or parked, and forgotten a while after', async () => {
    const other = digest({ key: 'digest:2026-11-23:usr_luca' })
    await bulletins.plan(workspaceId, [digest(), other])
    await bulletins.drop(await taken())
    await bulletins.park(await taken(), 'user_not_found')
    expect(await stateOf(other.key)).toMatchObject({ state: 'parked', error: 'user_not_found' })
    expect(await bulletins.take(workspaceId, later(1e9), leaseMs)).toBeUndefined()
    expect(await bulletins.plan(workspaceId, [digest(), other])).toBe(0)
    await bulletins.prune(fixedNow)
    expect(await stateOf(other.key)).toBeDefined()
    await bulletins.prune(later(1))
    expect(await stateOf(other.key)).toBeUndefined()
  })
})

describe('a bulletin that names leads', () => {
  const email = 'gone@example.com'
  beforeEach(() => database.pool.query('truncate leads, handoffs, erasures cascade'))

  const aHandoffOf = async (address: string): Promise<string> => {
    const lead = aLead({ id: `lead ${address}`, email: address })
    const handoff = aHandoff({ workspaceId, id: `of ${address}`, lead })
    const events = [{ type: 'HandedOff' as const, at: fixedNow, by: null, data: {} }]
    const decision = { handoff, events, notices: [], changes: [], redraw: true }
    expect(await createHandoffs(database).commit(null, decision)).toBe('committed')
    return handoff.id
  }
  const erase = () => createErasures(database).erase(workspaceId, { email }, fixedNow)
  const naming = async (...ids: string[]): Promise<TakenBulletin | undefined> => {
    await bulletins.plan(workspaceId, [digest()])
    return bulletins.sending(await taken(), ids, fixedNow, leaseMs)
  }

  test('is not sent when one of them was erased since it was read', async () => {
    const [gone, other] = [await aHandoffOf(email), await aHandoffOf('other@example.com')]
    await erase()
    expect(await naming(gone, other)).toBeUndefined()
    expect(await bulletins.sending(await taken(later(leaseMs)), [other], fixedNow, 1)).toBeDefined()
  })

  test('is deleted where it was sent, and remembered until then', async () => {
    const sending = await naming(await aHandoffOf(email))
    if (sending === undefined) throw new Error('nobody was erased')
    await bulletins.sent(sending, { channelId: 'D1', ts: '1.0' })
    await bulletins.prune(later(1))
    await erase()
    await bulletins.prune(later(1))
    const withdrawn = await taken()
    expect(withdrawn).toMatchObject({ withdrawn: true, posted: { channelId: 'D1', ts: '1.0' } })
    expect(await bulletins.sending(withdrawn, [], fixedNow, leaseMs)).toBeUndefined()
    await bulletins.drop(withdrawn)
    await bulletins.prune(later(1))
    expect(await stateOf(withdrawn.key)).toBeUndefined()
  })

  test('is deleted where it was being sent, as soon as it is known where it stands', async () => {
    const sending = await naming(await aHandoffOf(email))
    if (sending === undefined) throw new Error('nobody was erased')
    await erase()
    expect(await bulletins.take(workspaceId, fixedNow, leaseMs)).toBeUndefined()
    await bulletins.sent(sending, { channelId: 'D1', ts: '2.0' })
    expect(await taken()).toMatchObject({ withdrawn: true, posted: { ts: '2.0' } })
  })

  test('is not sent or is deleted, whichever comes first', async () => {
    for (let round = 0; round < 8; round++) {
      await database.pool.query('truncate leads, handoffs, erasures, bulletins cascade')
      const id = await aHandoffOf(email)
      const [sending] = await Promise.all([naming(id), erase()])
      const { rows } = await database.pool.query('select withdrawn, uncertain from bulletins')
      const isSent = sending !== undefined
      expect(rows).toEqual([{ withdrawn: isSent, uncertain: isSent }])
    }
  })
})

test('what Slack never takes counts among its messages', async () => {
  await database.pool.query('truncate deliveries')
  await bulletins.plan(workspaceId, [digest(), digest({ key: 'digest:2026-11-23:usr_luca' })])
  await bulletins.park(await taken(), 'user_not_found')
  const backlog = { pending: 1, parked: 1, example: 'U0ANNA: user_not_found' }
  expect(await createOutbox(database).backlog()).toEqual(backlog)
})
