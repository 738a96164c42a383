import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Duty } from '../../src/domain/duty.ts'
import {
  type Candidate,
  chooseTurn,
  companyDomainOf,
  leadTypeFor,
  present,
  typedBy,
} from '../../src/domain/routing.ts'
import { aLead, anAgreement, fixedNow, minutesAfter } from '../support/builders.ts'

type Input = NonNullable<NonNullable<Parameters<typeof anAgreement>[0]>['lead_types']>[number]

describe('the type of a lead', () => {
  const type = (id: string, when?: Input['when']): Input => ({
    id,
    name: { en: id, it: id },
    channel: 'sql-handoffs',
    ...(when === undefined ? {} : { when }),
  })
  const agreement = anAgreement({
    lead_types: [
      type('service', { field: 'attributes.customer', is: 'yes' }),
      type('large', { field: 'company.employees', from: 500 }),
      type('usual'),
      type('other'),
    ],
  })
  const idOf = (lead: Parameters<typeof aLead>[0], sent?: string) =>
    leadTypeFor(agreement, aLead(lead), sent)?.id

  test('is the one that was sent, whatever the conditions say', () => {
    expect(idOf({ attributes: { customer: 'yes' } }, 'other')).toBe('other')
    expect(idOf({ attributes: { customer: 'yes' }, type: 'large' }, 'other')).toBe('other')
  })

  test('is none where the one that was sent is not in the agreement', () => {
    expect(idOf({}, 'nothing-such')).toBeUndefined()
  })

  test('is as it was sent before, as long as the agreement has it', () => {
    expect(idOf({ type: 'other' })).toBe('other')
    expect(idOf({ type: 'gone', company: { employees: 900 } })).toBe('large')
  })

  test('is the first whose conditions are all met: not met and not known are not', () => {
    expect(idOf({ attributes: { customer: 'yes' }, company: { employees: 900 } })).toBe('service')
    expect(idOf({ company: { employees: 900 } })).toBe('large')
    expect(idOf({ attributes: { customer: 'no' }, company: {} })).toBe('usual')
  })

  test('is else the first without conditions, else the first', () => {
    expect(idOf({})).toBe('usual')
    const strict = anAgreement({
      lead_types: [
        type('service', { field: 'attributes.customer', is: 'yes' }),
        type('large', { field: 'company.employees', from: 500 }),
      ],
    })
    expect(typedBy(strict, aLead(), undefined)).toMatchObject({
      type: { id: 'service' },
      why: 'type-by-default',
    })
  })

  test('of no lead in particular is the one without conditions', () => {
    expect(typedBy(agreement, null, undefined)).toMatchObject({ type: { id: 'usual' } })
  })
})

describe('the company of a lead', () => {
  const domain = (email: string, company: Record<string, unknown> = {}) =>
    companyDomainOf({ email, company })

  test('goes by the domain that was told, else by that of the address', () => {
    expect(domain('maria@mail.example', { domain: 'WWW.Verdi.example' })).toBe('verdi.example')
    expect(domain('maria@verdi.example')).toBe('verdi.example')
    expect(domain('maria@verdi.example', { domain: 7 })).toBe('verdi.example')
  })

  test('is not known where everybody could have an address there', () => {
    expect(domain('maria@gmail.com')).toBeNull()
    expect(domain('maria@verdi.example', { domain: 'libero.it' })).toBeNull()
  })
})

describe('there for a lead', () => {
  const candidate = (
    who: string,
    minutes: number,
    duty: Duty = { free: true },
  ): Candidate<string> => ({
    who,
    duty,
    from: minutesAfter(minutes),
    day: minutesAfter(minutes).toISOString().slice(0, 10),
  })
  const day = 24 * 60

  test('are those inside their hours', () => {
    const later = candidate('luca', 60)
    expect(present([candidate('anna', 0), later], fixedNow)).toEqual({
      there: ['anna'],
      passedOver: [{ who: 'luca', why: { why: 'outside-hours', from: later.from } }],
    })
  })

  test('are those who begin on the first day where nobody is inside', () => {
    const list = [candidate('dora', 2 * day), candidate('anna', day), candidate('luca', day + 60)]
    const { there, passedOver } = present(list, fixedNow)
    expect(there).toEqual(['anna', 'luca'])
    expect(passedOver.map(({ who }) => who)).toEqual(['dora'])
  })

  test('is nobody who is off, full or away', () => {
    const duties: Duty[] = [
      { free: false, why: 'off', until: '2026-11-24' },
      { free: false, why: 'full', cap: 3 },
      { free: false, why: 'away' },
    ]
    const list = duties.map((duty, index) => candidate(`${index}`, 0, duty))
    expect(present(list, fixedNow)).toEqual({
      there: [],
      passedOver: duties.map((why, index) => ({ who: `${index}`, why })),
    })
  })
})

describe('a rotation', () => {
  type Weights = Record<string, number>
  const names = ['a', 'b', 'c', 'd', 'e', 'f']
  const anyWeights = fc
    .array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: names.length })
    .map((list): Weights => Object.fromEntries(list.map((weight, at) => [names[at], weight])))

  /** Leads one after the other, each with who is there; who got which. */
  function run(steps: readonly (readonly string[])[], weights: Weights, from = {}) {
    let turns: Record<string, number> = from
    const got: string[] = []
    for (const candidates of steps) {
      const chosen = chooseTurn(turns, candidates, weights)
      if (chosen === undefined) throw new Error('nobody was chosen')
      turns = chosen.turns
      got.push(chosen.email)
    }
    return { got, turns }
  }
  const countOf = (got: readonly string[], name: string) => got.filter((one) => one === name).length
  const times = <Item>(count: number, item: Item): Item[] =>
    Array.from({ length: count }, () => item)
  const shareOf = (name: string, people: readonly string[], weights: Weights) =>
    (weights[name] ?? 1) / people.reduce((all, one) => all + (weights[one] ?? 1), 0)

  test('goes round in the order of the agreement', () => {
    expect(run(times(7, ['c', 'a', 'b']), {}).got.join('')).toBe('cabcabc')
  })

  test('gives more to whoever weighs more, spread over time', () => {
    expect(run(times(8, ['a', 'b']), { a: 3 }).got.join('')).toBe('aaabaaab')
  })

  test('chooses nobody where nobody is there', () => {
    expect(chooseTurn({ a: 3 }, [])).toBeUndefined()
  })

  test('never takes anybody a whole lead away from their share', () => {
    fc.assert(
      fc.property(anyWeights, fc.integer({ min: 1, max: 200 }), (weights, count) => {
        const people = Object.keys(weights)
        const { got } = run(times(count, people), weights)
        for (let leads = 1; leads <= count; leads++) {
          for (const name of people) {
            const due = leads * shareOf(name, people, weights)
            expect(Math.abs(countOf(got.slice(0, leads), name) - due)).toBeLessThan(1.0001)
          }
        }
      }),
      { numRuns: 60 },
    )
  })

  const anySteps = (people: readonly string[]) =>
    fc.array(fc.subarray([...people], { minLength: 1 }), { minLength: 1, maxLength: 150 })

  test('floods nobody who comes back: they get their share from then on, and one lead more at most', () => {
    fc.assert(
      fc.property(
        anyWeights.chain((weights) =>
          fc.tuple(
            fc.constant(weights),
            anySteps(Object.keys(weights)),
            fc.integer({ min: 1, max: 200 }),
          ),
        ),
        ([weights, before, missed]) => {
          const people = Object.keys(weights)
          const [back = '', ...others] = people
          fc.pre(others.length > 0)
          const past = run([...before, ...times(missed, others)], weights)
          const { got } = run(times(60, people), weights, past.turns)
          for (let leads = 1; leads <= got.length; leads++) {
            const due = leads * shareOf(back, people, weights)
            expect(countOf(got.slice(0, leads), back)).toBeLessThan(due + 1.0001)
          }
        },
      ),
      { numRuns: 60 },
    )
  })

  test('lets nobody who is there wait for long, whoever comes and goes', () => {
    fc.assert(
      fc.property(
        anyWeights.chain((weights) =>
          fc.tuple(fc.constant(weights), anySteps(Object.keys(weights))),
        ),
        ([weights, comings]) => {
          const people = Object.keys(weights)
          const [always = ''] = people
          const steps = comings.map((there) =>
            people.filter((one) => one === always || there.includes(one)),
          )
          const { got } = run(steps, weights)
          // as if everybody had always been there, and two rounds of slack
          const least = steps.length * shareOf(always, people, weights)
          expect(countOf(got, always)).toBeGreaterThan(least - 2 * people.length)
        },
      ),
      { numRuns: 100 },
    )
  })

  test('comes to the same by the same leads', () => {
    fc.assert(
      fc.property(
        anyWeights.chain((weights) =>
          fc.tuple(fc.constant(weights), anySteps(Object.keys(weights))),
        ),
        ([weights, steps]) => {
          expect(run(steps, weights)).toEqual(run(steps, weights))
        },
      ),
      { numRuns: 20 },
    )
  })

  test('lets somebody new begin where the others stand', () => {
    const past = run(times(100, ['a', 'b']), {})
    const { got } = run(times(9, ['a', 'b', 'new']), {}, past.turns)
    expect(countOf(got, 'new')).toBe(3)
  })
})
