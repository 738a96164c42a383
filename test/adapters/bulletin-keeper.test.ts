import { pino } from 'pino'
import { afterEach, describe, expect, test } from 'vitest'
import {
  type BulletinKeeper,
  type BulletinKeeperParts,
  createBulletinKeeper,
} from '../../src/adapters/bulletin-keeper.ts'
import type { Schedule } from '../../src/domain/bulletin.ts'
import { eventually } from '../support/baton.ts'

const weekly = (pattern: string): Schedule => ({ id: 'weekly', pattern, timezone: 'Europe/Rome' })

let keeper: BulletinKeeper
afterEach(() => keeper.stop())

/** A keeper that notes down what it does. */
function keeping(overrides: Partial<BulletinKeeperParts> = {}) {
  const did: string[] = []
  const scheduled: (readonly Schedule[])[] = []
  const agreed = { pattern: '0 9 * * 1' }
  keeper = createBulletinKeeper({
    async plan() {
      did.push('plan')
      return [weekly(agreed.pattern)]
    },
    async send() {
      did.push('send')
    },
    async schedule(wanted) {
      scheduled.push(wanted)
    },
    log: pino({ level: 'silent' }),
    everyMs: 20,
    ...overrides,
  })
  return { did, scheduled, agreed }
}

describe('the keeper of bulletins', () => {
  test('plans and tells at once, and again and again', async () => {
    const { did } = keeping()
    keeper.work()
    await eventually(() => did.length >= 6 || undefined)
    expect(did.slice(0, 6)).toEqual(['plan', 'send', 'plan', 'send', 'plan', 'send'])
  })

  test('looks when it is woken', async () => {
    const { did } = keeping({ everyMs: 1e6 })
    keeper.wake()
    await eventually(() => did.length === 2 || undefined)
    keeper.wake()
    await eventually(() => did.length === 4 || undefined)
  })

  test('schedules anew what was agreed on otherwise', async () => {
    const { scheduled, agreed } = keeping()
    keeper.work()
    await eventually(() => scheduled.length > 0 || undefined)
    agreed.pattern = '0 16 * * 5'
    await eventually(() => scheduled.at(-1)?.[0]?.pattern === '0 16 * * 5' || undefined)
  })

  test('tells although the queue does not answer', async () => {
    const { did } = keeping({ schedule: () => new Promise(() => {}) })
    keeper.work()
    await eventually(() => did.length >= 6 || undefined)
  })

  test('looks again after a failure, of the queue too', async () => {
    let failures = 0
    const failing = async (): Promise<never> => {
      failures += 1
      throw new Error('not now')
    }
    const { did } = keeping({ send: failing, schedule: failing })
    keeper.work()
    await eventually(() => failures >= 4 || undefined)
    expect(did.length).toBeGreaterThanOrEqual(2)
  })

  test('tells nothing new once it was stopped', async () => {
    const signals: AbortSignal[] = []
    const { did } = keeping({
      async send(stopping) {
        signals.push(stopping)
      },
    })
    keeper.work()
    await eventually(() => signals.length > 0 || undefined)
    await keeper.stop()
    const before = did.length
    keeper.wake()
    expect(signals[0]?.aborted).toBe(true)
    expect(did).toHaveLength(before)
  })
})
