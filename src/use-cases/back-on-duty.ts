import { type Member, mayStandIn, type Person, personOf, roleOf } from '../domain/person.ts'
import type { World } from './ports/world.ts'

export type BackOnDuty =
  | { kind: 'back'; person: Person }
  /** Nobody took them off duty: there is nothing to undo. */
  | { kind: 'was-there'; person: Person }
  /** Only a manager of sales says so for somebody else. */
  | { kind: 'manager-required' }

/**
 * Somebody whom a ladder took off duty gets leads again: by their own word (`email` is null), or by
 * a manager's for the person of that address.
 */
export async function backOnDuty(
  world: World,
  workspaceId: string,
  { email, by }: { email: string | null; by: Member },
): Promise<BackOnDuty> {
  const { agreement } = await world.agreements.inForce(workspaceId)
  // Managers stand in for any lead type alike, so none is named.
  if (email !== null && email !== by.email && !mayStandIn(roleOf(agreement, by, ''))) {
    return { kind: 'manager-required' }
  }
  const person = personOf(email === null ? by : await world.members.byEmail(workspaceId, email))
  const offDuty = await world.members.offDuty(workspaceId)
  if (!offDuty.has(person.id)) return { kind: 'was-there', person }
  await world.members.setOffDuty(workspaceId, person.id, null)
  return { kind: 'back', person }
}
