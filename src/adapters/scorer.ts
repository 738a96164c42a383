import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Scorer } from '../use-cases/ports/leads.ts'
import type { ScoringRound } from '../use-cases/score-leads.ts'

export interface RunningScorer extends Scorer {
  /** Begins to look (in a process that does the work). */
  work(): void
  /** Looks no more, and waits a moment for the round under way. */
  stop(): Promise<void>
}

/** What comes in within so long of each other is scored together. */
const togetherMs = 200

/** Another process may take activities in, and scores fade by themselves. */
const sweepEvery5s = 5_000

/** What hangs longer than this is left to the next process. */
const lastLookMs = 1_000

/**
 * Scores leads soon after it is told that some are due, and looks every few seconds for those it was
 * not told of. `score` scores one batch of `limit`; a full one is followed by another. A round at a
 * time; whoever tells it meanwhile gets another one.
 */
export function createScorer({
  score,
  limit,
  log,
  sweepEveryMs = sweepEvery5s,
}: {
  score: (limit: number) => Promise<ScoringRound>
  limit: number
  log: Pick<Logger, 'warn' | 'info'>
  sweepEveryMs?: number
}): RunningScorer {
  let looking: Promise<void> | undefined
  let soon: NodeJS.Timeout | undefined
  let sweeping: NodeJS.Timeout | undefined
  let again = false
  let working = false

  /** Whether there may be more. */
  const round = async (): Promise<boolean> => {
    const { taken, handedOver, refused } = await score(limit)
    if (handedOver > 0) log.info({ handedOver }, 'leads crossed the threshold')
    if (refused.length > 0) log.info({ refused }, 'leads crossed the threshold and stay')
    return taken === limit
  }
  const look = async (): Promise<void> => {
    do {
      again = false
      const more = await round().catch((error: unknown) => {
        log.warn({ err: error }, 'leads could not be scored, trying again')
        return false
      })
      again ||= more
    } while (again && working)
    looking = undefined
  }
  const start = (): void => {
    soon = undefined
    again = true
    looking ??= look()
  }
  const due = (): void => {
    if (working) soon ??= setTimeout(start, togetherMs)
  }

  return {
    due,
    work() {
      working = true
      sweeping = setInterval(due, sweepEveryMs)
      due()
    },
    async stop() {
      working = false
      clearTimeout(soon)
      clearInterval(sweeping)
      await Promise.race([looking, sleep(lastLookMs, undefined, { ref: false })])
    },
  }
}
