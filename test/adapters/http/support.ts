import { createApi } from '../../../src/adapters/http/api/api.ts'
import type { ApiOptions } from '../../../src/adapters/http/api/environment.ts'
import { createMemoryWorld, type MemoryWorldOptions } from '../../support/memory-world.ts'

/** Two keys of two workspaces. */
export const keys = { acme: 'baton_acme-key-of-32-characters-or-more', other: 'baton_other-key' }

export const aHandOff = (overrides: Record<string, unknown> = {}) => ({
  lead: {
    email: 'maria@officineverdi.example',
    name: 'Maria Verdi',
    company: { name: 'Officine Verdi', employees: 120, presses: 4 },
    type: 'new-equipment',
    attributes: { budget: '50k' },
  },
  reason: 'Asked for a quote for two presses',
  priority: 'hot',
  handedOffBy: 'ben@acme.example',
  ...overrides,
})

/** The API over a world in memory, with a short way to ask it. */
export function anApi(options: MemoryWorldOptions & Partial<ApiOptions> = {}) {
  const world = options.world ?? createMemoryWorld(options)
  const logged: unknown[] = []
  const note = (...line: unknown[]) => void logged.push(line)
  const api = createApi({
    apiKeys: {
      find: async (rawKey) =>
        Object.entries(keys)
          .filter(([, key]) => key === rawKey)
          .map(([name]) => ({
            ...{ id: `key_${name}`, workspaceId: `ws_${name}`, name },
            ...{ scopes: [], expiresAt: null },
          }))[0],
      used: () => {},
    },
    requestsPerMinute: 0,
    ready: async () => ({ database: true, queue: true }),
    log: { warn: note, error: note },
    version: '0.1.0',
    ...options,
    world,
  })

  async function ask(
    method: string,
    path: string,
    {
      body,
      headers,
      key = keys.acme,
    }: { body?: unknown; headers?: Record<string, string>; key?: string | null } = {},
  ) {
    const raw = typeof body === 'string' || body instanceof Uint8Array
    const response = await api.request(path, {
      method,
      headers: {
        ...(key === null ? {} : { authorization: `Bearer ${key}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: raw ? new Blob([body]) : JSON.stringify(body) }),
    })
    const text = await response.text()
    const json = response.headers.get('content-type')?.includes('json') === true
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: json && text !== '' ? JSON.parse(text) : undefined,
    }
  }
  return { api, ask, world, logged }
}
