import type { Agreement, Role } from '../domain/agreement.ts'
import type { Actor, Context, Decided, Refusal } from '../domain/decide/decision.ts'
import type { Handoff } from '../domain/handoff.ts'
import {
  type Colleague,
  type Member,
  namedRoleOf,
  type Person,
  personOf,
  roleOf,
} from '../domain/person.ts'
import type { World } from './ports/world.ts'

/** How a handoff stands: its state, its own agreement, and the one in force, which says who is who. */
export interface Standing {
  handoff: Handoff
  agreement: Agreement
  inForce: Agreement
}

/** How a handoff of the workspace stands; undefined where it has none of that id. */
export async function standingOf(
  world: World,
  { workspaceId, handoffId }: { workspaceId: string; handoffId: string },
): Promise<Standing | undefined> {
  const handoff = await world.handoffs.byId(workspaceId, handoffId)
  if (handoff === undefined) return undefined
  const [agreement, inForce] = await Promise.all([
    world.agreements.version(workspaceId, handoff.agreementVersion),
    world.agreements.inForce(workspaceId),
  ])
  return { handoff, agreement, inForce: inForce.agreement }
}

/** People and their roles are those of the agreement in force, whatever version a handoff has. */
export function actorOf(member: Member, inForce: Agreement, leadTypeId: string): Actor {
  return { person: personOf(member), role: roleOf(inForce, member, leadTypeId) }
}

/**
 * Everyone who has one of these roles: whom the agreement names, and whoever was assigned one. Who
 * has left, or is a guest, has none.
 */
export async function colleagues(
  world: World,
  workspaceId: string,
  inForce: Agreement,
  wanted: readonly Role[],
): Promise<Colleague[]> {
  const named = inForce.people.filter(({ role }) => wanted.includes(role))
  const [people, assigned] = await Promise.all([
    Promise.all(named.map(({ email }) => world.members.byEmail(workspaceId, email))),
    world.members.assigned(workspaceId),
  ])
  return [
    ...named.flatMap(({ role }, index): Colleague[] => {
      const member = people[index]
      return member === undefined || member.external ? [] : [{ person: personOf(member), role }]
    }),
    ...assigned.filter(
      ({ person, role }) =>
        wanted.includes(role) && namedRoleOf(inForce, person.email) === undefined,
    ),
  ]
}

/** Who speaks for marketing where nobody is named: its head, else its first manager. */
export async function marketingLead(
  world: World,
  workspaceId: string,
  inForce: Agreement,
): Promise<Person | null> {
  const head = inForce.people.find((person) => person.head_of === 'marketing')
  const member = head && (await world.members.byEmail(workspaceId, head.email))
  if (member !== undefined && !member.external) return personOf(member)
  const [first] = await colleagues(world, workspaceId, inForce, ['marketing_manager'])
  return first?.person ?? null
}

/** Refusals that the answers in a form can mend. */
const ofAnswers: readonly Refusal['code'][] = [
  'unknown-reason',
  'needed',
  'same-lead',
  'unknown-lead',
  'unknown-deal-stage',
  'unknown-lost-reason',
  'attempts-first',
  'unknown-criterion',
  'date-in-past',
  'attempt-in-future',
]

/**
 * What speaks against a command before anything is filled in, so that nobody fills in a form in
 * vain. The rule is asked and nothing is committed; what counts is the answer at the end.
 */
export function objection(
  { handoff, agreement, inForce }: Standing,
  member: Member,
  now: Date,
  rule: (actor: Actor, context: Context) => Decided,
): Refusal | undefined {
  const actor = actorOf(member, inForce, handoff.leadType)
  const decided = rule(actor, { agreement, now })
  return decided.ok || ofAnswers.includes(decided.refusal.code) ? undefined : decided.refusal
}
