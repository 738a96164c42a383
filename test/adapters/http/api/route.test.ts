import { describe, expect, test } from 'vitest'
import { anAgreement } from '../../../support/builders.ts'
import { createMemoryWorld } from '../../../support/memory-world.ts'
import { anApi } from '../support.ts'

const rotating = anAgreement({
  people: [
    { email: 'anna@acme.example', role: 'rep', off: ['2026-11-23/2026-11-27'] },
    { email: 'luca@acme.example', role: 'rep' },
    { email: 'ben@acme.example', role: 'marketing' },
  ],
  lead_types: anAgreement().lead_types.map(({ id, name, channel }) => ({
    id,
    name,
    channel,
    owners: id === 'service' ? 'open' : { rotate: ['anna@acme.example', 'luca@acme.example'] },
  })),
})

const whoGets = async (query: string) => {
  const { ask } = anApi({ world: createMemoryWorld({ agreement: rotating }) })
  return ask('GET', `/api/v1/route${query}`)
}

describe('who would get a lead', () => {
  test('is told by codes and in words', async () => {
    const { status, body } = await whoGets('?email=maria@officineverdi.example')
    expect(status).toBe(200)
    expect(body).toMatchObject({
      leadType: 'new-equipment',
      owner: 'luca@acme.example',
      why: [
        { code: 'type-by-default', words: 'New prospect, equipment, since no other type fits' },
        { code: 'turn', words: expect.stringMatching(/, whose turn it is$/) },
      ],
      passedOver: [
        {
          person: 'anna@acme.example',
          why: 'off',
          words: expect.stringMatching(/: off until 27 November 2026$/),
        },
      ],
    })
  })

  test('is told in the language that was asked for', async () => {
    const { body } = await whoGets('?leadType=service&locale=it')
    expect(
      body.why.map(({ code, words }: { code: string; words: string }) => [code, words]),
    ).toEqual([
      ['type-sent', expect.stringMatching(/, come hai indicato$/)],
      ['open', 'chi accetta per primo, come concordato per questo tipo'],
    ])
  })

  test('is told in no language that there is not', async () => {
    const { status, body } = await whoGets('?leadType=service&locale=fr')
    expect(status).toBe(400)
    expect(body.errors).toMatchObject([{ parameter: 'locale' }])
  })
})
