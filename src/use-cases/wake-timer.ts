import { nextInRotation } from '../domain/clocks.ts'
import { wake } from '../domain/decide/wake.ts'
import { personOf } from '../domain/person.ts'
import { announce } from './act.ts'
import type { WakeUp, World } from './ports.ts'
import { standingOf } from './standing.ts'

/**
 * A timer came round. The row decides whether there is anything to do: a wake-up that comes twice,
 * too early, or for a timer that was met does nothing.
 */
export async function wakeTimer(world: World, wakeUp: Omit<WakeUp, 'at'>): Promise<void> {
  const { workspaceId, kind } = wakeUp
  const standing = await standingOf(world, wakeUp)
  if (standing === undefined) return
  const { handoff, agreement, inForce } = standing
  const managing = kind === 'return-answer' ? 'marketing_manager' : 'sales_manager'
  const byEmail = (email: string) => world.members.byEmail(workspaceId, email)
  const managers = await Promise.all(
    inForce.people.filter(({ role }) => role === managing).map(({ email }) => byEmail(email)),
  )
  const next = nextInRotation(inForce, handoff.leadType, handoff.owner?.email ?? null)
  const concerned = {
    managers: managers.map((manager) => manager.id),
    nextOwner: next === undefined ? null : personOf(await byEmail(next)),
  }
  const decision = wake(handoff, kind, concerned, { agreement, now: world.now() })
  if (decision === null) return
  const outcome = await world.handoffs.commit(handoff, decision)
  if (outcome === 'committed') announce(world, decision)
  else await wakeTimer(world, wakeUp)
}
