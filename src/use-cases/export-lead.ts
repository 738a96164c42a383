import type { LeadExport } from './ports/erasures.ts'
import type { World } from './ports/world.ts'

/** Everything that is kept of a lead, by its normalised address; undefined for one that nobody knows. */
export const exportLead = (
  { leadExports }: Pick<World, 'leadExports'>,
  workspaceId: string,
  email: string,
): Promise<LeadExport | undefined> => leadExports.ofLead(workspaceId, email)
