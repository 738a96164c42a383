import { ruleOnReturn as decide, type RuleOnReturn } from '../domain/decide/rule-on-return.ts'
import type { Member } from '../domain/person.ts'
import { act, type Result, type Target } from './act.ts'
import type { World } from './ports/world.ts'

/** A manager rules on a contested return. */
export function ruleOnReturn(
  world: World,
  target: Target & { by: Member },
  said: RuleOnReturn,
): Promise<Result> {
  return act(world, target, (handoff, context, as) => decide(handoff, said, as(target.by), context))
}
