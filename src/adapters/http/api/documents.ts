import type { OpenAPIHono } from '@hono/zod-openapi'
import { docsPage, docsPolicy } from './docs-page.ts'
import type { Environment } from './environment.ts'

const introduction = `Baton passes sales-qualified leads from marketing to sales, in Slack. This API hands leads over and reads and moves handoffs.

Every request carries a key: \`Authorization: Bearer <key>\`. An operator makes one with \`npm run baton -- api-key create <name>\`; it speaks for one workspace.

Bodies are JSON of at most 1 MiB, nested at most 50 levels deep. Unknown keys at the top level are ignored; the key \`__proto__\`, NUL and broken characters are refused anywhere. Errors are problem+json (RFC 9457) with \`errors\` that point into the body.

With an \`Idempotency-Key\` a request may be sent again: the same key with the same body has its effect once.`

/** The OpenAPI document of the routes, and the same as a page to read. No key is needed. */
export function addDocuments(api: OpenAPIHono<Environment>, version: string): void {
  api.openAPIRegistry.registerComponent('securitySchemes', 'key', {
    type: 'http',
    scheme: 'bearer',
    description: 'A key of the API.',
  })
  // Made when first asked for, since the routes are added after this.
  const document = once(() =>
    api.getOpenAPI31Document({
      openapi: '3.1.0',
      info: { title: 'Baton', version, description: introduction },
      servers: [{ url: '/' }],
    }),
  )
  const page = once(() => docsPage(document()))
  api.get('/api/v1/openapi.json', (context) => context.json(document()))
  api.get('/docs', async (context) =>
    context.html(await page(), 200, { 'content-security-policy': docsPolicy }),
  )
}

function once<Value>(make: () => Value): () => Value {
  let made: { value: Value } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}
