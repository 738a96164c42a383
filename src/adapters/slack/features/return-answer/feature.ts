import { acknowledgeReturn } from '../../../../use-cases/acknowledge-return.ts'
import type { Click } from '../../payloads.ts'
import { type Desk, done, type Feature, memberOf, type Reply } from '../feature.ts'
import { handoffId } from '../handoff-card/standing.ts'
import { isDone, refusedClick, unknownHandoff } from '../outcome.ts'

/** What marketing does with a return. */
export const returnAnswer: Feature = { actions: { 'return.acknowledge': acknowledge } }

/** Acknowledge: one click. The thread says so to sales. */
async function acknowledge(click: Click, desk: Desk): Promise<Reply> {
  const by = await memberOf(click.asker, desk)
  const id = handoffId.safeParse(click.value)
  if (!id.success) return unknownHandoff(by.locale)
  const target = { workspaceId: desk.workspaceId, handoffId: id.data, by }
  const result = await acknowledgeReturn(desk.world, target)
  return isDone(result) ? done : refusedClick(result, by.locale)
}
