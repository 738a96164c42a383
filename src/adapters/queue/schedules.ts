import type { Schedule } from '../../domain/bulletin.ts'
import type { SomeQueue } from './backend.ts'

/** More than there are zones. */
const mostSchedulers = 1_000

/**
 * Has the schedulers of a queue be these: what is missing or was changed is made anew, what is not
 * wanted any more is removed. One that is as it should be is let be, since making it anew would
 * forget a job of it that is due just now.
 */
export async function keepSchedules(
  queue: Pick<SomeQueue, 'getJobSchedulers' | 'upsertJobScheduler' | 'removeJobScheduler'>,
  wanted: readonly Schedule[],
  job: { name: string; opts: object },
): Promise<void> {
  const known = await queue.getJobSchedulers(0, mostSchedulers)
  const isKept = ({ id, pattern, timezone }: Schedule): boolean =>
    known.some((one) => one.key === id && one.pattern === pattern && one.tz === timezone)
  for (const schedule of wanted.filter((one) => !isKept(one))) {
    const { id, pattern, timezone: tz } = schedule
    await queue.upsertJobScheduler(id, { pattern, tz }, job)
  }
  for (const { key } of known.filter((one) => wanted.every(({ id }) => id !== one.key))) {
    await queue.removeJobScheduler(key)
  }
}
