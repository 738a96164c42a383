import type { Handoff } from '../domain/handoff.ts'
import { isOvertaken } from '../domain/notice.ts'
import type {
  Delivery,
  Messenger,
  NoticeDelivery,
  Outbox,
  Queue,
  RemovalDelivery,
  Said,
  Stream,
} from './ports/delivery.ts'
import type { Handoffs } from './ports/handoffs.ts'

/** What delivering needs of the world. */
export interface DeliveryWorld {
  outbox: Outbox
  messenger: Messenger
  handoffs: Pick<Handoffs, 'byId'>
  queue: Pick<Queue, 'deliver'>
  now(): Date
  sleep(ms: number): Promise<void>
  /** Runs something again and again until the answer is called; a failure is not the end of it. */
  every(ms: number, run: () => Promise<void>): () => void
  /** A name for one run of one process. */
  newHolder(): string
  /** Slack takes one message a second to a channel. */
  postIntervalMs: number
  /** Aborted when the process is to stop: what is not said yet is left to the next one. */
  stopping?: AbortSignal
}

/** Renewed while its holder lives, so that a channel is not silent for longer after a death. */
const leaseMs = 6_000
const longestBackoffMs = 5 * 60_000

/**
 * Says everything that waits to be said in a channel, in order, at Slack's pace. One process at a
 * time speaks in a channel. After giving the right back it looks once more: whoever was told of
 * news meanwhile, and found the channel taken, has left it to this one.
 */
export async function deliver(world: DeliveryWorld, stream: Stream): Promise<void> {
  for (;;) {
    const holder = world.newHolder()
    const lease = await world.outbox.lease(stream, holder, leaseMs)
    if (lease === undefined) return world.queue.deliver([stream], nextLook(world.now()))
    const stopRenewing = world.every(leaseMs / 3, () => world.outbox.renew(stream, holder, leaseMs))
    const pausedUntil = await speak(world, stream, holder, lease.lastPostAt).finally(stopRenewing)
    await world.outbox.release(stream, holder, pausedUntil)
    const due = pausedUntil ?? (await world.outbox.nextDue(stream))
    if (due === null || world.stopping?.aborted) return
    if (due > world.now()) {
      world.queue.deliver([stream], due)
      return
    }
  }
}

/**
 * When to look whether a channel that is taken has been left: its holder may have died. The same
 * moment for everyone who asks in the meantime, so that it is one job.
 */
const nextLook = (now: Date): Date => new Date((Math.ceil(now.getTime() / leaseMs) + 1) * leaseMs)

/** Speaks until nothing is due. A moment comes back where Slack asks the whole channel to wait. */
async function speak(
  world: DeliveryWorld,
  stream: Stream,
  holder: string,
  lastPostAt: Date | null,
): Promise<Date | null> {
  let last = lastPostAt
  while (!world.stopping?.aborted) {
    const delivery = await world.outbox.next(stream, world.now())
    if (delivery === undefined) return null
    const posts = delivery.kind !== 'card' || delivery.shownAt === null
    if (posts && last !== null) {
      const wait = last.getTime() + world.postIntervalMs - world.now().getTime()
      if (wait > 0) await world.sleep(Math.min(wait, world.postIntervalMs))
    }
    if (!(await world.outbox.sending(stream, delivery, holder, leaseMs))) return null
    const { said, version } = await say(world, stream, delivery)
    const at = world.now()
    if (posts) last = at
    switch (said.kind) {
      case 'done':
        await world.outbox.sent(stream, delivery, { ...said, at, posted: posts, version })
        break
      case 'never':
        await world.outbox.park(stream, delivery, said.error)
        break
      case 'overtaken':
        await world.outbox.drop(stream, delivery)
        break
      case 'later': {
        const again = new Date(at.getTime() + (said.afterMs ?? backoffMs(delivery.tries)))
        await world.outbox.later(stream, delivery, again, {
          error: said.error,
          uncertain: said.ambiguous,
        })
        if (said.whole) return again
      }
    }
  }
  return null
}

/** 1 s, 2 s, 4 s … and then every five minutes, for as long as it takes. */
export const backoffMs = (tries: number): number =>
  Math.min(1_000 * 2 ** Math.min(tries, 20), longestBackoffMs)

const never = (error: string): Said => ({ kind: 'never', error })

async function say(
  { handoffs, messenger }: DeliveryWorld,
  { workspaceId, stream }: Stream,
  delivery: Delivery,
): Promise<{ said: Said | { kind: 'overtaken' }; version: number }> {
  const handoff = await handoffs.byId(workspaceId, delivery.handoffId)
  if (handoff === undefined) return { said: never('the handoff is gone'), version: 0 }
  const { version } = handoff
  if (delivery.kind === 'card' && delivery.shownAt !== null) {
    return { said: await messenger.updateCard(handoff, delivery.shownAt), version }
  }
  const where = placeFor(delivery, stream)
  if (delivery.kind === 'removal')
    return { said: await remove(messenger, handoff, delivery, where), version }
  if (where === undefined) return { said: never('the card could not be posted'), version }
  if (delivery.uncertain) {
    const found = await messenger.find(delivery.key, where)
    // what was found may show an older state, so a card is redrawn at its next turn
    if (found.kind !== 'absent') return { said: found, version: 0 }
  }
  if (delivery.kind === 'notice' && isOvertaken(delivery.notice, handoff)) {
    return { said: { kind: 'overtaken' }, version: 0 }
  }
  const said =
    delivery.kind === 'card'
      ? await messenger.postCard(handoff, delivery.key)
      : await messenger.postNotice(handoff, delivery, where)
  return { said, version }
}

/** Deletes what stands in Slack, also where nobody knows yet whether it does; then nothing is left. */
async function remove(
  messenger: Messenger,
  handoff: Handoff,
  { key, shownAt, uncertain }: RemovalDelivery,
  where: { channel: string; threadTs: string | null } | undefined,
): Promise<Said | { kind: 'overtaken' }> {
  const overtaken = { kind: 'overtaken' } as const
  let at = shownAt
  if (at === null) {
    if (!uncertain || where === undefined) return overtaken
    const found = await messenger.find(key, where)
    if (found.kind === 'absent') return overtaken
    if (found.kind === 'later') return found
    at = found
  }
  const said = await messenger.remove(handoff, at)
  return said.kind === 'done' ? overtaken : said
}

/** The channel itself, or the thread of the card; undefined for a thread whose card is missing. */
function placeFor(
  delivery: Delivery,
  stream: string,
): { channel: string; threadTs: string | null } | undefined {
  if (delivery.kind === 'card' || !delivery.inThread) return { channel: stream, threadTs: null }
  return inThread(delivery)
}

const inThread = ({
  card,
}: NoticeDelivery | RemovalDelivery): { channel: string; threadTs: string } | undefined =>
  card === null ? undefined : { channel: card.channelId, threadTs: card.ts }
