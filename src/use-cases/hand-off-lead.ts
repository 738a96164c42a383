import type { Agreement, Priority } from '../domain/agreement.ts'
import { nextInRotation } from '../domain/clocks.ts'
import { addNews } from '../domain/decide/add-news.ts'
import { answeredByNextRound, handOff } from '../domain/decide/hand-off.ts'
import { type Handoff, isOpen } from '../domain/handoff.ts'
import { type KnownLead, type Lead, type LeadInput, mergeLead, type Score } from '../domain/lead.ts'
import type { Member } from '../domain/person.ts'
import { leadTypeFor } from '../domain/routing.ts'
import { announce, type Result, repeated } from './act.ts'
import { refusalOfErased } from './erase-lead.ts'
import { oneByOne } from './one-by-one.ts'
import type { Change, RequestKey } from './ports/handoffs.ts'
import type { World } from './ports/world.ts'
import { routeLead } from './route-lead.ts'
import { actorOf } from './standing.ts'

export interface HandOffRequest {
  workspaceId: string
  lead: LeadInput
  reason: string
  priority: Priority
  /** e-mail address of the one who is to own it */
  owner: string | undefined
  /** who hands over; null where the API's key names nobody */
  by: Member | null
  whatChanged: string | undefined
  request?: RequestKey | undefined
}

/** What is known when a lead is handed over. */
interface Stand {
  lead: Lead
  known: KnownLead | undefined
  before: Handoff | null
  agreement: Agreement
  version: number
}

/**
 * Whether what was handed over is news of a handoff that was there: one that is new has its first
 * version.
 */
export const isNews = (result: Result): boolean =>
  result.kind === 'done' && result.handoff.version > 1

/**
 * Marketing hands a lead over. The same lead is one lead, by its e-mail address or by what a CRM
 * calls it: while sales has it, that is news on the same card. A lead that sales gave back begins
 * another round, which answers the return in the same breath. Refuses a lead type the agreement
 * does not know, and another round without what changed.
 */
export async function handOffLead(world: World, asked: HandOffRequest): Promise<Result> {
  const { workspaceId, request } = asked
  if (request !== undefined) {
    const before = await repeated(world, workspaceId, request)
    if (before !== undefined) return before
  }
  const { agreement, version } = await world.agreements.inForce(workspaceId)
  const [known, before = null] = await Promise.all([
    world.leads.byEmail(workspaceId, asked.lead.email),
    world.handoffs.lastOfLead(workspaceId, asked.lead.email),
  ])
  if (known === undefined && asked.lead.crm !== undefined) {
    const same = await world.leads.byCrm(workspaceId, asked.lead.crm)
    if (same !== undefined) {
      return handOffLead(world, { ...asked, lead: { ...asked.lead, email: same.lead.email } })
    }
  }
  if (before !== null && isOpen(before.status)) {
    return tellNews(world, asked, { before, agreement, score: known?.score ?? null })
  }
  const lead = mergeLead(known?.lead, asked.lead, world.newId('lead'))
  const hand = () => handOver(world, asked, { lead, known, before, agreement, version })
  const type = leadTypeFor(agreement, lead, asked.lead.type)
  // Of leads that take turns at once all but one would lose the race for the turn.
  const takesTurns =
    asked.owner === undefined && type !== undefined && nextInRotation(agreement, type.id, null)[0]
  const done = await (takesTurns
    ? oneByOne(world.rotations, `${workspaceId} ${type.id}`, hand)
    : hand())
  return done ?? handOffLead(world, asked)
}

/** A new round of a lead; undefined where somebody else was faster. */
async function handOver(
  world: World,
  asked: HandOffRequest,
  { lead, known, before, agreement, version }: Stand,
): Promise<Result | undefined> {
  const { workspaceId, by, request } = asked
  const route = await routeLead(world, workspaceId, {
    lead,
    type: asked.lead.type,
    owner: asked.owner,
  })
  const actor = by === null ? null : actorOf(by, agreement, route?.leadType.id ?? '')
  const now = world.now()
  const result = handOff(
    {
      id: world.newId('hof'),
      workspaceId,
      lead,
      leadType: asked.lead.type,
      priority: asked.priority,
      reason: asked.reason,
      whatChanged: asked.whatChanged,
      owner: route?.owner ?? null,
      agreementVersion: version,
      known: { stage: known?.stage ?? null, status: known?.status ?? null },
      score: known?.score ?? null,
      turn: route?.turn ?? null,
      before,
    },
    actor,
    { agreement, now },
  )
  if (!result.ok) return { kind: 'refused', refusal: result.refusal, handoff: before }
  const { decision } = result
  const answered = before && answeredByNextRound(before, decision.handoff, actor, now)
  const changes: Change[] = [
    { before: null, decision },
    ...(answered === null ? [] : [{ before, decision: answered }]),
  ]
  const outcome = await world.handoffs.commitAll(changes, request)
  switch (outcome) {
    case 'committed':
      for (const change of changes) announce(world, change.decision)
      return { kind: 'done', handoff: decision.handoff }
    case 'lead-taken':
    case 'moved':
    case 'repeated':
      return undefined
    case 'erased': {
      const refusal = await refusalOfErased(world, workspaceId, asked.lead)
      return { kind: 'refused', refusal, handoff: null }
    }
  }
}

/** What is told of a lead that sales has; again where somebody else was faster. */
async function tellNews(
  world: World,
  asked: HandOffRequest,
  { before, agreement, score }: { before: Handoff; agreement: Agreement; score: Score | null },
): Promise<Result> {
  const { by, reason, priority, request } = asked
  // what this handoff knows of the lead, so that nothing that was told meanwhile is lost
  const lead = mergeLead(before.lead, asked.lead, before.lead.id)
  const actor = by === null ? null : actorOf(by, agreement, before.leadType)
  const result = addNews(before, { lead, reason, priority, score }, actor, { now: world.now() })
  if (!result.ok) return { kind: 'refused', refusal: result.refusal, handoff: before }
  const { decision } = result
  const outcome = await world.handoffs.commit(before, decision, request)
  if (outcome === 'erased') {
    const refusal = await refusalOfErased(world, asked.workspaceId, asked.lead)
    return { kind: 'refused', refusal, handoff: null }
  }
  if (outcome !== 'committed') return handOffLead(world, asked)
  announce(world, decision)
  return { kind: 'done', handoff: decision.handoff }
}
