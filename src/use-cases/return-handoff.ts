import { type Return, returnLead } from '../domain/decide/return.ts'
import type { Member } from '../domain/person.ts'
import { act, type Result, type Target } from './act.ts'
import type { World } from './ports.ts'

/** Sales gives a lead back, with a reason out of the agreement. */
export function returnHandoff(
  world: World,
  target: Target & { by: Member },
  said: Return,
): Promise<Result> {
  return act(world, target, (handoff, context, as) =>
    returnLead(handoff, said, as(target.by), context),
  )
}
