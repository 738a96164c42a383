import {
  createPostgresBackend,
  type Processor,
  Queue as RedisQueue,
  Worker as RedisWorker,
  type WorkerOptions,
  withBackend,
} from 'bullmq'
import { Redis } from 'ioredis'
import type { Logger } from 'pino'

type SomeWorkerOptions = Omit<WorkerOptions, 'connection'>

/** A scheduler as BullMQ tells of it. */
export interface KnownScheduler {
  key: string
  pattern?: string
  tz?: string
}

/** What is needed of a BullMQ queue, whichever backend holds it. */
export interface SomeQueue {
  addBulk(jobs: { name: string; data: unknown; opts: object }[]): Promise<unknown>
  getJobCounts(state: 'active'): Promise<unknown>
  getJobSchedulers(start: number, end: number): Promise<KnownScheduler[]>
  upsertJobScheduler(
    id: string,
    repeat: { pattern: string; tz: string },
    job: { name: string; opts: object },
  ): Promise<unknown>
  removeJobScheduler(id: string): Promise<unknown>
  on(event: 'error', listener: (error: Error) => void): unknown
  close(): Promise<void>
}

export interface SomeWorker {
  run(): Promise<void>
  close(): Promise<void>
  on(event: 'error', listener: (error: Error) => void): unknown
  on(event: 'failed', listener: (job: { id?: string } | undefined, error: Error) => void): unknown
}

/** BullMQ on Redis, or on PostgreSQL: one code path above it. */
export interface QueueBackend {
  queue(name: string): SomeQueue
  worker(name: string, run: Processor<unknown, void>, options: SomeWorkerOptions): SomeWorker
  close(): Promise<void>
}

/** BullMQ on Redis (or Valkey, Dragonfly) through ioredis. */
export function redisBackend(url: string, log: Logger): QueueBackend {
  const connect = (): Redis => {
    const redis = new Redis(url, {
      // a worker waits for its job for ever; how long to wait for an answer is decided by callers
      maxRetriesPerRequest: null,
      retryStrategy: (times) => Math.min(times * 100, 2_000),
    })
    redis.on('error', (error) => log.debug({ err: error }, 'redis'))
    return redis
  }
  const connections = [connect(), connect()] as const
  const [adding, working] = connections
  void warnOfEviction(adding, log)
  return {
    queue: (name) => new RedisQueue(name, { connection: adding }),
    worker: (name, run, options) => new RedisWorker(name, run, { ...options, connection: working }),
    async close() {
      for (const connection of connections) connection.disconnect()
    },
  }
}

/** A Redis that may evict keys loses jobs; the sweep brings them back, but late. */
async function warnOfEviction(redis: Redis, log: Logger): Promise<void> {
  const memory = await redis.info('memory').catch(() => '')
  const policy = /maxmemory_policy:(\S+)/.exec(memory)?.[1]
  if (policy !== undefined && policy !== 'noeviction') {
    log.warn(`Redis evicts keys (maxmemory-policy ${policy}): set it to noeviction`)
  }
}

/** BullMQ's own PostgreSQL backend, in a schema of its own beside Baton's tables. */
export function postgresBackend(url: string): QueueBackend {
  const { Queue, Worker } = withBackend(createPostgresBackend)
  const connection = { connectionString: url, schema: 'bullmq', migrate: true, max: 6 }
  return {
    queue: (name) => new Queue(name, { connection }),
    worker: (name, run, options) => new Worker(name, run, { ...options, connection }),
    async close() {},
  }
}
