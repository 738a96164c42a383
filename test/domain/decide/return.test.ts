import { describe, expect, test } from 'vitest'
import { type Return, returnLead } from '../../../src/domain/decide/return.ts'
import { deadlineOf } from '../../../src/domain/handoff.ts'
import {
  accepted,
  aHandoff,
  anActor,
  anAgreement,
  minutesAfter,
  returned,
  sara,
  withAttempt,
} from '../../support/builders.ts'

const nothing: Return = {
  reason: 'not-ready',
  criterion: undefined,
  readyOn: undefined,
  readyWhen: undefined,
  note: undefined,
}
const giveBack = (said: Partial<Return>, handoff = aHandoff(), actor = anActor()) =>
  returnLead(handoff, { ...nothing, ...said }, actor, {
    agreement: anAgreement(),
    now: minutesAfter(30),
  })

describe('returning', () => {
  test.each([
    [{ reason: 'not-ready', readyOn: '2027-03-01' }, 'Returned – not ready', 'mql'],
    [{ reason: 'not-ready', readyWhen: 'budget is approved' }, 'Returned – not ready', 'mql'],
    [{ reason: 'not-a-fit', criterion: 'size' }, 'Returned – not a fit', 'lead'],
    [{ reason: 'wrong-data', note: 'The number is dead' }, 'Returned – wrong data', 'mql'],
    [{ reason: 'duplicate', note: 'Same as Verdi SpA' }, 'Returned – duplicate', 'lead'],
  ])('with %o sets the status %s and the stage %s', (said, leadStatus, lifecycleStage) => {
    expect(giveBack(said)).toMatchObject({
      ok: true,
      decision: { handoff: { status: 'returned', leadStatus, lifecycleStage } },
    })
  })

  test('in time answers the handoff: the accept clocks are met', () => {
    const handoff = returned()
    expect(deadlineOf(handoff, 'accept')?.state).toBe('met')
    expect(deadlineOf(handoff, 'accept-hard')?.state).toBe('met')
  })

  test('after acceptance calls the clocks of the attempts off', () => {
    const handoff = returned(accepted(), {}, { at: minutesAfter(20) })
    expect(deadlineOf(handoff, 'first-attempt')).toMatchObject({ state: 'cancelled', steps: [] })
    expect(deadlineOf(handoff, 'attempts')).toMatchObject({ state: 'cancelled', steps: [] })
    expect(deadlineOf(handoff, 'accept')).toEqual(deadlineOf(accepted(), 'accept'))
  })

  test('tells the one who handed over, in the thread, with everything that was said', () => {
    expect(giveBack({ readyOn: '2027-03-01', note: 'Budget next year' })).toMatchObject({
      decision: {
        notices: [
          {
            where: { thread: true },
            notice: {
              type: 'returned',
              by: 'per_anna',
              to: 'per_ben',
              status: 'Returned – not ready',
              readyOn: '2027-03-01',
              note: 'Budget next year',
            },
          },
        ],
      },
    })
  })

  test.each([
    [{ reason: 'not-ready' }, { code: 'needed', field: 'ready_on' }],
    [{ reason: 'not-a-fit' }, { code: 'needed', field: 'criterion' }],
    [{ reason: 'wrong-data' }, { code: 'needed', field: 'note' }],
    [{ reason: 'not-a-fit', criterion: 'moon' }, { code: 'unknown-criterion' }],
    [{ reason: 'boring' }, { code: 'unknown-reason' }],
    [{ readyOn: '2026-11-22' }, { code: 'date-in-past', field: 'ready_on' }],
  ])('refuses %o', (said, refusal) => {
    expect(giveBack(said)).toMatchObject({ ok: false, refusal })
  })

  test('today is not in the past', () => {
    expect(giveBack({ readyOn: '2026-11-23' }).ok).toBe(true)
  })

  test('of somebody else’s lead is refused, but not to a manager', () => {
    const said = { readyWhen: 'later' }
    const luca = anActor({ id: 'per_luca' })
    expect(giveBack(said, accepted(), luca)).toMatchObject({
      refusal: { code: 'owned-by', owner: { id: 'per_anna' } },
    })
    expect(giveBack(said, accepted(), anActor(sara, 'sales_manager')).ok).toBe(true)
  })

  test('is possible once', () => {
    expect(giveBack({ readyWhen: 'later' }, returned())).toMatchObject({
      refusal: { code: 'moved-on', status: 'returned' },
    })
  })

  test('is possible after attempts, and keeps them', () => {
    expect(returned(withAttempt()).attempts).toHaveLength(1)
  })
})
