import type { Priority } from '../domain/agreement.ts'
import { fixedOwnerOf, leadTypeOf } from '../domain/clocks.ts'
import { answeredByNextRound, handOff } from '../domain/decide/hand-off.ts'
import { type LeadInput, mergeLead } from '../domain/lead.ts'
import type { Member } from '../domain/person.ts'
import { announce, type Result, repeated } from './act.ts'
import type { Change, RequestKey, World } from './ports.ts'
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

/**
 * Marketing hands a lead over. A lead that sales gave back begins another round, which answers the
 * return in the same breath. Refuses a lead type the agreement does not know, a lead that has an
 * open handoff (the same lead is one lead), and another round without what changed.
 */
export async function handOffLead(world: World, asked: HandOffRequest): Promise<Result> {
  const { workspaceId, by, request } = asked
  if (request !== undefined) {
    const before = await repeated(world, workspaceId, request)
    if (before !== undefined) return before
  }
  const { agreement, version } = await world.agreements.inForce(workspaceId)
  const [known, before = null] = await Promise.all([
    world.leads.byEmail(workspaceId, asked.lead.email),
    world.handoffs.lastOfLead(workspaceId, asked.lead.email),
  ])
  const lead = mergeLead(known?.lead, asked.lead, world.newId('lead'))
  const type = leadTypeOf(agreement, asked.lead.type)
  const ownerEmail = asked.owner ?? (type === undefined ? undefined : fixedOwnerOf(type))
  const owner =
    ownerEmail === undefined ? null : await world.members.byEmail(workspaceId, ownerEmail)

  const actor = by === null ? null : actorOf(by, agreement, type?.id ?? '')
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
      owner,
      agreementVersion: version,
      known: { stage: known?.stage ?? null, status: known?.status ?? null },
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
    case 'lead-taken': {
      const open = await world.handoffs.openOfLead(workspaceId, asked.lead.email)
      if (open === undefined) return handOffLead(world, asked)
      const { id: handoffId, status } = open
      return {
        kind: 'refused',
        refusal: { code: 'already-open', handoffId, status },
        handoff: open,
      }
    }
    case 'moved':
    case 'repeated':
      return handOffLead(world, asked)
  }
}
