import { describe, expect, test } from 'vitest'
import { shippedGlossary } from '../../../../src/adapters/glossary-file.ts'
import { counted, createMetrics } from '../../../../src/adapters/http/metrics.ts'
import { agreementSchema } from '../../../../src/domain/agreement.ts'
import { writtenAgreement } from '../../../../src/domain/agreement-written.ts'
import { anAgreement } from '../../../support/builders.ts'
import { createMemoryWorld } from '../../../support/memory-world.ts'
import { aHandOff, anApi } from '../support.ts'

const handoffs = '/api/v1/handoffs'

describe('keys', () => {
  test.each([
    ['no key', {}],
    ['an unknown key', { authorization: 'Bearer nothing-we-ever-made' }],
    ['another scheme', { authorization: 'Basic YTpi' }],
  ])('with %s nothing under /api/v1 answers', async (_, headers) => {
    const { ask } = anApi()
    for (const path of [handoffs, '/api/v1/agreement', '/api/v1/glossary', '/api/v1/none']) {
      const answer = await ask('GET', path, { key: null, headers })
      expect(answer.status).toBe(401)
      expect(answer.headers.get('www-authenticate')).toContain('Bearer')
      expect(answer.headers.get('content-type')).toBe('application/problem+json')
    }
  })
})

describe('bodies', () => {
  const post = (body: unknown, headers: Record<string, string> = {}) =>
    anApi().ask('POST', handoffs, { body, headers })
  const withName = (name: string) => `{"lead":{"email":"a@b.example","name":${name}},"reason":"x"}`
  const nested = (depth: number) =>
    `{"reason":"x","lead":{"email":"a@b.example","name":"A","attributes":{"a":${'['.repeat(depth)}${']'.repeat(depth)}}}}`

  test.each([
    ['of another media type', 415, 'a=b', { 'content-type': 'text/plain' }],
    ['that are no JSON', 400, '{"lead":', {}],
    ['that are empty', 400, '', {}],
    ['that are null', 400, 'null', {}],
    ['that are a list', 400, '[]', {}],
    ['that are no UTF-8', 400, new Uint8Array([0x7b, 0xff, 0x7d]), {}],
    ['over 1 MiB', 413, `"${'x'.repeat(1024 * 1024)}"`, {}],
    ['declared over 1 MiB', 413, '{}', { 'content-length': '9999999' }],
    ['nested 10,000 deep', 400, nested(10_000), {}],
    ['with NUL', 422, withName('"a\\u0000b"'), {}],
    ['with a lone surrogate', 422, withName('"\\ud800"'), {}],
    ['with __proto__', 422, '{"lead":{"__proto__":{"a":1}},"reason":"x"}', {}],
    ['with __proto__ in disguise', 422, '{"\\u005f_proto__":{"email":"a"}}', {}],
    [
      'with a number too large',
      422,
      '{"lead":{"email":"a@b.example","name":"A","attributes":{"n":1e999}},"reason":"x"}',
      {},
    ],
  ])('%s are refused with %i', async (_, status, body, headers) => {
    const answer = await post(body, headers)
    expect(answer.status).toBe(status)
    expect(answer.headers.get('content-type')).toBe('application/problem+json')
    expect(answer.body.status).toBe(status)
  })

  test('of 1 MiB and less, in depth and with parameters of the type, are read', async () => {
    const body = nested(20).replace(
      '"reason":"x"',
      `"reason":"x","more":"${'x'.repeat(1_000_000)}"`,
    )
    const answer = await post(body, { 'content-type': 'application/json; charset=utf-8' })
    expect(answer.status).toBe(201)
  })
})

describe('paths and methods', () => {
  test('an unknown path is a 404 problem', async () => {
    const { ask } = anApi()
    for (const path of ['/', '/nothing', '/api/v1/nothing', '/api/v1/handoffs/']) {
      expect(await ask('GET', path)).toMatchObject({ status: 404, body: { title: 'Not Found' } })
    }
  })

  test('another method is a 405 that names the right ones', async () => {
    const { ask } = anApi()
    const answer = await ask('DELETE', handoffs)
    expect(answer.status).toBe(405)
    expect(answer.headers.get('allow')).toBe('GET, HEAD, POST')
    expect((await ask('GET', `${handoffs}/hof_1/accept`)).headers.get('allow')).toBe('POST')
    expect((await ask('POST', '/healthz', { body: {} })).headers.get('allow')).toBe('GET, HEAD')
    expect((await ask('PUT', '/api/v1/openapi.json')).status).toBe(405)
  })

  test('every answer says that it is to be taken as what it is, and not kept', async () => {
    const { ask } = anApi()
    for (const path of [handoffs, '/docs', '/healthz', '/nothing', '/api/v1/openapi.json']) {
      const { headers } = await ask('GET', path)
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('cache-control')).toBe('no-store')
      expect(headers.get('content-security-policy')).toContain("default-src 'none'")
    }
  })
})

describe('faults', () => {
  const failing = (error: Error) => {
    const world = createMemoryWorld()
    const fail = async () => {
      throw error
    }
    return { ...world, handoffs: { ...world.handoffs, byId: fail, story: fail, commit: fail } }
  }

  test('a database that is away is a 503 that asks to come again', async () => {
    const gone = Object.assign(new Error('terminating connection'), { code: '57P01' })
    const wrapped = new Error('query failed', { cause: gone })
    for (const error of [gone, wrapped, Object.assign(new Error('no'), { code: 'ECONNREFUSED' })]) {
      const { ask } = anApi({ world: failing(error) })
      const answer = await ask('POST', handoffs, { body: aHandOff() })
      expect(answer.status).toBe(503)
      expect(answer.headers.get('retry-after')).toBe('5')
    }
  })

  test('a fault without a code is a 503 too where the database does not answer', async () => {
    const ready = async () => ({ database: false, queue: true })
    const { ask } = anApi({ world: failing(new Error('timeout exceeded')), ready })
    expect((await ask('GET', `${handoffs}/hof_1`)).status).toBe(503)
  })

  test('what the database can not hold is the fault of the request', async () => {
    const error = Object.assign(new Error('invalid byte sequence'), { code: '22021' })
    const { ask } = anApi({ world: failing(error) })
    expect((await ask('POST', handoffs, { body: aHandOff() })).status).toBe(400)
  })

  test('any other fault is a 500 with a reference, and the log holds nothing of the request', async () => {
    const error = new Error('insert failed for maria@officineverdi.example')
    const { ask, logged } = anApi({ world: failing(error) })
    const answer = await ask('POST', handoffs, { body: aHandOff() })
    expect(answer.status).toBe(500)
    const log = JSON.stringify(logged)
    expect(log).toContain(answer.body.reference)
    expect(answer.text).not.toContain('maria')
    expect(log).not.toContain('maria')
    expect(log).not.toContain('presses')
  })
})

describe('the agreement and the glossary', () => {
  test('the agreement in force reads as its file, and could be one', async () => {
    const { ask } = anApi()
    const { status, body } = await ask('GET', '/api/v1/agreement')
    expect(status).toBe(200)
    expect(body).toMatchObject({
      version: 1,
      inForceFrom: '2026-11-23T09:00:00.000Z',
      agreement: {
        calendar: { timezone: 'Europe/Rome', hours: { 'mon-fri': ['09:00-13:00', '14:00-18:00'] } },
        clocks: {
          accept: { within: { working: '4h' }, hard: { wall: '24h' }, remind: ['50%', '80%'] },
        },
        escalation: [
          { at: '100%', to: 'manager' },
          { at: '150%', to: 'managers_channel' },
        ],
      },
    })
    expect(agreementSchema.parse(body.agreement)).toEqual(anAgreement())
  })

  test('an agreement with calendars and clocks of its lead types reads as its file too', () => {
    const agreement = anAgreement({
      calendar: { timezone: 'UTC', hours: 'always', holidays: [] },
      lead_types: [
        {
          id: 'rush',
          name: { en: 'Rush', it: 'Urgenza' },
          channel: 'rush',
          owners: { fixed: 'anna@acme.example' },
          calendar: { timezone: 'Asia/Kolkata', hours: { sun: ['22:00-24:00'] }, holidays: [] },
          clocks: { accept: { within: { working: '20s' }, remind: ['7%'] } },
        },
        {
          id: 'calm',
          like: 'rush',
          name: { en: 'Calm', it: 'Calma' },
          channel: 'calm',
          clocks: {
            idle: { within: { working: '2d' }, escalation: [{ at: '100%', to: 'owner' }] },
          },
        },
      ],
      pause: {
        reasons: [{ id: 'on-hold', name: { en: 'On hold', it: 'In sospeso' } }],
        at_most: { working: '5d' },
      },
      promises: {
        marketing: [
          { measure: 'handoff_data', fields: ['phone'], share: '90%' },
          { measure: 'volume', per_week: 20 },
        ],
        sales: [{ measure: 'clock', clock: 'accept', share: '95%' }],
      },
    })
    agreement.clocks.attempts.gaps = {
      email: { clock: 'working', duration: { unit: 'days', days: 1 } },
    }
    expect(agreementSchema.parse(writtenAgreement(agreement))).toEqual(agreement)
  })

  test('the glossary answers in the language asked for', async () => {
    const { ask } = anApi({ terms: shippedGlossary() })
    const all = await ask('GET', '/api/v1/glossary')
    expect(all.body).toMatchObject({ match: 'all' })
    expect(all.body.items).toHaveLength(shippedGlossary().length)
    const found = await ask('GET', '/api/v1/glossary?q=mql&locale=it')
    expect(found.body.items).toHaveLength(1)
    expect(found.body.items[0].definition).toBe(
      shippedGlossary().find(({ id }) => id === found.body.items[0].id)?.it.definition,
    )
    expect((await ask('GET', '/api/v1/glossary?q=servise+level+agrement')).body.match).toBe(
      'nearest',
    )
    expect((await ask('GET', '/api/v1/glossary?q=%00%F0%9F%8E%BD')).body).toEqual({
      match: 'none',
      items: [],
    })
    expect((await ask('GET', '/api/v1/glossary?locale=fr')).status).toBe(400)
  })
})

describe('operations', () => {
  test('healthz lives; readyz says what does not answer', async () => {
    expect(await anApi().ask('GET', '/healthz', { key: null })).toMatchObject({ status: 200 })
    expect(await anApi().ask('GET', '/readyz', { key: null })).toMatchObject({
      status: 200,
      body: { status: 'ready', database: true, queue: true },
    })
    const ready = async () => ({ database: false, queue: true })
    expect(await anApi({ ready }).ask('GET', '/readyz', { key: null })).toMatchObject({
      status: 503,
      body: { detail: 'The database does not answer.', database: false, queue: true },
    })
    const broken = () => Promise.reject(new Error('broken'))
    expect(await anApi({ ready: broken }).ask('GET', '/readyz', { key: null })).toMatchObject({
      status: 503,
      body: { database: false, queue: false },
    })
  })

  test('metrics count requests by route and handoffs by what became of them', async () => {
    const metrics = createMetrics({
      backlog: async () => ({ pending: 3, parked: 1 }),
      processMetrics: false,
    })
    const world = createMemoryWorld()
    const handoffsCounted = counted(world.handoffs, metrics)
    const { ask } = anApi({ world: { ...world, handoffs: handoffsCounted }, metrics })
    const { id } = (await ask('POST', handoffs, { body: aHandOff() })).body
    await ask('GET', `${handoffs}/${id}`)
    await ask('GET', '/no/such/path')
    const { text } = await ask('GET', '/metrics', { key: null })
    expect(text).toContain(
      'baton_http_requests_total{method="POST",route="/api/v1/handoffs",status="201"} 1',
    )
    expect(text).toContain(
      'baton_http_requests_total{method="GET",route="/api/v1/handoffs/:id",status="200"} 1',
    )
    expect(text).toContain('baton_http_requests_total{method="GET",route="none",status="404"} 1')
    expect(text).toContain('baton_handoff_events_total{type="HandedOff"} 1')
    expect(text).toContain('baton_deliveries{state="pending"} 3')
    expect(text).toContain('baton_deliveries{state="parked"} 1')
    expect(text).not.toContain('officineverdi')
    expect(text).not.toContain(id)
  })

  test('metrics leave out what a database that is down can not tell', async () => {
    const down = () => Promise.reject(new Error('down'))
    const metrics = createMetrics({ backlog: down, audit: down, processMetrics: false })
    const answer = await anApi({ metrics }).ask('GET', '/metrics', { key: null })
    expect(answer.status).toBe(200)
    expect(answer.text).not.toContain('baton_deliveries{')
    expect(answer.text).not.toContain('baton_audit_findings{')
  })

  test('metrics tell what an audit found, and don’t have one at every scrape', async () => {
    let audits = 0
    const audit = async () => {
      audits += 1
      return [{ check: 'one-card', count: 2 }]
    }
    const { ask } = anApi({ metrics: createMetrics({ audit, processMetrics: false }) })
    for (const _ of ['once', 'again']) {
      const { text } = await ask('GET', '/metrics', { key: null })
      expect(text).toContain('baton_audit_findings{check="one-card"} 2')
    }
    expect(audits).toBe(1)
  })
})

describe('the document', () => {
  test('says of bodies what their schemas check, and leaves no reference open', async () => {
    const { body, text } = await anApi().ask('GET', '/api/v1/openapi.json', { key: null })
    const { NewHandoff } = body.components.schemas
    expect(NewHandoff.required).toEqual(['lead', 'reason'])
    expect(NewHandoff.properties.lead.required).toEqual(['email', 'name'])
    expect(NewHandoff.properties.lead.properties.company.additionalProperties).toEqual({})
    expect(NewHandoff.properties.priority).toMatchObject({ enum: ['hot', 'standard'] })
    for (const [, name] of text.matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)) {
      expect(body.components.schemas).toHaveProperty(name ?? '')
    }
    expect(text).not.toContain('#/$defs')
  })

  test('tells of every field of a handoff', async () => {
    const { ask } = anApi()
    const { body } = await ask('GET', '/api/v1/openapi.json', { key: null })
    const { Handoff } = body.components.schemas
    const made = await ask('POST', handoffs, { body: aHandOff() })
    expect(Object.keys(made.body).sort()).toEqual(Object.keys(Handoff.properties).sort())
    expect(Handoff.required.sort()).toEqual(Object.keys(Handoff.properties).sort())
    for (const [field, value] of Object.entries(made.body)) {
      if (value === null) expect(Handoff.properties[field].type).toContain('null')
    }
    const by = 'anna@acme.example'
    const back = { by, reason: 'not-ready', readyWhen: 'w' }
    const path = `${handoffs}/${made.body.id}`
    await ask('POST', `${path}/return`, { body: back })
    const contest = { by: 'ben@acme.example', why: 'w' }
    const { returned } = (await ask('POST', `${path}/contest`, { body: contest })).body
    const documented = Handoff.properties.returned.properties
    expect(Object.keys(returned).sort()).toEqual(Object.keys(documented).sort())
    expect(Object.keys(returned.contest).sort()).toEqual(
      Object.keys(documented.contest.properties).sort(),
    )
  })

  test('is a page to read that loads nothing', async () => {
    const answer = await anApi().ask('GET', '/docs', { key: null })
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toContain('text/html')
    expect(answer.text).toContain('Hand a lead over to sales')
    expect(answer.text).toContain('Rule on a contested return on behalf of a manager')
    expect(answer.text).toContain('returned.contest.votes[].side')
    expect(answer.text).not.toMatch(/<script|<link|src=|url\(|href="?https?:/)
    expect(answer.text).toContain('Scope: <code>handoffs</code>')
  })
})
