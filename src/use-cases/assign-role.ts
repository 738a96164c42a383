import type { Agreement, Role } from '../domain/agreement.ts'
import type { Member } from '../domain/person.ts'
import { assignRole as decide, type Holder, holdersOf, type RoleRefusal } from '../domain/roles.ts'
import type { World } from './ports/world.ts'

type RolesWorld = Pick<World, 'agreements' | 'members' | 'now'>

export interface AssignRole {
  workspaceId: string
  personId: string
  /** null takes away the role that was given in the form. */
  role: Role | null
  by: Member
}

export type AssignResult =
  | { kind: 'done' }
  | { kind: 'refused'; refusal: RoleRefusal }
  | { kind: 'unknown-person' }

const emailsIn = ({ people }: Agreement): string[] => people.map(({ email }) => email)

/** Everyone who has a role now, and what gives it. */
export async function roleHolders(
  { agreements, members }: Pick<World, 'agreements' | 'members'>,
  workspaceId: string,
): Promise<{ agreement: Agreement; holders: Holder[] }> {
  const { agreement } = await agreements.inForce(workspaceId)
  const records = await members.roleRecords(workspaceId, emailsIn(agreement))
  return { agreement, holders: holdersOf(agreement, records) }
}

/** Somebody is given a role in the form, or loses the one that they were given there. */
export async function assignRole(
  world: RolesWorld,
  { workspaceId, personId, role, by }: AssignRole,
): Promise<AssignResult> {
  const { agreement } = await world.agreements.inForce(workspaceId)
  const who = { personId, byId: by.id, emails: emailsIn(agreement) }
  const decided = await world.members.changeRole(workspaceId, who, (stand) =>
    decide({ person: stand.person, role }, stand.by, {
      agreement,
      holders: holdersOf(agreement, stand.records),
      now: world.now(),
    }),
  )
  if (decided === undefined) return { kind: 'unknown-person' }
  return decided.ok ? { kind: 'done' } : { kind: 'refused', refusal: decided.refusal }
}
