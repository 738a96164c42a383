import { openStatuses } from '../../../../domain/handoff.ts'
import type { SlackEvent } from '../../payloads.ts'
import type { Desk, Feature } from '../feature.ts'

/** Nothing can be delivered from now on: whoever runs Baton has to know, and what to do. */
async function removed({ id }: SlackEvent, { log, workspaceId }: Desk): Promise<void> {
  log.error(
    { event: id, workspaceId },
    'Slack took Baton’s access away: install the app again and set its new token',
  )
}

/**
 * Somebody came into a channel, maybe Baton itself: where nothing waits for a channel, looking costs
 * next to nothing.
 */
async function joined(_: SlackEvent, { channels }: Desk): Promise<void> {
  channels?.changed()
}

/** So many cards of a state are drawn anew at most where somebody has left; the others at their next change. */
const mostCards = 200

/** Somebody has left: they have no part in anything from now on, and the cards of their leads say so. */
async function changed({ userId, hasLeft }: SlackEvent, desk: Desk): Promise<void> {
  const { world, workspaceId, refreshCard } = desk
  if (userId === undefined || !hasLeft) return
  const member = await world.members.left(workspaceId, userId)
  if (member === undefined || member.email === null) return
  const { email: owner } = member
  const pages = await Promise.all(
    openStatuses.map((status) =>
      world.handoffs.page(workspaceId, { owner, status }, { limit: mostCards }),
    ),
  )
  const theirs = pages.flatMap(({ items }) => items.map(({ handoff }) => handoff.id))
  await Promise.all(theirs.map((id) => refreshCard(workspaceId, id)))
}

/** The installation in the workspace. */
export const installation: Feature = {
  events: {
    app_uninstalled: removed,
    member_joined_channel: joined,
    tokens_revoked: removed,
    user_change: changed,
  },
}
