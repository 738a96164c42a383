import { syncRoles } from '../../../../use-cases/sync-roles.ts'
import type { SlackEvent } from '../../payloads.ts'
import type { Desk, Feature } from '../feature.ts'
import { submitRole } from './roles.ts'

/** Somebody joined or left a user group, or a group has another handle or is not in use any more. */
async function groupsChanged(_: SlackEvent, { world, workspaceId }: Desk): Promise<void> {
  await syncRoles(world, workspaceId)
}

/** Who is who: roles by user group, and by the form that `/handoff roles` opens. */
export const roles: Feature = {
  views: { 'handoff.roles': submitRole },
  events: { subteam_members_changed: groupsChanged, subteam_updated: groupsChanged },
}
