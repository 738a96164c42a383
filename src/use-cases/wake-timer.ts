import { wake } from '../domain/decide/wake.ts'
import { announce } from './act.ts'
import type { WakeUp, World } from './ports.ts'

/**
 * A timer came round. The row decides whether there is anything to do: a wake-up that comes twice,
 * too early, or for a timer that was met does nothing.
 */
export async function wakeTimer(world: World, wakeUp: Omit<WakeUp, 'at'>): Promise<void> {
  const { workspaceId, handoffId, kind } = wakeUp
  const handoff = await world.handoffs.byId(workspaceId, handoffId)
  if (handoff === undefined) return
  const [agreement, inForce] = await Promise.all([
    world.agreements.version(workspaceId, handoff.agreementVersion),
    world.agreements.inForce(workspaceId),
  ])
  const managers = await Promise.all(
    inForce.agreement.people
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
