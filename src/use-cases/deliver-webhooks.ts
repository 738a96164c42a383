import { answerWord, idsIn, settle, webhookBody } from '../domain/webhook.ts'
import type { Members } from './ports/people.ts'
import type { WebhookDelivery, WebhookOutbox, WebhookSender } from './ports/webhooks.ts'

/** What telling others of events needs of the world. */
export interface WebhookWorld {
  outbox: WebhookOutbox
  sender: Pick<WebhookSender, 'send'>
  members: Pick<Members, 'byId'>
  now(): Date
  /** From 0 to 1. */
  chance(): number
  /** A name for one run of one process. */
  newHolder(): string
  /** Told of an endpoint that gets nothing any more. */
  disabled(endpoint: { endpointId: string; answer: string }): void
  /** Something was found, so there may be more: another run may take it meanwhile. */
  more?(): void
  /** Aborted when the process is to stop: what is not sent yet is left to the next one. */
  stopping: AbortSignal
  /** Aborted when the process can't wait for what is under way. */
  stop?: AbortSignal
}

/** Longer than a try may take; what a process that died was sending is sent again after it. */
const leaseMs = 30_000

/** Sends everything whose time has come, one after the other; others may do the same beside it. */
export async function deliverWebhooks(world: WebhookWorld): Promise<void> {
  while (!world.stopping.aborted) {
    const holder = world.newHolder()
    const delivery = await world.outbox.take(world.now(), holder, leaseMs)
    if (delivery === undefined) return
    world.more?.()
    await tell(world, delivery, holder)
  }
}

async function tell(world: WebhookWorld, delivery: WebhookDelivery, holder: string): Promise<void> {
  const { outbox, sender, stop, now, chance } = world
  const { url, secret, told, endpointId } = delivery
  const made = delivery.body ?? (await bodyOf(world, delivery))
  const body = await outbox.keepBody(delivery, made)
  // it is taken again, with what is left by then
  if (body === undefined) return outbox.release(delivery, holder)
  const answer = await sender.send({ url, secret, id: told.id, body, at: now() }, stop)
  if (answer === undefined) return outbox.release(delivery, holder)
  const at = now()
  const settled = settle(delivery, answer, { now: at, chance: chance() })
  const word = answerWord(answer)
  await outbox.settle(delivery, holder, { ...settled, at, answer: word })
  if (settled.disabled) world.disabled({ endpointId, answer: word })
}

async function bodyOf({ members }: WebhookWorld, { workspaceId, told }: WebhookDelivery) {
  const found = await Promise.all(idsIn(told).map((id) => members.byId(workspaceId, id)))
  return webhookBody(told, new Map(found.flatMap((one) => (one ? [[one.id, one]] : []))))
}

/** The log goes back so far. */
const keptMs = 30 * 24 * 60 * 60_000
const batch = 500

/** Forgets what the log is too old for, a little at a time. */
export async function pruneWebhooks({
  outbox,
  now,
  stopping,
}: Pick<WebhookWorld, 'outbox' | 'now' | 'stopping'>): Promise<void> {
  const before = new Date(now().getTime() - keptMs)
  while (!stopping.aborted && (await outbox.prune(before, batch)) === batch);
}
