import type { Agreement, Role } from '../domain/agreement.ts'
import { nextInRotation } from '../domain/clocks.ts'
import { type Concerned, wake } from '../domain/decide/wake.ts'
import { type DeadlineKind, deadlineOf, type Handoff } from '../domain/handoff.ts'
import { type Person, personOf } from '../domain/person.ts'
import { announce } from './act.ts'
import type { WakeUp } from './ports/delivery.ts'
import type { World } from './ports/world.ts'
import { shiftFor } from './route-lead.ts'
import { colleagues, marketingLead, standingOf } from './standing.ts'

/**
 * A timer came round. The row decides whether there is anything to do: a wake-up that comes twice,
 * too early, or for a timer that was met does nothing.
 */
export async function wakeTimer(world: World, wakeUp: Omit<WakeUp, 'at'>): Promise<void> {
  const { kind } = wakeUp
  const standing = await standingOf(world, wakeUp)
  if (standing === undefined) return
  const { handoff, agreement, inForce } = standing
  const concerned = await concernedBy(world, handoff, kind, inForce)
  const decision = wake(handoff, kind, concerned, { agreement, now: world.now() })
  if (decision === null) return
  const outcome = await world.handoffs.commit(handoff, decision)
  if (outcome === 'committed') announce(world, decision)
  else await wakeTimer(world, wakeUp)
}

async function concernedBy(
  world: World,
  handoff: Handoff,
  kind: DeadlineKind,
  inForce: Agreement,
): Promise<Concerned> {
  const { workspaceId } = handoff
  const managers = await colleagues(world, workspaceId, inForce, managing(kind))
  const passesOn = passesOnNow(handoff, kind, world.now())
  const next = passesOn ? await nextOnDuty(world, handoff, inForce) : null
  const lead = await marketingLead(world, workspaceId, inForce)
  return {
    managers: managers.map(({ person }) => person.id),
    nextOwner: next,
    marketingLead: lead?.id ?? null,
  }
}

/** Only then somebody has to be found to pass it on to. */
const passesOnNow = (handoff: Handoff, kind: DeadlineKind, now: Date): boolean =>
  deadlineOf(handoff, kind)?.steps.some(
    (step) => step.do === 'escalate' && step.to === 'next_owner' && step.at <= now,
  ) ?? false

/** Whose matter a clock is. */
function managing(kind: DeadlineKind): readonly Role[] {
  switch (kind) {
    case 'ruling':
      return ['sales_manager', 'marketing_manager']
    case 'return-answer':
      return ['marketing_manager']
    default:
      return ['sales_manager']
  }
}

/** The first in the rotation after the present owner who is there, at work now, and has room. */
async function nextOnDuty(
  world: World,
  { workspaceId, leadType, owner }: Handoff,
  inForce: Agreement,
): Promise<Person | null> {
  for (const email of nextInRotation(inForce, leadType, owner?.email ?? null)) {
    const member = await world.members.byEmail(workspaceId, email)
    const shift = await shiftFor(world, workspaceId, inForce, member, leadType)
    if (shift === 'cannot-sell') continue
    if (shift.duty.free && shift.from <= world.now()) return personOf(member)
  }
  return null
}
