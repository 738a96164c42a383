import { type Agreement, type Role, type RoleGroup, roles } from './agreement.ts'
import type { Refusal } from './decide/decision.ts'
import { type Member, namedRoleOf, type Person, personOf, rulesFor } from './person.ts'

/** A user group of Slack. */
export interface UserGroup {
  id: string
  handle: string
  /** Slack ids of its members. */
  people: readonly string[]
}

/** A person with the roles that stand beside the agreement: one given in a form, one by user group. */
export interface RoleRecord {
  member: Member
  given: Role | null
  byGroup: Role | null
}

/** What gives somebody their role; each goes before those after it. */
export const roleSources = ['agreement', 'form', 'group'] as const
export type RoleSource = (typeof roleSources)[number]

/** Somebody with a role, and what it comes from. */
export interface Holder {
  person: Person
  role: Role
  source: RoleSource
}

/** The most powerful first. */
const power: Record<Role, number> = {
  admin: 2,
  sales_manager: 1,
  marketing_manager: 1,
  rep: 0,
  marketing: 0,
}

const groupIn = (groups: readonly UserGroup[], named: string): UserGroup | undefined =>
  groups.find(({ id }) => id === named) ??
  groups.find(({ handle }) => handle.toLowerCase() === named.toLowerCase())

/**
 * The roles that the agreement's user groups give, by Slack id. Who is in several has the most
 * powerful role of theirs (admin, a manager, the others), and among equals the one written first.
 */
export function rolesByGroup(
  agreed: readonly RoleGroup[],
  groups: readonly UserGroup[],
): Map<string, Role> {
  const found = new Map<string, Role>()
  for (const { group, role } of agreed) {
    for (const slackId of groupIn(groups, group)?.people ?? []) {
      const before = found.get(slackId)
      if (before === undefined || power[role] > power[before]) found.set(slackId, role)
    }
  }
  return found
}

/** The user groups that the agreement names and Slack does not have, or has switched off. */
export const unknownGroups = (
  agreed: readonly RoleGroup[],
  groups: readonly UserGroup[],
): string[] => agreed.map(({ group }) => group).filter((name) => !groupIn(groups, name))

/** Everyone with a role and what gives it: admins first, and each role by name. */
export function holdersOf(agreement: Agreement, records: readonly RoleRecord[]): Holder[] {
  const named = agreement.people.flatMap(({ email, role }): Holder[] => {
    const record = records.find(({ member }) => member.email?.toLowerCase() === email)
    if (record === undefined) return [{ person: unseen(email), role, source: 'agreement' }]
    const { member } = record
    return member.external ? [] : [{ person: personOf(member), role, source: 'agreement' }]
  })
  const assigned = records.flatMap(({ member, given, byGroup }): Holder[] => {
    const role = given ?? byGroup
    if (role === null || member.external) return []
    if (namedRoleOf(agreement, member.email) !== undefined) return []
    return [{ person: personOf(member), role, source: given === null ? 'group' : 'form' }]
  })
  return [...named, ...assigned].sort(
    (a, b) =>
      roles.indexOf(b.role) - roles.indexOf(a.role) || a.person.name.localeCompare(b.person.name),
  )
}

/** Somebody whom the agreement names, and nobody has seen yet. */
const unseen = (email: string): Person => ({ id: email, slackId: null, email, name: email })

/**
 * The roles that a member may give and take: an admin all of them, a manager those of their own
 * side. Whoever administers the Slack workspace may as an admin may, so that there is somebody who
 * can begin where the agreement names nobody.
 */
export function rolesToGive(agreement: Agreement, member: Member): readonly Role[] {
  if (member.external) return []
  const own = namedRoleOf(agreement, member.email) ?? member.assigned
  if (member.slackAdmin || own === 'admin') return roles
  if (own === 'sales_manager') return ['rep', 'sales_manager']
  return own === 'marketing_manager' ? ['marketing', 'marketing_manager'] : []
}

/** Whom somebody without a role may turn to: a manager, where there is one. */
export const whoGives = (holders: readonly Holder[]): 'manager' | 'admin' =>
  holders.some(({ role }) => rulesFor(role) !== null) ? 'manager' : 'admin'

/** Why not, with what is needed to say it in a sentence. */
export type RoleRefusal =
  | Extract<Refusal, { code: 'role-required' | 'named-in-agreement' }>
  | { code: 'external-person'; person: Person }
  /** Their role comes from a user group, so there is none of a form to take away. */
  | { code: 'role-by-group'; person: Person; role: Role }
  | { code: 'last-admin' }

/** What is to be kept of a role that was given (or with null taken away) in the form. */
export interface Assignment {
  personId: string
  role: Role | null
  byId: string
  at: Date
}

export type RoleDecided = { ok: true; assignment: Assignment } | { ok: false; refusal: RoleRefusal }

/** Somebody is given a role, or with null loses the one that was given to them. */
export interface AssignRole {
  person: RoleRecord
  role: Role | null
}

/** What the rule looks at: the agreement in force, and everyone who has a role. */
export interface RoleContext {
  agreement: Agreement
  holders: readonly Holder[]
  now: Date
}

const refuse = (refusal: RoleRefusal): RoleDecided => ({ ok: false, refusal })

/**
 * A role is given or taken away in the form. Refuses whoever may not give the role, or not take the
 * one that the person has now; people of outside; whom the agreement itself names; taking away what
 * a user group gives; and the last admin who resigns, unless they administer Slack and so stay one.
 */
export function assignRole(
  { person: { member, given, byGroup }, role }: AssignRole,
  by: Member,
  { agreement, holders, now }: RoleContext,
): RoleDecided {
  const may = rolesToGive(agreement, by)
  const has = given ?? byGroup
  const becomes = role ?? byGroup
  const touched = [has, becomes].filter((one) => one !== null)
  if (may.length === 0 || touched.some((one) => !may.includes(one))) {
    const above = may.length > 0 || touched.includes('admin')
    return refuse({ code: 'role-required', needed: above ? 'admin' : whoGives(holders) })
  }
  const person = personOf(member)
  if (member.external) return refuse({ code: 'external-person', person })
  const named = namedRoleOf(agreement, member.email)
  if (named !== undefined) return refuse({ code: 'named-in-agreement', person, role: named })
  if (role === null && given === null && byGroup !== null) {
    return refuse({ code: 'role-by-group', person, role: byGroup })
  }
  const resigns = member.id === by.id && has === 'admin' && becomes !== 'admin'
  if (resigns && !by.slackAdmin && !holders.some(isAnotherAdmin(member))) {
    return refuse({ code: 'last-admin' })
  }
  return { ok: true, assignment: { personId: member.id, role, byId: by.id, at: now } }
}

/** An admin who is somebody else, and has an account in Slack. */
const isAnotherAdmin =
  (member: Member) =>
  ({ person, role }: Holder): boolean =>
    role === 'admin' && person.id !== member.id && person.slackId !== null
