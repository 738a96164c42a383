import type { AttemptMade } from '../domain/attempts.ts'
import { logAttempt as decide } from '../domain/decide/log-attempt.ts'
import type { Member } from '../domain/person.ts'
import { act, type Result, type Target } from './act.ts'
import type { World } from './ports/world.ts'

/**
 * Logs a connect attempt; it is the last of the handoff that comes back. `by` is null where the
 * API's key names nobody, `at` undefined where it was made just now; an `id` is given where a
 * repeated request has to find its attempt again.
 */
export function logAttempt(
  world: World,
  target: Target & { by: Member | null },
  made: Omit<AttemptMade, 'at'> & {
    at: Date | undefined
    note: string | undefined
    id?: string | undefined
  },
): Promise<Result> {
  const id = made.id ?? world.newId('att')
  return act(world, target, (handoff, context, as) =>
    decide(
      handoff,
      { ...made, id, at: made.at ?? context.now },
      target.by === null ? null : as(target.by),
      context,
    ),
  )
}
