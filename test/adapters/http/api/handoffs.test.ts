import { describe, expect, test } from 'vitest'
import { acceptHandoff } from '../../../../src/use-cases/accept-handoff.ts'
import { pauseHandoff } from '../../../../src/use-cases/pause-handoff.ts'
import { wakeTimer } from '../../../../src/use-cases/wake-timer.ts'
import { anAgreement, aPause, minutesAfter } from '../../../support/builders.ts'
import { createMemoryWorld } from '../../../support/memory-world.ts'
import { aHandOff, anApi, keys } from '../support.ts'

const handoffs = '/api/v1/handoffs'

describe('handing a lead over', () => {
  test('answers 201 with the handoff and where it is', async () => {
    const { ask } = anApi()
    const answer = await ask('POST', handoffs, { body: aHandOff() })
    expect(answer.status).toBe(201)
    expect(answer.headers.get('location')).toBe(`${handoffs}/${answer.body.id}`)
    expect(answer.body).toMatchObject({
      status: 'offered',
      leadStatus: 'New',
      lifecycleStage: 'sql',
      priority: 'hot',
      leadType: 'new-equipment',
      owner: null,
      handedOffBy: 'ben@acme.example',
      agreementVersion: 1,
      card: null,
      acceptedAt: null,
      returned: null,
      attempts: [],
      createdAt: '2026-11-23T09:00:00.000Z',
    })
    expect(answer.body.lead).toMatchObject({
      email: 'maria@officineverdi.example',
      company: { name: 'Officine Verdi', employees: 120, presses: 4 },
      attributes: { budget: '50k' },
    })
    expect(answer.body.deadlines).toEqual([
      {
        kind: 'accept',
        dueAt: '2026-11-23T14:00:00.000Z',
        state: 'running',
        metAt: null,
        breachedAt: null,
        pausedSince: null,
        lateMs: null,
        lateWorkingMs: null,
      },
      expect.objectContaining({ kind: 'accept-hard', dueAt: '2026-11-24T09:00:00.000Z' }),
    ])
    expect(answer.body.events).toEqual([
      {
        type: 'HandedOff',
        at: '2026-11-23T09:00:00.000Z',
        by: 'ben@acme.example',
        data: { leadType: 'new-equipment', priority: 'hot', owner: null },
      },
    ])
  })

  test('needs only the e-mail address, the name and the reason', async () => {
    const { ask } = anApi()
    const body = { lead: { email: 'A@B.example', name: 'A' }, reason: 'Called us' }
    const answer = await ask('POST', handoffs, { body })
    expect(answer.status).toBe(201)
    expect(answer.body).toMatchObject({
      lead: { email: 'a@b.example' },
      priority: 'standard',
      handedOffBy: null,
      events: [{ by: null }],
    })
  })

  test('shows the owner by e-mail address, in its events too', async () => {
    const { ask } = anApi()
    const answer = await ask('POST', handoffs, { body: aHandOff({ owner: 'Anna@acme.example' }) })
    expect(answer.body.owner).toBe('anna@acme.example')
    expect(answer.body.events[0].data.owner).toBe('anna@acme.example')
  })

  test('points at everything that is missing or wrong', async () => {
    const { ask } = anApi()
    const body = { lead: { email: 'nobody', company: { employees: -1 } }, priority: 'urgent' }
    const answer = await ask('POST', handoffs, { body })
    expect(answer.status).toBe(422)
    expect(answer.headers.get('content-type')).toBe('application/problem+json')
    expect(answer.body).toMatchObject({ type: 'about:blank', status: 422 })
    const errors = answer.body.errors.map((error: { pointer: string; detail: string }) => [
      error.pointer,
      error.detail,
    ])
    expect(errors).toContainEqual(['/lead/email', 'expects an e-mail address'])
    expect(errors).toContainEqual(['/lead/name', 'is required'])
    expect(errors).toContainEqual(['/reason', 'is required'])
    expect(errors.map(([pointer]: string[]) => pointer)).toContain('/priority')
    expect(errors.map(([pointer]: string[]) => pointer)).toContain('/lead/company/employees')
  })

  test('refuses a lead type that the agreement does not know', async () => {
    const { ask } = anApi()
    const body = aHandOff({ lead: { email: 'a@b.example', name: 'A', type: 'spare-parts' } })
    const answer = await ask('POST', handoffs, { body })
    expect(answer.status).toBe(422)
    expect(answer.body.code).toBe('unknown-lead-type')
    expect(answer.body.errors[0].pointer).toBe('/lead/type')
  })

  test('of a lead that is open is news of its handoff, told once', async () => {
    const { ask } = anApi()
    const first = await ask('POST', handoffs, { body: aHandOff() })
    const body = aHandOff({ reason: 'Asked for a date', priority: 'hot' })
    const headers = { 'idempotency-key': 'webinar 7, once more' }
    const second = await ask('POST', handoffs, { body, headers })
    expect(first.headers.get('baton-news')).toBeNull()
    expect(second.status).toBe(200)
    expect(second.headers.get('baton-news')).toBe('true')
    expect(second.headers.get('location')).toBeNull()
    expect(second.body).toMatchObject({ id: first.body.id, status: 'offered', priority: 'hot' })
    expect(first.body.news).toBeNull()
    expect(second.body.news).toMatchObject({ reason: 'Asked for a date' })
    const again = await ask('POST', handoffs, { body, headers })
    expect(again.status).toBe(200)
    expect(again.headers.get('idempotency-replayed')).toBe('true')
    expect(again.body).toEqual(second.body)
    expect(again.body.events.map(({ type }: { type: string }) => type)).toEqual([
      'HandedOff',
      'NewsAdded',
    ])
    expect((await ask('GET', handoffs)).body.items).toHaveLength(1)
  })

  test('of a lead that its CRM knows by another address is news of that lead', async () => {
    const { ask } = anApi()
    const crm = { system: 'hubspot', id: '501' }
    const known = { email: 'maria@verdi.example', name: 'Maria Verdi', crm }
    const first = await ask('POST', handoffs, { body: aHandOff({ lead: known }) })
    const moved = { ...known, email: 'm.verdi@verdi.example', phone: '+39 051 555 0100' }
    const second = await ask('POST', handoffs, { body: aHandOff({ lead: moved }) })
    expect(second.body).toMatchObject({
      id: first.body.id,
      lead: { email: 'maria@verdi.example', phone: '+39 051 555 0100' },
    })
    const elsewhere = { ...moved, crm: { system: 'salesforce', id: '501' } }
    const other = await ask('POST', handoffs, { body: aHandOff({ lead: elsewhere }) })
    expect(other.status).toBe(201)
  })

  test('refuses someone who may only look', async () => {
    const { ask } = anApi()
    const body = aHandOff({ handedOffBy: 'stranger@else.example' })
    expect(await ask('POST', handoffs, { body })).toMatchObject({
      status: 403,
      body: { code: 'role-required' },
    })
  })
})

describe('a request that comes again', () => {
  const headers = { 'idempotency-key': 'webinar 7, lead 12' }

  test('has its effect once, whatever the order of its keys', async () => {
    const { ask } = anApi()
    const first = await ask('POST', handoffs, { body: aHandOff(), headers })
    const turned = Object.fromEntries(Object.entries(aHandOff()).reverse())
    const second = await ask('POST', handoffs, { body: turned, headers })
    expect(first.headers.get('idempotency-replayed')).toBeNull()
    expect(second.status).toBe(200)
    expect(second.headers.get('idempotency-replayed')).toBe('true')
    expect(second.body).toEqual(first.body)
  })

  test('is refused with another body', async () => {
    const { ask } = anApi()
    await ask('POST', handoffs, { body: aHandOff(), headers })
    const other = await ask('POST', handoffs, { body: aHandOff({ reason: 'Other' }), headers })
    expect(other.status).toBe(422)
  })

  test('is another one with the key of another workspace', async () => {
    const { ask } = anApi()
    await ask('POST', handoffs, { body: aHandOff(), headers })
    const other = await ask('POST', handoffs, { body: aHandOff(), headers, key: keys.other })
    expect(other.status).toBe(201)
  })

  test('gives the same attempt, whatever was logged since', async () => {
    const { ask } = anApi()
    const { id } = (await ask('POST', handoffs, { body: aHandOff() })).body
    await ask('POST', `${handoffs}/${id}/accept`, { body: { by: 'anna@acme.example' } })
    const path = `${handoffs}/${id}/attempts`
    const body = { channel: 'call', outcome: 'no-answer' }
    const first = await ask('POST', path, { body, headers })
    await ask('POST', path, { body: { channel: 'email', outcome: 'sent' } })
    const again = await ask('POST', path, { body, headers })
    expect(first.status).toBe(201)
    expect(again.status).toBe(200)
    expect(again.headers.get('idempotency-replayed')).toBe('true')
    expect(again.body).toEqual(first.body)
    expect((await ask('GET', `${handoffs}/${id}`)).body.attempts).toHaveLength(2)
  })

  test('accepts and returns once', async () => {
    const { ask } = anApi()
    const { id } = (await ask('POST', handoffs, { body: aHandOff() })).body
    const body = { by: 'anna@acme.example' }
    const first = await ask('POST', `${handoffs}/${id}/accept`, { body, headers })
    const again = await ask('POST', `${handoffs}/${id}/accept`, { body, headers })
    expect([first.status, again.status]).toEqual([200, 200])
    expect(again.headers.get('idempotency-replayed')).toBe('true')
    expect(again.body).toEqual(first.body)
  })

  test.each(['', 'x'.repeat(256), 'café'])('is refused with the key %j', async (key) => {
    const { ask } = anApi()
    const headers = { 'idempotency-key': key }
    const answer = await ask('POST', handoffs, { body: aHandOff(), headers })
    expect(answer.status).toBe(400)
    expect(answer.body.errors).toEqual([
      { parameter: 'Idempotency-Key', detail: 'expects 1 to 255 printable characters' },
    ])
  })
})

describe('a handoff', () => {
  test('is read with the place of its card', async () => {
    const world = createMemoryWorld()
    const { ask } = anApi({ world })
    const { id } = (await ask('POST', handoffs, { body: aHandOff() })).body
    const card = { channel: 'C1', ts: '1795436908.000001' }
    world.posted(id, card)
    const answer = await ask('GET', `${handoffs}/${id}`)
    expect(answer).toMatchObject({ status: 200, body: { id, card } })
  })

  test('of another workspace is not there, to read or to move', async () => {
    const { ask } = anApi()
    const { id } = (await ask('POST', handoffs, { body: aHandOff() })).body
    const key = keys.other
    const body = { by: 'anna@acme.example' }
    expect((await ask('GET', `${handoffs}/${id}`, { key })).status).toBe(404)
    expect((await ask('POST', `${handoffs}/${id}/accept`, { key, body })).status).toBe(404)
    expect((await ask('GET', handoffs, { key })).body).toEqual({ items: [], nextCursor: null })
  })

  test.each(['hof_none', '%00', 'a%20b', 'x'.repeat(200), '%F0%9F%8E%BD'])(
    'that is not there is a 404: %s',
    async (id) => {
      const { ask } = anApi()
      expect((await ask('GET', `${handoffs}/${id}`)).status).toBe(404)
    },
  )
})

describe('handoffs', () => {
  test('come newest first, a page at a time, each once', async () => {
    const { ask } = anApi()
    const made: string[] = []
    for (let i = 0; i < 5; i++) {
      const lead = { email: `lead${i}@b.example`, name: `Lead ${i}` }
      made.push((await ask('POST', handoffs, { body: aHandOff({ lead }) })).body.id)
    }
    const seen: string[] = []
    let cursor: string | null = ''
    for (let pages = 0; cursor !== null && pages < 5; pages++) {
      const page = await ask('GET', `${handoffs}?limit=2&cursor=${cursor}`)
      expect(page.status).toBe(200)
      seen.push(...page.body.items.map((item: { id: string }) => item.id))
      cursor = page.body.nextCursor
    }
    expect(seen).toEqual(made.reverse())
  })

  test('are filtered by status, owner and lead type; an empty filter is none', async () => {
    const { ask } = anApi()
    const { id } = (await ask('POST', handoffs, { body: aHandOff() })).body
    await ask('POST', `${handoffs}/${id}/accept`, { body: { by: 'anna@acme.example' } })
    const found = async (query: string) =>
      (await ask('GET', `${handoffs}?${query}`)).body.items.length
    expect(await found('status=accepted&owner=Anna@acme.example&leadType=new-equipment')).toBe(1)
    expect(await found('status=&owner=&leadType=&cursor=&limit=')).toBe(1)
    expect(await found('status=offered')).toBe(0)
    expect(await found('owner=ben@acme.example')).toBe(0)
    expect(await found('leadType=service')).toBe(0)
  })

  test.each(['status=lost', 'limit=0', 'limit=101', 'limit=1e2', 'cursor=!', 'status=a&status=b'])(
    'refuse the filter %s',
    async (query) => {
      const { ask } = anApi()
      const answer = await ask('GET', `${handoffs}?${query}`)
      expect(answer.status).toBe(400)
      expect(answer.body.errors[0].parameter).toBe(query.split('=')[0])
    },
  )
})

describe('moving a handoff', () => {
  async function offered() {
    const { ask } = anApi()
    const { id } = (await ask('POST', handoffs, { body: aHandOff() })).body
    return {
      post: (verb: string, body: unknown) => ask('POST', `${handoffs}/${id}/${verb}`, { body }),
    }
  }

  test('accepting makes the owner and starts the clock of the first attempt', async () => {
    const { post } = await offered()
    const answer = await post('accept', { by: 'anna@acme.example' })
    expect(answer).toMatchObject({
      status: 200,
      body: { status: 'accepted', leadStatus: 'Accepted', owner: 'anna@acme.example' },
    })
    const states = answer.body.deadlines.map(({ kind, state }: Record<string, string>) => [
      kind,
      state,
    ])
    expect(states).toEqual([
      ['accept', 'met'],
      ['accept-hard', 'met'],
      ['first-attempt', 'running'],
      ['attempts', 'running'],
    ])
  })

  test('a missed deadline tells how late it is, until it is met', async () => {
    const world = createMemoryWorld()
    const { ask } = anApi({ world })
    const { id } = (await ask('POST', handoffs, { body: aHandOff() })).body
    const at = (time: string) => {
      world.clock.now = new Date(time)
    }
    const accept = async () => (await ask('GET', `${handoffs}/${id}`)).body.deadlines[0]
    // due at 14:00Z; the day's work ends at 17:00Z
    at('2026-11-23T15:00:00Z')
    expect(await accept()).toMatchObject({ lateMs: null, lateWorkingMs: null })
    await wakeTimer(world, { workspaceId: 'ws_acme', handoffId: id, kind: 'accept' })
    const hour = 3_600_000
    expect(await accept()).toMatchObject({ lateMs: hour, lateWorkingMs: hour })
    at('2026-11-23T20:00:00Z')
    expect(await accept()).toMatchObject({ lateMs: 6 * hour, lateWorkingMs: 3 * hour })
    await ask('POST', `${handoffs}/${id}/accept`, { body: { by: 'anna@acme.example' } })
    at('2026-11-24T12:00:00Z')
    expect(await accept()).toMatchObject({ lateMs: 6 * hour, lateWorkingMs: 3 * hour })
  })

  test('a paused deadline tells since when', async () => {
    const world = createMemoryWorld({ agreement: anAgreement({ pause: aPause() }) })
    const { ask } = anApi({ world })
    const { id } = (await ask('POST', handoffs, { body: aHandOff() })).body
    const by = await world.members.byEmail('ws_acme', 'anna@acme.example')
    const target = { workspaceId: 'ws_acme', handoffId: id, by }
    await acceptHandoff(world, target)
    world.clock.now = minutesAfter(10)
    await pauseHandoff(world, target, { reason: 'on-hold' })
    const { deadlines } = (await ask('GET', `${handoffs}/${id}`)).body
    expect(deadlines.slice(-2)).toMatchObject([
      { kind: 'first-attempt', state: 'paused', pausedSince: minutesAfter(10).toISOString() },
      { kind: 'attempts', state: 'paused', pausedSince: minutesAfter(10).toISOString() },
    ])
    expect(deadlines[0]).toMatchObject({ kind: 'accept', state: 'met', pausedSince: null })
  })

  test('who comes second is told the present state', async () => {
    const { post } = await offered()
    const first = await post('accept', { by: 'anna@acme.example' })
    const second = await post('accept', { by: 'luca@acme.example' })
    expect(second.status).toBe(409)
    expect(second.body).toMatchObject({ code: 'accepted-by', handoff: first.body })
  })

  test('a return moves status and stage as the agreement says', async () => {
    const { post } = await offered()
    const answer = await post('return', {
      by: 'anna@acme.example',
      reason: 'not-ready',
      readyOn: '2027-02-01',
    })
    expect(answer).toMatchObject({
      status: 200,
      body: {
        status: 'returned',
        leadStatus: 'Returned – not ready',
        lifecycleStage: 'mql',
        returned: { reason: 'not-ready', readyOn: '2027-02-01', by: 'anna@acme.example' },
      },
    })
  })

  test.each([
    [{ reason: 'bored' }, 'unknown-reason', '/reason'],
    [{ reason: 'not-ready' }, 'needed', '/readyOn'],
    [{ reason: 'not-ready', readyOn: '2020-01-01' }, 'date-in-past', '/readyOn'],
    [{ reason: 'not-a-fit' }, 'needed', '/criterion'],
    [{ reason: 'not-a-fit', criterion: 'tall' }, 'unknown-criterion', '/criterion'],
    [{ reason: 'duplicate' }, 'needed', '/note'],
  ])('the return %j is refused as %s', async (said, code, pointer) => {
    const { post } = await offered()
    const answer = await post('return', { by: 'anna@acme.example', ...said })
    expect(answer).toMatchObject({ status: 422, body: { code, errors: [{ pointer }] } })
  })

  test('a person without a role in sales may not accept, whatever the key', async () => {
    const { post } = await offered()
    expect(await post('accept', { by: 'ben@acme.example' })).toMatchObject({ status: 403 })
  })

  test('an attempt is answered with its number, whether it counted, and why', async () => {
    const { post } = await offered()
    await post('accept', { by: 'anna@acme.example' })
    const first = await post('attempts', { channel: 'call', outcome: 'no-answer' })
    const second = await post('attempts', { channel: 'call', outcome: 'no-answer' })
    expect(first).toMatchObject({ status: 201, body: { number: 1, counted: true } })
    expect(second).toMatchObject({ status: 201, body: { number: 2, counted: false } })
    expect(Object.keys(second.body).sort()).toEqual(['counted', 'id', 'number', 'why'])
    expect(second.body.why).toContain('4 h')
  })

  test('an attempt before acceptance is not possible now', async () => {
    const { post } = await offered()
    const answer = await post('attempts', { channel: 'call', outcome: 'no-answer' })
    expect(answer).toMatchObject({ status: 409, body: { handoff: { status: 'offered' } } })
  })

  test.each(['2999-01-01T00:00:00Z', '1999-12-31T23:59:59Z', 'yesterday', '0000-01-01T00:00:00Z'])(
    'an attempt at %s is refused',
    async (at) => {
      const { post } = await offered()
      await post('accept', { by: 'anna@acme.example' })
      const answer = await post('attempts', { channel: 'call', outcome: 'no-answer', at })
      expect(answer).toMatchObject({ status: 422, body: { errors: [{ pointer: '/at' }] } })
    },
  )
})
