import type { Agreement, Locale, Role } from '../../../../domain/agreement.ts'
import { fixedOwnerOf, leadTypeOf, nextInRotation } from '../../../../domain/clocks.ts'
import type { Actor, Context, Decided } from '../../../../domain/decide/decision.ts'
import { giveBack, reassign } from '../../../../domain/decide/reassign.ts'
import type { Duty } from '../../../../domain/duty.ts'
import type { Handoff } from '../../../../domain/handoff.ts'
import {
  type Colleague,
  type Member,
  type Person,
  personOf,
  roleOf,
} from '../../../../domain/person.ts'
import { dutyNow } from '../../../../use-cases/reassign-handoff.ts'
import { colleagues, type Standing } from '../../../../use-cases/standing.ts'
import { type Desk, soon } from '../feature.ts'

/** Somebody who could have the lead, as soon as they are there and have room for it. */
export interface Candidate {
  person: Person
  duty: Duty
}

/** Who may get a lead by the word of one person. */
export interface Offer {
  /** The one who asks. */
  me: Candidate | undefined
  /** It may be given back. */
  everyone: boolean
  /** By name, as many as a list takes; anybody where nobody is named, or not known in time. */
  others: readonly Candidate[] | 'anybody'
  /** How many others there are, listed or not. */
  allOthers: number
}

type Workspace = Pick<Desk, 'world' | 'workspaceId'>

/** No person at all: stands for whoever is not known yet. */
const somebody: Person = { id: '', slackId: null, email: null, name: '' }

/** May do everything: who can't be known in time is offered all, and gets the answer at its end. */
const unknownActor: Actor = { person: { ...somebody, id: '?' }, role: 'admin' }

/** Slack's limit for the options of a list. */
const mostListed = 100

const free: Duty = { free: true }
const sellers: readonly Role[] = ['rep', 'sales_manager', 'admin']

/** Whether any owner at all can be chosen by this person: the first refusal where none can. */
export function anyOwner(handoff: Handoff, actor: Actor, context: Context): Decided {
  const takenOver = reassign(handoff, { ...actor, duty: free }, actor, context)
  const ways = [takenOver, passedOn(handoff, actor, context), giveBack(handoff, actor, context)]
  return ways.find(({ ok }) => ok) ?? takenOver
}

const passedOn = (handoff: Handoff, actor: Actor, context: Context): Decided =>
  reassign(handoff, { person: somebody, role: 'rep', duty: free }, actor, context)

/** Who may get the lead by the word of this person, where nobody is off or full. */
export async function offerOf(
  { handoff, agreement, inForce }: Standing,
  asker: Actor | undefined,
  { world, workspaceId }: Workspace,
  locale: Locale,
): Promise<Offer> {
  const actor = asker ?? unknownActor
  const context = { agreement, now: world.now() }
  const may = ({ person, role }: Actor): boolean =>
    reassign(handoff, { person, role, duty: free }, actor, context).ok
  const candidate = async ({ person }: Actor): Promise<Candidate> => ({
    person,
    duty: await dutyNow(world, workspaceId, inForce, person),
  })

  const everyone = giveBack(handoff, actor, context).ok
  const me = asker !== undefined && may(asker) ? await candidate(asker) : undefined
  const others = passedOn(handoff, actor, context).ok
    ? await othersOf(handoff.leadType, inForce, { world, workspaceId })
    : []
  if (others === undefined) return { me: undefined, everyone, others: 'anybody', allOthers: 0 }
  const fit = others
    .filter((one) => one.person.id !== actor.person.id && may(one))
    .sort((a, b) => a.person.name.localeCompare(b.person.name, locale))
  const room = mostListed - [me !== undefined, everyone].filter(Boolean).length
  return {
    me,
    everyone,
    others: await Promise.all(fit.slice(0, room).map(candidate)),
    allOthers: fit.length,
  }
}

/** Those who sell; undefined where that is anybody, or can't be known in time. */
async function othersOf(
  leadType: string,
  inForce: Agreement,
  desk: Workspace,
): Promise<Colleague[] | undefined> {
  return anybodySells(inForce, leadType) ? undefined : soon(sellersOf(leadType, inForce, desk))
}

/** In a fresh installation also those sell whom nothing is known of. */
function anybodySells(inForce: Agreement, leadType: string): boolean {
  const unknown: Member = {
    ...somebody,
    locale: 'en',
    zone: null,
    external: false,
    assigned: null,
    slackAdmin: false,
  }
  return roleOf(inForce, unknown, leadType) !== null
}

/** Whom the agreement names, whoever has a role by other means, and the owners of the lead type. */
async function sellersOf(
  leadType: string,
  inForce: Agreement,
  { world, workspaceId }: Workspace,
): Promise<Colleague[]> {
  const type = leadTypeOf(inForce, leadType)
  const fixed = type && fixedOwnerOf(type)
  const addresses = [
    ...(fixed === undefined ? [] : [fixed]),
    ...nextInRotation(inForce, leadType, null),
  ]
  const [named, ...owners] = await Promise.all([
    colleagues(world, workspaceId, inForce, sellers),
    ...addresses.map((email) => world.members.byEmail(workspaceId, email)),
  ])
  const ofType = owners.flatMap((member): Colleague[] => {
    const role = roleOf(inForce, member, leadType)
    return role === null ? [] : [{ person: personOf(member), role }]
  })
  return [...new Map([...named, ...ofType].map((one) => [one.person.id, one])).values()]
}
