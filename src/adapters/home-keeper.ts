import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { HomeDoor, Homes, TakenHome } from '../use-cases/ports/home.ts'

export interface HomeKeeper extends HomeDoor {
  /** Looks by itself for homes that other processes have made stale. */
  work(): void
  /** Draws nothing new, and waits a moment for what is being drawn. */
  stop(): Promise<void>
}

export interface HomeKeeperParts {
  homes: Pick<Homes, 'open' | 'turn' | 'take' | 'notDrawn'>
  /** Draws one home; gives what went wrong. */
  draw(home: TakenHome): Promise<string | undefined>
  workspaceId: string
  now(): Date
  log: Pick<Logger, 'warn' | 'debug'>
}

/** Whoever has opened their home before that may have left it long ago. */
const openForMs = 60 * 60_000

/** Longer than the longest call to Slack (10 s). */
const leaseMs = 20_000

/** So many are drawn side by side. */
const atOnce = 4

const openEveryMs = 500
const idleEveryMs = 3_000

/** What hangs longer than this is left to the next process. */
const lastLookMs = 1_000

const againMs = 5_000

/**
 * Keeps open homes up to date: half a second after whatever happened in the workspace at the
 * latest, by whichever process. While nobody has a home open it looks every few seconds only.
 */
export function createHomeKeeper(parts: HomeKeeperParts): HomeKeeper {
  const { homes, draw, workspaceId, now, log } = parts
  let timer: NodeJS.Timeout | undefined
  let looking: Promise<void> | undefined
  let again = false
  let works = false
  let stopped = false
  let open = 0
  const own = new Set<Promise<void>>()

  async function take(userId?: string): Promise<number> {
    const at = now()
    const since = new Date(at.getTime() - openForMs)
    const wanted = { now: at, since, ms: leaseMs, limit: atOnce, userId }
    const taken = await homes.take(workspaceId, wanted)
    open = taken.open
    await Promise.all(taken.homes.map(drawn))
    return taken.homes.length
  }

  async function drawn(home: TakenHome): Promise<void> {
    const user = home.userId
    try {
      const error = await draw(home)
      if (error !== undefined) log.warn({ user, error }, 'Slack took no home')
    } catch (error) {
      log.warn({ user, err: error }, 'a home could not be drawn, trying again')
      await homes.notDrawn(home, new Date(now().getTime() + againMs))
    }
  }

  async function look(): Promise<void> {
    do {
      again = false
      try {
        while (!stopped && (await take()) === atOnce) again = false
      } catch (error) {
        log.debug({ err: error }, 'homes are looked for again')
      }
    } while (again && !stopped)
  }

  function nudge(): void {
    if (stopped) return
    again = true
    if (looking !== undefined) return
    clearTimeout(timer)
    looking = look().finally(() => {
      looking = undefined
      if (!works || stopped) return
      timer = setTimeout(nudge, open > 0 ? openEveryMs : idleEveryMs)
    })
  }

  /** The home of one person at once, in whatever process they are answered. */
  function drawOwn(userId: string): void {
    if (stopped) return
    const drawing = take(userId)
      .then(
        () => undefined,
        (error: unknown) => log.debug({ err: error }, 'a home is drawn later'),
      )
      .finally(() => {
        own.delete(drawing)
        // what was held just now is drawn with the next look
        if (works) nudge()
      })
    own.add(drawing)
  }

  return {
    async opened(userId) {
      await homes.open(workspaceId, userId, now())
      drawOwn(userId)
    },
    async turned(userId, page) {
      await homes.turn(workspaceId, userId, page)
      drawOwn(userId)
    },
    acted(userId) {
      homes.turn(workspaceId, userId, undefined).then(
        () => drawOwn(userId),
        (error: unknown) => log.debug({ err: error }, 'a home is drawn later'),
      )
    },
    changed() {
      if (works && open > 0) nudge()
    },
    work() {
      works = true
      nudge()
    },
    async stop() {
      stopped = true
      clearTimeout(timer)
      const last = sleep(lastLookMs, undefined, { ref: false })
      await Promise.race([Promise.all([looking, ...own]), last])
    },
  }
}
