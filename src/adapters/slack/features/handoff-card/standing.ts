import { z } from 'zod'
import { type Standing, standingOf } from '../../../../use-cases/standing.ts'
import type { Desk } from '../feature.ts'

/** The id of a handoff as a button or a form brings it along. */
export const handoffId = z.string().regex(/^hof_[\w-]{1,60}$/)

/** How the handoff of a button stands; undefined where the installed workspace has none of that id. */
export async function standingAt(
  id: string,
  { world, workspaceId }: Desk,
): Promise<Standing | undefined> {
  if (!handoffId.safeParse(id).success) return undefined
  return standingOf(world, { workspaceId, handoffId: id })
}
