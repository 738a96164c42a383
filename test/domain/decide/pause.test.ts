import { describe, expect, test } from 'vitest'
import { accept } from '../../../src/domain/decide/accept.ts'
import type { Decided } from '../../../src/domain/decide/decision.ts'
import { pauseHandoff, resumeHandoff } from '../../../src/domain/decide/pause.ts'
import { wake } from '../../../src/domain/decide/wake.ts'
import { type DeadlineKind, deadlineOf, type Handoff } from '../../../src/domain/handoff.ts'
import {
  accepted,
  aHandoff,
  anActor,
  anAgreement,
  ben,
  concerned,
  handoffOf,
  minutesAfter,
  returned,
  sara,
  withAttempt,
} from '../../support/builders.ts'

const clocks = {
  accept: { within: { working: '4h' }, remind: [] },
  first_attempt: { hot: { working: '2h' }, standard: { working: '2h' }, remind: ['50%'] },
  attempts: {
    count: 6,
    within: { working: '10d' },
    channels: 2,
    gap: { working: '4h' },
    counted: ['call' as const, 'email' as const],
    remind: [],
  },
  return_answer: { within: { working: '1d' }, remind: [] },
  idle: { within: { working: '1d' }, remind: [] },
}
type Terms = NonNullable<NonNullable<Parameters<typeof anAgreement>[0]>['pause']>
const agreementWith = (pause: Partial<Terms>) =>
  anAgreement({
    clocks,
    pause: {
      reasons: [
        { id: 'on-hold', name: { en: 'On hold', it: 'In sospeso' } },
        { id: 'customer', name: { en: 'Waiting for the customer', it: 'In attesa del cliente' } },
      ],
      at_most: { working: '2d' },
      ...pause,
    },
  })
const agreement = agreementWith({})
const taken = accepted(aHandoff({}, agreement), { agreement })

const pauseAt = (
  handoff: Handoff,
  minutes: number,
  { reason = 'on-hold', by = anActor(), under = agreement } = {},
): Decided =>
  pauseHandoff(handoff, { reason }, by, { agreement: under, now: minutesAfter(minutes) })
const resumeAt = (handoff: Handoff, minutes: number, by = anActor()): Decided =>
  resumeHandoff(handoff, by, { agreement, now: minutesAfter(minutes) })
const ring = (handoff: Handoff, kind: DeadlineKind, minutes: number) =>
  wake(handoff, kind, concerned(), { agreement, now: minutesAfter(minutes) })
const refusal = (decided: Decided) => (decided.ok ? undefined : decided.refusal)
const states = ({ deadlines }: Handoff) =>
  Object.fromEntries(deadlines.map(({ kind, state }) => [kind, state]))

describe('pausing', () => {
  test('stops the clocks that the agreement names, and says until when', () => {
    const decided = pauseAt(taken, 30)
    expect(states(handoffOf(decided))).toEqual({
      accept: 'met',
      'first-attempt': 'paused',
      attempts: 'paused',
      idle: 'paused',
    })
    const until = minutesAfter(30 + 2 * 24 * 60)
    expect(decided).toMatchObject({
      decision: {
        handoff: { version: taken.version + 1 },
        events: [
          {
            type: 'Paused',
            data: { reason: 'on-hold', kinds: ['first-attempt', 'attempts', 'idle'] },
          },
        ],
        notices: [{ where: { thread: true }, notice: { type: 'paused', by: 'per_anna', until } }],
      },
    })
  })

  test('leaves the other clocks alone', () => {
    const under = agreementWith({ clocks: ['idle'] })
    expect(states(handoffOf(pauseAt(taken, 30, { under })))).toMatchObject({
      'first-attempt': 'running',
      attempts: 'running',
      idle: 'paused',
    })
  })

  test('is refused where nothing runs, or stands still already', () => {
    expect(refusal(pauseAt(taken, 30, { under: anAgreement() }))).toEqual({
      code: 'no-pause-agreed',
    })
    expect(refusal(pauseAt(aHandoff({}, agreement), 30))).toEqual({ code: 'nothing-to-pause' })
    expect(refusal(pauseAt(returned(taken, {}, { agreement }), 40))).toEqual({
      code: 'nothing-to-pause',
    })
    expect(refusal(pauseAt(handoffOf(pauseAt(taken, 30)), 31))).toEqual({ code: 'paused-already' })
  })

  test('is refused to those who do not have the lead, and without an agreed reason', () => {
    const luca = anActor({ id: 'per_luca' })
    expect(refusal(pauseAt(taken, 30, { by: luca }))).toMatchObject({ code: 'owned-by' })
    expect(refusal(pauseAt(taken, 30, { by: { person: ben, role: 'marketing' } }))).toMatchObject({
      code: 'role-required',
    })
    expect(pauseAt(taken, 30, { by: { person: sara, role: 'sales_manager' } }).ok).toBe(true)
    expect(refusal(pauseAt(taken, 30, { reason: 'holiday' }))).toEqual({
      code: 'unknown-reason',
      reason: 'holiday',
      known: ['on-hold', 'customer'],
    })
  })

  test('is possible as often as the agreement says, whatever was met in between', () => {
    const once = handoffOf(resumeAt(handoffOf(pauseAt(taken, 30)), 40))
    const tried = withAttempt(once, { at: minutesAfter(50) }, agreement)
    const twice = handoffOf(resumeAt(handoffOf(pauseAt(tried, 60)), 70))
    expect(refusal(pauseAt(twice, 80))).toEqual({ code: 'paused-too-often', times: 2 })
  })

  test('does not hide what is late, also where no clock has come round to recording it', () => {
    const lateSince = 12 + 2 * 60
    const handoff = handoffOf(pauseAt(taken, lateSince))
    expect(states(handoff)).toMatchObject({ 'first-attempt': 'running', attempts: 'paused' })
    expect(ring(handoff, 'first-attempt', lateSince)?.events[0]?.type).toBe('DeadlineMissed')
  })
})

describe('going on', () => {
  test('gives the clocks the time that was left', () => {
    const handoff = handoffOf(resumeAt(handoffOf(pauseAt(taken, 30)), 90))
    expect(deadlineOf(handoff, 'first-attempt')).toMatchObject({
      state: 'running',
      dueAt: minutesAfter(12 + 120 + 60 + 60), // an hour of it is lunch
      pauses: [{ from: minutesAfter(30), to: minutesAfter(90), reason: 'on-hold' }],
    })
  })

  test('is an event, and no line about a person’s own click', () => {
    const decided = resumeAt(handoffOf(pauseAt(taken, 30)), 90)
    expect(decided).toMatchObject({ decision: { events: [{ type: 'Resumed' }], notices: [] } })
  })

  test('is refused where nothing stands still, and to those who do not have the lead', () => {
    expect(refusal(resumeAt(taken, 30))).toEqual({ code: 'not-paused' })
    const luca = anActor({ id: 'per_luca' })
    const paused = handoffOf(pauseAt(taken, 30))
    expect(refusal(resumeAt(paused, 40, luca))).toMatchObject({ code: 'owned-by' })
  })
})

describe('a pause that nobody ends', () => {
  const paused = handoffOf(pauseAt(taken, 30))
  const limit = 30 + 2 * 24 * 60

  test('is silent before its limit, also for reminders that would have come', () => {
    for (const kind of ['first-attempt', 'attempts', 'idle'] as const) {
      expect(ring(paused, kind, limit - 1)).toBeNull()
    }
  })

  test('ends by itself at its limit: one event, one line, all clocks', () => {
    const decision = ring(paused, 'attempts', limit)
    expect(decision?.events).toMatchObject([{ type: 'Resumed', by: null }])
    expect(decision?.notices).toEqual([
      { where: { thread: true }, notice: { type: 'resumed', to: 'per_anna' } },
    ])
    const handoff = decision?.handoff ?? paused
    expect(handoff.version).toBe(paused.version + 1)
    expect(states(handoff)).toMatchObject({
      'first-attempt': 'running',
      attempts: 'running',
      idle: 'running',
    })
    expect(ring(handoff, 'first-attempt', limit)).toBeNull()
    expect(ring(handoff, 'idle', limit)).toBeNull()
  })

  test('that is noticed late ended at its limit, and what is due since is told in its line', () => {
    const decision = ring(paused, 'first-attempt', limit + 110)
    expect(decision?.events.map(({ type }) => type)).toEqual([
      'Resumed',
      'DeadlineMissed',
      'Escalated',
    ])
    expect(decision?.notices).toHaveLength(1)
    expect(decision?.handoff.version).toBe(paused.version + 1)
    const deadline = deadlineOf(decision?.handoff ?? paused, 'first-attempt')
    expect(deadline?.breachedAt).toEqual(minutesAfter(limit + 102))
  })

  test('that ends at night is told in the morning', () => {
    const under = agreementWith({ at_most: { wall: '12h' } })
    const at = 30 + 12 * 60
    const still = handoffOf(pauseAt(taken, 30, { under }))
    const night = ring(still, 'first-attempt', at)
    expect(night?.events).toMatchObject([{ type: 'Resumed' }])
    expect(night?.notices).toEqual([])
    const opening = 23 * 60
    const morning = ring(night?.handoff ?? still, 'first-attempt', opening)
    expect(morning?.notices).toMatchObject([{ notice: { type: 'resumed' } }])
    expect(morning?.events).toEqual([])
    expect(ring(morning?.handoff ?? still, 'first-attempt', opening)).toBeNull()
  })
})

describe('while the clocks stand still', () => {
  test('a counted attempt is in time, and starts the clock of idleness where it stands', () => {
    const paused = handoffOf(pauseAt(taken, 30))
    const handoff = withAttempt(paused, { at: minutesAfter(600) }, agreement)
    expect(states(handoff)).toMatchObject({
      'first-attempt': 'met',
      attempts: 'paused',
      idle: 'paused',
    })
    const on = handoffOf(resumeAt(handoff, 24 * 60))
    expect(states(on)).toMatchObject({ attempts: 'running', idle: 'running' })
  })

  test('an acceptance is in time, and starts clocks that run', () => {
    const under = agreementWith({ clocks: ['accept', 'first_attempt'] })
    const offered = handoffOf(pauseAt(aHandoff({}, under), 10, { under }))
    expect(deadlineOf(offered, 'accept')?.state).toBe('paused')
    const now = minutesAfter(500)
    const handoff = handoffOf(accept(offered, anActor(), { agreement: under, now }))
    expect(states(handoff)).toMatchObject({ accept: 'met', 'first-attempt': 'running' })
  })

  test('a return calls the clocks off, and nothing goes on by itself', () => {
    const handoff = returned(handoffOf(pauseAt(taken, 30)), {}, { at: minutesAfter(60), agreement })
    expect(states(handoff)).toEqual({
      accept: 'met',
      'first-attempt': 'cancelled',
      attempts: 'cancelled',
      idle: 'cancelled',
      'return-answer': 'running',
    })
    for (const { kind } of handoff.deadlines) {
      if (kind !== 'return-answer') expect(ring(handoff, kind, 10_000)).toBeNull()
    }
  })
})
