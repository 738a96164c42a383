import { wake } from '../domain/decide/wake.ts'
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
  const managers = await Promise.all(
    inForce.people
      .filter(
        ({ role }) => role === (kind === 'return-answer' ? 'marketing_manager' : 'sales_manager'),
      )
      .map(({ email }) => world.members.byEmail(workspaceId, email)),
  )
  const concerned = { managers: managers.map((manager) => manager.id) }
  const decision = wake(handoff, kind, concerned, { agreement, now: world.now() })
  if (decision === null) return
  const outcome = await world.handoffs.commit(handoff, decision)
  if (outcome === 'committed') announce(world, decision)
  else await wakeTimer(world, wakeUp)
}
