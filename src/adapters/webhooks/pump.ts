/** Looks again and again whether there is something to send. */
export interface Pump {
  /** Takes on nothing new, waits a moment for what is under way, and then calls it off. */
  stop(): Promise<void>
}

export interface PumpOptions {
  /** One run, until nothing is left; `more` says that another could find work beside it. */
  run(signals: { stopping: AbortSignal; stop: AbortSignal; more(): void }): Promise<void>
  /** So many runs at once at most: a slow endpoint keeps one of them. */
  lanes: number
  everyMs: number
  /** How long what is under way is waited for at a stop. */
  graceMs: number
  failed(error: unknown): void
}

export function startPump({ run, lanes, everyMs, graceMs, failed }: PumpOptions): Pump {
  const stopping = new AbortController()
  const stop = new AbortController()
  const running = new Set<Promise<void>>()

  function start(): void {
    if (running.size >= lanes || stopping.signal.aborted) return
    const lane = run({ stopping: stopping.signal, stop: stop.signal, more: start })
      .catch((error: unknown) => {
        if (!stop.signal.aborted) failed(error)
      })
      .finally(() => running.delete(lane))
    running.add(lane)
  }

  start()
  const timer = setInterval(start, everyMs)
  return {
    async stop() {
      clearInterval(timer)
      stopping.abort()
      const late = setTimeout(() => stop.abort(), graceMs)
      await Promise.all(running)
      clearTimeout(late)
    },
  }
}
