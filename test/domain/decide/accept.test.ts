import { describe, expect, test } from 'vitest'
import { accept } from '../../../src/domain/decide/accept.ts'
import { deadlineOf, pressingDeadline } from '../../../src/domain/handoff.ts'
import {
  accepted,
  aHandoff,
  anActor,
  anAgreement,
  aPerson,
  fixedNow,
  handoffOf,
  minutesAfter,
  returned,
  sara,
} from '../../support/builders.ts'

const context = (minutes = 12) => ({ agreement: anAgreement(), now: minutesAfter(minutes) })
const luca = { id: 'per_luca', slackId: 'U0LUCA', name: 'Luca Bianchi' }

describe('accepting', () => {
  test('makes the one who clicked the owner, and meets both accept clocks', () => {
    const handoff = handoffOf(accept(aHandoff(), anActor(), context()))
    expect(handoff).toMatchObject({
      status: 'accepted',
      leadStatus: 'Accepted',
      owner: { id: 'per_anna' },
      version: 2,
      acceptedAt: minutesAfter(12),
    })
    for (const kind of ['accept', 'accept-hard'] as const) {
      expect(deadlineOf(handoff, kind)).toMatchObject({
        state: 'met',
        metAt: minutesAfter(12),
        breachedAt: null,
        steps: [],
      })
    }
  })

  test('starts the clock of the first attempt by priority, and that of the sequence', () => {
    const hot = accepted()
    const standard = accepted(aHandoff({ priority: 'standard' }))
    expect(deadlineOf(hot, 'first-attempt')?.dueAt).toEqual(minutesAfter(12 + 15))
    expect(deadlineOf(standard, 'first-attempt')?.dueAt).toEqual(minutesAfter(12 + 120))
    expect(pressingDeadline(hot)?.kind).toBe('first-attempt')
    expect(deadlineOf(hot, 'attempts')?.state).toBe('running')
  })

  test('says in the event how long it took, raw and in working time', () => {
    // 10:00 in Rome, and 14:30 after the lunch break from 13:00 to 14:00
    const result = accept(aHandoff(), anActor(), context(270))
    expect(result).toMatchObject({
      decision: {
        events: [
          {
            type: 'Accepted',
            data: { afterMs: 270 * 60_000, afterWorkingMs: 210 * 60_000 },
          },
        ],
      },
    })
  })

  test('late stops the clock and keeps the breach', () => {
    const late = accepted(aHandoff(), {
      by: anActor(),
      at: minutesAfter(26 * 60),
      agreement: anAgreement(),
    })
    expect(deadlineOf(late, 'accept')).toMatchObject({
      state: 'missed',
      metAt: minutesAfter(26 * 60),
      breachedAt: minutesAfter(5 * 60),
    })
    expect(deadlineOf(late, 'accept-hard')).toMatchObject({
      state: 'missed',
      breachedAt: minutesAfter(24 * 60),
    })
  })

  test('late before any timer has said so records the breaches first', () => {
    const result = accept(aHandoff(), anActor(), context(26 * 60))
    const events = result.ok
      ? result.decision.events.map(({ type, data }) => [type, data.kind])
      : []
    expect(events).toEqual([
      ['DeadlineMissed', 'accept'],
      ['DeadlineMissed', 'accept-hard'],
      ['Accepted', undefined],
    ])
  })

  test('a second person is told who has it, and the owner that it is theirs already', () => {
    expect(accept(accepted(), anActor(luca), context(13))).toMatchObject({
      ok: false,
      refusal: { code: 'accepted-by', owner: { id: 'per_anna' }, at: minutesAfter(12) },
    })
    expect(accept(accepted(), anActor(), context(13))).toMatchObject({
      refusal: { code: 'accepted-by-you' },
    })
  })

  test('is refused for a lead that was returned', () => {
    expect(accept(returned(), anActor(), context(40))).toMatchObject({
      refusal: { code: 'moved-on', status: 'returned', leadStatus: 'Returned – not ready' },
    })
  })

  test.each([null, 'marketing', 'marketing_manager'] as const)(
    'is refused to the role %s',
    (role) => {
      expect(accept(aHandoff(), anActor({}, role), context())).toMatchObject({
        refusal: { code: 'role-required', needed: 'sales' },
      })
    },
  )

  test('of a lead that is offered to somebody is refused to other reps, not to a manager', () => {
    const offered = aHandoff({ owner: aPerson(luca) })
    expect(accept(offered, anActor(), context())).toMatchObject({
      refusal: { code: 'offered-to', owner: { id: 'per_luca' } },
    })
    expect(handoffOf(accept(offered, anActor(luca), context())).owner?.id).toBe('per_luca')
    expect(handoffOf(accept(offered, anActor(sara, 'sales_manager'), context())).owner).toEqual(
      sara,
    )
  })

  test('never changes the state it was given', () => {
    const before = aHandoff()
    const copy = structuredClone(before)
    accept(before, anActor(), { agreement: anAgreement(), now: fixedNow })
    expect(before).toEqual(copy)
  })
})
