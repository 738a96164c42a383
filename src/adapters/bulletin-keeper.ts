import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Schedule } from '../domain/bulletin.ts'

export interface BulletinKeeper {
  /** Something may be due: looks at once. */
  wake(): void
  /** Looks by itself, now and every half minute. */
  work(): void
  /** Tells nothing new, and waits a moment for what is being told. */
  stop(): Promise<void>
}

export interface BulletinKeeperParts {
  /** Plans what is due, and gives the times at which to be woken. */
  plan(): Promise<Schedule[]>
  /** Tells what is planned. */
  send(stopping: AbortSignal): Promise<void>
  /** Has the queue wake at these times. */
  schedule(wanted: readonly Schedule[]): Promise<void>
  log: Pick<Logger, 'debug'>
  everyMs?: number
}

/** What hangs longer than this at a stop is left to the next process. */
const lastLookMs = 2_000

/**
 * Sees to it that bulletins are told in time: woken by the queue, and by a look every half minute
 * that finds what it missed. The look also brings the schedules back to a queue that lost them.
 */
export function createBulletinKeeper(parts: BulletinKeeperParts): BulletinKeeper {
  const { plan, send, schedule, log, everyMs = 30_000 } = parts
  const stopping = new AbortController()
  let timer: NodeJS.Timeout | undefined
  let looking: Promise<void> | undefined
  let isScheduling = false
  let again = false

  /** A queue that is down may leave this without an answer for long, and nothing waits for it. */
  function keepSchedules(wanted: readonly Schedule[]): void {
    if (isScheduling) return
    isScheduling = true
    schedule(wanted)
      .catch((error: unknown) => log.debug({ err: error }, 'schedules are set again'))
      .finally(() => {
        isScheduling = false
      })
  }

  async function look(): Promise<void> {
    do {
      again = false
      try {
        keepSchedules(await plan())
        await send(stopping.signal)
      } catch (error) {
        log.debug({ err: error }, 'bulletins are looked for again')
      }
    } while (again && !stopping.signal.aborted)
  }

  function wake(): void {
    if (stopping.signal.aborted) return
    again = true
    looking ??= look().finally(() => {
      looking = undefined
    })
  }

  return {
    wake,
    work() {
      wake()
      timer = setInterval(wake, everyMs)
    },
    async stop() {
      stopping.abort()
      clearInterval(timer)
      await Promise.race([looking, sleep(lastLookMs, undefined, { ref: false })])
    },
  }
}
