import type { Priority } from '../domain/agreement.ts'
import { fixedOwnerOf, leadTypeOf } from '../domain/clocks.ts'
import { handOff } from '../domain/decide/hand-off.ts'
import { type LeadInput, mergeLead } from '../domain/lead.ts'
import type { Member } from '../domain/person.ts'
import { announce, type Result, repeated } from './act.ts'
import type { RequestKey, World } from './ports.ts'
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
 * Marketing hands a lead over. Refuses a lead type the agreement does not know, and a lead that
 * has an open handoff: the same lead is one lead.
 */
export async function handOffLead(world: World, asked: HandOffRequest): Promise<Result> {
  const { workspaceId, by, request } = asked
  if (request !== undefined) {
    const before = await repeated(world, workspaceId, request)
    if (before !== undefined) return before
  }
  const { agreement, version } = await world.agreements.inForce(workspaceId)
  const known = await world.leads.byEmail(workspaceId, asked.lead.email)
  const lead = mergeLead(known, asked.lead, world.newId('lead'))
  const type = leadTypeOf(agreement, asked.lead.type)
  const ownerEmail = asked.owner ?? (type === undefined ? undefined : fixedOwnerOf(type))
  const owner =
    ownerEmail === undefined ? null : await world.members.byEmail(workspaceId, ownerEmail)

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
    },
    by === null ? null : actorOf(by, agreement, type?.id ?? ''),
    { agreement, now: world.now() },
  )
  if (!result.ok) return { kind: 'refused', refusal: result.refusal, handoff: null }
  const outcome = await world.handoffs.commit(null, result.decision, request)
  switch (outcome) {
    case 'committed':
      announce(world, result.decision)
      return { kind: 'done', handoff: result.decision.handoff }
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
