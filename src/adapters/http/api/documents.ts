import type { OpenAPIHono } from '@hono/zod-openapi'
import { docsPage, docsPolicy } from './docs-page.ts'
import type { Environment } from './environment.ts'
import { scopeOf } from './scopes.ts'

const introduction = `Baton passes sales-qualified leads from marketing to sales, in Slack. This API hands leads over and reads and moves handoffs.

Every request carries a key: \`Authorization: Bearer <key>\`. An operator makes one with \`npm run baton -- api-key create <name>\`; it speaks for one workspace. A key may be made for some scopes only: \`read\` for every GET, \`leads\` to write leads and activities, \`handoffs\` to hand over and to move handoffs, \`webhooks\` to write webhooks. One without scopes may do everything.

A key may ask so many times a minute, 600 unless Baton is set up otherwise; a minute's worth may come at once. A list counts once for every hundred of its items. \`RateLimit\` says what is left (\`r\`) and for how many seconds (\`t\`), \`RateLimit-Policy\` what there is; whoever goes too far gets a 429 with \`Retry-After\`.

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
    withKeys(
      api.getOpenAPI31Document({
        openapi: '3.1.0',
        info: { title: 'Baton', version, description: introduction },
        servers: [{ url: '/' }],
      }),
    ),
  )
  const page = once(() => docsPage(document()))
  api.get('/api/v1/openapi.json', (context) => context.json(document()))
  api.get('/docs', async (context) =>
    context.html(await page(), 200, { 'content-security-policy': docsPolicy }),
  )
}

type OpenApi = ReturnType<OpenAPIHono['getOpenAPI31Document']>

const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
})
const lacksScope = problem('The key lacks the scope of this request.')
const tooMany = {
  ...problem('Too many requests with this key.'),
  headers: {
    'Retry-After': { schema: { type: 'integer' }, description: 'Seconds until there is room.' },
  },
}

const methods = ['get', 'put', 'post', 'patch', 'delete'] as const

/** Tells of every route that takes a key what is the same for all: its scope, its limit, a name. */
function withKeys(document: OpenApi): OpenApi {
  for (const [path, item] of Object.entries(document.paths ?? {})) {
    for (const method of methods) {
      const operation = item[method]
      if (operation === undefined) continue
      operation.operationId = nameOf(method, path)
      if (operation.security === undefined) continue
      const scope = scopeOf(method.toUpperCase(), path)
      operation.security = [{ key: scope === undefined ? [] : [scope] }]
      operation.responses = { 403: lacksScope, 429: tooMany, ...operation.responses }
    }
  }
  return document
}

/** As programs made from the document call it: `POST /api/v1/handoffs/{id}/accept` is `postHandoffsIdAccept`. */
const nameOf = (method: string, path: string): string =>
  method +
  path
    .replace('/api/v1', '')
    .replaceAll(/[^a-z0-9]+([a-z0-9])?/gi, (_, letter: string = '') => letter.toUpperCase())

function once<Value>(make: () => Value): () => Value {
  let made: { value: Value } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}
