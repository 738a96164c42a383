import type { Logger } from 'pino'

export interface Buffer<T> {
  /** Takes items at once and without waiting; they are written together, soon. */
  add(items: T[]): void
  /** When everything that was added has been written or given up. */
  flushed(): Promise<void>
}

export interface BufferOptions<T> {
  /** Items of one key are the same thing, of which the newest is enough. */
  keyOf(item: T): string
  write(items: T[]): Promise<unknown>
  log: Logger
}

/** While the queue is down nothing grows without end: the sweep finds what is dropped here. */
const maxWaiting = 20_000
const maxBatch = 1_000

/** Gathers what comes while a batch is being written, so that many small adds are few round trips. */
export function createBuffer<T>({ keyOf, write, log }: BufferOptions<T>): Buffer<T> {
  const waiting = new Map<string, T>()
  let writing: Promise<void> | undefined

  const nextBatch = (): T[] => {
    const batch = [...waiting.entries()].slice(0, maxBatch)
    for (const [key] of batch) waiting.delete(key)
    return batch.map(([, item]) => item)
  }

  const drain = async (): Promise<void> => {
    while (waiting.size > 0) {
      const batch = nextBatch()
      await write(batch).catch((error: unknown) =>
        log.warn({ err: error, jobs: batch.length }, 'jobs not queued, the sweep will find them'),
      )
    }
    writing = undefined
  }

  return {
    add(items) {
      for (const item of items) {
        if (waiting.size < maxWaiting) waiting.set(keyOf(item), item)
      }
      if (waiting.size > 0) writing ??= Promise.resolve().then(drain)
    },
    flushed: async () => writing,
  }
}
