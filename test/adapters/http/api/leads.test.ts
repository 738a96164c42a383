import { describe, expect, test } from 'vitest'
import { minutesAfter } from '../../../support/builders.ts'
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
