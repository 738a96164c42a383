import type { Logger } from 'pino'

export interface Buffer<T> {
  /** Takes items at once and without waiting; they are written together, soon. */
  add(items: T[]): void
  /** When everything that was added has been written or given up. */
  flushed(): Promise<void>
}

/** While the queue is down nothing grows without end: the sweep finds what is dropped here. */
const maxWaiting = 20_000
const maxBatch = 1_000

/** Gathers what comes while a batch is being written, so that many small adds are few round trips. */
export function createBuffer<T>(write: (items: T[]) => Promise<unknown>, log: Logger): Buffer<T> {
  let waiting: T[] = []
  let writing: Promise<void> | undefined

  const drain = async (): Promise<void> => {
    while (waiting.length > 0) {
      const batch = waiting.splice(0, maxBatch)
      await write(batch).catch((error: unknown) =>
        log.warn({ err: error, jobs: batch.length }, 'jobs not queued, the sweep will find them'),
      )
    }
    writing = undefined
  }

  return {
    add(items) {
      if (items.length === 0) return
      waiting = [...waiting, ...items].slice(-maxWaiting)
      writing ??= Promise.resolve().then(drain)
    },
    flushed: async () => writing,
  }
}
