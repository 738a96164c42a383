import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Agreement, attemptChannels } from '../../src/domain/agreement.ts'
import { judgeAttempt, nextAttempts } from '../../src/domain/attempts.ts'
import { deadlineOf, type Handoff } from '../../src/domain/handoff.ts'
import {
  accepted,
  aHandoff,
  anAgreement,
  aPause,
  minutesAfter,
  paused,
  returned,
  withAttempt,
} from '../support/builders.ts'

const agreement = anAgreement()
const next = (handoff: Handoff, { clocks, calendar }: Agreement = agreement) =>
  nextAttempts(handoff, clocks.attempts, calendar)

describe('the next attempt', () => {
  test('counts at once on every agreed channel before the first one is made', () => {
    const handoff = accepted()
    expect(next(handoff)).toEqual({
      channels: attemptChannels.map((channel) => ({ channel, from: null })),
      until: deadlineOf(handoff, 'attempts')?.dueAt,
    })
  })

  test('counts on the same channel after the gap, on others at once', () => {
    // a call at 10:20 in Rome: four working hours with the lunch break end at 15:20
    expect(next(withAttempt())?.channels).toEqual([
      { channel: 'call', from: minutesAfter(320) },
      ...attemptChannels.slice(1).map((channel) => ({ channel, from: null })),
    ])
  })

  test('waits for the gap that is agreed for its channel', () => {
    const { attempts } = agreement.clocks
    const hour = { clock: 'working', duration: { unit: 'exact', ms: 3_600_000 } } as const
    const terms = { ...attempts, gaps: { call: hour } }
    const other = nextAttempts(withAttempt(), terms, agreement.calendar)
    expect(other?.channels[0]).toEqual({ channel: 'call', from: minutesAfter(80) })
  })

  test('is not held up by an attempt that did not count', () => {
    const bounced = withAttempt(accepted(), { channel: 'email', outcome: 'bounced' })
    expect(next(bounced)?.channels.every(({ from }) => from === null)).toBe(true)
  })

  test('leaves out a channel whose gap outlasts the window', () => {
    const window = { clock: 'working', duration: { unit: 'exact', ms: 3_600_000 } } as const
    const short: Agreement = {
      ...agreement,
      clocks: { ...agreement.clocks, attempts: { ...agreement.clocks.attempts, within: window } },
    }
    const handoff = withAttempt(accepted(aHandoff({}, short), { agreement: short }), {}, short)
    expect(next(handoff, short)?.channels.map(({ channel }) => channel)).not.toContain('call')
  })

  test('is none where no sequence runs', () => {
    const none = [
      aHandoff(),
      returned(accepted()),
      withAttempt(accepted(), { outcome: 'connected' }),
      paused(accepted(), { agreement: anAgreement({ pause: aPause() }) }),
    ]
    expect(none.map((handoff) => next(handoff))).toEqual(none.map(() => undefined))
  })

  test('counts from its moment on and not before, by the rule that judges attempts', () => {
    const made = fc.record({
      channel: fc.constantFrom(...attemptChannels),
      minutes: fc.integer({ min: 13, max: 10_000 }),
    })
    fc.assert(
      fc.property(fc.array(made, { minLength: 1, maxLength: 6 }), (all) => {
        const handoff = all.reduce<Handoff>(
          (before, { channel, minutes }) =>
            withAttempt(before, { channel, outcome: 'sent', at: minutesAfter(minutes) }),
          accepted(),
        )
        for (const { channel, from } of next(handoff)?.channels ?? []) {
          const judged = (at: Date) =>
            judgeAttempt(
              handoff,
              { channel, outcome: 'sent', at },
              agreement.clocks.attempts,
              agreement.calendar,
            ).clause
          const last = Math.max(...all.map(({ minutes }) => minutes))
          const soonest = new Date(Math.max(from?.getTime() ?? 0, minutesAfter(last).getTime()))
          expect(judged(soonest)).toBe('counted')
          if (from !== null) expect(judged(new Date(from.getTime() - 1))).toBe('gap')
        }
      }),
    )
  })
})
