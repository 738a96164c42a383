import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { z } from 'zod'
import { conditionsSchema, fieldOf, judge } from '../../src/domain/condition.ts'
import { aLead } from '../support/builders.ts'

const lead = aLead({
  title: ' Plant Manager ',
  phone: null,
  source: '',
  company: { industry: 'Manufacturing', employees: 120, country: 'IT', revenue: '2500000' },
  attributes: { customer: true, stand: 'Hall 13', machines: { oldest: 2009 }, tags: ['a'] },
})

const verdict = (conditions: z.input<typeof conditionsSchema>) =>
  judge(conditionsSchema.parse(conditions), lead)

const faultsOf = (value: unknown): string[] => {
  const parsed = conditionsSchema.safeParse(value)
  return parsed.success ? [] : [JSON.stringify(parsed.error.issues)]
}

describe('a condition', () => {
  test.each([
    { field: 'title', is: 'plant manager' },
    { field: 'title', is: ['buyer', 'PLANT MANAGER'] },
    { field: 'title', not: 'buyer' },
    { field: 'title', contains: ['purchas', 'plant'] },
    { field: 'title', starts_with: 'plant', ends_with: 'manager' },
    { field: 'company.employees', from: 120, to: 120 },
    { field: 'company.employees', is: '120' },
    { field: 'company.revenue', from: 1_000_000 },
    { field: 'attributes.customer', is: true },
    { field: 'attributes.machines.oldest', to: 2015 },
    { field: 'title', known: true },
    { field: 'phone', known: false },
    { field: 'source', known: false },
    { field: 'attributes.nothing.at.all', known: false },
  ])('is met: %j', (condition) => {
    expect(verdict(condition)).toBe('met')
  })

  test.each([
    { field: 'title', is: 'plant' },
    { field: 'title', not: ['buyer', 'plant manager'] },
    { field: 'title', contains: 'purchas' },
    { field: 'title', starts_with: 'plant', ends_with: 'buyer' },
    { field: 'title', from: 1 },
    { field: 'company.employees', from: 121 },
    { field: 'company.employees', from: 50, to: 119 },
    { field: 'title', known: false },
    { field: 'phone', known: true },
  ])('is not met: %j', (condition) => {
    expect(verdict(condition)).toBe('not-met')
  })

  test.each([
    { field: 'phone', starts_with: '+39' },
    { field: 'source', not: 'webinar' },
    { field: 'company.city', is: 'Milan' },
    { field: 'attributes.constructor', contains: 'function' },
    { field: 'company.industry.length', from: 1 },
  ])('is unknown where nothing is known: %j', (condition) => {
    expect(verdict(condition)).toBe('unknown')
  })

  test('among several is broken by one, and unknown where one is and none is broken', () => {
    const met = { field: 'title', known: true }
    const broken = { field: 'title', is: 'buyer' }
    const unknown = { field: 'company.city', is: 'Milan' }
    expect(verdict([met, met])).toBe('met')
    expect(verdict([met, unknown])).toBe('unknown')
    expect(verdict([unknown, broken, met])).toBe('not-met')
  })

  test('needs a field and a check that are some', () => {
    expect(faultsOf({ field: 'title' }).join()).toContain('expects a check: one of is, not')
    expect(faultsOf({ field: 'not a field', known: true }).join()).toContain('expects a field')
    expect(faultsOf({ field: 'title', equals: 'x' }).join()).toContain('unrecognized_keys')
    expect(faultsOf([]).join()).not.toBe('')
  })

  test('can be told of any lead, whatever it holds', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.string(), (attributes, text) => {
        const asked = conditionsSchema.safeParse({ field: `attributes.${text}`, contains: 'a' })
        if (!asked.success) return
        expect(['met', 'not-met', 'unknown']).toContain(judge(asked.data, aLead({ attributes })))
      }),
    )
  })
})

test('a field is looked up by its path, and only among what a lead has of its own', () => {
  expect(fieldOf(lead, 'company.country')).toBe('IT')
  expect(fieldOf(lead, 'attributes.machines.oldest')).toBe(2009)
  expect(fieldOf(lead, 'attributes.tags.0')).toBe('a')
  expect(fieldOf(lead, 'company.toString')).toBeUndefined()
  expect(fieldOf(lead, 'constructor.name')).toBeUndefined()
})
