import type { NewActivity } from './ports/leads.ts'
import type { World } from './ports/world.ts'

/** An activity as it is told; without a moment it happened now. */
export interface ToldActivity extends Omit<NewActivity, 'name' | 'at'> {
  name?: string | undefined
  at?: Date | undefined
}

/**
 * Records what leads did, all of it or nothing, and has them scored. The same key twice counts once.
 * Leads that nothing is known of are made; one without a name goes by its address. Nothing happens
 * later than it is told: a clock that is ahead says now.
 */
export async function recordActivities(
  world: World,
  workspaceId: string,
  told: readonly ToldActivity[],
): Promise<{ accepted: number; duplicates: number }> {
  const now = world.now()
  const activities = told.map((one) => ({
    ...one,
    name: one.name ?? localPart(one.email),
    at: one.at === undefined || one.at > now ? now : one.at,
  }))
  const accepted = await world.activities.add(workspaceId, activities, now)
  if (accepted > 0) world.scorer.due()
  return { accepted, duplicates: told.length - accepted }
}

const localPart = (email: string): string => email.slice(0, email.lastIndexOf('@'))
