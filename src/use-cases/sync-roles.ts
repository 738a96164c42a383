import { rolesByGroup, unknownGroups } from '../domain/roles.ts'
import type { World } from './ports/world.ts'

/** How many people have a role by a user group, and which groups of the agreement there are not. */
export interface SyncedRoles {
  people: number
  unknown: string[]
}

/**
 * Roles by user groups become what Slack and the agreement in force say: who has joined a group has
 * its role, who has left it loses it. undefined, and nothing changed, where Slack can't be asked.
 * Where the agreement names no group Slack is left alone.
 */
export async function syncRoles(
  { agreements, directory, members }: Pick<World, 'agreements' | 'directory' | 'members'>,
  workspaceId: string,
): Promise<SyncedRoles | undefined> {
  const { agreement } = await agreements.inForce(workspaceId)
  const { groups: agreed } = agreement
  const groups = agreed.length === 0 ? [] : await directory.groups()
  if (groups === undefined) return undefined
  const roles = rolesByGroup(agreed, groups)
  await members.setGroupRoles(workspaceId, roles)
  return { people: roles.size, unknown: unknownGroups(agreed, groups) }
}
