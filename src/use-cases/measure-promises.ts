import { type AgreedPromise, type Agreement, type Side, sides } from '../domain/agreement.ts'
import {
  measurePromise,
  type Period,
  type PromiseFigures,
  samePromise,
} from '../domain/promises.ts'
import type { World } from './ports/world.ts'

export interface MeasuredPromise {
  side: Side
  promise: AgreedPromise
  figures: PromiseFigures
}

/**
 * The promises of the agreement in force, in its order, with how well each was kept in a period.
 * A handoff counts by the version that it was made under: by what that version promised about the
 * same thing, or not at all where it promised nothing.
 */
export async function measurePromises(
  { agreements, promiseRecords }: Pick<World, 'agreements' | 'promiseRecords'>,
  workspaceId: string,
  period: Period,
): Promise<MeasuredPromise[]> {
  const { agreement } = await agreements.inForce(workspaceId)
  if (sides.every((side) => agreement.promises[side].length === 0)) return []
  const facts = await promiseRecords.factsOf(workspaceId, period)
  const versions = new Set([...facts.handoffs, ...facts.deadlines].map(({ version }) => version))
  const agreedIn = new Map<number, Agreement>()
  for (const version of versions) {
    agreedIn.set(version, await agreements.version(workspaceId, version))
  }
  return sides.flatMap((side) =>
    agreement.promises[side].map((promise) => ({
      side,
      promise,
      figures: measurePromise(promise, facts, (version) => {
        const then = agreedIn.get(version)
        return then && samePromise(promise, side, { from: agreement, to: then })
      }),
    })),
  )
}
