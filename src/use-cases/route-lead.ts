import type { Agreement, LeadType } from '../domain/agreement.ts'
import type { Turn } from '../domain/decide/decision.ts'
import { type Shift, shiftOf } from '../domain/duty.ts'
import { type Lead, mergeLead } from '../domain/lead.ts'
import { type Member, maySell, type Person, personOf, roleOf } from '../domain/person.ts'
import {
  type Candidate,
  chooseTurn,
  companyDomainOf,
  type OwnerReason,
  type PassedOver,
  present,
  type RouteReason,
  typedBy,
} from '../domain/routing.ts'
import type { World } from './ports/world.ts'

/** Somebody who could have got the lead, and does not get it now. */
export interface Passed {
  person: Person
  why: PassedOver
}

/** Where a lead goes, and why. */
export interface Route {
  leadType: LeadType
  channel: string
  /** null where the first to accept owns it. */
  owner: Person | null
  /** Of the type first, then of the owner. */
  why: RouteReason[]
  passedOver: Passed[]
  /** What is committed with a handoff that takes this route; null where no rotation chose. */
  turn: Turn | null
}

export interface RouteRequest {
  /** What is known of the lead; null where only a type is asked about. */
  lead: Lead | null
  /** The lead type as sent. */
  type: string | undefined
  /** The e-mail address of the one who is to own it. */
  owner: string | undefined
}

/**
 * Where a lead would go if it were handed over now, by the agreement in force; nothing is written.
 * undefined: the agreement has no lead type of that name.
 */
export async function routeLead(
  world: World,
  workspaceId: string,
  asked: RouteRequest,
): Promise<Route | undefined> {
  const { agreement } = await world.agreements.inForce(workspaceId)
  const typed = typedBy(agreement, asked.lead, asked.type)
  if (typed === undefined) return undefined
  const { type, why } = typed
  const place: Place = { world, workspaceId, agreement, type, passed: new Map() }
  const { owner, reason, turn = null } = await ownerFor(place, asked)
  return {
    leadType: type,
    channel: type.channel,
    owner: owner && personOf(owner),
    why: [{ code: why }, reason],
    passedOver: [...place.passed.values()].filter(({ person }) => person.id !== owner?.id),
    turn,
  }
}

/**
 * Who would get a lead, by its address, by a lead type, or by both: of an address that is not known
 * yet, only that is known. undefined: the agreement has no lead type of that name.
 */
export async function whoWouldGet(
  world: World,
  workspaceId: string,
  { email, leadType }: { email?: string | undefined; leadType?: string | undefined },
): Promise<Route | undefined> {
  const known = email === undefined ? undefined : await world.leads.byEmail(workspaceId, email)
  const lead =
    email === undefined ? null : (known?.lead ?? mergeLead(undefined, { email, name: email }, ''))
  return routeLead(world, workspaceId, { lead, type: leadType, owner: undefined })
}

/** Where an owner is looked for; `passed` gathers who was passed over on the way, by id. */
interface Place {
  world: World
  workspaceId: string
  agreement: Agreement
  type: LeadType
  passed: Map<string, Passed>
}

interface Chosen {
  owner: Member | null
  reason: OwnerReason
  turn?: Turn
}

/** As asked for; else, where a type has owners, whoever knows the company; else as they take turns. */
async function ownerFor(place: Place, { lead, owner }: RouteRequest): Promise<Chosen> {
  const { world, workspaceId, type } = place
  if (owner !== undefined) {
    const member = await world.members.byEmail(workspaceId, owner)
    return { owner: member, reason: { code: 'asked-for' } }
  }
  const { owners } = type
  // What is offered to everyone is offered to everyone, whoever knows the company.
  if (owners === 'open') return { owner: null, reason: { code: 'open' } }
  const sticky = lead === null ? undefined : await whoKnows(place, lead)
  if (sticky !== undefined) return sticky
  return 'fixed' in owners ? fixedOwner(place, owners.fixed) : nextTurn(place, owners)
}

/** Whoever had the last lead of the company, where they are there and have room. */
async function whoKnows(place: Place, lead: Lead): Promise<Chosen | undefined> {
  const { world, workspaceId, agreement, type } = place
  const domain = companyDomainOf(lead)
  if (agreement.routing.sticky === 'none' || domain === null) return undefined
  const id = await world.rotations.lastOwner(workspaceId, type.id, domain)
  const owner = id === undefined ? undefined : await world.members.byId(workspaceId, id)
  if (owner === undefined) return undefined
  const mayHaveIt = await isFree(place, owner)
  return mayHaveIt ? { owner, reason: { code: 'same-company', domain } } : undefined
}

/** The one owner of a type, where they are there; else it is everybody's. */
async function fixedOwner(place: Place, email: string): Promise<Chosen> {
  const owner = await place.world.members.byEmail(place.workspaceId, email)
  return (await isFree(place, owner))
    ? { owner, reason: { code: 'fixed' } }
    : { owner: null, reason: { code: 'nobody-there' } }
}

/** Whether somebody may have a lead, whatever the hour; notes down why not. */
async function isFree(place: Place, member: Member): Promise<boolean> {
  const shift = await shiftNow(place, member)
  if (shift === 'cannot-sell') pass(place, member, { why: 'cannot-sell' })
  else if (!shift.duty.free) pass(place, member, shift.duty)
  else return true
  return false
}

/** Whose turn it is among the owners who are there. */
async function nextTurn(
  place: Place,
  { rotate, weights = {} }: { rotate: readonly string[]; weights?: Record<string, number> },
): Promise<Chosen> {
  const { world, workspaceId, type } = place
  const candidates: Candidate<{ email: string; member: Member }>[] = []
  const owners = await Promise.all(
    [...new Set(rotate)].map(async (email) => {
      const member = await world.members.byEmail(workspaceId, email)
      return { who: { email, member }, shift: await shiftNow(place, member) }
    }),
  )
  for (const { who, shift } of owners) {
    if (shift === 'cannot-sell') pass(place, who.member, { why: 'cannot-sell' })
    else candidates.push({ ...shift, who })
  }
  const { there, passedOver } = present(candidates, world.now())
  for (const { who, why } of passedOver) pass(place, who.member, why)

  const { turns, version } = await world.rotations.of(workspaceId, type.id)
  const own = Object.fromEntries(Object.entries(turns).filter(([email]) => rotate.includes(email)))
  const chosen = chooseTurn(
    own,
    there.map(({ email }) => email),
    weights,
  )
  const owner = there.find(({ email }) => email === chosen?.email)
  if (chosen === undefined || owner === undefined) {
    return { owner: null, reason: { code: 'nobody-there' } }
  }
  return {
    owner: owner.member,
    reason: { code: 'turn' },
    turn: { leadType: type.id, version, turns: chosen.turns },
  }
}

const pass = ({ passed }: Place, member: Member, why: PassedOver): void =>
  void passed.set(member.id, { person: personOf(member), why })

const shiftNow = (
  { world, workspaceId, agreement, type }: Place,
  member: Member,
): Promise<Shift | 'cannot-sell'> => shiftFor(world, workspaceId, agreement, member, type.id)

/** How somebody stands to a lead of a type that comes now. */
export async function shiftFor(
  world: World,
  workspaceId: string,
  agreement: Agreement,
  member: Member,
  leadType: string,
): Promise<Shift | 'cannot-sell'> {
  if (!maySell(roleOf(agreement, member, leadType))) return 'cannot-sell'
  const [open, offDuty] = await Promise.all([
    world.handoffs.openOf(workspaceId, member.id),
    world.members.offDuty(workspaceId),
  ])
  const load = { open, away: offDuty.has(member.id) }
  return shiftOf(agreement, { email: member.email, leadType, load }, world.now())
}
