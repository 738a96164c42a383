import type { Locale } from '../domain/agreement.ts'
import type { ClosedChannel, Closing, Closure } from '../domain/closed-channel.ts'
import type { ClosedChannels, ClosureMessenger } from './ports/channels.ts'
import type { Queue, Said } from './ports/delivery.ts'
import type { OwnChannels } from './ports/home.ts'
import type { World } from './ports/world.ts'
import { colleagues } from './standing.ts'

/** What tending closed channels needs of the world. */
export interface ClosedWorld {
  world: World
  workspaceId: string
  closed: ClosedChannels
  /** Asked anew at each look. */
  ownChannels: OwnChannels
  messenger: ClosureMessenger
  queue: Pick<Queue, 'deliver'>
  /** Told of a channel of which no person could be told. */
  untold(about: { channel: string; error: string }): void
}

/** Longer than the longest calls to Slack (10 s each). */
const leaseMs = 60_000

/** What was let go in vain is not let go again at every look. */
const openAgainMs = 15 * 60_000

/** So many people are told where the managers' channel can't be. */
const mostTold = 3

/** Baton is a member there, and yet Slack takes nothing: only an administrator knows when it will. */
const isOpenedByBeingIn = (closing: Closing): boolean => closing !== 'restricted_action'

/**
 * Looks after the channels that take nothing of Baton: what waits for one is said once Baton is in
 * it again, and until then people are told of it, once. `isNews`: Baton has just come into a
 * channel, so that what was let go in vain before is let go again.
 */
export async function tendClosedChannels(tending: ClosedWorld, isNews: boolean): Promise<void> {
  const { world, workspaceId, closed, ownChannels, queue } = tending
  const channels = await closed.all(workspaceId, world.now())
  if (channels.length === 0) return
  const own = await ownChannels.all()
  for (const one of channels) {
    const isIn = own?.has(one.channel) ?? false
    const mayOpen = isNews || !wasOpened(one, world.now())
    if (isIn && mayOpen && (isOpenedByBeingIn(one.closing) || one.isTold)) {
      queue.deliver([await closed.open(workspaceId, one.channel, world.now())])
    } else if (!one.isTold) await tellOf(tending, one)
  }
}

const wasOpened = ({ openedAt }: ClosedChannel, now: Date): boolean =>
  openedAt !== null && now.getTime() - openedAt.getTime() < openAgainMs

async function tellOf(tending: ClosedWorld, closure: Closure): Promise<void> {
  const { world, workspaceId, closed, untold } = tending
  const { channel } = closure
  const taken = await closed.take(workspaceId, channel, world.now(), leaseMs)
  if (taken === undefined) return
  const said = await tellSomebody(tending, closure, taken.uncertain)
  if (said.kind === 'later') return closed.notTold(workspaceId, channel, said.ambiguous)
  if (said.kind === 'never') untold({ channel, error: said.error })
  await closed.told(workspaceId, channel, world.now())
}

/** In the managers' channel; where that is closed too, to the admins. */
async function tellSomebody(
  tending: ClosedWorld,
  closure: Closure,
  uncertain: boolean,
): Promise<Said> {
  const { world, workspaceId } = tending
  const { agreement } = await world.agreements.inForce(workspaceId)
  const { managers_channel: managers, language } = agreement
  let last: Said = { kind: 'never', error: 'it is the managers’ channel itself' }
  if (managers !== closure.channel) {
    last = await tellIn(tending, closure, { place: managers, locale: language, uncertain })
    if (last.kind !== 'never') return last
  }
  let told: Said | undefined
  for (const slackId of await admins(tending)) {
    const { locale } = await world.members.bySlackId(workspaceId, slackId)
    last = await tellIn(tending, closure, { place: slackId, locale, uncertain })
    if (last.kind === 'later') return last
    if (last.kind === 'done') told = last
  }
  return told ?? last
}

async function tellIn(
  { messenger }: ClosedWorld,
  closure: Closure,
  { place, locale, uncertain }: { place: string; locale: Locale; uncertain: boolean },
): Promise<Said> {
  if (uncertain) {
    const found = await messenger.find(closure, place)
    if (found.kind !== 'absent') return found
  }
  return messenger.tell(closure, place, locale)
}

/** Slack ids of those who can mend it: Baton's admins, else those of Slack. */
async function admins({ world, workspaceId, closed }: ClosedWorld): Promise<string[]> {
  const { agreement } = await world.agreements.inForce(workspaceId)
  const named = await colleagues(world, workspaceId, agreement, ['admin'])
  const ids = named.flatMap(({ person }) => (person.slackId === null ? [] : [person.slackId]))
  return ids.length > 0 ? ids.slice(0, mostTold) : closed.administrators(workspaceId, mostTold)
}
