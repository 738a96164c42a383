import type { Command } from '../../payloads.ts'
import { type Desk, type Feature, localeOf, type Reply, tell } from '../feature.ts'
import { buildAgreement } from './messages.ts'

/** `/sla` shows the agreement in force, to the asker alone. */
async function command({ asker }: Command, desk: Desk): Promise<Reply> {
  const { world, workspaceId } = desk
  const [locale, inForce] = await Promise.all([
    localeOf(asker, desk),
    world.agreements.inForce(workspaceId),
  ])
  return tell(buildAgreement(inForce, { locale, now: world.now() }))
}

/** The agreement, where both teams already are. */
export const sla: Feature = {
  commands: { '/sla': command },
}
