import { snoozeReminder as decide } from '../domain/decide/snooze.ts'
import type { DeadlineKind } from '../domain/handoff.ts'
import type { Member } from '../domain/person.ts'
import { act, type Result, type Target } from './act.ts'
import type { World } from './ports/world.ts'

/** Puts the next reminder of a deadline off, once. */
export function snoozeReminder(
  world: World,
  target: Target & { by: Member },
  said: { kind: DeadlineKind },
): Promise<Result> {
  return act(world, target, (handoff, context, as) => decide(handoff, said, as(target.by), context))
}
