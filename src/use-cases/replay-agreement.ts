import type { Agreement } from '../domain/agreement.ts'
import { outcomeUnder, type Replay, replayTally } from '../domain/replay.ts'
import type { Agreements } from './ports/agreements.ts'
import type { PastHandoffs } from './ports/handoffs.ts'

export interface ReplayRequest {
  workspaceId: string
  /** What is proposed. */
  agreement: Agreement
  /** Handoffs made from then on. */
  since: Date
  now: Date
  /** Told after each page how many of how many are done. */
  onProgress?: (done: number, of: number) => void
}

/**
 * Runs an agreement over past handoffs, beside the version that each was made under. Nothing is
 * changed by it.
 */
export async function replayAgreement(
  world: { past: PastHandoffs; agreements: Pick<Agreements, 'version'> },
  { workspaceId, agreement, since, now, onProgress }: ReplayRequest,
): Promise<Replay> {
  const tally = replayTally()
  const of = await world.past.count(workspaceId, since)
  let done = 0
  for await (const page of world.past.pages(workspaceId, since)) {
    for (const past of page) {
      const own = await world.agreements.version(workspaceId, past.agreementVersion)
      tally.add(past, outcomeUnder(past, own, now), outcomeUnder(past, agreement, now))
    }
    done += page.length
    onProgress?.(done, Math.max(of, done))
  }
  return tally.result()
}
