import { describe, expect, test } from 'vitest'
import { pauseHandoff } from '../../../src/domain/decide/pause.ts'
import { wake } from '../../../src/domain/decide/wake.ts'
import { type DeadlineKind, deadlineOf, type Handoff } from '../../../src/domain/handoff.ts'
import {
  accepted,
  aHandoff,
  anActor,
  anAgreement,
  concerned,
  handoffOf,
  minutesAfter,
  returned,
  withAttempt,
} from '../../support/builders.ts'

const agreement = anAgreement({
  pause: {
    reasons: [{ id: 'on-hold', name: { en: 'On hold', it: 'In sospeso' } }],
    at_most: { working: '5d' },
  },
})
agreement.clocks.idle = {
  within: { clock: 'working', duration: { unit: 'days', days: 2 } },
  remind: [],
  escalation: [{ at: 1, to: 'owner' }],
}

const day = 24 * 60
const started = (): Handoff => accepted(aHandoff({}, agreement), { agreement })
const tried = (handoff: Handoff, minutes: number, made = {}): Handoff =>
  withAttempt(handoff, { at: minutesAfter(minutes), ...made }, agreement)
const idle = (handoff: Handoff) => deadlineOf(handoff, 'idle')
const ring = (handoff: Handoff, kind: DeadlineKind, minutes: number) =>
  wake(handoff, kind, concerned(), { agreement, now: minutesAfter(minutes) })
const rung = (handoff: Handoff, kind: DeadlineKind, minutes: number): Handoff =>
  ring(handoff, kind, minutes)?.handoff ?? handoff

describe('the clock of a lead that is accepted but idle', () => {
  test('starts at acceptance', () => {
    expect(idle(aHandoff({}, agreement))).toBeUndefined()
    expect(idle(started())).toMatchObject({
      state: 'running',
      startedAt: minutesAfter(12),
      dueAt: minutesAfter(12 + 2 * day),
    })
  })

  test('does not run where the agreement has none', () => {
    expect(idle(withAttempt())).toBeUndefined()
  })

  test('starts anew with each attempt that counts, and only with those', () => {
    const once = tried(started(), 20)
    expect(idle(once)).toMatchObject({ state: 'running', startedAt: minutesAfter(20) })
    const tooSoon = tried(once, 40)
    expect(tooSoon.attempts[1]?.counted).toBe(false)
    expect(idle(tooSoon)).toBe(idle(once))
    const other = tried(once, 40, { channel: 'email', outcome: 'sent' })
    expect(idle(other)).toMatchObject({
      startedAt: minutesAfter(40),
      dueAt: minutesAfter(40 + 2 * day),
    })
  })

  test('is not set back by an older attempt that is logged later', () => {
    const once = tried(started(), day + 60)
    const older = withAttempt(
      once,
      { at: minutesAfter(20), channel: 'email', outcome: 'sent' },
      agreement,
    )
    expect(older.attempts[1]?.counted).toBe(true)
    expect(idle(older)).toBe(idle(once))
  })

  test('ends with a connection, with the complete sequence, and with a return', () => {
    const connected = tried(started(), 20, { outcome: 'connected' })
    expect(idle(connected)).toMatchObject({ state: 'met', metAt: minutesAfter(20), steps: [] })
    expect(idle(tried(connected, 2 * day))).toBe(idle(connected))

    let complete = started()
    for (let days = 0; days < 5; days++) complete = tried(complete, 20 + days * day)
    complete = tried(complete, 20 + 7 * day, { channel: 'email', outcome: 'sent' })
    expect(idle(complete)).toMatchObject({ state: 'met', metAt: minutesAfter(20 + 7 * day) })

    expect(idle(returned(started(), {}, { agreement, at: minutesAfter(20) }))).toMatchObject({
      state: 'cancelled',
      steps: [],
    })
  })

  test('that starts anew while the handoff is paused stands still', () => {
    const paused = handoffOf(
      pauseHandoff(started(), { reason: 'on-hold' }, anActor(), {
        agreement,
        now: minutesAfter(20),
      }),
    )
    const once = tried(paused, 30)
    expect(idle(once)).toMatchObject({
      state: 'paused',
      startedAt: minutesAfter(30),
      pauses: [{ from: minutesAfter(30), to: null }],
    })
    expect(idle(once)?.steps[0]).toEqual(deadlineOf(once, 'attempts')?.steps[0])
  })
})

describe('accepted but idle', () => {
  const due = 20 + 2 * day

  test('is told to the owner, once', () => {
    const once = tried(started(), 20)
    expect(ring(once, 'idle', due - 1)).toBeNull()
    const decision = ring(once, 'idle', due)
    expect(decision?.events.map(({ type }) => type)).toEqual(['DeadlineMissed', 'Escalated'])
    expect(decision?.notices).toEqual([
      {
        where: { thread: true },
        notice: {
          type: 'missed',
          deadline: { kind: 'idle', dueAt: minutesAfter(due) },
          to: 'per_anna',
        },
      },
    ])
    expect(idle(decision?.handoff ?? once)).toMatchObject({ state: 'missed', steps: [] })
  })

  test('that falls due at the end of a day is told once, when the next begins', () => {
    // from 14:00 in Rome twelve working hours end at 18:00 on the next day
    const hours = structuredClone(agreement)
    if (hours.clocks.idle) {
      hours.clocks.idle.within = { clock: 'working', duration: { unit: 'exact', ms: 43_200_000 } }
    }
    const evening = withAttempt(started(), { at: minutesAfter(4 * 60) }, hours)
    const atNight = ring(evening, 'idle', 8 * 60 + day)
    expect(atNight?.events.map(({ type }) => type)).toEqual(['DeadlineMissed'])
    expect(atNight?.notices).toEqual([])
    const morning = ring(atNight?.handoff ?? evening, 'idle', 2 * day - 60)
    expect(morning?.notices).toMatchObject([{ notice: { type: 'missed', to: 'per_anna' } }])
    expect(idle(morning?.handoff ?? evening)?.steps).toEqual([])
  })

  test('after a first attempt that was late, and made, is told', () => {
    const late = tried(rung(started(), 'first-attempt', 30), 40)
    const decision = ring(late, 'idle', 40 + 2 * day)
    expect(decision?.notices).toHaveLength(1)
  })

  test.each(['first-attempt', 'attempts'] as const)(
    'where the clock %s says it already is recorded without a second alarm',
    (kind) => {
      const minutes = 20 * day
      const handoff = kind === 'attempts' ? tried(started(), 20) : started()
      const told = rung(handoff, kind, minutes)
      expect(deadlineOf(told, kind)?.state).toBe('missed')
      const decision = ring(told, 'idle', minutes)
      expect(decision?.events.map(({ type }) => type)).toEqual(['DeadlineMissed'])
      expect(decision?.notices).toEqual([])
      expect(idle(decision?.handoff ?? told)).toMatchObject({ state: 'missed', steps: [] })
    },
  )

  test('is told anew after another attempt and another silence', () => {
    const silent = rung(tried(started(), 20), 'idle', due)
    const again = tried(silent, due + 60)
    expect(idle(again)).toMatchObject({ state: 'running', breachedAt: null })
    expect(ring(again, 'idle', due + 60 + 2 * day)?.notices).toHaveLength(1)
  })
})
