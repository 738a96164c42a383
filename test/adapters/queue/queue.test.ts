import { pino } from 'pino'
import { afterEach, describe, expect, inject, test } from 'vitest'
import {
  postgresBackend,
  type QueueBackend,
  redisBackend,
} from '../../../src/adapters/queue/backend.ts'
import { createQueue, type RunningQueue } from '../../../src/adapters/queue/queue.ts'
import type { Overdue, Stream, WakeUp } from '../../../src/use-cases/ports/delivery.ts'
import { eventually } from '../../support/baton.ts'
import { freshDatabase } from '../../support/database.ts'
import { type PrivateRedis, startRedis } from '../../support/redis.ts'

const log = pino({ level: 'silent' })
const sweepEveryMs = 300

/** What the tables hold; a test fills it, and takes out what was done. */
const tables = () => {
  const rows = { wakeUps: new Map<string, WakeUp>(), streams: new Map<string, Stream>() }
  const overdue: Overdue = {
    wakeUps: async (before) => [...rows.wakeUps.values()].filter(({ at }) => at < before),
    streams: async () => [...rows.streams.values()],
  }
  return { rows, overdue }
}

const wakeUp = (handoffId: string, inMs: number): WakeUp => ({
  workspaceId: 'T1',
  handoffId,
  kind: 'accept',
  at: new Date(Date.now() + inMs),
})

const backends: {
  name: string
  make: () => Promise<{ backend: () => QueueBackend; redis?: PrivateRedis; clean(): Promise<void> }>
}[] = [
  {
    name: 'PostgreSQL',
    make: async () => {
      const database = await freshDatabase({ empty: true })
      return { backend: () => postgresBackend(database.url), clean: () => database.drop() }
    },
  },
  {
    name: 'Redis',
    make: async () => {
      const redis = await startRedis()
      return { backend: () => redisBackend(redis.url, log), redis, clean: () => redis.stop() }
    },
  },
]

describe.each(backends)('the queue on $name', ({ name, make }) => {
  const closers: (() => Promise<void>)[] = []
  afterEach(async () => {
    for (let close = closers.pop(); close !== undefined; close = closers.pop()) await close()
  })
  const missing = name === 'Redis' && inject('redisUrl') === ''
  const why = 'redis-server is not installed on this machine'

  /** A queue whose workers note down what they did; several may work on the same backend. */
  async function working(count = 1) {
    const { backend, redis, clean } = await make()
    closers.push(clean)
    const { rows, overdue } = tables()
    const done = {
      woken: [] as { id: string; early: boolean }[],
      delivered: [] as { stream: string; at: Date }[],
      scheduled: 0,
    }
    const start = async (): Promise<RunningQueue> => {
      const queue = createQueue({ backend: backend(), overdue, log, sweepEveryMs })
      closers.push(() => queue.stop())
      await queue.work({
        async wake({ handoffId, at }) {
          done.woken.push({ id: handoffId, early: at.getTime() > Date.now() })
          rows.wakeUps.delete(handoffId)
        },
        async scheduled() {
          done.scheduled += 1
        },
        async deliver({ stream }) {
          done.delivered.push({ stream, at: new Date() })
          rows.streams.delete(stream)
        },
      })
      return queue
    }
    const queues = await Promise.all(Array.from({ length: count }, start))
    const [queue] = queues
    if (queue === undefined) throw new Error('no queue')
    return { queue, rows, done, redis }
  }

  test('wakes at the moment, and not before, however often it is told', async ({ skip }) => {
    skip(missing, why)
    const { queue, rows, done } = await working(3)
    const soon = [wakeUp('hof_a', 300), wakeUp('hof_b', 150), wakeUp('hof_c', 0)]
    for (const one of soon) rows.wakeUps.set(one.handoffId, one)
    queue.wake(soon)
    queue.wake(soon)
    const woken = () => new Set(done.woken.map(({ id }) => id))
    await eventually(() => woken().size === 3 || undefined)
    expect([...woken()].sort()).toEqual(['hof_a', 'hof_b', 'hof_c'])
    expect(done.woken.every(({ early }) => !early)).toBe(true)
  })

  test('delivers at once, or when it is told to', async ({ skip }) => {
    skip(missing, why)
    const { queue, done } = await working()
    const later = new Date(Date.now() + 200)
    queue.deliver([{ workspaceId: 'T1', stream: '#later: ünïcode' }], later)
    queue.deliver([{ workspaceId: 'T1', stream: 'now' }])
    await eventually(() => done.delivered.length === 2 || undefined)
    expect(done.delivered.map(({ stream }) => stream).sort()).toEqual(['#later: ünïcode', 'now'])
    const timed = done.delivered.find(({ stream }) => stream !== 'now')
    expect(timed?.at.getTime()).toBeGreaterThanOrEqual(later.getTime())
  })

  test('finds what it was never told of', async ({ skip }) => {
    skip(missing, why)
    const { rows, done } = await working()
    rows.wakeUps.set('hof_lost', wakeUp('hof_lost', -60_000))
    rows.streams.set('silent', { workspaceId: 'T1', stream: 'silent' })
    await eventually(() => (done.woken.length > 0 && done.delivered.length > 0) || undefined)
    expect(done.woken[0]?.id).toBe('hof_lost')
  })

  test('wakes on schedule, and only on the schedules that are wanted now', async ({ skip }) => {
    skip(missing, why)
    const { queue, done } = await working(2)
    const timezone = 'Europe/Rome'
    const yearly = { id: 'weekly', pattern: '0 9 29 2 *', timezone }
    await queue.schedule([yearly])
    await queue.schedule([yearly])
    expect(done.scheduled).toBe(0)
    const eachSecond = { ...yearly, pattern: '* * * * * *' }
    await queue.schedule([eachSecond])
    await eventually(() => done.scheduled > 0 || undefined)
    await queue.schedule([eachSecond])
    const before = done.scheduled
    await eventually(() => done.scheduled > before || undefined)
    await queue.schedule([])
    expect(done.delivered).toEqual([])
  })

  test('answers whether it is ready', async ({ skip }) => {
    skip(missing, why)
    const { queue } = await working()
    expect(await queue.ready()).toBe(true)
  })

  if (name === 'Redis') {
    test('is whole again after Redis has lost everything', async ({ skip }) => {
      skip(missing, why)
      const { queue, rows, done, redis } = await working()
      const pending = Array.from({ length: 50 }, (_, index) => wakeUp(`hof_${index}`, 1_000))
      for (const one of pending) rows.wakeUps.set(one.handoffId, one)
      queue.wake(pending)
      await redis?.flush()
      await eventually(() => new Set(done.woken.map(({ id }) => id)).size === 50 || undefined)
      expect(done.woken.every(({ early }) => !early)).toBe(true)
    })

    test('has its schedules again at the next look after Redis has lost everything', async ({
      skip,
    }) => {
      skip(missing, why)
      const { queue, done, redis } = await working()
      const wanted = [{ id: 'weekly', pattern: '* * * * * *', timezone: 'Asia/Kolkata' }]
      await queue.schedule(wanted)
      await eventually(() => done.scheduled > 0 || undefined)
      await redis?.flush()
      const before = done.scheduled
      await queue.schedule(wanted)
      await eventually(() => done.scheduled > before + 1 || undefined)
    })

    test('does not hold anybody up while Redis is away, and goes on when it is back', async ({
      skip,
    }) => {
      skip(missing, why)
      const { queue, rows, done, redis } = await working()
      await redis?.stop()
      rows.wakeUps.set('hof_a', wakeUp('hof_a', 0))
      queue.wake([wakeUp('hof_a', 0)])
      queue.deliver([{ workspaceId: 'T1', stream: 'sql' }])
      expect(await queue.ready()).toBe(false)
      await redis?.start()
      await eventually(() => done.woken.length > 0 || undefined)
      expect(await queue.ready()).toBe(true)
    })
  }
})
