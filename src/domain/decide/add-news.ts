import type { Priority } from '../agreement.ts'
import { deadlineOf, type Handoff, isOpen } from '../handoff.ts'
import type { Lead, Score } from '../lead.ts'
import { mayHandOver } from '../person.ts'
import { type Actor, type Context, type Decided, decided, refuse } from './decision.ts'

/** What marketing tells of a lead that sales has. */
export interface NewsTold {
  /** The lead as it is known by now. */
  lead: Lead
  reason: string
  priority: Priority
  score: Score | null
}

/**
 * A lead is handed over that sales has already: that is news on the same card, and the owner hears
 * of it. It may become hot and never cools down; clocks that run stay as they are, those that start
 * later are those of a hot lead. `actor` is null where the API's key names nobody. Refuses a person
 * without a role, and a handoff that sales does not have any more.
 */
export function addNews(
  handoff: Handoff,
  { lead, reason, priority, score }: NewsTold,
  actor: Actor | null,
  { now }: Pick<Context, 'now'>,
): Decided {
  if (actor !== null && !mayHandOver(actor.role)) {
    return refuse({ code: 'role-required', needed: 'hand-over' })
  }
  const { status, leadStatus, owner } = handoff
  if (!isOpen(status)) return refuse({ code: 'moved-on', status, leadStatus })

  const by = actor?.person ?? null
  const raised = priority === 'hot' && handoff.priority !== 'hot'
  const runs = deadlineOf(handoff, 'first-attempt') !== undefined
  return decided(
    handoff,
    {
      lead,
      score: score ?? handoff.score,
      priority: raised ? priority : handoff.priority,
      news: {
        reason,
        by,
        at: now,
        hotSince: raised && runs ? now : (handoff.news?.hotSince ?? null),
      },
    },
    {
      events: [
        { type: 'NewsAdded', at: now, by, data: { reason, ...(raised ? { priority } : {}) } },
      ],
      notices: [
        {
          where: { thread: true },
          notice: {
            type: 'news',
            by: by?.id ?? null,
            to: owner === null || owner.id === by?.id ? null : owner.id,
            reason,
            hot: raised,
          },
        },
      ],
    },
  )
}
