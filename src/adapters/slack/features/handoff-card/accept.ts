import { acceptHandoff } from '../../../../use-cases/accept-handoff.ts'
import type { Click } from '../../payloads.ts'
import { type Desk, done, memberOf, type Reply } from '../feature.ts'
import { isDone, refusedClick, unknownHandoff } from '../outcome.ts'
import { handoffId } from './standing.ts'

/** Accept: one click. Nothing is said about it, since the card shows it. */
export async function accept(click: Click, desk: Desk): Promise<Reply> {
  const by = await memberOf(click.asker, desk)
  const id = handoffId.safeParse(click.value)
  if (!id.success) return unknownHandoff(by.locale)
  const target = { workspaceId: desk.workspaceId, handoffId: id.data, by }
  const result = await acceptHandoff(desk.world, target)
  return isDone(result) ? done : refusedClick(result, by.locale)
}
