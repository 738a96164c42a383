import {
  pauseHandoff as decidePause,
  resumeHandoff as decideResume,
} from '../domain/decide/pause.ts'
import type { Member } from '../domain/person.ts'
import { act, type Result, type Target } from './act.ts'
import type { World } from './ports/world.ts'

/** The clocks of a handoff stand still, for a reason of the agreement. */
export function pauseHandoff(
  world: World,
  target: Target & { by: Member },
  said: { reason: string },
): Promise<Result> {
  return act(world, target, (handoff, context, as) =>
    decidePause(handoff, said, as(target.by), context),
  )
}

/** The clocks of a handoff go on. */
export function resumeHandoff(world: World, target: Target & { by: Member }): Promise<Result> {
  return act(world, target, (handoff, context, as) => decideResume(handoff, as(target.by), context))
}
