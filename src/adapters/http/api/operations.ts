import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Metrics } from '../metrics.ts'
import { problemResponse } from '../problem.ts'
import type { ApiOptions, Environment } from './environment.ts'

/** For whoever runs Baton: does it live, can it work, how is it doing. No key is needed. */
export function addOperations(
  api: OpenAPIHono<Environment>,
  { ready, metrics }: Pick<ApiOptions, 'ready'> & { metrics: Metrics },
): void {
  api.get('/healthz', (context) => context.json({ status: 'alive' }))

  api.get('/readyz', async (context) => {
    const answers = await ready()
    const silent = Object.keys(answers).filter((part) => !Reflect.get(answers, part))
    if (silent.length === 0) return context.json({ status: 'ready', ...answers })
    const detail = silent.map((part) => `The ${part} does not answer.`).join(' ')
    return problemResponse({ status: 503, detail, more: answers })
  })

  api.get('/metrics', async (context) => {
    const text = await metrics.registry.metrics()
    return context.body(text, 200, { 'content-type': metrics.registry.contentType })
  })
}
