import { unlessErased } from './erase-lead.ts'
import type { NewActivity } from './ports/leads.ts'
import type { World } from './ports/world.ts'

export interface Recorded {
  accepted: number
  duplicates: number
}

/** An activity as it is told; without a moment it happened now. */
export interface ToldActivity extends Omit<NewActivity, 'name' | 'at'> {
  name?: string | undefined
  at?: Date | undefined
}

/**
 * Records what leads did, all of it or nothing, and has them scored. The same key twice counts once.
 * Leads that nothing is known of are made; one without a name goes by its address. Nothing happens
 * later than it is told: a clock that is ahead says now. Refuses all of it where a lead was erased.
 */
export async function recordActivities(
  world: World,
  workspaceId: string,
  told: readonly ToldActivity[],
): Promise<Recorded | { erased: { index: number; at: Date }[] }> {
  const now = world.now()
  const activities = told.map((one) => ({
    ...one,
    name: one.name ?? localPart(one.email),
    at: one.at === undefined || one.at > now ? now : one.at,
  }))
  const accepted = await world.activities.add(workspaceId, activities, now).catch(unlessErased)
  if (accepted === undefined) return { erased: await erasedOf(world, workspaceId, told) }
  if (accepted > 0) world.scorer.due()
  return { accepted, duplicates: told.length - accepted }
}

/** Which of them are about leads that were erased: the first where that is forgotten by now. */
async function erasedOf(world: World, workspaceId: string, told: readonly ToldActivity[]) {
  const emails = told.map(({ email }) => email)
  const erasedAt = await world.erasures.among(workspaceId, emails)
  return emails.flatMap((email, index) => {
    const at = erasedAt.get(email)
    return at === undefined ? [] : [{ index, at }]
  })
}

const localPart = (email: string): string => email.slice(0, email.lastIndexOf('@'))
