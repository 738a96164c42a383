import { describe, expect, test } from 'vitest'
import { handOff } from '../../../src/domain/decide/hand-off.ts'
import { deadlineOf, pressingDeadline } from '../../../src/domain/handoff.ts'
import {
  aLead,
  anActor,
  anAgreement,
  ben,
  fixedNow,
  handoffOf,
  minutesAfter,
} from '../../support/builders.ts'

const command = (overrides = {}) => ({
  id: 'hof_1',
  workspaceId: 'ws_1',
  lead: aLead(),
  leadType: undefined,
  priority: 'standard' as const,
  reason: 'Asked for a quote',
  whatChanged: undefined,
  owner: null,
  agreementVersion: 3,
  ...overrides,
})
const context = { agreement: anAgreement(), now: fixedNow }
const marketing = anActor(ben, 'marketing')

describe('handing a lead over', () => {
  test('offers it in the channel of its lead type, as an SQL under the version in force', () => {
    const handoff = handoffOf(handOff(command({ leadType: 'service' }), marketing, context))
    expect(handoff).toMatchObject({
      status: 'offered',
      leadStatus: 'New',
      lifecycleStage: 'sql',
      channel: 'service-handoffs',
      agreementVersion: 3,
      handedOffBy: { id: 'per_ben' },
      version: 1,
    })
  })

  test('takes the first lead type where none is named', () => {
    expect(handoffOf(handOff(command(), marketing, context)).leadType).toBe('new-equipment')
  })

  test('starts the accept clock in working time, and the hard one on the wall', () => {
    const handoff = handoffOf(handOff(command(), marketing, context))
    expect(deadlineOf(handoff, 'accept')?.dueAt).toEqual(minutesAfter(5 * 60))
    expect(deadlineOf(handoff, 'accept-hard')?.dueAt).toEqual(minutesAfter(24 * 60))
    expect(pressingDeadline(handoff)?.kind).toBe('accept')
  })

  test('on a Friday evening the hard limit presses first', () => {
    const friday = new Date('2026-11-27T17:30:00Z')
    const handoff = handoffOf(
      handOff(command(), marketing, { agreement: anAgreement(), now: friday }),
    )
    expect(pressingDeadline(handoff)).toMatchObject({
      kind: 'accept-hard',
      dueAt: new Date('2026-11-28T17:30:00Z'),
    })
    expect(deadlineOf(handoff, 'accept')?.dueAt).toEqual(new Date('2026-11-30T12:00:00Z'))
  })

  test('refuses a lead type that the agreement does not know, and names those it knows', () => {
    expect(handOff(command({ leadType: 'spaceships' }), marketing, context)).toMatchObject({
      refusal: { code: 'unknown-lead-type', known: ['new-equipment', 'service'] },
    })
  })

  test('refuses a person without a role', () => {
    expect(handOff(command(), anActor({}, null), context)).toMatchObject({
      refusal: { code: 'role-required', needed: 'hand-over' },
    })
  })

  test('without a person stands for marketing, as an API key does', () => {
    expect(handoffOf(handOff(command(), null, context)).handedOffBy).toBeNull()
  })

  test('records which of the promised fields were missing at that moment', () => {
    const promising = anAgreement({
      promises: {
        marketing: [
          { measure: 'handoff_data', fields: ['phone', 'title', 'company.name'], share: '90%' },
          { measure: 'handoff_data', fields: ['phone', 'attributes.budget'], share: '50%' },
        ],
      },
    })
    const missingOf = (lead = aLead()) => {
      const result = handOff(command({ lead }), marketing, { agreement: promising, now: fixedNow })
      return result.ok ? result.decision.events[0]?.data.missing : undefined
    }
    expect(missingOf()).toEqual(['attributes.budget'])
    expect(missingOf(aLead({ phone: null, company: {}, attributes: { budget: 0 } }))).toEqual([
      'phone',
      'company.name',
    ])
    const result = handOff(command(), marketing, context)
    expect(result.ok && result.decision.events[0]?.data).not.toHaveProperty('missing')
  })
})
