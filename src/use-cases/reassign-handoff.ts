import type { Agreement } from '../domain/agreement.ts'
import { calendarDateIn } from '../domain/business-time.ts'
import { reassign as decide, giveBack as decideGiveBack } from '../domain/decide/reassign.ts'
import { type Duty, dutyOf } from '../domain/duty.ts'
import type { Member, Person } from '../domain/person.ts'
import { act, actAfterLooking, type Result, type Target } from './act.ts'
import type { World } from './ports/world.ts'

/** The lead gets another owner: passed on, or taken over where `to` and `by` are the same. */
export function reassignHandoff(
  world: World,
  target: Target & { by: Member },
  { to }: { to: Member },
): Promise<Result> {
  return actAfterLooking(world, target, async ({ handoff, inForce }, context, as) => {
    const { person, role } = as(to)
    const duty = await dutyNow(world, target.workspaceId, inForce, person)
    return decide(handoff, { person, role, duty }, as(target.by), context)
  })
}

/** The owner gives the lead back to everyone. */
export function giveBack(world: World, target: Target & { by: Member }): Promise<Result> {
  return act(world, target, (handoff, context, as) =>
    decideGiveBack(handoff, as(target.by), context),
  )
}

/** Whether somebody is there now and has room for another lead. */
export async function dutyNow(
  world: World,
  workspaceId: string,
  inForce: Agreement,
  { id, email }: Pick<Person, 'id' | 'email'>,
): Promise<Duty> {
  const day = calendarDateIn(world.now(), inForce.calendar.timezone)
  const [open, offDuty] = await Promise.all([
    world.handoffs.openOf(workspaceId, id),
    world.members.offDuty(workspaceId),
  ])
  return dutyOf(inForce, email, { day, open, away: offDuty.has(id) })
}
