import { workingMsBetween } from '../business-time.ts'
import { calendarOf } from '../clocks.ts'
import { meet, settle, startClocks } from '../deadlines.ts'
import type { Handoff } from '../handoff.ts'
import { maySell, mayStandIn } from '../person.ts'
import { type Actor, type Context, type Decided, decided, refuse } from './decision.ts'

/**
 * A rep takes the lead on: the accept clocks are met, those of the attempts start. Exactly one
 * person wins; refuses whoever comes second, a lead that is offered to somebody else, one that has
 * moved on, and a person without a role in sales.
 */
export function accept(handoff: Handoff, actor: Actor, { agreement, now }: Context): Decided {
  if (handoff.owner !== null && handoff.status === 'accepted') {
    return handoff.owner.id === actor.person.id
      ? refuse({ code: 'accepted-by-you' })
      : refuse({
          code: 'accepted-by',
          owner: handoff.owner,
          at: handoff.acceptedAt ?? handoff.createdAt,
        })
  }
  if (handoff.status !== 'offered') {
    return refuse({ code: 'moved-on', status: handoff.status, leadStatus: handoff.leadStatus })
  }
  if (!maySell(actor.role)) return refuse({ code: 'role-required', needed: 'sales' })
  if (handoff.owner !== null && handoff.owner.id !== actor.person.id && !mayStandIn(actor.role)) {
    return refuse({ code: 'offered-to', owner: handoff.owner })
  }

  const calendar = calendarOf(agreement, handoff.leadType)
  return decided(
    handoff,
    {
      status: 'accepted',
      leadStatus: agreement.lead_statuses.accepted,
      owner: actor.person,
      acceptedAt: now,
      deadlines: [
        ...settle(handoff, ['accept', 'accept-hard'], (deadline) => meet(deadline, now)),
        ...startClocks(['first-attempt', 'attempts', 'idle'], handoff, agreement, now),
      ],
    },
    {
      events: [
        {
          type: 'Accepted',
          at: now,
          by: actor.person,
          data: {
            afterMs: now.getTime() - handoff.createdAt.getTime(),
            afterWorkingMs: workingMsBetween(handoff.createdAt, now, calendar),
          },
        },
      ],
    },
  )
}
