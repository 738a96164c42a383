import { describe, expect, test } from 'vitest'
import { acknowledgeReturn } from '../../../src/domain/decide/acknowledge-return.ts'
import { wake } from '../../../src/domain/decide/wake.ts'
import { deadlineOf } from '../../../src/domain/handoff.ts'
import {
  aHandoff,
  anActor,
  anAgreement,
  ben,
  concerned,
  contested,
  decisionOf,
  handoffOf,
  minutesAfter,
  returned,
  ruled,
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
    const twoDaysOn = { agreement, now: minutesAfter(2 * 24 * 60) }
    const decision = wake(
      returned(),
      'return-answer',
      concerned({ managers: ['per_mario'] }),
      twoDaysOn,
    )
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

  test('takes the lead back into nurturing: its state says so, and the lead itself stays', () => {
    expect(decisionOf(answer())).toMatchObject({
      changes: [],
      redraw: true,
      handoff: { status: 'returned', returned: { answer: 'acknowledged' } },
    })
  })

  test('is possible late, and for a lead that nobody reached', () => {
    const late = decisionOf(answer(returned(), anActor(ben, 'marketing'), 3 * 24 * 60))
    expect(late.events.map(({ type }) => type)).toEqual(['DeadlineMissed', 'ReturnAnswered'])
    expect(answer({ ...returned(), status: 'unresponsive' }).ok).toBe(true)
  })

  test('is none to a return that is contested, ruled on or overturned', () => {
    for (const handoff of [contested(), ruled('uphold')]) {
      expect(answer(handoff)).toMatchObject({ refusal: { code: 'answered-already' } })
    }
    expect(answer(ruled('overturn'))).toMatchObject({ refusal: { code: 'moved-on' } })
  })

  test('that does not come is told marketing’s lead where nobody is named', () => {
    const unnamed = returned(aHandoff({ handedOffBy: null }))
    const late = { agreement, now: minutesAfter(23 * 60 + 30) }
    const lead = concerned({ marketingLead: 'per_mario' })
    expect(wake(unnamed, 'return-answer', lead, late)?.notices).toMatchObject([
      { notice: { type: 'reminder', to: 'per_mario' } },
    ])
    expect(wake(returned(), 'return-answer', lead, late)?.notices).toMatchObject([
      { notice: { type: 'reminder', to: 'per_ben' } },
    ])
  })
})
