import ipaddr from 'ipaddr.js'
import { RateLimiterMemory } from 'rate-limiter-flexible'

/** How much may be asked within a minute, counted in this process. A minute's worth may come at once. */

const windowSeconds = 60
const wrongKeysPerMinute = 60

export interface Taken {
  allowed: boolean
  /** As the IETF's draft of RateLimit header fields has them. */
  headers: Record<string, string>
  /** Whole seconds, at least 1, until there is room again. */
  retryAfter: number
}

export interface Limit {
  /** Takes so many units of whoever `id` is; more than one is taken even where it goes too far. */
  take(id: string, units?: number): Promise<Taken>
}

/** A limit of `quota` units a minute; its name stands in the headers. */
export function createLimit(name: string, quota: number): Limit {
  const limiter = new RateLimiterMemory({ points: quota, duration: windowSeconds })
  return {
    async take(id, units = 1) {
      const { consumedPoints, msBeforeNext } = await limiter.penalty(id, units)
      const retryAfter = Math.max(1, Math.ceil(msBeforeNext / 1_000))
      const left = Math.max(0, quota - consumedPoints)
      return {
        allowed: consumedPoints <= quota,
        retryAfter,
        headers: {
          'ratelimit-policy': `"${name}";q=${quota};w=${windowSeconds}`,
          ratelimit: `"${name}";r=${left};t=${retryAfter}`,
        },
      }
    },
  }
}

/** How often one network may send keys that do not work. */
export const createWrongKeyLimit = (): Limit => createLimit('wrong-keys', wrongKeysPerMinute)

/** What an address counts as: itself, and with IPv6 the /64 that a single customer is given. */
export function networkOf(address: string | undefined): string {
  if (address === undefined || !ipaddr.isValid(address)) return 'unknown'
  const parsed = ipaddr.process(address)
  if (parsed.kind() === 'ipv4') return parsed.toString()
  return parsed.toNormalizedString().split(':').slice(0, 4).join(':')
}
