import { boundedText } from '../../../../domain/lead.ts'
import { findStory } from '../../../../use-cases/lead-story.ts'
import type { Command } from '../../payloads.ts'
import { type Desk, memberOf, type Reply, tell } from '../feature.ts'
import { buildFound, buildNotFound, buildStoryMessage } from './message.ts'
import { notForThem, viewOf } from './reading.ts'

/** An e-mail address is the longest that anybody is sought by. */
const soughtSchema = boundedText(254)

/** `/handoff find`: the story of a lead by its address, name or company, to the asker alone. */
export async function findLead({ asker }: Command, text: string, desk: Desk): Promise<Reply> {
  const { world, workspaceId } = desk
  const by = await memberOf(asker, desk)
  const { locale } = by
  const sought = soughtSchema.safeParse(text)
  if (!sought.success) return tell(buildNotFound(text.trim() === '' ? null : text, locale))
  const answer = await findStory(world, { workspaceId, text: sought.data, by })
  switch (answer.kind) {
    case 'role-required':
      return notForThem(by)
    case 'unknown':
      return tell(buildNotFound(sought.data, locale))
    case 'several':
      return tell(buildFound(answer, sought.data, locale))
    case 'story':
      return tell(buildStoryMessage(answer.told, await viewOf(by, desk)))
  }
}
