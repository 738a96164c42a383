import { describe, expect, test } from 'vitest'
import { leadInputSchema, mergeLead } from '../../src/domain/lead.ts'
import { aLead } from '../support/builders.ts'

const input = (overrides: object = {}) => ({
  email: 'maria@example.com',
  name: 'Maria',
  ...overrides,
})
const accepts = (overrides: object): boolean => leadInputSchema.safeParse(input(overrides)).success

describe('a lead that comes in', () => {
  test('is known by its address, however that is written', () => {
    expect(leadInputSchema.parse(input({ email: '  Maria@Example.COM ' })).email).toBe(
      'maria@example.com',
    )
  })

  test('keeps what it is told of its company and itself beyond the known fields', () => {
    const told = { company: { name: 'Verdi', plants: 3 }, attributes: { tags: ['a', 'b'] } }
    expect(leadInputSchema.parse(input(told))).toMatchObject(told)
  })

  test.each([
    ['NUL in the name', { name: 'a\u0000b' }],
    ['half a character in the name', { name: 'a\ud800b' }],
    ['NUL in an attribute', { attributes: { a: ['\u0000'] } }],
    ['half a character in an attribute', { attributes: { a: '\udfff' } }],
    ['half a character in a key of the company', { company: { '\ud800': 1 } }],
    ['attributes without end', { attributes: { a: 'x'.repeat(20_000) } }],
    ['a link of another kind', { crm: { system: 'x', id: '1', url: 'javascript:alert(1)' } }],
    ['an empty name', { name: '  ' }],
    ['no address', { email: 'maria' }],
  ])('is refused with %s', (_, overrides) => {
    expect(accepts(overrides)).toBe(false)
  })

  test('may speak of escapes', () => {
    expect(accepts({ attributes: { a: '\\u0000 and \\ud800' } })).toBe(true)
  })

  test('adds to what is known, and takes nothing away', () => {
    const news = leadInputSchema.parse(input({ company: { employees: 130 }, title: 'CEO' }))
    expect(mergeLead(aLead(), news, 'lead_new')).toMatchObject({
      id: 'lead_maria',
      title: 'CEO',
      phone: '+39 02 5550100',
      company: { name: 'Officine Verdi', employees: 130 },
    })
  })
})
