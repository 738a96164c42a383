import { storyOfHandoff } from '../../../../use-cases/lead-story.ts'
import type { Click } from '../../payloads.ts'
import { type Desk, memberOf, type Reply } from '../feature.ts'
import { handoffId } from '../handoff-card/standing.ts'
import { unknownHandoff } from '../outcome.ts'
import { buildStoryWindow } from './message.ts'
import { notForThem, viewOf } from './reading.ts'

/** "History": the story of the lead of a handoff, in a window. */
export async function openHistory(click: Click, desk: Desk): Promise<Reply> {
  const { world, workspaceId } = desk
  const by = await memberOf(click.asker, desk)
  const id = handoffId.safeParse(click.value)
  if (!id.success) return unknownHandoff(by.locale)
  const answer = await storyOfHandoff(world, { workspaceId, handoffId: id.data, by })
  switch (answer.kind) {
    case 'role-required':
      return notForThem(by)
    case 'unknown':
      return unknownHandoff(by.locale)
    case 'story':
      return { kind: 'open', view: buildStoryWindow(answer.told, await viewOf(by, desk)) }
  }
}
