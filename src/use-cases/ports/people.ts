import type { Locale, Role } from '../../domain/agreement.ts'
import type { Colleague, Member, Person } from '../../domain/person.ts'
import type { RoleDecided, RoleRecord, UserGroup } from '../../domain/roles.ts'

/** What Slack tells of a person. */
export interface Profile {
  slackId: string
  email: string | null
  name: string
  locale: Locale
  zone: string | null
  external: boolean
  slackAdmin: boolean
}

/** Slack's directory of people. */
export interface Directory {
  /** null for whom Slack does not know or does not show; undefined where it can't be asked now. */
  bySlackId(slackId: string): Promise<Profile | null | undefined>
  byEmail(email: string): Promise<Profile | undefined>
  all(): Promise<Profile[]>
  /** The user groups that are in use; undefined where Slack can't be asked, or does not allow it. */
  groups(): Promise<UserGroup[] | undefined>
}

export interface Members {
  /** The person behind a Slack user id; asks Slack about people it has not seen. */
  bySlackId(workspaceId: string, slackId: string, hint?: { name?: string }): Promise<Member>
  /** The person of an e-mail address; made known where nobody has it yet. */
  byEmail(workspaceId: string, email: string): Promise<Member>
  byId(workspaceId: string, id: string): Promise<Member | undefined>
  /** Slack tells that an account was deactivated: whoever it was may look, not act, from now on. */
  left(workspaceId: string, slackId: string): Promise<Member | undefined>
  /** Those with a role from a form or from a user group, whatever the agreement says of them. */
  assigned(workspaceId: string): Promise<Colleague[]>
  /** Those with a role from a form or from a user group, and those of these addresses. */
  roleRecords(workspaceId: string, emails: readonly string[]): Promise<RoleRecord[]>
  /** Whom a ladder took off duty, and who has not said yet that they are back: ids of their rows. */
  offDuty(workspaceId: string): Promise<ReadonlySet<string>>
  /** Takes somebody off duty since then; with null they are back. */
  setOffDuty(workspaceId: string, personId: string, at: Date | null): Promise<void>
  /** People of the workspace itself who have an account in Slack: so many at most, by name. */
  staff(workspaceId: string, limit: number): Promise<Person[]>
  /**
   * Lets a rule decide on the role of a person and keeps what it decided, one after the other: two
   * admins who take the role from each other don't both succeed. `records` are those of
   * `roleRecords`. undefined: no such people.
   */
  changeRole(
    workspaceId: string,
    who: { personId: string; byId: string; emails: readonly string[] },
    decide: (stand: { person: RoleRecord; by: Member; records: RoleRecord[] }) => RoleDecided,
  ): Promise<RoleDecided | undefined>
  /** The roles by user groups, by Slack id; whoever is not among them has none of a group now. */
  setGroupRoles(workspaceId: string, roles: ReadonlyMap<string, Role>): Promise<void>
}
