/** What a key may be made for. One without scopes may do everything. */
export const scopes = ['read', 'leads', 'handoffs', 'webhooks'] as const
export type Scope = (typeof scopes)[number]

/** What writing needs, by the part of the path that says what is written. */
const toWrite = new Map<string, Scope>([
  ['leads', 'leads'],
  ['activities', 'leads'],
  ['handoffs', 'handoffs'],
  ['webhooks', 'webhooks'],
])

/**
 * The scope that a request needs: `read` to look, else that of what it writes. undefined for what no
 * scope is for: only a key without scopes may do that.
 */
export function scopeOf(method: string, path: string): Scope | undefined {
  if (method === 'GET' || method === 'HEAD') return 'read'
  const [, part = ''] = /^\/api\/v1\/([\w-]+)/.exec(path) ?? []
  return toWrite.get(part)
}
