import { setTimeout as sleep } from 'node:timers/promises'
import type { Job } from 'bullmq'
import type { Logger } from 'pino'
import { z } from 'zod'
import type { Schedule } from '../../domain/bulletin.ts'
import { deadlineKinds } from '../../domain/handoff.ts'
import type { Overdue, Queue, Stream, WakeUp } from '../../use-cases/ports/delivery.ts'
import type { QueueBackend } from './backend.ts'
import { createBuffer } from './buffer.ts'
import { keepSchedules } from './schedules.ts'

const wakeUpJob = z.object({
  workspaceId: z.string(),
  handoffId: z.string(),
  kind: z.enum(deadlineKinds),
  at: z.coerce.date(),
})
const streamJob = z.object({ workspaceId: z.string(), stream: z.string() })

/** What the jobs do. */
export interface Handlers {
  wake(wakeUp: WakeUp): Promise<void>
  deliver(stream: Stream): Promise<void>
  /** One of the schedules is due. */
  scheduled?(): Promise<void>
}

export interface RunningQueue extends Queue {
  /** Starts the workers and the sweep (of a process that does the work). */
  work(handlers: Handlers): Promise<void>
  /** Has these schedules, and no others, come due; repeating it does no harm. */
  schedule(wanted: readonly Schedule[]): Promise<void>
  /** Whether the queue answers, within two seconds. */
  ready(): Promise<boolean>
  /** Lets jobs in progress finish, then closes every connection. */
  stop(): Promise<void>
}

const sweepEvery30s = 30_000
/**
 * A timer gets its job when it is near; before that the row is enough. So the queue holds minutes
 * of work, not months, and a queue that lost everything is whole again after one sweep.
 */
const horizonMs = 3 * sweepEvery30s
const timersPerSweep = 20_000

/** A finished job would block its id; a failed one is found again by the sweep. */
const jobOptions = {
  removeOnComplete: true,
  removeOnFail: true,
  attempts: 3,
  backoff: { type: 'exponential', delay: 500 },
}
/** BullMQ gives a job up at its second stall; here it is only a wake-up, and may stall all day. */
const workerOptions = { maxStalledCount: 1_000, autorun: false }

/** The jobs of schedules come among those of channels. */
const scheduledJob = { name: 'scheduled', opts: jobOptions }

type StreamAt = Stream & { at: Date | undefined }

const timerJobId = ({ handoffId, kind, at }: WakeUp): string =>
  `wake_${handoffId}_${kind}_${at.getTime()}`

/** Job ids may hold no colon, and names of channels anything. */
const streamJobId = ({ workspaceId, stream, at }: StreamAt): string =>
  `say_${workspaceId}_${Buffer.from(stream).toString('base64url')}_${at?.getTime() ?? 'now'}`

const untilThen = (at: Date): number => Math.max(0, at.getTime() - Date.now())

export function createQueue({
  backend,
  overdue,
  log,
  sweepEveryMs = sweepEvery30s,
}: {
  backend: QueueBackend
  overdue: Overdue
  log: Logger
  sweepEveryMs?: number
}): RunningQueue {
  const timers = backend.queue('baton-timers')
  const deliveries = backend.queue('baton-deliveries')
  const workers: { close(): Promise<void> }[] = []
  let sweeping: NodeJS.Timeout | undefined
  for (const queue of [timers, deliveries]) {
    queue.on('error', (error) => log.warn({ err: error }, 'the queue does not answer'))
  }

  const timerJobs = createBuffer<WakeUp>({
    keyOf: timerJobId,
    write: (wakeUps) =>
      timers.addBulk(
        wakeUps.map((wakeUp) => ({
          name: 'wake',
          data: wakeUp,
          opts: { ...jobOptions, jobId: timerJobId(wakeUp), delay: untilThen(wakeUp.at) },
        })),
      ),
    log,
  })
  const streamJobs = createBuffer<StreamAt>({
    keyOf: streamJobId,
    write: (streams) =>
      deliveries.addBulk(
        streams.map(({ at, ...stream }) => ({
          name: 'deliver',
          data: stream,
          // a job for now has no id: one that is at work just now must not swallow it
          opts:
            at === undefined
              ? jobOptions
              : { ...jobOptions, jobId: streamJobId({ ...stream, at }), delay: untilThen(at) },
        })),
      ),
    log,
  })

  /** Finds what is due, or nearly so, whatever became of its job. Repeating it does no harm. */
  const sweep = async (): Promise<void> => {
    const now = Date.now()
    timerJobs.add(await overdue.wakeUps(new Date(now + horizonMs), timersPerSweep))
    // one job for a channel and sweep, however many processes sweep
    const at = new Date(now - (now % sweepEveryMs))
    const streams = await overdue.streams(new Date(now))
    streamJobs.add(streams.map((stream) => ({ ...stream, at })))
  }
  const sweepSafely = (): Promise<void> =>
    sweep().catch((error: unknown) =>
      log.warn({ err: error }, 'the sweep failed, the next will do'),
    )

  return {
    wake(wakeUps) {
      const horizon = Date.now() + horizonMs
      timerJobs.add(wakeUps.filter(({ at }) => at.getTime() < horizon))
    },

    deliver(streams, at) {
      if (at !== undefined && at.getTime() > Date.now() + horizonMs) return
      streamJobs.add(streams.map((stream) => ({ ...stream, at })))
    },

    async work(handlers) {
      const timerWorker = backend.worker(
        'baton-timers',
        async (job: Job<unknown>) => {
          const wakeUp = wakeUpJob.parse(job.data)
          // two clocks may differ a little, and a timer is never early
          const early = wakeUp.at.getTime() - Date.now()
          if (early > 0) await sleep(early)
          await handlers.wake(wakeUp)
        },
        { ...workerOptions, concurrency: 50 },
      )
      const deliveryWorker = backend.worker(
        'baton-deliveries',
        async (job: Job<unknown>) =>
          job.name === scheduledJob.name
            ? handlers.scheduled?.()
            : handlers.deliver(streamJob.parse(job.data)),
        { ...workerOptions, concurrency: 50 },
      )
      for (const worker of [timerWorker, deliveryWorker]) {
        worker.on('error', (error) => log.warn({ err: error }, 'the queue does not answer'))
        worker.on('failed', (job, error) => log.warn({ err: error, job: job?.id }, 'a job failed'))
        worker.run().catch((error: unknown) => log.error({ err: error }, 'a worker ended'))
        workers.push(worker)
      }
      await sweepSafely()
      sweeping = setInterval(sweepSafely, sweepEveryMs)
    },

    schedule: (wanted) => keepSchedules(deliveries, wanted, scheduledJob),

    async ready() {
      const answered = Promise.resolve(timers.getJobCounts('active')).then(
        () => true,
        () => false,
      )
      return Promise.race([answered, sleep(2_000, false)])
    },

    async stop() {
      clearInterval(sweeping)
      await Promise.all(workers.map((worker) => worker.close()))
      await Promise.race([Promise.all([timerJobs.flushed(), streamJobs.flushed()]), sleep(1_000)])
      await Promise.all([timers.close(), deliveries.close()])
      await backend.close()
    },
  }
}
