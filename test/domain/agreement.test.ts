import { describe, expect, test } from 'vitest'
import { calendarOf, clocksOf, fixedOwnerOf, leadTypeOf } from '../../src/domain/clocks.ts'
import { roleOf } from '../../src/domain/person.ts'
import { aMember, anAgreement } from '../support/builders.ts'

const leadType = { id: 'press', name: { en: 'Presses', it: 'Presse' }, channel: 'presses' }

describe('a lead type', () => {
  test('is the first one where none is named', () => {
    expect(leadTypeOf(anAgreement())?.id).toBe('new-equipment')
    expect(leadTypeOf(anAgreement(), 'spaceships')).toBeUndefined()
  })

  test('has its own clocks and calendar where it names them, else the agreement’s', () => {
    const agreement = anAgreement({
      lead_types: [
        {
          ...leadType,
          clocks: { accept: { within: { working: '1h' } } },
          calendar: { timezone: 'Europe/Rome', hours: 'always' },
        },
        { ...leadType, id: 'plain' },
      ],
    })
    expect(clocksOf(agreement, 'press').accept.within.duration).toEqual({
      unit: 'exact',
      ms: 3_600_000,
    })
    expect(clocksOf(agreement, 'press').attempts).toEqual(agreement.clocks.attempts)
    expect(calendarOf(agreement, 'press').always).toBe(true)
    expect(clocksOf(agreement, 'plain')).toEqual(agreement.clocks)
    expect(calendarOf(agreement, 'plain')).toEqual(agreement.calendar)
  })

  test('may have one fixed owner', () => {
    const owned = (owners: 'open' | { fixed: string } | { rotate: string[] }) => {
      const [type] = anAgreement({ lead_types: [{ ...leadType, owners }] }).lead_types
      return type === undefined ? undefined : fixedOwnerOf(type)
    }
    expect(owned({ fixed: 'Anna@Acme.example' })).toBe('anna@acme.example')
    expect(owned('open')).toBeUndefined()
    expect(owned({ rotate: ['anna@acme.example'] })).toBeUndefined()
  })
})

test('a return reason that asks for a criterion needs one to be agreed', () => {
  expect(() => anAgreement({ icp: [] })).toThrow(/not-a-fit asks for one/)
})

describe('a role', () => {
  const somebody = aMember({ email: 'somebody@acme.example' })

  test('is what the agreement says of the address, however it is written', () => {
    expect(roleOf(anAgreement(), aMember({ email: 'SARA@acme.example' }), 'service')).toBe(
      'sales_manager',
    )
  })

  test('is rep for the owners of a lead type, there only', () => {
    const agreement = anAgreement({
      lead_types: [
        { ...leadType, owners: { rotate: ['somebody@acme.example'] } },
        { ...leadType, id: 'other' },
      ],
    })
    expect(roleOf(agreement, somebody, 'press')).toBe('rep')
    expect(roleOf(agreement, somebody, 'other')).toBeNull()
  })

  test('is rep for everybody in a fresh installation, which names nobody', () => {
    const nobody = anAgreement({ people: [] })
    expect(roleOf(nobody, somebody, 'service')).toBe('rep')
    expect(roleOf(anAgreement(), somebody, 'service')).toBeNull()
    expect(roleOf(nobody, aMember({ email: null }), 'service')).toBe('rep')
  })

  test('is none for guests and people of other organizations, whoever is named', () => {
    const outsider = aMember({ external: true })
    expect(roleOf(anAgreement(), outsider, 'service')).toBeNull()
    expect(roleOf(anAgreement({ people: [] }), outsider, 'service')).toBeNull()
  })
})
