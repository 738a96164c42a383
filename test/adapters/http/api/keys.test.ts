import { describe, expect, test } from 'vitest'
import type { ApiKey } from '../../../../src/adapters/http/api/environment.ts'
import { type Scope, scopeOf, scopes } from '../../../../src/adapters/http/api/scopes.ts'
import { fixedNow, minutesAfter } from '../../../support/builders.ts'
import { aHandOff, anApi } from '../support.ts'

/** The API with one key; `used` gathers what was noted as used. */
function withKey(overrides: Partial<ApiKey> = {}) {
  const apiKey: ApiKey = {
    ...{ id: 'key_1', workspaceId: 'ws_acme', name: 'form', scopes: [], expiresAt: null },
    ...overrides,
  }
  const used: string[] = []
  const api = anApi({
    apiKeys: { find: async () => apiKey, used: ({ id }) => void used.push(id) },
  })
  return { ...api, used }
}

describe('scopes', () => {
  const by = 'anna@acme.example'
  const requests: [Scope, string, string, unknown][] = [
    ['read', 'GET', '/api/v1/handoffs', undefined],
    ['read', 'HEAD', '/api/v1/handoffs', undefined],
    ['read', 'GET', '/api/v1/leads/maria@officineverdi.example', undefined],
    ['read', 'GET', '/api/v1/agreement', undefined],
    ['read', 'GET', '/api/v1/glossary', undefined],
    ['read', 'GET', '/api/v1/route', undefined],
    ['read', 'GET', '/api/v1/webhooks', undefined],
    ['leads', 'PUT', '/api/v1/leads/maria@officineverdi.example', { name: 'Maria' }],
    ['leads', 'POST', '/api/v1/activities', { email: 'a@b.example', type: 'page' }],
    ['handoffs', 'POST', '/api/v1/handoffs', aHandOff()],
    ['handoffs', 'POST', '/api/v1/handoffs/hof_1/accept', { by }],
    ['handoffs', 'POST', '/api/v1/handoffs/hof_1/attempts', {}],
    ['handoffs', 'PATCH', '/api/v1/handoffs/hof_1/attempts/1', { by }],
    ['webhooks', 'POST', '/api/v1/webhooks', { url: 'https://crm.example' }],
    ['webhooks', 'DELETE', '/api/v1/webhooks/whe_1', undefined],
  ]

  test.each(requests)('%s is what %s %s needs, and enough', async (scope, method, path, body) => {
    const sent = body === undefined ? {} : { body }
    for (const other of scopes.filter((one) => one !== scope)) {
      const refused = await withKey({ scopes: [other] }).ask(method, path, sent)
      expect(refused.status).toBe(403)
      if (method === 'HEAD') continue
      expect(refused.body).toMatchObject({
        detail: `This key lacks the scope "${scope}".`,
        code: 'scope-required',
        scope,
      })
    }
    for (const enough of [[scope], [...scopes], []]) {
      const { status } = await withKey({ scopes: enough }).ask(method, path, sent)
      expect([401, 403, 429]).not.toContain(status)
      expect(status).toBeLessThan(500)
    }
  })

  test('do not reach what nobody has named a scope for', async () => {
    expect(scopeOf('POST', '/api/v1/something')).toBeUndefined()
    const { ask } = withKey({ scopes: [...scopes] })
    expect(await ask('POST', '/api/v1/something', { body: {} })).toMatchObject({
      status: 403,
      body: { detail: 'Only a key without scopes may do this.' },
    })
    expect((await withKey().ask('POST', '/api/v1/something', { body: {} })).status).toBe(404)
  })

  test('hold for a path that is written in another way', async () => {
    const { ask } = withKey({ scopes: ['read'] })
    for (const path of ['/api/v1/h%61ndoffs', '/api/v1/handoffs/', '/api/v1/handoffs?x=/leads/']) {
      expect((await ask('POST', path, { body: aHandOff() })).status).toBe(403)
    }
  })
})

describe('a key', () => {
  test('works until it expires, and then says since when', async () => {
    const { ask, world, used } = withKey({ expiresAt: minutesAfter(1) })
    expect((await ask('GET', '/api/v1/agreement')).status).toBe(200)
    expect(used).toEqual(['key_1'])
    expect(world.now()).toEqual(fixedNow)
    const late = withKey({ expiresAt: fixedNow })
    const answer = await late.ask('GET', '/api/v1/agreement')
    expect(answer.status).toBe(401)
    expect(answer.body.detail).toBe('This key expired on 2026-11-23. Ask for another one.')
    expect(answer.headers.get('www-authenticate')).toContain('Bearer')
    expect(late.used).toEqual([])
  })
})
