import type { Agreement } from '../domain/agreement.ts'
import type { Member } from '../domain/person.ts'
import {
  type Chapter,
  type FoundLead,
  type LeadStory,
  mayReadStories,
  tellStory,
} from '../domain/story.ts'
import type { World } from './ports/world.ts'

/** A story ready to be told: each round in the terms that it was made under. */
export interface ToldStory {
  story: LeadStory
  chapters: Chapter[]
  /** By version. */
  agreements: ReadonlyMap<number, Agreement>
}

export type StoryAnswer =
  | { kind: 'story'; told: ToldStory }
  | { kind: 'unknown' }
  /** Whoever asks may look at cards only. */
  | { kind: 'role-required' }

/** What a search may come to. */
export type FindAnswer = StoryAnswer | { kind: 'several'; leads: FoundLead[]; more: boolean }

/** More than this is told from a list by asking more precisely. */
const mostFound = 10

interface Asked {
  workspaceId: string
  by: Member
}

/** What is on record of a lead, by its normalised address; undefined for one that nobody knows. */
export const leadStory = (
  world: Pick<World, 'stories'>,
  workspaceId: string,
  email: string,
): Promise<LeadStory | undefined> => world.stories.ofLead(workspaceId, email)

/** The story of the lead of a handoff. Refuses whoever has no role. */
export async function storyOfHandoff(
  world: World,
  { workspaceId, handoffId, by }: Asked & { handoffId: string },
): Promise<StoryAnswer> {
  if (!(await mayAsk(world, { workspaceId, by }))) return { kind: 'role-required' }
  const handoff = await world.handoffs.byId(workspaceId, handoffId)
  return handoff === undefined
    ? { kind: 'unknown' }
    : storyOf(world, workspaceId, handoff.lead.email)
}

/**
 * The story of the one lead that is sought by address, name or company, or the leads that it may be
 * of. Refuses whoever has no role.
 */
export async function findStory(
  world: World,
  { workspaceId, text, by }: Asked & { text: string },
): Promise<FindAnswer> {
  if (!(await mayAsk(world, { workspaceId, by }))) return { kind: 'role-required' }
  const found = await world.stories.find(workspaceId, text, mostFound + 1)
  const [first] = found
  if (first === undefined) return { kind: 'unknown' }
  if (found.length === 1) return storyOf(world, workspaceId, first.lead.email)
  return { kind: 'several', leads: found.slice(0, mostFound), more: found.length > mostFound }
}

async function mayAsk({ agreements }: World, { workspaceId, by }: Asked): Promise<boolean> {
  const { agreement } = await agreements.inForce(workspaceId)
  return mayReadStories(agreement, by)
}

async function storyOf(world: World, workspaceId: string, email: string): Promise<StoryAnswer> {
  const story = await leadStory(world, workspaceId, email)
  if (story === undefined) return { kind: 'unknown' }
  const versions = [...new Set(story.rounds.map(({ handoff }) => handoff.agreementVersion))]
  const agreements = await Promise.all(
    versions.map(
      async (version) => [version, await world.agreements.version(workspaceId, version)] as const,
    ),
  )
  const told = { story, chapters: tellStory(story), agreements: new Map(agreements) }
  return { kind: 'story', told }
}
