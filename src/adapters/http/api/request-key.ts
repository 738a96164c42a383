import { createHash } from 'node:crypto'
import type { Context } from 'hono'
import type { RequestKey } from '../../../use-cases/ports/handoffs.ts'
import type { Environment } from './environment.ts'

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

/** The key that a request can come again under; undefined where it has no Idempotency-Key. */
export function requestKey(
  context: Context<Environment>,
  idempotencyKey: string | undefined,
): RequestKey | undefined {
  if (idempotencyKey === undefined) return undefined
  const { method, path } = context.req
  return {
    key: `api:${context.get('apiKey').id}:${idempotencyKey}`,
    fingerprint: sha256(`${method} ${path}\n${canonical(context.get('sent'))}`),
  }
}

/** The id of what a request makes, the same each time it comes, so that it is found again. */
export const idOfRequest = (prefix: string, workspaceId: string, { key }: RequestKey): string =>
  `${prefix}_${sha256(`${workspaceId}\n${key}`).slice(0, 24)}`

/** JSON in which the order of keys makes no difference. */
export function canonical(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  const entries = Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`)
  return `{${entries.join(',')}}`
}
