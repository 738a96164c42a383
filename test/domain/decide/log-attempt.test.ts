import { describe, expect, test } from 'vitest'
import { logAttempt } from '../../../src/domain/decide/log-attempt.ts'
import { deadlineOf } from '../../../src/domain/handoff.ts'
import {
  accepted,
  aHandoff,
  anActor,
  anAgreement,
  handoffOf,
  minutesAfter,
  returned,
  withAttempt,
} from '../../support/builders.ts'

const dayAfter = (days: number): Date => minutesAfter(days * 24 * 60 + 20)
const attempt = { id: 'att_1', channel: 'call', outcome: 'no-answer', note: undefined } as const

describe('a connect attempt', () => {
  test('that counts meets the first-attempt clock and makes the lead one that is being tried', () => {
    const handoff = withAttempt()
    expect(handoff).toMatchObject({ status: 'accepted', leadStatus: 'Attempting' })
    expect(handoff.attempts).toMatchObject([{ number: 1, counted: true }])
    expect(deadlineOf(handoff, 'first-attempt')).toMatchObject({
      state: 'met',
      metAt: minutesAfter(20),
    })
    expect(deadlineOf(handoff, 'attempts')?.state).toBe('running')
  })

  test('too soon on the same channel does not count, on another one it does', () => {
    const soon = withAttempt(withAttempt(), { at: minutesAfter(40) })
    expect(soon.attempts[1]).toMatchObject({
      counted: false,
      verdict: { clause: 'gap', sinceMs: 20 * 60_000, gap: '4h' },
    })
    const other = withAttempt(withAttempt(), {
      at: minutesAfter(40),
      channel: 'email',
      outcome: 'sent',
    })
    expect(other.attempts[1]?.counted).toBe(true)
  })

  test('after the gap, counted in working time, counts', () => {
    // the first at 10:20: four working hours with the lunch break end at 15:20
    const at = (minutes: number) => withAttempt(withAttempt(), { at: minutesAfter(minutes) })
    expect(at(5 * 60 + 19).attempts[1]?.counted).toBe(false)
    expect(at(5 * 60 + 20).attempts[1]?.counted).toBe(true)
  })

  test.each(['auto-reply', 'bounced', 'wrong-person'] as const)(
    'with the outcome %s does not count',
    (outcome) => {
      const handoff = withAttempt(accepted(), { channel: 'email', outcome })
      expect(handoff.attempts[0]).toMatchObject({ counted: false, verdict: { clause: 'outcome' } })
      expect(deadlineOf(handoff, 'first-attempt')?.state).toBe('running')
    },
  )

  test('on a channel that was not agreed does not count', () => {
    const agreement = anAgreement()
    agreement.clocks.attempts.counted = ['call']
    const handoff = withAttempt(accepted(), { channel: 'linkedin', outcome: 'sent' }, agreement)
    expect(handoff.attempts[0]?.verdict).toEqual({ clause: 'channel', channel: 'linkedin' })
  })

  test('before acceptance, or after the window, does not count', () => {
    const early = logAttempt(accepted(), { ...attempt, at: minutesAfter(5) }, anActor(), {
      agreement: anAgreement(),
      now: minutesAfter(20),
    })
    expect(handoffOf(early).attempts[0]?.verdict.clause).toBe('before-acceptance')
    expect(withAttempt(accepted(), { at: dayAfter(20) }).attempts[0]?.verdict.clause).toBe('window')
  })

  test('that connects changes the status and ends the sequence, however soon it comes', () => {
    const handoff = withAttempt(withAttempt(), { at: minutesAfter(25), outcome: 'connected' })
    expect(handoff).toMatchObject({ status: 'connected', leadStatus: 'Connected' })
    expect(handoff.attempts[1]?.counted).toBe(true)
    expect(deadlineOf(handoff, 'attempts')?.state).toBe('met')
  })

  test('tells the thread which one it was, and why where it does not count', () => {
    const result = logAttempt(
      withAttempt(),
      { ...attempt, id: 'att_2', at: minutesAfter(40) },
      anActor(),
      { agreement: anAgreement(), now: minutesAfter(40) },
    )
    expect(result).toMatchObject({
      decision: {
        notices: [
          { where: { thread: true }, notice: { counted: 1, of: 6, verdict: { clause: 'gap' } } },
        ],
      },
    })
  })

  test('the sixth over two channels finishes the sequence and proposes a return, once', () => {
    let handoff = accepted()
    for (let day = 0; day < 5; day++) handoff = withAttempt(handoff, { at: dayAfter(day) })
    const result = logAttempt(
      handoff,
      { ...attempt, id: 'att_6', channel: 'email', outcome: 'sent', at: dayAfter(7) },
      anActor(),
      { agreement: anAgreement(), now: dayAfter(7) },
    )
    expect(handoff.attempts.filter((one) => one.counted)).toHaveLength(5)
    expect(result).toMatchObject({
      decision: { notices: [{ notice: { finished: true, counted: 6, of: 6 } }] },
    })
    const complete = handoffOf(result)
    expect(deadlineOf(complete, 'attempts')?.state).toBe('met')
    const another = logAttempt(complete, { ...attempt, id: 'att_7', at: dayAfter(8) }, anActor(), {
      agreement: anAgreement(),
      now: dayAfter(8),
    })
    expect(another).toMatchObject({ decision: { notices: [{ notice: { finished: false } }] } })
  })

  test('is refused before acceptance, after a return, in the future, and on another’s lead', () => {
    const log = (handoff = accepted(), actor = anActor(), at = minutesAfter(20)) =>
      logAttempt(handoff, { ...attempt, at }, actor, {
        agreement: anAgreement(),
        now: minutesAfter(20),
      })
    expect(log(aHandoff())).toMatchObject({ refusal: { code: 'not-accepted-yet' } })
    expect(log(returned())).toMatchObject({ refusal: { code: 'moved-on' } })
    expect(log(accepted(), anActor(), minutesAfter(22))).toMatchObject({
      refusal: { code: 'attempt-in-future' },
    })
    expect(log(accepted(), anActor({ id: 'per_luca' }))).toMatchObject({
      refusal: { code: 'owned-by' },
    })
    expect(log(accepted(), anActor({}, 'marketing'))).toMatchObject({
      refusal: { code: 'role-required' },
    })
  })
})
