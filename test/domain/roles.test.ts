import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Role, roles } from '../../src/domain/agreement.ts'
import type { Member } from '../../src/domain/person.ts'
import {
  type AssignRole,
  assignRole,
  holdersOf,
  type RoleRecord,
  rolesByGroup,
  rolesToGive,
  type UserGroup,
  unknownGroups,
} from '../../src/domain/roles.ts'
import { aMember, anAgreement, fixedNow } from '../support/builders.ts'

const nobodyNamed = anAgreement({ people: [] })

const aRecord = (
  member: Partial<Member> = {},
  { given = null, byGroup = null }: { given?: Role | null; byGroup?: Role | null } = {},
): RoleRecord => ({ member: aMember({ ...member, assigned: given ?? byGroup }), given, byGroup })

const someone = (id: string, role: Role | null = null, more: Partial<Member> = {}): RoleRecord =>
  aRecord(
    { id, slackId: `U0${id}`, email: `${id}@acme.example`, name: id, ...more },
    { given: role },
  )

const admin = someone('ada', 'admin')
const colleague = someone('cleo')

const assigned = (
  command: Partial<AssignRole>,
  by: RoleRecord = admin,
  { agreement = nobodyNamed, records = [admin, colleague] } = {},
) =>
  assignRole({ person: colleague, role: 'rep', ...command }, by.member, {
    agreement,
    holders: holdersOf(agreement, records),
    now: fixedNow,
  })

const refusalOf = (decided: ReturnType<typeof assigned>) =>
  decided.ok ? undefined : decided.refusal

describe('who may give roles', () => {
  test.each([
    ['an admin', someone('x', 'admin'), [...roles]],
    ['a sales manager', someone('x', 'sales_manager'), ['rep', 'sales_manager']],
    ['a marketing manager', someone('x', 'marketing_manager'), ['marketing', 'marketing_manager']],
    ['a rep', someone('x', 'rep'), []],
    ['somebody of marketing', someone('x', 'marketing'), []],
    ['somebody without a role, though everyone is a rep', someone('x'), []],
    ['whoever administers Slack', someone('x', null, { slackAdmin: true }), [...roles]],
    ['a guest who administers another Slack', someone('x', 'admin', { external: true }), []],
  ])('%s', (_, { member }, expected) => {
    expect(rolesToGive(nobodyNamed, member)).toEqual(expected)
  })

  test('the agreement goes before what was given', () => {
    const agreement = anAgreement({ people: [{ email: 'x@acme.example', role: 'rep' }] })
    expect(rolesToGive(agreement, someone('x', 'admin').member)).toEqual([])
  })
})

describe('giving a role', () => {
  test('is kept with who gave it and when', () => {
    expect(assigned({ role: 'marketing' })).toEqual({
      ok: true,
      assignment: { personId: 'cleo', role: 'marketing', byId: 'ada', at: fixedNow },
    })
  })

  test('a manager gives the roles of their side, and takes no other away', () => {
    const manager = someone('sam', 'sales_manager')
    const needed = { code: 'role-required', needed: 'admin' }
    expect(assigned({ role: 'rep' }, manager).ok).toBe(true)
    expect(refusalOf(assigned({ role: 'marketing' }, manager))).toEqual(needed)
    expect(refusalOf(assigned({ role: 'rep', person: admin }, manager))).toEqual(needed)
    const byGroup = aRecord({ id: 'gus' }, { byGroup: 'admin' })
    expect(refusalOf(assigned({ role: 'rep', person: byGroup }, manager))).toEqual(needed)
  })

  test('a manager does not take away what stands before a role of another side', () => {
    const manager = someone('sam', 'sales_manager')
    const person = aRecord({ id: 'gus' }, { given: 'rep', byGroup: 'admin' })
    expect(refusalOf(assigned({ role: null, person }, manager))).toEqual({
      code: 'role-required',
      needed: 'admin',
    })
  })

  test('others are told whom to ask: a manager where there is one, else an admin', () => {
    const rep = someone('rea', 'rep')
    const led = [admin, rep, someone('sam', 'sales_manager')]
    expect(refusalOf(assigned({}, rep))).toMatchObject({ needed: 'admin' })
    expect(refusalOf(assigned({}, rep, { agreement: nobodyNamed, records: led }))).toMatchObject({
      needed: 'manager',
    })
  })

  test('in a fresh installation only whoever administers Slack begins', () => {
    const fresh = { agreement: nobodyNamed, records: [] }
    const boss = someone('bea', null, { slackAdmin: true })
    expect(refusalOf(assigned({}, colleague, fresh))).toMatchObject({ code: 'role-required' })
    expect(assigned({ role: 'admin' }, boss, fresh).ok).toBe(true)
  })

  test('people of outside get none', () => {
    const guest = someone('gil', null, { external: true })
    expect(refusalOf(assigned({ person: guest }))).toMatchObject({ code: 'external-person' })
  })

  test('whom the agreement names keeps the role that it says', () => {
    const agreement = anAgreement({ people: [{ email: 'CLEO@acme.example', role: 'marketing' }] })
    expect(refusalOf(assigned({}, admin, { agreement, records: [admin] }))).toMatchObject({
      code: 'named-in-agreement',
      role: 'marketing',
    })
  })

  test('what a user group gives can be put over, and not taken away', () => {
    const person = aRecord({ id: 'gus' }, { byGroup: 'rep' })
    expect(assigned({ person, role: 'marketing' }).ok).toBe(true)
    expect(refusalOf(assigned({ person, role: null }))).toMatchObject({
      code: 'role-by-group',
      role: 'rep',
    })
  })

  test('the last admin does not resign; with another one, or as an admin of Slack, they may', () => {
    const resign = { person: admin, role: 'rep' as const }
    expect(refusalOf(assigned(resign))).toEqual({ code: 'last-admin' })
    expect(refusalOf(assigned({ ...resign, role: null }))).toEqual({ code: 'last-admin' })
    const records = [admin, someone('zoe', 'admin')]
    expect(assigned(resign, admin, { agreement: nobodyNamed, records }).ok).toBe(true)
    const ofSlack = someone('ada', 'admin', { slackAdmin: true })
    expect(assigned({ ...resign, person: ofSlack }, ofSlack).ok).toBe(true)
  })

  test('an address in the agreement that nobody in Slack has is no other admin', () => {
    const agreement = anAgreement({ people: [{ email: 'typo@acme.example', role: 'admin' }] })
    const stand = { agreement, records: [admin] }
    expect(refusalOf(assigned({ person: admin }, admin, stand))).toEqual({ code: 'last-admin' })
  })

  test('however people give and take roles, nobody gives what they may not, and an admin is left', () => {
    const ids = ['a', 'b', 'c', 'd'] as const
    const step = fc.record({
      by: fc.constantFrom(...ids),
      to: fc.constantFrom(...ids),
      role: fc.constantFrom(null, ...roles),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const given = new Map<string, Role | null>([['a', 'admin']])
        const recordOf = (id: string) => someone(id, given.get(id) ?? null)
        for (const { by, to, role } of steps) {
          const asker = recordOf(by)
          const records = ids.map(recordOf)
          const stand = { agreement: nobodyNamed, records }
          const decided = assigned({ person: recordOf(to), role }, asker, stand)
          if (!decided.ok) continue
          if (role !== null) expect(rolesToGive(nobodyNamed, asker.member)).toContain(role)
          given.set(to, decided.assignment.role)
        }
        expect([...given.values()]).toContain('admin')
      }),
    )
  })
})

describe('roles by user group', () => {
  const groups: UserGroup[] = [
    { id: 'S0REPS', handle: 'sales-reps', people: ['U1', 'U2', 'U3'] },
    { id: 'S0MKT', handle: 'marketing', people: ['U2', 'U4'] },
    { id: 'S0BOSS', handle: 'heads', people: ['U3'] },
  ]

  test('a group is named by its handle or its id', () => {
    const agreed = [
      { group: 'Sales-Reps', role: 'rep' as const },
      { group: 'S0BOSS', role: 'admin' as const },
    ]
    expect([...rolesByGroup(agreed, groups)]).toEqual([
      ['U1', 'rep'],
      ['U2', 'rep'],
      ['U3', 'admin'],
    ])
    expect(unknownGroups([...agreed, { group: 'gone', role: 'rep' }], groups)).toEqual(['gone'])
  })

  test('of several the most powerful counts, and among equals the one that is written first', () => {
    const agreed = [
      { group: 'marketing', role: 'marketing' as const },
      { group: 'sales-reps', role: 'rep' as const },
      { group: 'heads', role: 'sales_manager' as const },
    ]
    expect(Object.fromEntries(rolesByGroup(agreed, groups))).toEqual({
      U1: 'rep',
      U2: 'marketing',
      U3: 'sales_manager',
      U4: 'marketing',
    })
  })
})

describe('who has which role', () => {
  test('says what it comes from, admins first, and leaves people of outside out', () => {
    const agreement = anAgreement({
      people: [
        { email: 'cleo@acme.example', role: 'rep' },
        { email: 'new@acme.example', role: 'marketing' },
        { email: 'gone@acme.example', role: 'admin' },
      ],
    })
    const records = [
      admin,
      someone('cleo', 'admin'),
      someone('gone', null, { external: true }),
      someone('out', 'admin', { external: true }),
      aRecord({ id: 'gus', name: 'gus', email: null }, { byGroup: 'rep' }),
    ]
    const shown = holdersOf(agreement, records).map(
      ({ person, role, source }) => `${person.name}: ${role} by ${source}`,
    )
    expect(shown).toEqual([
      'ada: admin by form',
      'new@acme.example: marketing by agreement',
      'cleo: rep by agreement',
      'gus: rep by group',
    ])
  })
})
