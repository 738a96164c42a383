import type { MiddlewareHandler } from 'hono'
import type { ApiKey, ApiOptions, Environment } from './environment.ts'
import { fail } from './errors.ts'
import { createLimit, createWrongKeyLimit, networkOf } from './rate-limit.ts'
import { scopeOf } from './scopes.ts'

/** Who asks, how much, and may they: what stands before every route that takes a key. */

const missing = 'Send a key of the API: Authorization: Bearer <key>.'
const unknown = 'This key is unknown or was revoked.'

/**
 * Lets through whoever has a key that works. Whatever is wrong with a key, the way is the same: one
 * look-up, a count against the address, an answer.
 */
export function authenticated({
  apiKeys,
  world,
}: Pick<ApiOptions, 'apiKeys' | 'world'>): MiddlewareHandler<Environment> {
  const wrongKeys = createWrongKeyLimit()
  return async (context, next) => {
    const [, rawKey] =
      /^Bearer +([\x21-\x7e]+)$/i.exec(context.req.header('authorization') ?? '') ?? []
    const apiKey = rawKey === undefined ? undefined : await apiKeys.find(rawKey)
    if (apiKey === undefined || hasExpired(apiKey, world.now())) {
      const address = context.env?.incoming?.socket.remoteAddress
      const { allowed, retryAfter } = await wrongKeys.take(networkOf(address))
      if (!allowed) return fail(tooMany('Too many requests without a key that works.', retryAfter))
      return fail({
        status: 401,
        detail: rawKey === undefined ? missing : whyNot(apiKey),
        headers: { 'www-authenticate': 'Bearer realm="baton"' },
      })
    }
    apiKeys.used(apiKey)
    context.set('apiKey', apiKey)
    return next()
  }
}

const hasExpired = ({ expiresAt }: ApiKey, now: Date): boolean =>
  expiresAt !== null && expiresAt <= now

const whyNot = (apiKey: ApiKey | undefined): string =>
  apiKey === undefined || apiKey.expiresAt === null
    ? unknown
    : `This key expired on ${apiKey.expiresAt.toISOString().slice(0, 10)}. Ask for another one.`

const tooMany = (detail: string, retryAfter: number, headers: Record<string, string> = {}) => ({
  status: 429 as const,
  detail: `${detail} Come again in ${retryAfter} s.`,
  headers: { ...headers, 'retry-after': String(retryAfter) },
})

const itemsPerUnit = 100

/**
 * Holds a key to so many requests a minute and tells it what is left; 0 for any number. A list
 * counts once for every hundred of its items: it is known how many only once it was read, so the
 * rest is taken then and weighs on what comes next.
 */
export function limited(requestsPerMinute: number): MiddlewareHandler<Environment> {
  if (requestsPerMinute === 0) return (_, next) => next()
  const limit = createLimit('requests', requestsPerMinute)
  return async (context, next) => {
    const { id } = context.get('apiKey')
    const { allowed, retryAfter, headers } = await limit.take(id)
    if (!allowed) return fail(tooMany('Too many requests with this key.', retryAfter, headers))
    await next()
    const sent = context.get('sent')
    const more = Array.isArray(sent) ? Math.ceil(sent.length / itemsPerUnit) - 1 : 0
    const left = more > 0 ? (await limit.take(id, more)).headers : headers
    for (const [name, value] of Object.entries(left)) context.res.headers.set(name, value)
  }
}

/** Refuses what the key was not made for. */
export const scoped: MiddlewareHandler<Environment> = async (context, next) => {
  const { scopes } = context.get('apiKey')
  const needed = scopeOf(context.req.method, context.req.path)
  if (scopes.length > 0 && (needed === undefined || !scopes.includes(needed))) {
    const detail =
      needed === undefined
        ? 'Only a key without scopes may do this.'
        : `This key lacks the scope "${needed}".`
    return fail({
      status: 403,
      detail,
      more: { code: 'scope-required', ...(needed === undefined ? {} : { scope: needed }) },
    })
  }
  return next()
}
