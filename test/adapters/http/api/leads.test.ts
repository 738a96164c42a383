import { describe, expect, test } from 'vitest'
import { scoreLeads } from '../../../../src/use-cases/score-leads.ts'
import { anAgreement, minutesAfter } from '../../../support/builders.ts'
import { createMemoryWorld } from '../../../support/memory-world.ts'
import { aHandOff, anApi, keys } from '../support.ts'

const handoffs = '/api/v1/handoffs'
const email = 'maria@officineverdi.example'
const path = `/api/v1/leads/${email}`

/** Handed over, returned, handed over again and accepted. */
async function aLeadOfTwoRounds() {
  const world = createMemoryWorld()
  const { ask } = anApi({ world })
  const first = (await ask('POST', handoffs, { body: aHandOff() })).body.id
  world.clock.now = minutesAfter(30)
  const back = { by: 'anna@acme.example', reason: 'not-ready', readyWhen: 'spring' }
  await ask('POST', `${handoffs}/${first}/return`, { body: back })
  world.clock.now = minutesAfter(60)
  const again = aHandOff({ whatChanged: 'It is spring' })
  const second = (await ask('POST', handoffs, { body: again })).body.id
  await ask('POST', `${handoffs}/${second}/accept`, { body: { by: 'anna@acme.example' } })
  return { ask, first, second }
}

describe('a lead', () => {
  test('is read with where it stands, how it got there, and its handoffs', async () => {
    const { ask, first, second } = await aLeadOfTwoRounds()
    const { status, body } = await ask('GET', path)
    expect(status).toBe(200)
    expect(body).toMatchObject({
      email,
      name: 'Maria Verdi',
      company: { name: 'Officine Verdi', presses: 4 },
      attributes: { budget: '50k' },
      lifecycleStage: 'sql',
      leadStatus: 'Accepted',
      olderHandoffs: 0,
    })
    expect(body).not.toHaveProperty('id')
    expect(body.handoffs).toEqual([
      {
        id: first,
        round: 1,
        status: 'returned',
        leadStatus: 'Returned – not ready',
        createdAt: '2026-11-23T09:00:00.000Z',
      },
      {
        id: second,
        round: 2,
        status: 'accepted',
        leadStatus: 'Accepted',
        createdAt: '2026-11-23T10:00:00.000Z',
      },
    ])
    const [anna, ben] = ['anna@acme.example', 'ben@acme.example']
    const rule = 'return_reasons.not-ready'
    const back = { rule, at: '2026-11-23T09:30:00.000Z', by: anna, handoff: first }
    const again = { rule: 'handoff', at: '2026-11-23T10:00:00.000Z', by: ben, handoff: second }
    expect(body.history.slice(2)).toEqual([
      { what: 'stage', from: 'sql', to: 'mql', ...back },
      { what: 'status', from: 'New', to: 'Returned – not ready', ...back },
      { what: 'stage', from: 'mql', to: 'sql', ...again },
      { what: 'status', from: 'Returned – not ready', to: 'New', ...again },
      expect.objectContaining({ what: 'status', from: 'New', to: 'Accepted', by: anna }),
    ])
    expect(body.history[0]).toMatchObject({ what: 'stage', from: null, to: 'sql', by: ben })
  })

  test('is found however its address is written', async () => {
    const { ask } = await aLeadOfTwoRounds()
    for (const way of ['MARIA@officineverdi.example', 'maria%40officineverdi.example']) {
      expect((await ask('GET', `/api/v1/leads/${way}`)).body.email).toBe(email)
    }
  })

  test.each([
    ['nobody@b.example', keys.acme],
    [email, keys.other],
    ['no-address', keys.acme],
    ['%00', keys.acme],
    ['%zz', keys.acme],
    [`${'x'.repeat(300)}@b.example`, keys.acme],
  ])('that is not there is a 404: %s', async (address, key) => {
    const { ask } = await aLeadOfTwoRounds()
    const answer = await ask('GET', `/api/v1/leads/${address}`, { key })
    expect(answer.status).toBe(404)
    expect(answer.headers.get('content-type')).toBe('application/problem+json')
    expect(answer.body.detail).toContain('no lead')
  })

  test('is shown to nobody without a key', async () => {
    const { ask } = await aLeadOfTwoRounds()
    expect((await ask('GET', path, { key: null })).status).toBe(401)
  })
})

const news = { name: 'Maria Verdi', title: 'Plant manager', company: { employees: 120 } }

describe('news of a lead', () => {
  test('makes it where it is new, and is merged where it is known', async () => {
    const world = createMemoryWorld()
    const { ask } = anApi({ world })
    const made = await ask('PUT', path, { body: { ...news, lifecycleStage: 'subscriber' } })
    expect(made).toMatchObject({
      status: 201,
      body: { email, name: 'Maria Verdi', lifecycleStage: 'subscriber', leadStatus: null },
    })
    expect(made.body.history).toMatchObject([
      { from: null, to: 'subscriber', rule: 'api', by: null },
    ])
    expect(made.body.handoffs).toEqual([])
    const body = { phone: '+39 02 5550100', company: { country: 'IT' }, type: 'service' }
    const told = await ask('PUT', `/api/v1/leads/MARIA@officineverdi.example`, { body })
    expect(told).toMatchObject({
      status: 200,
      body: {
        email,
        title: 'Plant manager',
        phone: '+39 02 5550100',
        company: { employees: 120, country: 'IT' },
        type: 'service',
        lifecycleStage: 'subscriber',
      },
    })
    expect(told.body.history).toHaveLength(1)
    expect(await ask('GET', path)).toMatchObject({ status: 200, body: told.body })
    expect(world.scorings).toHaveLength(2)
    expect(world.leadOf('ws_acme', email)?.dueAt).toEqual(world.clock.now)
  })

  test('moves it through its lifecycle as the agreement lets it', async () => {
    const { ask } = anApi()
    const stage = (lifecycleStage: string) =>
      ask('PUT', path, { body: { ...news, lifecycleStage } })
    await stage('lead')
    expect((await stage('mql')).body.history).toMatchObject([
      { from: null, to: 'lead', rule: 'api' },
      { from: 'lead', to: 'mql', rule: 'api' },
    ])
    const refused = await stage('customer')
    expect(refused).toMatchObject({ status: 409, body: { code: 'stage-not-allowed' } })
    expect((await ask('GET', path)).body.lifecycleStage).toBe('mql')
  })

  test('leaves the stage to the handoff while sales has it', async () => {
    const { ask } = anApi()
    const { id } = (await ask('POST', handoffs, { body: aHandOff() })).body
    const moved = await ask('PUT', path, { body: { lifecycleStage: 'mql' } })
    expect(moved).toMatchObject({ status: 409, body: { code: 'already-open', handoff: { id } } })
    const same = await ask('PUT', path, { body: { lifecycleStage: 'sql', title: 'Owner' } })
    expect(same).toMatchObject({ status: 200, body: { title: 'Owner', lifecycleStage: 'sql' } })
  })

  test.each([
    ['no name for a new lead', {}, '/name'],
    ['the address of another', { name: 'Maria', email: 'paola@b.example' }, '/email'],
    ['an unknown stage', { name: 'Maria', lifecycleStage: 'fan' }, '/lifecycleStage'],
    ['a name that is none', { name: 7 }, '/name'],
  ])('is refused with %s', async (_, body, pointer) => {
    const { ask } = anApi()
    const answer = await ask('PUT', path, { body })
    expect(answer.status).toBe(422)
    expect(answer.body.errors).toMatchObject([{ pointer }])
    expect((await ask('GET', path)).status).toBe(404)
  })

  test('may repeat the address in any case', async () => {
    const { ask } = anApi()
    const body = { ...news, email: ' Maria@OfficineVerdi.example' }
    expect((await ask('PUT', path, { body })).status).toBe(201)
  })

  test('is not taken for what is no address', async () => {
    const { ask } = anApi()
    expect((await ask('PUT', '/api/v1/leads/maria', { body: news })).status).toBe(404)
  })
})

describe('a lead that was scored', () => {
  test('is read with its points, its fit and its persona', async () => {
    const name = { en: 'Asked for a quote', it: 'Ha chiesto un preventivo' }
    const world = createMemoryWorld({
      agreement: anAgreement({
        scoring: {
          threshold: 70,
          rules: [{ id: 'quote', name, activity: 'quote-request', points: 40 }],
        },
        icp: [
          { id: 'industry', name: { en: 'Works metal', it: 'Lavora metalli' } },
          {
            id: 'size',
            name: { en: 'At least 50 employees', it: 'Almeno 50 dipendenti' },
            when: { field: 'company.employees', from: 50 },
          },
        ],
        personas: [
          {
            id: 'plant',
            name: { en: 'Plant manager', it: 'Direttore di stabilimento' },
            when: { field: 'title', contains: 'plant' },
            talking_points: [{ en: 'Downtime', it: 'Fermi macchina' }],
          },
        ],
      }),
    })
    const { ask } = anApi({ world })
    expect((await ask('PUT', path, { body: news })).body.score).toBeNull()
    await ask('POST', '/api/v1/activities', { body: { email, type: 'quote-request' } })
    await scoreLeads(world, { workspaceId: 'ws_acme', limit: 10, reasonOf: () => 'points' })
    expect((await ask('GET', path)).body).toMatchObject({
      score: {
        total: 40,
        threshold: 70,
        lines: [{ rule: 'quote', name: 'Asked for a quote', points: 40, times: 1 }],
      },
      fit: [
        { criterion: 'industry', name: 'Works metal', verdict: 'unknown' },
        { criterion: 'size', name: 'At least 50 employees', verdict: 'met' },
      ],
      persona: { id: 'plant', name: 'Plant manager', talkingPoints: ['Downtime'] },
    })
  })
})
