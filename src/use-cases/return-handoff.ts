import { type Return, returnLead } from '../domain/decide/return.ts'
import type { Handoff } from '../domain/handoff.ts'
import type { Member } from '../domain/person.ts'
import { actAfterLooking, type Result, type Target } from './act.ts'
import type { World } from './ports/world.ts'
import { marketingLead } from './standing.ts'

/** Nobody is told of their own return; then, or where nobody is named, marketing's lead is. */
const isToldAnother = ({ handedOffBy }: Handoff, by: Member): boolean =>
  handedOffBy === null || handedOffBy.id === by.id

/** What is said with a return; the other lead of a duplicate by its e-mail address. */
export interface ReturnSaid extends Omit<Return, 'duplicateOf' | 'marketingLead'> {
  duplicateOf: string | undefined
}

/** Sales gives a lead back, with a reason out of the agreement. */
export function returnHandoff(
  world: World,
  target: Target & { by: Member },
  { duplicateOf: email, ...said }: ReturnSaid,
): Promise<Result> {
  const { workspaceId } = target
  return actAfterLooking(world, target, async ({ handoff, inForce }, context, as) => {
    const [lead, told] = await Promise.all([
      email === undefined ? undefined : world.leads.byEmail(workspaceId, email),
      isToldAnother(handoff, target.by) ? marketingLead(world, workspaceId, inForce) : null,
    ])
    const duplicateOf = email === undefined ? undefined : { email, lead: lead?.lead }
    const command: Return = { ...said, duplicateOf, marketingLead: told }
    return returnLead(handoff, command, as(target.by), context)
  })
}
