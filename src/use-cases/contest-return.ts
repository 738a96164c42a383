import { contestReturn as decide } from '../domain/decide/contest-return.ts'
import type { Member } from '../domain/person.ts'
import { actAfterLooking, type Result, type Target } from './act.ts'
import type { World } from './ports/world.ts'
import { colleagues } from './standing.ts'

/** The roles of those who may rule on a contested return. */
export const judging = ['sales_manager', 'marketing_manager', 'admin'] as const

/** Marketing reads a return differently, and asks the managers to rule on it. */
export function contestReturn(
  world: World,
  target: Target & { by: Member },
  { why }: { why: string | undefined },
): Promise<Result> {
  return actAfterLooking(world, target, async ({ handoff, inForce }, context, as) => {
    const judges = await colleagues(world, target.workspaceId, inForce, judging)
    return decide(handoff, { why, judges }, as(target.by), context)
  })
}
