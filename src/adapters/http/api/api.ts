import { OpenAPIHono } from '@hono/zod-openapi'
import type { MiddlewareHandler } from 'hono'
import { routePath } from 'hono/route'
import { createMetrics, type Metrics } from '../metrics.ts'
import { problemResponse } from '../problem.ts'
import { addCrmWebhooks } from '../webhooks/webhooks.ts'
import { addActivities } from './activities.ts'
import { addDocuments } from './documents.ts'
import type { ApiOptions, Environment } from './environment.ts'
import { fail, misfit, unexpected } from './errors.ts'
import { addHandoffs } from './handoffs.ts'
import { authenticated, limited, scoped } from './keys.ts'
import { addLeadErasure } from './lead-erasure.ts'
import { addLeads } from './leads.ts'
import { addMoves } from './moves.ts'
import { addOperations } from './operations.ts'
import { addReading } from './reading.ts'
import { inTime } from './ready.ts'
import { addReports } from './reports.ts'
import { addRoute } from './route.ts'
import { addWebhooks } from './webhooks.ts'

/** Everything that Baton answers over HTTP but Slack's entrance. `request()` drives it without a network. */
export function createApi(options: ApiOptions): OpenAPIHono<Environment> {
  const {
    world,
    apiKeys,
    requestsPerMinute,
    log,
    version,
    metrics = createMetrics({ processMetrics: false }),
  } = options
  const ready = inTime(options.ready)
  const api = new OpenAPIHono<Environment>({
    defaultHook: (result, context) => {
      if (result.success) return
      const sent = result.target === 'json' ? context.get('sent') : undefined
      fail(misfit(result.target, sent, result.error.issues))
    },
  })
  api.use(observed(metrics))
  api.use(guarded)
  addDocuments(api, version)
  if (options.crmWebhooks !== undefined) addCrmWebhooks(api, options.crmWebhooks)
  api.use('/api/v1/*', authenticated({ apiKeys, world }), limited(requestsPerMinute), scoped)
  addHandoffs(api, world)
  addMoves(api, world)
  addLeads(api, world)
  addLeadErasure(api, world)
  addActivities(api, world)
  addReading(api, world)
  addReports(api, world)
  addRoute(api, world)
  addWebhooks(api, world)
  addOperations(api, { ready, metrics })
  refuseOtherMethods(api)
  api.notFound(() => problemResponse({ status: 404, detail: 'There is nothing at this path.' }))
  api.onError(unexpected({ ready, log }))
  return api
}

function observed({ requests, requestSeconds }: Metrics): MiddlewareHandler<Environment> {
  const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']
  return async (context, next) => {
    const started = performance.now()
    await next()
    // Patterns, never paths: a label for each id would grow without end.
    const pattern = routePath(context, -1)
    const route = pattern.endsWith('*') ? 'none' : pattern
    const method = methods.includes(context.req.method) ? context.req.method : 'other'
    requests.inc({ method, route, status: context.res.status })
    requestSeconds.observe({ route }, (performance.now() - started) / 1_000)
  }
}

/** An answer is what it says it is, is kept nowhere, and as a page may load nothing. */
const guarded: MiddlewareHandler<Environment> = async (context, next) => {
  await next()
  const { headers } = context.res
  headers.set('x-content-type-options', 'nosniff')
  headers.set('referrer-policy', 'no-referrer')
  if (!headers.has('cache-control')) headers.set('cache-control', 'no-store')
  if (!headers.has('content-security-policy')) {
    headers.set('content-security-policy', "default-src 'none'; frame-ancestors 'none'")
  }
}

/** A path that exists answers other methods with 405 and the ones it has. */
function refuseOtherMethods(api: OpenAPIHono<Environment>): void {
  const methodsOf = new Map<string, Set<string>>()
  for (const { path, method } of api.routes) {
    if (method === 'ALL') continue
    const methods = methodsOf.get(path) ?? new Set()
    methods.add(method)
    if (method === 'GET') methods.add('HEAD')
    methodsOf.set(path, methods)
  }
  for (const [path, methods] of methodsOf) {
    const allow = [...methods].sort().join(', ')
    const detail = `This path takes ${allow}.`
    api.all(path, () => problemResponse({ status: 405, detail, headers: { allow } }))
  }
}
