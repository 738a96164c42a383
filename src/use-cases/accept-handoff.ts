import { accept } from '../domain/decide/accept.ts'
import type { Member } from '../domain/person.ts'
import { act, type Result, type Target } from './act.ts'
import type { World } from './ports/world.ts'

/** A rep accepts. Exactly one wins; every other gets a refusal that says who has it. */
export function acceptHandoff(world: World, target: Target & { by: Member }): Promise<Result> {
  return act(world, target, (handoff, context, as) => accept(handoff, as(target.by), context))
}
