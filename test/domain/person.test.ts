import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Role, roles } from '../../src/domain/agreement.ts'
import {
  type Member,
  mayAnswerReturns,
  mayHandOver,
  maySell,
  mayStandIn,
  roleOf,
  rulesFor,
} from '../../src/domain/person.ts'
import { aMember, anAgreement } from '../support/builders.ts'

const leadType = {
  id: 'new-equipment',
  name: { en: 'Equipment', it: 'Macchinari' },
  channel: 'sql-handoffs',
}
const anna = (overrides: Partial<Member> = {}) => aMember(overrides)

describe('the role of a member', () => {
  test('is that of the agreement, whatever else was given', () => {
    const agreement = anAgreement({ people: [{ email: 'anna@acme.example', role: 'marketing' }] })
    const member = anna({ email: 'Anna@Acme.example', assigned: 'admin' })
    expect(roleOf(agreement, member, 'new-equipment')).toBe('marketing')
  })

  test('else what was given in a form or by a user group', () => {
    const agreement = anAgreement({ people: [] })
    expect(roleOf(agreement, anna({ assigned: 'marketing' }), 'new-equipment')).toBe('marketing')
  })

  test('else rep for an owner of the lead type', () => {
    const owners = { rotate: ['anna@acme.example'] }
    const agreement = anAgreement({ people: [], lead_types: [{ ...leadType, owners }] })
    expect(roleOf(agreement, anna(), 'new-equipment')).toBe('rep')
    expect(roleOf(agreement, anna({ email: 'luca@acme.example' }), 'new-equipment')).toBeNull()
  })

  test('in a fresh installation rep for everyone; a named group makes it none', () => {
    expect(roleOf(anAgreement({ people: [] }), anna(), 'new-equipment')).toBe('rep')
    const agreement = anAgreement({ people: [], groups: [{ group: 'reps', role: 'rep' }] })
    expect(roleOf(agreement, anna(), 'new-equipment')).toBeNull()
  })

  test('administering Slack alone makes nobody a rep or a manager of leads', () => {
    const agreement = anAgreement({ people: [{ email: 'luca@acme.example', role: 'rep' }] })
    expect(roleOf(agreement, anna({ slackAdmin: true }), 'new-equipment')).toBeNull()
  })

  test('people of outside have none, however they are named', () => {
    const external = fc.record({
      assigned: fc.constantFrom(null, ...roles),
      slackAdmin: fc.boolean(),
      email: fc.constantFrom(null, 'anna@acme.example', 'guest@else.example'),
    })
    const agreements = [
      anAgreement(),
      anAgreement({ people: [] }),
      anAgreement({
        people: [],
        lead_types: [{ ...leadType, owners: { fixed: 'anna@acme.example' } }],
      }),
    ]
    fc.assert(
      fc.property(external, fc.constantFrom(...agreements), (parts, agreement) => {
        const member = anna({ ...parts, external: true })
        expect(roleOf(agreement, member, 'new-equipment')).toBeNull()
      }),
    )
  })
})

describe('what a role may', () => {
  const table: Record<Role | 'none', [boolean, boolean, boolean, boolean, string | null]> = {
    // hands over, sells, answers returns, stands in for others in sales, rules for
    rep: [true, true, false, false, null],
    marketing: [true, false, true, false, null],
    sales_manager: [true, true, false, true, 'sales'],
    marketing_manager: [true, false, true, false, 'marketing'],
    admin: [true, true, true, true, null],
    none: [false, false, false, false, null],
  }
  test.each([...roles, null])('%s', (role) => {
    expect([
      mayHandOver(role),
      maySell(role),
      mayAnswerReturns(role),
      mayStandIn(role),
      rulesFor(role),
    ]).toEqual(table[role ?? 'none'])
  })
})
