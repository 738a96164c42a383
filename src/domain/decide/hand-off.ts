import type { Priority } from '../agreement.ts'
import { leadTypeOf } from '../clocks.ts'
import { startClocks } from '../deadlines.ts'
import type { Handoff } from '../handoff.ts'
import type { Lead } from '../lead.ts'
import { mayHandOver, type Person } from '../person.ts'
import { missingFields, promisedFields } from '../promises.ts'
import { type Actor, type Context, type Decided, refuse } from './decision.ts'

export interface HandOff {
  id: string
  workspaceId: string
  lead: Lead
  leadType: string | undefined
  priority: Priority
  reason: string
  whatChanged: string | undefined
  owner: Person | null
  agreementVersion: number
}

/**
 * Marketing hands a sales-qualified lead over. The lead becomes an SQL, the clocks of acceptance
 * start. `actor` is null where the API's key speaks for marketing without naming a person.
 * Refuses a lead type that the agreement does not know, and a person without a role.
 */
export function handOff(
  command: HandOff,
  actor: Actor | null,
  { agreement, now }: Context,
): Decided {
  const type = leadTypeOf(agreement, command.leadType)
  if (type === undefined) {
    return refuse({
      code: 'unknown-lead-type',
      leadType: command.leadType ?? '',
      known: agreement.lead_types.map((known) => known.id),
    })
  }
  if (actor !== null && !mayHandOver(actor.role)) {
    return refuse({ code: 'role-required', needed: 'hand-over' })
  }
  const handoff: Handoff = {
    id: command.id,
    workspaceId: command.workspaceId,
    version: 1,
    lead: command.lead,
    leadType: type.id,
    priority: command.priority,
    reason: command.reason,
    channel: type.channel,
    status: 'offered',
    leadStatus: agreement.lead_statuses.new,
    lifecycleStage: 'sql',
    owner: command.owner,
    handedOffBy: actor?.person ?? null,
    agreementVersion: command.agreementVersion,
    returned: null,
    acceptedAt: null,
    deadlines: startClocks(
      ['accept', 'accept-hard'],
      { leadType: type.id, priority: command.priority },
      agreement,
      now,
    ),
    attempts: [],
    createdAt: now,
  }
  const promised = promisedFields(agreement)
  const data = {
    leadType: type.id,
    priority: command.priority,
    owner: command.owner?.id ?? null,
    ...(command.whatChanged === undefined ? {} : { whatChanged: command.whatChanged }),
    // kept as it was at this moment, so that what is learnt later changes no figure
    ...(promised === null ? {} : { missing: missingFields(command.lead, promised) }),
  }
  return {
    ok: true,
    decision: {
      handoff,
      events: [{ type: 'HandedOff', at: now, by: actor?.person ?? null, data }],
      notices: [],
      redraw: true,
    },
  }
}
