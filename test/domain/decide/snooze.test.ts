import { describe, expect, test } from 'vitest'
import type { Actor, Decided } from '../../../src/domain/decide/decision.ts'
import { snoozeReminder } from '../../../src/domain/decide/snooze.ts'
import { wake } from '../../../src/domain/decide/wake.ts'
import { type DeadlineKind, deadlineOf, type Handoff } from '../../../src/domain/handoff.ts'
import {
  accepted,
  aHandoff,
  anActor,
  anAgreement,
  concerned,
  contested,
  handoffOf,
  minutesAfter,
  returned,
  sara,
  withAttempt,
  withEveryClock,
} from '../../support/builders.ts'

const agreement = anAgreement()
const snoozeAt = (handoff: Handoff, kind: DeadlineKind, minutes: number, by = anActor()): Decided =>
  snoozeReminder(handoff, { kind }, by, { agreement, now: minutesAfter(minutes) })
const ring = (handoff: Handoff, kind: DeadlineKind, minutes: number) =>
  wake(handoff, kind, concerned(), { agreement, now: minutesAfter(minutes) })
const refusal = (decided: Decided) => (decided.ok ? undefined : decided.refusal.code)

// Accepted at 10:12 as standard: the first attempt is due at 12:12, half of it is gone at 11:12.
const taken = accepted(aHandoff({ priority: 'standard' }))
const reminded = ring(taken, 'first-attempt', 72)?.handoff ?? taken

describe('putting a reminder off', () => {
  test('brings it at half of the time that is left', () => {
    const decided = snoozeAt(reminded, 'first-attempt', 72)
    expect(decided).toMatchObject({
      decision: {
        redraw: false,
        notices: [],
        events: [
          {
            type: 'ReminderSnoozed',
            data: { kind: 'first-attempt', until: minutesAfter(102).toISOString() },
          },
        ],
      },
    })
    const later = handoffOf(decided)
    expect(ring(later, 'first-attempt', 101)).toBeNull()
    expect(ring(later, 'first-attempt', 102)?.notices).toMatchObject([
      { notice: { type: 'reminder', fraction: 0.75, to: 'per_anna' } },
    ])
  })

  test('leaves the deadline and its breach where they are', () => {
    const later = handoffOf(snoozeAt(reminded, 'first-attempt', 72))
    expect(deadlineOf(later, 'first-attempt')?.dueAt).toEqual(
      deadlineOf(taken, 'first-attempt')?.dueAt,
    )
    expect(ring(later, 'first-attempt', 132)?.events[0]?.type).toBe('DeadlineMissed')
  })

  test('is possible once', () => {
    const later = handoffOf(snoozeAt(reminded, 'first-attempt', 72))
    expect(refusal(snoozeAt(later, 'first-attempt', 80))).toBe('nothing-to-snooze')
    const again = ring(later, 'first-attempt', 102)?.handoff ?? later
    expect(refusal(snoozeAt(again, 'first-attempt', 103))).toBe('nothing-to-snooze')
  })

  test('is possible once for each deadline', () => {
    const later = handoffOf(snoozeAt(reminded, 'first-attempt', 72))
    expect(snoozeAt(later, 'attempts', 72).ok).toBe(true)
  })

  test('is refused where the deadline has passed, was met, was called off or is not there', () => {
    expect(refusal(snoozeAt(reminded, 'first-attempt', 132))).toBe('nothing-to-snooze')
    expect(refusal(snoozeAt(withAttempt(taken), 'first-attempt', 72))).toBe('nothing-to-snooze')
    expect(refusal(snoozeAt(returned(taken), 'first-attempt', 72))).toBe('nothing-to-snooze')
    expect(refusal(snoozeAt(taken, 'accept-hard', 72))).toBe('nothing-to-snooze')
  })

  test('is refused to those who do not have the lead', () => {
    expect(refusal(snoozeAt(reminded, 'first-attempt', 72, anActor({ id: 'per_luca' })))).toBe(
      'owned-by',
    )
    const manager = { person: sara, role: 'sales_manager' as const }
    expect(snoozeAt(reminded, 'first-attempt', 72, manager).ok).toBe(true)
  })

  test('of a ruling is for those who may rule', () => {
    const terms = withEveryClock()
    const open = contested(returned(aHandoff({}, terms), {}, { agreement: terms }), {
      agreement: terms,
    })
    const snooze = (by: Actor) =>
      snoozeReminder(open, { kind: 'ruling' }, by, { agreement: terms, now: minutesAfter(120) })
    for (const by of [anActor(), anActor(sara, null)]) {
      expect(snooze(by)).toMatchObject({ refusal: { code: 'role-required', needed: 'manager' } })
    }
    for (const role of ['sales_manager', 'marketing_manager', 'admin'] as const) {
      expect(snooze(anActor(sara, role)).ok).toBe(true)
    }
  })
})
