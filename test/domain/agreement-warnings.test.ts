import { describe, expect, test } from 'vitest'
import type { Agreement } from '../../src/domain/agreement.ts'
import { agreementWarnings } from '../../src/domain/agreement-warnings.ts'
import { anAgreement } from '../support/builders.ts'

const pathsOf = (overrides: Parameters<typeof anAgreement>[0]) =>
  agreementWarnings(anAgreement(overrides)).map(({ path }) => path)

describe('an agreement is warned of', () => {
  const nextOwner = [{ at: '100%', to: 'next_owner' } as const]
  const restart = { clock: 'restart' } as const

  test('nothing, as a rule', () => {
    expect(agreementWarnings(anAgreement())).toEqual([])
  })

  test('leads that go from owner to owner for ever', () => {
    expect(pathsOf({ escalation: nextOwner, reassignment: restart })).toEqual(['escalation'])
    expect(pathsOf({ escalation: nextOwner, reassignment: { clock: 'keep' } })).toEqual([])
    expect(pathsOf({ reassignment: restart })).toEqual([])
  })

  test('them in the ladder of a clock of its own too', () => {
    const { clocks } = anAgreement()
    const accept = { ...clocks.accept, escalation: [{ at: 1, to: 'next_owner' } as const] }
    const paths = agreementWarnings({
      ...anAgreement({ reassignment: restart }),
      clocks: { ...clocks, accept },
    }).map(({ path }) => path)
    expect(paths).toEqual(['clocks.accept.escalation'])
  })

  test('owners of whom nobody is among the people', () => {
    const owned = (owners: Agreement['lead_types'][number]['owners'], people = true) => {
      const agreement = anAgreement(people ? {} : { people: [] })
      const types = agreement.lead_types.map((type) => ({ ...type, owners }))
      return agreementWarnings({ ...agreement, lead_types: types.slice(0, 1) })
    }
    expect(owned({ rotate: ['bob@acme.example', 'eve@acme.example'] })).toEqual([
      {
        path: 'lead_types.0.owners',
        message: 'nobody of its owners is among the people: bob@acme.example, eve@acme.example',
      },
    ])
    expect(owned({ fixed: 'bob@acme.example' })).toHaveLength(1)
    expect(owned({ rotate: ['bob@acme.example', 'anna@acme.example'] })).toEqual([])
    expect(owned('open')).toEqual([])
    // while nobody is named at all, everyone is a rep
    expect(owned({ fixed: 'bob@acme.example' }, false)).toEqual([])
  })
})
