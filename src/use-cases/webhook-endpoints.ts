import type { EventType } from '../domain/handoff.ts'
import {
  answerWord,
  isTaken,
  mostEndpoints,
  testBody,
  type WebhookRefusal,
} from '../domain/webhook.ts'
import type { WebhookEndpoint, WebhookLogLine } from './ports/webhooks.ts'
import type { World } from './ports/world.ts'

/** Programs of others that are told of events: which there are, and whether they answer. */

export type EndpointWorld = Pick<World, 'webhooks' | 'webhookSender' | 'now' | 'newId'>

export type Added =
  | { ok: true; endpoint: WebhookEndpoint & { secret: string } }
  | { ok: false; refusal: WebhookRefusal }

/** Has events told to an address from now on; without types, all of them. */
export async function addEndpoint(
  { webhooks, webhookSender, now, newId }: EndpointWorld,
  workspaceId: string,
  { url, events }: { url: string; events: readonly EventType[] },
): Promise<Added> {
  const code = await webhookSender.check(url)
  if (code !== undefined) return refused(code)
  const endpoint = {
    id: newId('hook'),
    // as it is connected to, so that two spellings are one
    url: new URL(url).href,
    events: [...new Set(events)],
    createdAt: now(),
    secret: webhookSender.newSecret(),
  }
  const added = await webhooks.add(workspaceId, endpoint, mostEndpoints)
  return added === 'added'
    ? { ok: true, endpoint: { ...endpoint, disabledAt: null, failingSince: null } }
    : refused(added)
}

const refused = (code: WebhookRefusal['code']): Added => ({
  ok: false,
  refusal: code === 'too-many-endpoints' ? { code, most: mostEndpoints } : { code },
})

/** An endpoint with what was sent to it last, newest first. */
export interface EndpointSeen {
  endpoint: WebhookEndpoint
  log: WebhookLogLine[]
}

/** All endpoints, oldest first, each with so many lines of its log. */
export async function endpointsSeen(
  { webhooks }: Pick<World, 'webhooks'>,
  workspaceId: string,
  limit: number,
): Promise<EndpointSeen[]> {
  const endpoints = await webhooks.list(workspaceId)
  const seen = endpoints.map(async (endpoint): Promise<EndpointSeen[]> => {
    const page = await webhooks.log(workspaceId, endpoint.id, { limit })
    // removed while the list was read
    return page === undefined ? [] : [{ endpoint, log: page.items }]
  })
  return (await Promise.all(seen)).flat()
}

export interface Tested {
  /** It answered with 2xx. */
  taken: boolean
  /** The status, or why there was none. */
  answer: string
}

/**
 * Sends a test now, and tells what was answered; one that is taken enables the endpoint again.
 * undefined: there is no such endpoint.
 */
export async function testEndpoint(
  { webhooks, webhookSender, now, newId }: EndpointWorld,
  workspaceId: string,
  endpointId: string,
): Promise<Tested | undefined> {
  const endpoint = await webhooks.byId(workspaceId, endpointId)
  if (endpoint === undefined) return undefined
  const { url, secret } = endpoint
  const id = newId('evt')
  const at = now()
  const sent = await webhookSender.send({ url, secret, id, body: testBody(id, at), at })
  const answer = sent ?? { kind: 'none' as const, why: 'unreachable' as const }
  const tested = { taken: isTaken(answer), answer: answerWord(answer) }
  await webhooks.tested(workspaceId, endpointId, { at, ...tested })
  return tested
}
