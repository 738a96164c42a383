import { setTimeout as sleep } from 'node:timers/promises'
import type { Crm } from '../../use-cases/ports/crm.ts'
import type { TookIn } from '../../use-cases/take-in-contact.ts'
import type { WroteBack } from '../../use-cases/write-back.ts'

/** Looks after the CRMs: reads what they have told of, and brings them up to date. */
export interface CrmSweep {
  /** Looks at once, in place of in a while. */
  nudge(): void
  stop(): Promise<void>
}

export interface CrmSweepOptions {
  crms: readonly Crm[]
  /** Whether there is anything to do for these; one question for all. */
  anythingDue(systems: readonly Crm['system'][], now: Date): Promise<boolean>
  takeIn(crm: Crm): Promise<TookIn>
  writeBack(crms: readonly Crm[]): Promise<WroteBack>
  everyMs: number
  now(): Date
  log: {
    info(about: object, message: string): void
    warn(about: object, message: string): void
  }
}

/** A CRM that did not answer is left alone for that long at least. */
const patienceMs = 2_000
/** How long a stop waits for what is under way. */
const lastLookMs = 1_000

/**
 * Runs until it is stopped, in a row of its own: a CRM that is slow keeps nobody else waiting. One
 * that asks for patience is left alone as a whole, and the other one is not.
 */
export function sweepCrms(options: CrmSweepOptions): CrmSweep {
  const { crms, everyMs, now, log } = options
  const quietUntil = new Map<Crm['system'], number>()
  let stopped = false
  let nudged = false
  let timer: NodeJS.Timeout | undefined
  let wake: (() => void) | undefined

  const speaking = () =>
    crms.filter(({ system }) => (quietUntil.get(system) ?? 0) <= now().getTime())

  const quiet = (system: Crm['system'], { waitMs, error }: { waitMs: number; error: string }) => {
    quietUntil.set(system, now().getTime() + Math.max(waitMs, patienceMs))
    log.warn({ system, waitMs, error }, 'the CRM is tried again later')
  }

  async function readAll(): Promise<void> {
    for (const crm of speaking()) {
      for (let read = 1; read > 0 && !stopped; ) {
        const took = await options.takeIn(crm)
        if ('waitMs' in took) {
          quiet(crm.system, took)
          break
        }
        read = took.read
        const { refused } = took
        if (refused.length > 0) log.warn({ system: crm.system, refused }, 'contacts are no leads')
      }
    }
  }

  async function writeAll(): Promise<void> {
    for (let crms = speaking(); crms.length > 0 && !stopped; crms = speaking()) {
      const wrote = await options.writeBack(crms)
      if (wrote.kind === 'nothing') return
      if (wrote.kind === 'later') quiet(wrote.system, wrote)
      if (wrote.kind === 'parked') {
        const { leadId: lead, error } = wrote
        log.warn({ lead, error }, 'the CRM will not take a change')
      }
    }
  }

  async function lookAfter(): Promise<void> {
    const systems = speaking().map(({ system }) => system)
    if (systems.length === 0 || !(await options.anythingDue(systems, now()))) return
    await readAll()
    await writeAll()
  }

  async function run(): Promise<void> {
    while (!stopped) {
      const failed = (error: unknown) => {
        if (!stopped) log.warn({ err: error }, 'the CRMs are looked after again later')
      }
      nudged = false
      await lookAfter().catch(failed)
      if (stopped || nudged) continue
      await new Promise<void>((resolve) => {
        wake = resolve
        timer = setTimeout(resolve, everyMs)
      })
    }
  }

  const wakeUp = (): void => {
    clearTimeout(timer)
    wake?.()
  }

  const running = run()
  return {
    nudge() {
      nudged = true
      wakeUp()
    },
    async stop() {
      stopped = true
      wakeUp()
      // a CRM that hangs keeps nobody from stopping: what it was about is in the database
      await Promise.race([running, sleep(lastLookMs, undefined, { ref: false })])
    },
  }
}
