import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { AgreedPromise } from '../../src/domain/agreement.ts'
import {
  isKept,
  measurePromise,
  missingFields,
  type PromiseFacts,
  samePromise,
} from '../../src/domain/promises.ts'
import { aLead, anAgreement, fixedNow, minutesAfter } from '../support/builders.ts'

const days = 24 * 60
const facts = (overrides: Partial<PromiseFacts> = {}): PromiseFacts => ({
  from: fixedNow,
  to: minutesAfter(30 * days),
  handoffs: [],
  deadlines: [],
  ...overrides,
})

const data: AgreedPromise = { measure: 'handoff_data', fields: ['phone', 'title'], share: 0.9 }
const accepts: AgreedPromise = { measure: 'clock', clock: 'accept', share: 0.95 }
const volume: AgreedPromise = { measure: 'volume', per_week: 20 }

describe('the data of handoffs', () => {
  test('is the share of those that came with every field', () => {
    const figures = measurePromise(
      data,
      facts({
        handoffs: [
          { version: 1, missing: [], count: 21 },
          { version: 1, missing: ['phone'], count: 3 },
          { version: 1, missing: ['phone', 'title'], count: 1 },
        ],
      }),
    )
    expect(figures).toEqual({ kind: 'share', kept: 21, of: 25, share: 0.84, days: 30 })
    expect(isKept(data, figures)).toBe(false)
  })

  test('asks for its own fields only', () => {
    const handoffs = [{ version: 1, missing: ['company.name'], count: 2 }]
    expect(measurePromise(data, facts({ handoffs }))).toMatchObject({ kept: 2, of: 2 })
  })

  test('leaves out handoffs that nothing was promised for', () => {
    const handoffs = [{ version: 1, missing: null, count: 5 }]
    const figures = measurePromise(data, facts({ handoffs }))
    expect(figures).toMatchObject({ of: 0, share: null })
    expect(isKept(data, figures)).toBeNull()
  })

  test('counts each handoff by what its own version promised', () => {
    const handoffs = [
      { version: 1, missing: ['title'], count: 3 },
      { version: 2, missing: ['title'], count: 4 },
      { version: 3, missing: ['title'], count: 5 },
    ]
    const only = (fields: string[]): AgreedPromise => ({ ...data, fields })
    const inVersion = (version: number) =>
      version === 1 ? only(['phone']) : version === 2 ? only(['title']) : undefined
    expect(measurePromise(data, facts({ handoffs }), inVersion)).toMatchObject({ kept: 3, of: 7 })
  })
})

describe('a clock', () => {
  test('is the share of its deadlines that were met in time, and of no others', () => {
    const figures = measurePromise(
      accepts,
      facts({
        deadlines: [
          { version: 1, kind: 'accept', inTime: true, count: 19 },
          { version: 1, kind: 'accept', inTime: false, count: 1 },
          { version: 1, kind: 'accept-hard', inTime: false, count: 7 },
          { version: 1, kind: 'first-attempt', inTime: false, count: 7 },
        ],
      }),
    )
    expect(figures).toEqual({ kind: 'share', kept: 19, of: 20, share: 0.95, days: 30 })
    expect(isKept(accepts, figures)).toBe(true)
  })

  test('leaves out versions that did not promise it', () => {
    const deadlines = [
      { version: 1, kind: 'accept' as const, inTime: false, count: 9 },
      { version: 2, kind: 'accept' as const, inTime: true, count: 1 },
    ]
    const inVersion = (version: number) => (version === 2 ? accepts : undefined)
    expect(measurePromise(accepts, facts({ deadlines }), inVersion)).toMatchObject({
      kept: 1,
      of: 1,
    })
  })

  test.each([
    ['first_attempt', 'first-attempt'],
    ['attempts', 'attempts'],
    ['return_answer', 'return-answer'],
  ] as const)('%s is measured by the deadlines %s', (clock, kind) => {
    const deadlines = [{ version: 1, kind, inTime: true, count: 2 }]
    expect(measurePromise({ ...accepts, clock }, facts({ deadlines }))).toMatchObject({ of: 2 })
  })
})

describe('the volume', () => {
  test('is the handoffs of a week, whatever their version', () => {
    const handoffs = [
      { version: 1, missing: null, count: 50 },
      { version: 2, missing: ['phone'], count: 40 },
    ]
    const figures = measurePromise(volume, facts({ handoffs }))
    expect(figures).toEqual({ kind: 'volume', handoffs: 90, perWeek: 21, days: 30 })
    expect(isKept(volume, figures)).toBe(true)
    expect(isKept({ ...volume, per_week: 22 }, figures)).toBe(false)
  })

  test('of no time at all is nothing', () => {
    const handoffs = [{ version: 1, missing: null, count: 50 }]
    expect(measurePromise(volume, facts({ to: fixedNow, handoffs }))).toMatchObject({ perWeek: 0 })
  })
})

describe('any facts', () => {
  const count = fc.integer({ min: 0, max: 1_000 })
  const handoffs = fc.array(
    fc.record({
      version: fc.integer({ min: 1, max: 4 }),
      missing: fc.option(fc.subarray(['phone', 'title', 'company.name'])),
      count,
    }),
  )
  const deadlines = fc.array(
    fc.record({
      version: fc.integer({ min: 1, max: 4 }),
      kind: fc.constantFrom('accept' as const, 'attempts' as const),
      inTime: fc.boolean(),
      count,
    }),
  )

  test('give a share from none to all, and the same in any order or in parts', () => {
    fc.assert(
      fc.property(handoffs, deadlines, (some, others) => {
        for (const promise of [data, accepts]) {
          const figures = measurePromise(promise, facts({ handoffs: some, deadlines: others }))
          if (figures.kind !== 'share') throw new Error(figures.kind)
          expect(figures.kept).toBeLessThanOrEqual(figures.of)
          expect(figures.share === null).toBe(figures.of === 0)
          const split = <Part extends { count: number }>(parts: Part[]): Part[] =>
            parts.flatMap((part) => [
              { ...part, count: 1 },
              { ...part, count: part.count - 1 },
            ])
          const turned = facts({
            handoffs: split(some).reverse(),
            deadlines: split(others).reverse(),
          })
          expect(measurePromise(promise, turned)).toEqual(figures)
        }
      }),
      { numRuns: 100 },
    )
  })
})

describe('what is missing of a lead', () => {
  test('are the fields with nothing in them, however deep', () => {
    const lead = aLead({
      phone: null,
      title: '  ',
      company: { name: 'Verdi', employees: 0, site: { city: 'Milano' } },
      attributes: { budget: false, note: '' },
    })
    const fields = [
      'phone',
      'title',
      'company.name',
      'company.employees',
      'company.site.city',
      'attributes.budget',
    ]
    expect(missingFields(lead, fields)).toEqual(['phone', 'title'])
    const none = ['company.vat', 'attributes.note', 'company.name.first', 'fax', 'crm.id.x']
    expect(missingFields(lead, none)).toEqual(none)
  })

  test('is looked for in the lead itself, not in what every object has', () => {
    const inherited = ['constructor', 'company.toString', 'attributes.__proto__']
    expect(missingFields(aLead(), inherited)).toEqual(inherited)
  })
})

describe('the same promise in another version', () => {
  const withPromises = (marketing: AgreedPromise[], sales: AgreedPromise[] = []) => ({
    ...anAgreement(),
    promises: { marketing, sales },
  })

  test('is of the same side and about the same thing, whatever its share', () => {
    const milder: AgreedPromise = { ...accepts, share: 0.5 }
    const other: AgreedPromise = { ...accepts, clock: 'attempts' }
    const from = withPromises([accepts])
    expect(samePromise(accepts, 'marketing', { from, to: withPromises([other, milder]) })).toBe(
      milder,
    )
    const elsewhere = withPromises([other], [accepts])
    expect(samePromise(accepts, 'marketing', { from, to: elsewhere })).toBeUndefined()
  })

  test('is the one at the same place where there are several', () => {
    const [first, second]: AgreedPromise[] = [data, { ...data, fields: ['company.name'] }]
    if (first === undefined || second === undefined) return
    const from = withPromises([first, accepts, second])
    const to = withPromises([
      { ...data, fields: ['title'] },
      { ...data, fields: ['source'] },
    ])
    expect(samePromise(second, 'marketing', { from, to })).toMatchObject({ fields: ['source'] })
    const shorter = withPromises([data])
    expect(samePromise(second, 'marketing', { from, to: shorter })).toBeUndefined()
  })
})
