import { reportDeal as decide, type ReportDeal } from '../domain/decide/report-deal.ts'
import type { Member } from '../domain/person.ts'
import { actAfterLooking, type Result, type Target } from './act.ts'
import type { World } from './ports/world.ts'

/** Sales, or the CRM, reports what became of a lead; `by` is null where nobody is named. */
export function reportDeal(
  world: World,
  target: Target & { by: Member | null },
  said: Omit<ReportDeal, 'followed'>,
): Promise<Result> {
  const { by, workspaceId } = target
  return actAfterLooking(world, target, async ({ handoff }, context, as) => {
    const last = await world.handoffs.lastOfLead(workspaceId, handoff.lead.email)
    const followed = last !== undefined && last.id !== handoff.id
    return decide(handoff, { ...said, followed }, by === null ? null : as(by), context)
  })
}
