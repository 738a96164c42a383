import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { Redis } from 'ioredis'
import { inject, type TestContext } from 'vitest'

export type FreshRedis = {
  readonly url: string
  /** Removes every key of this one: what an operator's FLUSHALL does to us. */
  flush(): Promise<void>
}

export type PrivateRedis = FreshRedis & {
  /** Has every command wait for so long, as a Redis does that is busy. */
  pause(ms: number): Promise<void>
  /** Ends the process at once, as a crash does; nothing is kept. */
  stop(): Promise<void>
  /** Starts it again on the same port, empty. */
  start(): Promise<void>
}

const databases = 1_000

export const redisIsInstalled = (): boolean =>
  spawnSync('redis-server', ['--version'], { stdio: 'ignore' }).status === 0

/** For `beforeEach`: skips with a reason where this machine has no Redis. */
export function needsRedis({ skip }: TestContext) {
  skip(inject('redisUrl') === '', 'redis-server is not installed on this machine')
}

/** A numbered database of its own in the Redis of this test run. */
export async function freshRedis(): Promise<FreshRedis> {
  const server = inject('redisUrl')
  const number = await using(server, (redis) => redis.incr('next database'))
  const url = `${server}/${1 + (number % (databases - 1))}`
  return {
    url,
    flush: () => using(url, async (redis) => void (await redis.flushdb())),
  }
}

/** A Redis of its own, for tests that stop or starve it. */
export async function startRedis(...settings: string[]): Promise<PrivateRedis> {
  const port = await freePort()
  const url = `redis://127.0.0.1:${port}`
  let server: ChildProcess | undefined
  const start = async () => {
    server = spawn(
      'redis-server',
      [
        ...['--port', String(port), '--bind', '127.0.0.1', '--databases', String(databases)],
        ...['--save', '', '--appendonly', 'no', '--maxmemory-policy', 'noeviction'],
        ...['--dir', tmpdir(), ...settings],
      ],
      { stdio: 'ignore' },
    )
    await using(url, (redis) => redis.ping())
  }
  await start()
  return {
    url,
    start,
    flush: () => using(url, async (redis) => void (await redis.flushall())),
    pause: (ms) => pause(url, ms),
    stop: async () => {
      if (!server || server.exitCode !== null || server.signalCode !== null) return
      const exit = once(server, 'exit')
      server.kill('SIGKILL')
      await exit
    },
  }
}

const pause = (url: string, ms: number): Promise<void> =>
  using(url, async (redis) => void (await redis.client('PAUSE', Math.ceil(ms))))

/** Waits for the server, up to five seconds. */
async function using<T>(url: string, use: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(url, { retryStrategy: () => 20, maxRetriesPerRequest: 250 })
  redis.on('error', () => {})
  try {
    return await use(redis)
  } finally {
    redis.disconnect()
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  await once(probe, 'close')
  if (typeof address !== 'object' || !address) throw new Error('no free port')
  return address.port
}
