import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { ChannelDoor } from '../use-cases/ports/channels.ts'

export interface ChannelKeeper extends ChannelDoor {
  /** Looks by itself too: Slack may have told nobody. */
  work(): void
  /** Looks no more, and waits a moment for the look that is under way. */
  stop(): Promise<void>
}

const everyMs = 10_000

/** What hangs longer than this at a stop is left to the next process. */
const lastLookMs = 1_000

/** Looks after the channels that take nothing of Baton, a look at a time. */
export function createChannelKeeper({
  look,
  log,
}: {
  look: (isNews: boolean) => Promise<void>
  log: Pick<Logger, 'warn'>
}): ChannelKeeper {
  let looking: Promise<void> | undefined
  let again = false
  let isNews = false
  let stopped = false
  let timer: NodeJS.Timeout | undefined

  const lookOn = async (): Promise<void> => {
    do {
      const hasNews = isNews
      again = false
      isNews = false
      await look(hasNews).catch((error: unknown) =>
        log.warn({ err: error }, 'closed channels could not be looked after, trying again'),
      )
    } while (again && !stopped)
    looking = undefined
  }
  const nudge = (): void => {
    if (stopped) return
    again = true
    looking ??= lookOn()
  }

  return {
    changed() {
      isNews = true
      nudge()
    },
    work() {
      timer = setInterval(nudge, everyMs)
      nudge()
    },
    async stop() {
      stopped = true
      clearInterval(timer)
      await Promise.race([looking, sleep(lastLookMs, undefined, { ref: false })])
    },
  }
}
