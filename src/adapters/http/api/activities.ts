import { randomUUID } from 'node:crypto'
import type { OpenAPIHono, z } from '@hono/zod-openapi'
import type { World } from '../../../use-cases/ports/world.ts'
import { recordActivities } from '../../../use-cases/record-activities.ts'
import type { Environment } from './environment.ts'
import { fail } from './errors.ts'
import { erasedAmong } from './lead-erasure.ts'
import { canonical, sha256 } from './request-key.ts'
import { activitiesRoute } from './routes.ts'
import type { activitiesBody } from './schemas.ts'

/** What leads did. */
export function addActivities(api: OpenAPIHono<Environment>, world: World): void {
  api.openapi(activitiesRoute, async (context) => {
    const { workspaceId, id: keyId } = context.get('apiKey')
    const idempotencyKey = context.req.valid('header')['Idempotency-Key']
    const told = context.req.valid('json').map((sent, index) => ({
      ...sent,
      key: keyOf(sent, idempotencyKey && `${keyId}:${idempotencyKey}:${index}`),
      at: sent.at === undefined ? undefined : new Date(sent.at),
      properties: sent.properties ?? {},
    }))
    const recorded = await recordActivities(world, workspaceId, told)
    if ('erased' in recorded) return fail(erasedAmong(recorded.erased))
    return context.json(recorded, 202)
  })
}

type SentActivity = z.output<typeof activitiesBody>[number]

/** What an activity is known again by, when it is sent again. */
function keyOf(
  { id, email, type, at, properties }: SentActivity,
  placeInRequest: string | undefined,
): string {
  if (id !== undefined) return `id:${id}`
  if (placeInRequest !== undefined) return `request:${placeInRequest}`
  if (at !== undefined) return `said:${sha256(canonical([email, type, at, properties ?? {}]))}`
  return `once:${randomUUID()}`
}
