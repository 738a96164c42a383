import type { Agreement } from './agreement.ts'
import { type EventType, eventTypes, type HandoffEvent } from './handoff.ts'
import { type Member, namedRoleOf, type Person, rulesFor } from './person.ts'

/** Events as programs of others are told of them, and when one that fails is tried again. */

/** What an endpoint that is tried out gets; it is no event of a handoff. */
export const testType = 'Test'
export const webhookTypes = [...eventTypes, testType] as const
export type WebhookType = (typeof webhookTypes)[number]

/** No workspace has more endpoints. */
export const mostEndpoints = 20

/**
 * What a person may do with the endpoints: managers look at them and try them out, admins, and
 * whoever administers the Slack workspace, change them as well; null for everybody else.
 */
export function webhookRight(agreement: Agreement, member: Member): 'change' | 'look' | null {
  if (member.external) return null
  const role = namedRoleOf(agreement, member.email) ?? member.assigned
  if (member.slackAdmin || role === 'admin') return 'change'
  return rulesFor(role) === null ? null : 'look'
}

/** Why an endpoint is not taken. */
export type WebhookRefusal =
  | { code: 'address-not-usable' }
  | { code: 'address-without-tls' }
  | { code: 'address-private' }
  | { code: 'address-unknown' }
  | { code: 'endpoint-known' }
  | { code: 'too-many-endpoints'; most: number }

/** How a handoff stood right after an event; the owner by id. */
export interface HandoffThen {
  status: string
  leadStatus: string
  lifecycleStage: string
  leadType: string
  owner: string | null
}

/** An event with what others need to make sense of it. */
export interface ToldEvent {
  id: string
  event: HandoffEvent
  handoff: HandoffThen & { id: string; lead: { email: string; name: string } }
}

/** Where events name people by the id of their row, which means nothing to others. */
export const naming: Partial<Record<EventType, readonly string[]>> = {
  HandedOff: ['owner'],
  Reassigned: ['from', 'to'],
  ReturnRuled: ['by'],
}

/** The ids of people in what is told. */
export function idsIn({ event: { type, data }, handoff: { owner } }: ToldEvent): string[] {
  const values = [owner, ...(naming[type] ?? []).flatMap((key) => data[key])]
  return [...new Set(values.filter((value) => typeof value === 'string'))]
}

/**
 * The text that is sent: `{ id, type, timestamp, data: { handoff, event, by } }`, people by their
 * e-mail addresses. `people` are those whom the event names, by the ids of their rows.
 */
export function webhookBody(
  { id, event, handoff }: ToldEvent,
  people: ReadonlyMap<string, Person>,
): string {
  const named = (value: unknown): unknown => {
    const person = typeof value === 'string' ? people.get(value) : undefined
    return person === undefined ? value : nameOf(person)
  }
  const keys = naming[event.type] ?? []
  const told = Object.entries(event.data).map(([key, value]) => {
    if (!keys.includes(key)) return [key, value]
    return [key, Array.isArray(value) ? value.map(named) : named(value)]
  })
  const data = {
    handoff: { ...handoff, owner: named(handoff.owner) },
    event: Object.fromEntries(told),
    by: event.by === null ? null : nameOf(event.by),
  }
  return JSON.stringify({ id, type: event.type, timestamp: event.at.toISOString(), data })
}

/** The text of a test. */
export const testBody = (id: string, at: Date): string =>
  JSON.stringify({ id, type: testType, timestamp: at.toISOString(), data: {} })

const nameOf = ({ email, name }: Person): string => email ?? name

/** What came of sending: a status, or why there was none. */
export type WebhookAnswer =
  | { kind: 'status'; status: number; retryAfterMs: number | null }
  | { kind: 'none'; why: 'timeout' | 'unreachable' | 'certificate' | WebhookRefusal['code'] }

export const isTaken = (answer: WebhookAnswer): boolean =>
  answer.kind === 'status' && answer.status >= 200 && answer.status < 300

/** The answer in a word, as the log keeps it. */
export const answerWord = (answer: WebhookAnswer): string =>
  answer.kind === 'status' ? `${answer.status}` : answer.why

/** How the tries of one delivery, and of its endpoint, have gone so far. */
export interface Tries {
  /** of this delivery, without the one that was just made */
  tries: number
  /** of the endpoint: failures in a row, and since when */
  failures: number
  failingSince: Date | null
}

/** What becomes of a delivery and its endpoint after a try. */
export interface Settled {
  state: 'sent' | 'pending' | 'failed'
  /** When it is tried again, where it is pending. */
  nextTryAt: Date
  /** Nothing at all is sent to the endpoint before; null: it may go on at once. */
  pausedUntil: Date | null
  failures: number
  failingSince: Date | null
  /** The endpoint gets nothing any more. */
  disabled: boolean
}

const second = 1_000
const hour = 3_600 * second
const day = 24 * hour

/** Twelve tries over three days: after 12 s, 36 s, 108 s … and no more than 20 hours apart. */
const mostTries = 12
const firstWaitMs = 12 * second
const growth = 3
const longestWaitMs = 20 * hour
/** So that those who failed together don't come back together. */
const jitter = 0.2
const patienceMs = 3 * day
/** An endpoint that fails again and again is left alone, but looked at every few minutes. */
const longestPauseMs = 5 * 60 * second
const longestRetryAfterMs = day

/** How long to wait after so many tries, in milliseconds; `chance` from 0 to 1 spreads it. */
export function waitMs(tries: number, chance: number): number {
  const wait = Math.min(firstWaitMs * growth ** (tries - 1), longestWaitMs)
  return Math.round(wait * (1 - jitter + 2 * jitter * chance))
}

/**
 * What an answer means. 2xx: taken. 410: the endpoint wants nothing any more. Everything else is
 * tried again, for three days; an endpoint that has failed for as long is disabled. One that names
 * a time (`Retry-After`) is left alone until then.
 */
export function settle(
  { tries, failures, failingSince }: Tries,
  answer: WebhookAnswer,
  { now, chance }: { now: Date; chance: number },
): Settled {
  const calm = { nextTryAt: now, pausedUntil: null, failures: 0, failingSince: null }
  if (isTaken(answer)) return { ...calm, state: 'sent', disabled: false }
  const since = failingSince ?? now
  const failed = { failures: failures + 1, failingSince: since }
  const gone = answer.kind === 'status' && answer.status === 410
  if (gone || now.getTime() - since.getTime() >= patienceMs) {
    return { ...calm, ...failed, state: 'failed', disabled: true }
  }
  const asked = Math.min(
    (answer.kind === 'status' ? answer.retryAfterMs : null) ?? 0,
    longestRetryAfterMs,
  )
  const pause = Math.max(asked, failures === 0 ? 0 : pauseMs(failures))
  return {
    ...failed,
    state: tries + 1 >= mostTries ? 'failed' : 'pending',
    nextTryAt: later(now, Math.max(asked, waitMs(tries + 1, chance))),
    pausedUntil: pause === 0 ? null : later(now, pause),
    disabled: false,
  }
}

/** A single failure may be the event's; from the second in a row on it is the endpoint's. */
const pauseMs = (failures: number): number =>
  Math.min(second * 2 ** Math.min(failures, 20), longestPauseMs)

const later = (now: Date, ms: number): Date => new Date(now.getTime() + ms)
