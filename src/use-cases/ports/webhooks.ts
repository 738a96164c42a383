import type { EventType } from '../../domain/handoff.ts'
import type {
  Settled,
  ToldEvent,
  Tries,
  WebhookAnswer,
  WebhookRefusal,
  WebhookType,
} from '../../domain/webhook.ts'

/** A program of others that is told of events. */
export interface WebhookEndpoint {
  id: string
  url: string
  /** Types of events; empty for all. */
  events: EventType[]
  createdAt: Date
  /** Since when it gets nothing any more. */
  disabledAt: Date | null
  /** Since when it has taken nothing that was sent; null where the last was taken. */
  failingSince: Date | null
}

/** A line of an endpoint's log. */
export interface WebhookLogLine {
  id: string
  type: WebhookType
  state: 'pending' | 'sent' | 'failed'
  tries: number
  /** What was answered last, in a word; null before the first try. */
  answer: string | null
  createdAt: Date
  sentAt: Date | null
  /** null where it is not tried again. */
  nextTryAt: Date | null
}

export interface Webhooks {
  /** Keeps an endpoint; one whose address is known, or one too many, is told by its code. */
  add(
    workspaceId: string,
    endpoint: Omit<WebhookEndpoint, 'disabledAt' | 'failingSince'> & { secret: string },
    most: number,
  ): Promise<'added' | 'endpoint-known' | 'too-many-endpoints'>
  /** Oldest first. */
  list(workspaceId: string): Promise<WebhookEndpoint[]>
  byId(workspaceId: string, id: string): Promise<(WebhookEndpoint & { secret: string }) | undefined>
  /** Takes it away with its log; false where there is none. */
  remove(workspaceId: string, id: string): Promise<boolean>
  /** Newest first; undefined where there is no such endpoint. `cursor` is what a page gave. */
  log(
    workspaceId: string,
    id: string,
    page: { cursor?: string | undefined; limit: number },
  ): Promise<{ items: WebhookLogLine[]; nextCursor: string | null } | undefined>
  /** Notes a test down; one that was taken enables the endpoint again. */
  tested(
    workspaceId: string,
    id: string,
    test: { at: Date; taken: boolean; answer: string },
  ): Promise<void>
}

/** An event that is to be sent to an endpoint now, by nobody else. */
export interface WebhookDelivery extends Tries {
  id: string
  workspaceId: string
  endpointId: string
  url: string
  secret: string
  told: ToldEvent
  /** Of the handoff, as it stood when this was read. */
  handoffVersion: number
  /** What was sent at the first try; null before it. */
  body: string | null
}

/** What waits to be sent to endpoints. */
export interface WebhookOutbox {
  /**
   * The next event whose time has come, of an endpoint that nobody sends to; for `ms` nobody else
   * does. An endpoint gets its events in order of time, and nothing of a handoff overtakes an
   * earlier event of the same handoff.
   */
  take(now: Date, holder: string, ms: number): Promise<WebhookDelivery | undefined>
  /**
   * Keeps what is sent, so that it is the same at every try; gives what is kept. undefined where the
   * handoff has moved on since the delivery was read, as it does when its lead is erased: what was
   * made of it then is not to be kept, nor sent.
   */
  keepBody(delivery: WebhookDelivery, body: string): Promise<string | undefined>
  /** Notes the outcome down and lets the endpoint go, where it is still the holder's. */
  settle(
    delivery: WebhookDelivery,
    holder: string,
    outcome: Settled & { at: Date; answer: string },
  ): Promise<void>
  /** Lets the endpoint go; what was taken waits as before. */
  release(delivery: WebhookDelivery, holder: string): Promise<void>
  /** Forgets what is over and from before that moment, so much of it at most; tells how much. */
  prune(before: Date, most: number): Promise<number>
}

export interface WebhookMessage {
  url: string
  secret: string
  /** The same at every try. */
  id: string
  body: string
  at: Date
}

/** Sends to endpoints, and knows which addresses nothing is sent to. */
export interface WebhookSender {
  /** A new secret to sign with. */
  newSecret(): string
  /** Why nothing is sent to that address; undefined where it may be. */
  check(url: string): Promise<WebhookRefusal['code'] | undefined>
  /** Never fails; undefined where it was stopped on the way. */
  send(message: WebhookMessage, stop?: AbortSignal): Promise<WebhookAnswer | undefined>
}
