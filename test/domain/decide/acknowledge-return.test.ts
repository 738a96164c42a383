import { describe, expect, test } from 'vitest'
import { acknowledgeReturn } from '../../../src/domain/decide/acknowledge-return.ts'
import { wake } from '../../../src/domain/decide/wake.ts'
import { deadlineOf } from '../../../src/domain/handoff.ts'
import {
  aHandoff,
  anActor,
  anAgreement,
  ben,
  handoffOf,
  minutesAfter,
  returned,
} from '../../support/builders.ts'

const agreement = anAgreement()
const answer = (handoff = returned(), actor = anActor(ben, 'marketing'), minutes = 60) =>
  acknowledgeReturn(handoff, actor, { agreement, now: minutesAfter(minutes) })

describe('marketing’s answer to a return', () => {
  test('has a clock of its own, from the return on', () => {
    expect(deadlineOf(returned(), 'return-answer')).toMatchObject({
      state: 'running',
      startedAt: minutesAfter(30),
    })
  })

  test('meets that clock, is an event, and is told to sales in the thread', () => {
    const result = answer()
    expect(deadlineOf(handoffOf(result), 'return-answer')).toMatchObject({
      state: 'met',
      metAt: minutesAfter(60),
    })
    expect(result).toMatchObject({
      decision: {
        events: [{ type: 'ReturnAnswered', data: { answer: 'acknowledged' } }],
        notices: [{ where: { thread: true }, notice: { type: 'return-acknowledged' } }],
      },
    })
  })

  test('that does not come is reminded to whoever handed over, and told their managers', () => {
    const concerned = { managers: ['per_mario'], nextOwner: null }
    const twoDaysOn = { agreement, now: minutesAfter(2 * 24 * 60) }
    const decision = wake(returned(), 'return-answer', concerned, twoDaysOn)
    expect(decision?.events.map(({ type }) => type)).toContain('DeadlineMissed')
    expect(decision?.notices[0]).toMatchObject({
      notice: { type: 'escalated', to: ['per_mario'] },
    })
  })

  test('is given once, by marketing or whoever handed over, and only to a return', () => {
    expect(answer(handoffOf(answer()))).toMatchObject({ refusal: { code: 'answered-already' } })
    expect(answer(returned(), anActor())).toMatchObject({
      refusal: { code: 'role-required', needed: 'marketing' },
    })
    expect(answer(returned(), anActor(ben, 'rep')).ok).toBe(true)
    expect(answer(aHandoff())).toMatchObject({ refusal: { code: 'moved-on' } })
  })
})
