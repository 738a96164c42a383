import { type CorrectAttempt, correctAttempt as decide } from '../domain/decide/correct-attempt.ts'
import type { Member } from '../domain/person.ts'
import { act, type Result, type Target } from './act.ts'
import type { World } from './ports/world.ts'

/** Puts a logged attempt right; it and those after it are judged again. */
export function correctAttempt(
  world: World,
  target: Target & { by: Member },
  said: CorrectAttempt,
): Promise<Result> {
  return act(world, target, (handoff, context, as) => decide(handoff, said, as(target.by), context))
}
