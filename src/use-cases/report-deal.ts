import { reportDeal as decide, type ReportDeal } from '../domain/decide/report-deal.ts'
import type { Member } from '../domain/person.ts'
import { act, type Result, type Target } from './act.ts'
import type { World } from './ports.ts'

/** Sales, or the CRM, reports what became of a lead; `by` is null where nobody is named. */
export function reportDeal(
  world: World,
  target: Target & { by: Member | null },
  said: ReportDeal,
): Promise<Result> {
  const { by } = target
  return act(world, target, (handoff, context, as) =>
    decide(handoff, said, by === null ? null : as(by), context),
  )
}
