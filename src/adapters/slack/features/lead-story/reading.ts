import { storyWords } from '../../../../content/words/story.ts'
import type { Member } from '../../../../domain/person.ts'
import { message } from '../../blocks.ts'
import { type Desk, type Reply, tell } from '../feature.ts'
import type { StoryView } from './message.ts'

/** A story is told to one reader: in their language, and by the clock on their wall. */
export async function viewOf(
  { locale, zone }: Member,
  { world, workspaceId }: Desk,
): Promise<StoryView> {
  const { agreement: inForce } = await world.agreements.inForce(workspaceId)
  return { locale, zone: zone ?? inForce.calendar.timezone, now: world.now(), inForce }
}

/** Whoever has no role may look at cards only. */
export function notForThem({ locale, external }: Member): Reply {
  const { guest, noRole } = storyWords[locale]
  return tell(message(external ? guest : noRole))
}
