import { beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { shippedGlossary } from '../../../../src/adapters/glossary-file.ts'
import { scopeOf } from '../../../../src/adapters/http/api/scopes.ts'
import { aHandOff, anApi } from '../support.ts'
import { type JsonSchema, misfits } from './conforms.ts'

/** The OpenAPI document is what programs go by: what it says is checked here against the answers. */

const schemaSchema = z.record(z.string(), z.unknown())
const contentSchema = z.record(z.string(), z.object({ schema: schemaSchema }))
const operationSchema = z.object({
  operationId: z.string(),
  summary: z.string().min(1),
  tags: z.array(z.string()).length(1),
  security: z.array(z.object({ key: z.array(z.string()) })).length(1),
  parameters: z
    .array(
      z.object({
        name: z.string(),
        in: z.enum(['path', 'query', 'header']),
        required: z.boolean().default(false),
        schema: schemaSchema,
      }),
    )
    .default([]),
  requestBody: z.object({ content: contentSchema }).optional(),
  responses: z.record(
    z.string(),
    z.object({ description: z.string().min(1), content: contentSchema.optional() }),
  ),
})
const documentSchema = z.object({
  openapi: z.literal('3.1.0'),
  info: z.object({ title: z.string(), version: z.string() }),
  paths: z.record(z.string(), z.record(z.string(), operationSchema)),
  components: z.object({
    schemas: z.record(z.string(), schemaSchema),
    securitySchemes: z.object({ key: z.object({ type: z.literal('http') }) }),
  }),
})

type Api = ReturnType<typeof anApi>
type Ask = Api['ask']
type Answer = Awaited<ReturnType<Ask>>

const fresh = (): Api => anApi({ terms: shippedGlossary() })
let raw: unknown
let document: z.output<typeof documentSchema>
beforeAll(async () => {
  const { body } = await fresh().ask('GET', '/api/v1/openapi.json', { key: null })
  raw = body
  document = documentSchema.parse(body)
})

const operationOf = (route: string): z.output<typeof operationSchema> => {
  const [method = '', path = ''] = route.split(' ')
  const operation = document.paths[path]?.[method.toLowerCase()]
  if (operation === undefined) throw new Error(`${route} is not documented`)
  return operation
}

/** What a reference of the document points to (RFC 6901). */
function resolve(ref: string): JsonSchema {
  let found: unknown = raw
  for (const part of ref.replace(/^#\//, '').split('/')) found = Reflect.get(Object(found), part)
  if (typeof found !== 'object' || found === null) throw new Error(`${ref} points nowhere`)
  return schemaSchema.parse(found)
}

/** The answer is one that the document has for the route, and its body is as it says. */
function expectDocumented(route: string, { status, body, headers, text }: Answer): void {
  const response = operationOf(route).responses[String(status)]
  expect(response, `${route} answers ${status}: ${text}`).toBeDefined()
  const [[type, content] = []] = Object.entries(response?.content ?? {})
  if (content === undefined) {
    expect(text).toBe('')
  } else {
    expect(headers.get('content-type')?.split(';')[0]).toBe(type)
    expect(misfits(body, content.schema, resolve)).toEqual([])
  }
}

const by = 'anna@acme.example'
const marketing = 'ben@acme.example'
const maria = 'maria@officineverdi.example'

interface Sent {
  path?: Record<string, string>
  query?: string
  body?: unknown
}

interface Case {
  /** What is there before; what it answers with goes into the path. */
  given?: (ask: Ask) => Promise<Record<string, string>>
  good: Sent & { status: number }
  bad: Sent & { status: number }
}

const handedOver = async (ask: Ask): Promise<{ id: string }> => {
  const { body } = await ask('POST', '/api/v1/handoffs', { body: aHandOff() })
  return { id: z.object({ id: z.string() }).parse(body).id }
}
const after =
  (...moves: [verb: string, body: object][]) =>
  async (ask: Ask): Promise<{ id: string }> => {
    const { id } = await handedOver(ask)
    for (const [verb, body] of moves) {
      const { status } = await ask('POST', `/api/v1/handoffs/${id}/${verb}`, { body })
      expect(status).toBeLessThan(300)
    }
    return { id }
  }
const accept: [string, object] = ['accept', { by }]
const back: [string, object] = ['return', { by, reason: 'not-ready', readyWhen: 'in spring' }]
const contest: [string, object] = ['contest', { by: marketing, why: 'The budget is there' }]
const call = { channel: 'call', outcome: 'no-answer', by }
const webhook = { url: 'https://crm.example/baton' }
const aWebhook = async (ask: Ask): Promise<{ id: string }> => {
  const { body } = await ask('POST', '/api/v1/webhooks', { body: webhook })
  return { id: z.object({ id: z.string() }).parse(body).id }
}

const cases: Record<string, Case> = {
  'POST /api/v1/handoffs': {
    good: { body: aHandOff(), status: 201 },
    bad: { body: { reason: 'x' }, status: 422 },
  },
  'GET /api/v1/handoffs': {
    given: async (ask) => {
      await handedOver(ask)
      return {}
    },
    good: { query: '?status=offered&limit=5', status: 200 },
    bad: { query: '?limit=0', status: 400 },
  },
  'GET /api/v1/handoffs/{id}': {
    given: after(accept, ['attempts', call], back, contest),
    good: { status: 200 },
    bad: { path: { id: 'hof_none' }, status: 404 },
  },
  'POST /api/v1/handoffs/{id}/accept': {
    given: handedOver,
    good: { body: { by }, status: 200 },
    bad: { body: { by: 'nobody' }, status: 422 },
  },
  'POST /api/v1/handoffs/{id}/attempts': {
    given: after(accept),
    good: { body: call, status: 201 },
    bad: { body: { channel: 'fax' }, status: 422 },
  },
  'PATCH /api/v1/handoffs/{id}/attempts/{number}': {
    given: async (ask) => ({ ...(await after(accept, ['attempts', call])(ask)), number: '1' }),
    good: { body: { by, channel: 'email', outcome: 'sent' }, status: 200 },
    bad: { path: { number: '7' }, body: { by, channel: 'email' }, status: 404 },
  },
  'POST /api/v1/handoffs/{id}/outcome': {
    given: after(accept),
    good: { body: { by, dealStage: 'exploration' }, status: 200 },
    bad: { body: { by, dealStage: 'heaven' }, status: 422 },
  },
  'POST /api/v1/handoffs/{id}/reassign': {
    given: after(accept),
    good: { body: { by, to: 'luca@acme.example' }, status: 200 },
    bad: { body: { by: 'luca@acme.example', to: 'ben@acme.example' }, status: 403 },
  },
  'POST /api/v1/handoffs/{id}/return': {
    given: handedOver,
    good: { body: back[1], status: 200 },
    bad: { body: { by, reason: 'not-ready' }, status: 422 },
  },
  'POST /api/v1/handoffs/{id}/acknowledge': {
    given: after(back),
    good: { body: { by: marketing }, status: 200 },
    bad: { body: {}, status: 422 },
  },
  'POST /api/v1/handoffs/{id}/contest': {
    given: after(back),
    good: { body: contest[1], status: 200 },
    bad: { body: { by: marketing }, status: 422 },
  },
  'POST /api/v1/handoffs/{id}/rule': {
    given: after(back, contest),
    good: { body: { by: 'sara@acme.example', ruling: 'uphold' }, status: 200 },
    bad: { body: { by, ruling: 'uphold' }, status: 403 },
  },
  'POST /api/v1/handoffs/{id}/ready': {
    given: after(back),
    good: { body: { by: marketing }, status: 200 },
    bad: { body: { by: 7 }, status: 422 },
  },
  'GET /api/v1/leads/{email}': {
    given: async (ask) => {
      await handedOver(ask)
      return { email: maria }
    },
    good: { status: 200 },
    bad: { path: { email: 'nobody@b.example' }, status: 404 },
  },
  'DELETE /api/v1/leads/{email}': {
    given: async (ask) => {
      await handedOver(ask)
      return { email: maria }
    },
    good: { status: 204 },
    bad: { path: { email: 'nobody@b.example' }, status: 404 },
  },
  'GET /api/v1/leads/{email}/export': {
    given: async (ask) => {
      await handedOver(ask)
      return { email: maria }
    },
    good: { status: 200 },
    bad: { path: { email: 'nobody@b.example' }, status: 404 },
  },
  'PUT /api/v1/leads/{email}': {
    given: async () => ({ email: maria }),
    good: { body: { name: 'Maria Verdi', company: { employees: 9 } }, status: 201 },
    bad: { body: { name: 7 }, status: 422 },
  },
  'POST /api/v1/activities': {
    good: { body: [{ email: maria, type: 'page', id: '1' }], status: 202 },
    bad: { body: [{ email: maria }], status: 422 },
  },
  'GET /api/v1/route': {
    good: { query: `?email=${maria}&leadType=service`, status: 200 },
    bad: { query: '?leadType=none', status: 400 },
  },
  'GET /api/v1/reports/sla': {
    good: { query: '?from=2026-10-01&to=2026-10-31&groupBy=rep', status: 200 },
    bad: { query: '?groupBy=colour', status: 400 },
  },
  'GET /api/v1/agreement': { good: { status: 200 }, bad: { path: { key: 'none' }, status: 401 } },
  'GET /api/v1/glossary': {
    good: { query: '?q=mql', status: 200 },
    bad: { query: '?locale=fr', status: 400 },
  },
  'POST /api/v1/webhooks': {
    good: { body: webhook, status: 201 },
    bad: { body: { url: 'nowhere' }, status: 422 },
  },
  'GET /api/v1/webhooks': {
    given: async (ask) => {
      await aWebhook(ask)
      return {}
    },
    good: { status: 200 },
    bad: { path: { key: 'none' }, status: 401 },
  },
  'DELETE /api/v1/webhooks/{id}': {
    given: aWebhook,
    good: { status: 204 },
    bad: { path: { id: 'whe_none' }, status: 404 },
  },
  'POST /api/v1/webhooks/{id}/test': {
    given: aWebhook,
    good: { status: 200 },
    bad: { path: { id: 'whe_none' }, status: 404 },
  },
  'GET /api/v1/webhooks/{id}/deliveries': {
    given: aWebhook,
    good: { status: 200 },
    bad: { query: '?limit=0', status: 400 },
  },
}

const routesOf = (paths: z.output<typeof documentSchema>['paths']): string[] =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  )

async function send(ask: Ask, route: string, { path = {}, query = '', body }: Sent) {
  const [method = '', pattern = ''] = route.split(' ')
  const filled = pattern.replaceAll(/{(\w+)}/g, (_, name) => encodeURIComponent(path[name] ?? ''))
  const key = path.key === undefined ? {} : { key: null }
  return ask(method, `${filled}${query}`, { ...(body === undefined ? {} : { body }), ...key })
}

describe('the document', () => {
  test('has every route that is there and no other, and each is tried here', () => {
    const served = fresh()
      .api.routes.filter(({ method, path }) => method !== 'ALL' && path.startsWith('/api/v1/'))
      .map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)(\{[^}]*\})?/g, '{$1}')}`)
      .filter((route) => route !== 'GET /api/v1/openapi.json')
    const told = routesOf(document.paths)
    expect([...new Set(served)].sort()).toEqual([...told].sort())
    expect(Object.keys(cases).sort()).toEqual([...told].sort())
  })

  test('is well formed: names once each, references that lead somewhere', () => {
    const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods))
    const ids = operations.map(({ operationId }) => operationId)
    expect(new Set(ids).size).toBe(ids.length)
    for (const id of ids) expect(id).toMatch(/^[a-z][A-Za-z0-9]*$/)
    for (const [, ref = ''] of JSON.stringify(raw).matchAll(/"\$ref":"([^"]+)"/g)) {
      expect(resolve(ref)).toBeTypeOf('object')
    }
    for (const [path, methods] of Object.entries(document.paths)) {
      const named = [...path.matchAll(/{(\w+)}/g)].map(([, name]) => name)
      for (const { parameters } of Object.values(methods)) {
        const inPath = parameters.filter((parameter) => parameter.in === 'path')
        expect(inPath.map(({ name }) => name)).toEqual(named)
        expect(inPath.every(({ required }) => required)).toBe(true)
        const places = parameters.map((parameter) => `${parameter.in} ${parameter.name}`)
        expect(new Set(places).size).toBe(places.length)
      }
    }
  })

  test('tells of every route its scope, and that a key may be wrong, too small or too fast', () => {
    for (const route of routesOf(document.paths)) {
      const { security, responses } = operationOf(route)
      const [method = '', path = ''] = route.split(' ')
      expect(scopeOf(method, path), route).toBeDefined()
      expect(security).toEqual([{ key: [scopeOf(method, path)] }])
      expect(Object.keys(responses)).toEqual(expect.arrayContaining(['401', '403', '429']))
    }
  })

  test('has examples that fit their own schemas', () => {
    for (const [name, schema] of Object.entries(document.components.schemas)) {
      if (schema.example === undefined) continue
      expect(misfits(schema.example, schema, resolve), name).toEqual([])
    }
  })
})

describe.each(Object.entries(cases))('%s', (route, { given, good, bad }) => {
  const start = async () => {
    const { ask } = fresh()
    return { ask, path: (await given?.(ask)) ?? {} }
  }

  test('answers a request that fits as the document says', async () => {
    const { ask, path } = await start()
    if (good.body !== undefined) {
      const [content] = Object.values(operationOf(route).requestBody?.content ?? {})
      expect(misfits(good.body, content?.schema ?? {}, resolve)).toEqual([])
    }
    const answer = await send(ask, route, { ...good, path: { ...path, ...good.path } })
    expect(answer.status, answer.text).toBe(good.status)
    expectDocumented(route, answer)
  })

  test('refuses one that does not as the document says', async () => {
    const { ask, path } = await start()
    const answer = await send(ask, route, { ...bad, path: { ...path, ...bad.path } })
    expect(answer.status, answer.text).toBe(bad.status)
    expectDocumented(route, answer)
  })

  test('says so as documented where there is no key', async () => {
    const { ask } = fresh()
    const answer = await send(ask, route, { ...good, path: { key: 'none' } })
    expect(answer.status).toBe(401)
    expectDocumented(route, answer)
  })
})
