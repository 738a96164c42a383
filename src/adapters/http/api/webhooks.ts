import type { OpenAPIHono, z } from '@hono/zod-openapi'
import type { WebhookEndpoint, WebhookLogLine } from '../../../use-cases/ports/webhooks.ts'
import type { World } from '../../../use-cases/ports/world.ts'
import { addEndpoint, testEndpoint } from '../../../use-cases/webhook-endpoints.ts'
import type { Environment } from './environment.ts'
import { fail, unknownWebhook, webhookProblem } from './errors.ts'
import {
  addWebhookRoute,
  removeWebhookRoute,
  testWebhookRoute,
  webhookLogRoute,
  webhooksRoute,
} from './routes.ts'
import type { webhookLogSchema, webhookSchema } from './schemas.ts'

/** Programs of others that are told of events. */
export function addWebhooks(api: OpenAPIHono<Environment>, world: World): void {
  api.openapi(addWebhookRoute, async (context) => {
    const { workspaceId } = context.get('apiKey')
    const added = await addEndpoint(world, workspaceId, context.req.valid('json'))
    if (!added.ok) return fail(webhookProblem(added.refusal))
    const { endpoint } = added
    return context.json({ ...webhookJson(endpoint), secret: endpoint.secret }, 201)
  })

  api.openapi(webhooksRoute, async (context) => {
    const endpoints = await world.webhooks.list(context.get('apiKey').workspaceId)
    return context.json({ items: endpoints.map(webhookJson) }, 200)
  })

  api.openapi(removeWebhookRoute, async (context) => {
    const { workspaceId } = context.get('apiKey')
    const removed = await world.webhooks.remove(workspaceId, context.req.valid('param').id)
    return removed ? context.body(null, 204) : fail(unknownWebhook)
  })

  api.openapi(testWebhookRoute, async (context) => {
    const { workspaceId } = context.get('apiKey')
    const tested = await testEndpoint(world, workspaceId, context.req.valid('param').id)
    return context.json(tested ?? fail(unknownWebhook), 200)
  })

  api.openapi(webhookLogRoute, async (context) => {
    const { workspaceId } = context.get('apiKey')
    const { id } = context.req.valid('param')
    const page = await world.webhooks.log(workspaceId, id, context.req.valid('query'))
    const { items, nextCursor } = page ?? fail(unknownWebhook)
    return context.json({ items: items.map(lineJson), nextCursor }, 200)
  })
}

const webhookJson = ({
  id,
  url,
  events,
  createdAt,
  disabledAt,
}: WebhookEndpoint): z.input<typeof webhookSchema> => ({
  id,
  url,
  events,
  createdAt: createdAt.toISOString(),
  disabledAt: disabledAt?.toISOString() ?? null,
})

const lineJson = (line: WebhookLogLine): z.input<typeof webhookLogSchema>['items'][number] => ({
  ...line,
  createdAt: line.createdAt.toISOString(),
  sentAt: line.sentAt?.toISOString() ?? null,
  nextTryAt: line.nextTryAt?.toISOString() ?? null,
})
