import { describe, expect, test } from 'vitest'
import { fitOf, journeyOf, personaOf } from '../../src/domain/fit.ts'
import type { Lead } from '../../src/domain/lead.ts'
import { aLead, anAgreement } from '../support/builders.ts'

const name = { en: 'A name', it: 'Un nome' }

describe('the fit of a lead', () => {
  const agreement = anAgreement({
    icp: [
      { id: 'industry', name, when: { field: 'company.industry', contains: 'manufactur' } },
      { id: 'employees', name, when: { field: 'company.employees', from: 50, to: 1000 } },
      { id: 'country', name, when: { field: 'company.country', is: ['IT', 'DE'] } },
      { id: 'feeling', name },
    ],
  })
  const verdicts = (company: Lead['company']) =>
    fitOf(agreement, aLead({ company })).map(
      ({ criterion, verdict }) => `${criterion.id}: ${verdict}`,
    )

  test('says of each criterion whether it is met, not met or unknown', () => {
    expect(verdicts({ industry: 'Manufacturing', employees: 12 })).toEqual([
      'industry: met',
      'employees: not-met',
      'country: unknown',
      'feeling: unknown',
    ])
  })

  test('is nothing where nothing is agreed', () => {
    const { icp: _, ...without } = agreement
    expect(fitOf({ ...without, icp: [] }, aLead())).toEqual([])
  })
})

describe('the persona of a lead', () => {
  const agreement = anAgreement({
    personas: [
      { id: 'plant', name, when: { field: 'title', contains: ['plant', 'production'] } },
      { id: 'manager', name, when: { field: 'title', contains: 'manager' } },
    ],
  })
  const idOf = (title: string | null) => personaOf(agreement, aLead({ title }))?.id

  test('is the first one whose conditions are met', () => {
    expect(idOf('Plant manager')).toBe('plant')
    expect(idOf('Office manager')).toBe('manager')
    expect(idOf('Student')).toBeUndefined()
    expect(idOf(null)).toBeUndefined()
    expect(personaOf(anAgreement(), aLead())).toBeUndefined()
  })
})

describe('the journey of a lead', () => {
  const agreement = anAgreement({
    journey: {
      rules: [
        { stage: 'awareness' },
        { stage: 'consideration', activity: 'webinar' },
        {
          stage: 'decision',
          activity: 'quote-request',
          when: { field: 'source', not: 'trade fair' },
        },
      ],
    },
  })
  const stageOf = (lead: Partial<Lead>, ...types: string[]) =>
    journeyOf(
      agreement,
      aLead({ journeyStage: null, ...lead }),
      types.map((type) => ({ type })),
    )

  test('is as it was sent', () => {
    expect(stageOf({ journeyStage: 'awareness' }, 'quote-request')).toBe('awareness')
  })

  test('is else what the last rule that holds says', () => {
    expect(stageOf({})).toBe('awareness')
    expect(stageOf({}, 'webinar')).toBe('consideration')
    expect(stageOf({}, 'quote-request', 'webinar')).toBe('decision')
    expect(stageOf({ source: 'trade fair' }, 'quote-request')).toBe('awareness')
    expect(stageOf({ source: null }, 'quote-request')).toBe('awareness')
  })

  test('is none where no rule holds', () => {
    expect(journeyOf(anAgreement(), aLead({ journeyStage: null }), [])).toBeNull()
  })
})
