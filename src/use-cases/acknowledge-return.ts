import { acknowledgeReturn as decide } from '../domain/decide/acknowledge-return.ts'
import type { Member } from '../domain/person.ts'
import { act, type Result, type Target } from './act.ts'
import type { World } from './ports/world.ts'

/** Marketing takes a returned lead back. */
export function acknowledgeReturn(world: World, target: Target & { by: Member }): Promise<Result> {
  return act(world, target, (handoff, context, as) => decide(handoff, as(target.by), context))
}
