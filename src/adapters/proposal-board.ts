import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { ProposalBoard } from '../use-cases/ports/agreements.ts'

export interface RunningBoard extends ProposalBoard {
  /** Looks no more, and waits a moment for what is being shown. */
  stop(): Promise<void>
}

/** The command line proposes too, in a process that does not speak in Slack. */
const everyMs = 5_000

/** What hangs longer than this is left to the next process. */
const lastLookMs = 1_000

/**
 * Shows proposals as soon as it is told of one, and looks every few seconds for those it was not
 * told of. A look at a time; whoever tells it meanwhile gets another one.
 */
export function createProposalBoard({
  show,
  log,
}: {
  show: () => Promise<void>
  log: Pick<Logger, 'warn'>
}): RunningBoard {
  let looking: Promise<void> | undefined
  let again = false
  let stopped = false

  const look = async (): Promise<void> => {
    do {
      again = false
      await show().catch((error: unknown) =>
        log.warn({ err: error }, 'proposals could not be shown, trying again'),
      )
    } while (again && !stopped)
    looking = undefined
  }
  const redraw = (): void => {
    if (stopped) return
    again = true
    looking ??= look()
  }

  const sweep = setInterval(redraw, everyMs)
  redraw()
  return {
    redraw,
    async stop() {
      stopped = true
      clearInterval(sweep)
      await Promise.race([looking, sleep(lastLookMs, undefined, { ref: false })])
    },
  }
}
