import { workingMsBetween } from '../business-time.ts'
import { calendarOf, clocksOf } from '../clocks.ts'
import { meet, settle, startClocks, withStarted } from '../deadlines.ts'
import { deadlineOf, type Handoff } from '../handoff.ts'
import { maySell, mayStandIn } from '../person.ts'
import { clocksToStart, isConnected, leadStatusKeyOf } from './attempt-standing.ts'
import { type Actor, type Context, type Decided, decided, refuse } from './decision.ts'

/**
 * A rep takes the lead on: the accept clocks are met, those of the attempts start; one that was given
 * back goes on where its attempts left it. Exactly one person wins; refuses whoever comes second, a
 * lead that is offered to somebody else, one that has moved on, and a person without a role in sales.
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
  const offeredAt = deadlineOf(handoff, 'accept')?.startedAt ?? handoff.createdAt
  const { attempts } = handoff
  const standing = leadStatusKeyOf(attempts)
  const kinds = clocksToStart(attempts, clocksOf(agreement, handoff.leadType).attempts)
  return decided(
    handoff,
    {
      status: isConnected(attempts) ? 'connected' : 'accepted',
      leadStatus: agreement.lead_statuses[standing],
      owner: actor.person,
      acceptedAt: now,
      acceptedBy: actor.person,
      deadlines: withStarted(
        settle(handoff, ['accept', 'accept-hard'], (deadline) => meet(deadline, now)),
        startClocks(kinds, handoff, agreement, now),
      ),
    },
    {
      events: [
        {
          type: 'Accepted',
          at: now,
          by: actor.person,
          data: {
            afterMs: now.getTime() - offeredAt.getTime(),
            afterWorkingMs: workingMsBetween(offeredAt, now, calendar),
            // since the handoff, whoever it was offered to first: what reports are made of
            workingMs: workingMsBetween(handoff.createdAt, now, calendar),
          },
        },
      ],
      rule: `lead_statuses.${standing}`,
    },
  )
}
