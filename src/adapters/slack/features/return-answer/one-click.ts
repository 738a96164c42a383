import type { Member } from '../../../../domain/person.ts'
import type { Result, Target } from '../../../../use-cases/act.ts'
import { type Desk, done, memberOf, type Reply } from '../feature.ts'
import type { OnHandoff } from '../handoff-card/open-form.ts'
import { handoffId } from '../handoff-card/standing.ts'
import { isDone, refusedClick, unknownHandoff } from '../outcome.ts'

/** A command that needs nothing but a click: only why it had no effect is said. */
export async function oneClick(
  { asker, value }: OnHandoff,
  desk: Desk,
  command: (target: Target & { by: Member }) => Promise<Result>,
): Promise<Reply> {
  const by = await memberOf(asker, desk)
  const id = handoffId.safeParse(value)
  if (!id.success) return unknownHandoff(by.locale)
  const result = await command({ workspaceId: desk.workspaceId, handoffId: id.data, by })
  return isDone(result) ? done : refusedClick(result, by.locale)
}
