import type { Agreement, Role, Side } from './agreement.ts'

/** A person of the workspace, known by Slack, by e-mail address, or by both. */
export interface Person {
  id: string
  slackId: string | null
  email: string | null
  name: string
}

/** A person as the workspace knows them, with what decides on language and rights. */
export interface Member extends Person {
  locale: 'en' | 'it'
  zone: string | null
  /** A guest, a deactivated account or someone of another organization: may look, not act. */
  external: boolean
  /** The role given in a form, or by a user group of Slack; the agreement's own word goes first. */
  assigned: Role | null
  /** Administers the Slack workspace. */
  slackAdmin: boolean
}

/** A person with a role, named by the agreement or assigned. */
export interface Colleague {
  person: Person
  role: Role
}

/** A member as others refer to them. */
export const personOf = ({ id, slackId, email, name }: Member): Person => ({
  id,
  slackId,
  email,
  name,
})

function ownersOf(agreement: Agreement, leadTypeId: string): string[] {
  const owners = agreement.lead_types.find((type) => type.id === leadTypeId)?.owners ?? 'open'
  if (owners === 'open') return []
  return 'fixed' in owners ? [owners.fixed] : owners.rotate
}

function namesNobody(agreement: Agreement): boolean {
  return (
    agreement.people.length === 0 &&
    agreement.groups.length === 0 &&
    agreement.lead_types.every((type) => type.owners === 'open')
  )
}

/** The role that the agreement gives by name; undefined where it does not name the person. */
export function namedRoleOf(agreement: Agreement, address: string | null): Role | undefined {
  const email = address?.toLowerCase()
  return agreement.people.find((person) => person.email === email)?.role
}

/**
 * The role of a member for handoffs of a lead type; null for those who may only look. Whoever the
 * agreement names has that role, then whoever was assigned one; an owner of the lead type is a rep;
 * where the agreement names nobody (a fresh installation) everyone of the workspace is a rep.
 */
export function roleOf(agreement: Agreement, member: Member, leadTypeId: string): Role | null {
  if (member.external) return null
  const given = namedRoleOf(agreement, member.email) ?? member.assigned
  if (given !== null) return given
  if (namesNobody(agreement)) return 'rep'
  const email = member.email?.toLowerCase()
  return email !== undefined && ownersOf(agreement, leadTypeId).includes(email) ? 'rep' : null
}

/** Whoever hands over: any role does; without one only a look is allowed. */
export const mayHandOver = (role: Role | null): role is Role => role !== null

/** Accept, return and log attempts are the work of sales. */
export const maySell = (role: Role | null): boolean =>
  role === 'rep' || role === 'sales_manager' || role === 'admin'

/** Returns are answered by marketing. */
export const mayAnswerReturns = (role: Role | null): boolean =>
  role === 'marketing' || role === 'marketing_manager' || role === 'admin'

/** May act on what belongs to somebody else. */
export const mayStandIn = (role: Role | null): boolean =>
  role === 'sales_manager' || role === 'admin'

/** The side that a manager rules for; null for everybody else, and for an admin, who may for either. */
export function rulesFor(role: Role | null): Side | null {
  if (role === 'sales_manager') return 'sales'
  return role === 'marketing_manager' ? 'marketing' : null
}
