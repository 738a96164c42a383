import { markReady as decide } from '../domain/decide/ready.ts'
import type { Member } from '../domain/person.ts'
import { act, type Result, type Target } from './act.ts'
import type { World } from './ports/world.ts'

/** Marketing marks that what a returned lead waited for has come. */
export function markReady(world: World, target: Target & { by: Member }): Promise<Result> {
  return act(world, target, (handoff, context, as) => decide(handoff, as(target.by), context))
}
