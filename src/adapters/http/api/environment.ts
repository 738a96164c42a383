import type { World } from '../../../use-cases/ports.ts'
import type { Metrics } from '../metrics.ts'

/** A key of the API: every request speaks for the workspace of its key. */
export interface ApiKey {
  id: string
  workspaceId: string
  name: string
}

export interface ApiKeys {
  /** The key behind what a request carries; undefined where it is unknown or revoked. */
  find(rawKey: string): Promise<ApiKey | undefined>
}

export interface Log {
  warn(about: object, message: string): void
  error(about: object, message: string): void
}

export interface ApiOptions {
  world: World
  apiKeys: ApiKeys
  /** Which of the two answer. */
  ready: () => Promise<Record<'database' | 'queue', boolean>>
  log: Log
  version: string
  metrics?: Metrics
}

/** What middleware leaves for the handlers of a request. */
export interface Environment {
  Variables: {
    apiKey: ApiKey
    /** The body as it was sent, before any schema. */
    sent: unknown
  }
}
