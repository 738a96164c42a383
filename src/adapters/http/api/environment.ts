import type { World } from '../../../use-cases/ports/world.ts'
import type { Metrics } from '../metrics.ts'
import type { CrmWebhooks } from '../webhooks/webhooks.ts'

/** A key of the API: every request speaks for the workspace of its key. */
export interface ApiKey {
  id: string
  workspaceId: string
  name: string
  /** What it may do (see scopes.ts); empty for everything. */
  scopes: readonly string[]
  /** From then on it works no more; null for never. */
  expiresAt: Date | null
}

export interface ApiKeys {
  /** The key behind what a request carries; undefined where it is unknown or revoked. */
  find(rawKey: string): Promise<ApiKey | undefined>
  /** Notes that it was used, without keeping anyone waiting. */
  used(apiKey: ApiKey): void
}

export interface Log {
  warn(about: object, message: string): void
  error(about: object, message: string): void
}

export interface ApiOptions {
  world: World
  apiKeys: ApiKeys
  /** What each key may ask of this process; 0 for any number. */
  requestsPerMinute: number
  /** Which of the two answer. */
  ready: () => Promise<Record<'database' | 'queue', boolean>>
  log: Log
  version: string
  metrics?: Metrics
  /** What CRMs tell; without it they are not heard. */
  crmWebhooks?: CrmWebhooks | undefined
}

/** What middleware leaves for the handlers of a request. */
export interface Environment {
  /** What Node's server gives along; nothing where a request came without a network. */
  Bindings: { incoming?: { socket: { remoteAddress?: string | undefined } } }
  Variables: {
    apiKey: ApiKey
    /** The body as it was sent, before any schema. */
    sent: unknown
  }
}
