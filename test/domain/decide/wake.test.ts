import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { accept } from '../../../src/domain/decide/accept.ts'
import { wake } from '../../../src/domain/decide/wake.ts'
import {
  type DeadlineKind,
  deadlineKinds,
  deadlineOf,
  type Handoff,
  type HandoffEvent,
} from '../../../src/domain/handoff.ts'
import type { AddressedNotice } from '../../../src/domain/notice.ts'
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
  ruled,
  withAttempt,
  withEveryClock,
} from '../../support/builders.ts'

const agreement = anAgreement()
const ring = (handoff: Handoff, kind: DeadlineKind, minutes: number) =>
  wake(handoff, kind, concerned(), { agreement, now: minutesAfter(minutes) })

/** Rings at each of the minutes in turn, and gathers what was recorded and told. */
function ringing(start: Handoff, kind: DeadlineKind, minutes: number[]) {
  let handoff = start
  const events: HandoffEvent[] = []
  const notices: AddressedNotice[] = []
  for (const minute of minutes) {
    const decision = ring(handoff, kind, minute)
    if (decision === null) continue
    handoff = decision.handoff
    events.push(...decision.events)
    notices.push(...decision.notices)
  }
  return { handoff, events, notices }
}

// the clock of acceptance: 10:00 to 15:00 in Rome with an hour of lunch; half of it is at 12:00
const [half, most, due, beyond] = [120, 252, 300, 420]

describe('a clock that comes round', () => {
  test('does nothing before its time', () => {
    expect(ring(aHandoff(), 'accept', half - 1)).toBeNull()
  })

  test('reminds at each agreed fraction, in the thread, to the owner if there is one', () => {
    const { events, notices } = ringing(accepted(), 'first-attempt', [12 + 8, 12 + 12])
    expect(events.map(({ type, data }) => [type, data.fraction])).toEqual([
      ['ReminderSent', 0.5],
      ['ReminderSent', 0.8],
    ])
    expect(notices).toMatchObject([
      { where: { thread: true }, notice: { type: 'reminder', fraction: 0.5, to: 'per_anna' } },
      { where: { thread: true }, notice: { type: 'reminder', fraction: 0.8, to: 'per_anna' } },
    ])
  })

  test('records the breach at the deadline and escalates it to the managers in one line', () => {
    const { handoff, events, notices } = ringing(aHandoff(), 'accept', [half, most, due])
    expect(deadlineOf(handoff, 'accept')).toMatchObject({
      state: 'missed',
      breachedAt: minutesAfter(due),
      metAt: null,
    })
    expect(events.map(({ type }) => type)).toEqual([
      'ReminderSent',
      'ReminderSent',
      'DeadlineMissed',
      'Escalated',
    ])
    expect(notices.at(-1)).toMatchObject({ notice: { type: 'escalated', to: ['per_sara'] } })
    expect(notices).toHaveLength(3)
  })

  test('escalates on to the channel of the managers, in working time', () => {
    const { notices } = ringing(aHandoff(), 'accept', [due, beyond])
    expect(notices.at(-1)).toMatchObject({
      where: { channel: 'sales-managers' },
      notice: { type: 'escalated-to-channel' },
    })
  })

  test('after a long sleep tells one line, and no reminder of the past', () => {
    const decision = ring(aHandoff(), 'accept', due)
    expect(decision?.notices).toHaveLength(1)
    expect(decision?.events.map(({ type }) => type)).toEqual(['DeadlineMissed', 'Escalated'])
  })

  test('of two reminders that fall together tells the last', () => {
    const decision = ring(aHandoff(), 'accept', most)
    expect(decision?.events).toMatchObject([{ type: 'ReminderSent', data: { fraction: 0.8 } }])
  })

  test('for a lead that was accepted or returned in time does nothing', () => {
    for (const handoff of [accepted(), returned()]) {
      for (const kind of ['accept', 'accept-hard'] as const) {
        expect(ring(handoff, kind, 10_000)).toBeNull()
      }
    }
    expect(ring(withAttempt(), 'first-attempt', 10_000)).toBeNull()
  })

  test('the hard limit of a lead that is late already is recorded without a second alarm', () => {
    const { handoff } = ringing(aHandoff(), 'accept', [due, beyond])
    const decision = ring(handoff, 'accept-hard', 24 * 60)
    expect(decision?.events[0]?.type).toBe('DeadlineMissed')
    expect(decision?.notices).toEqual([])
  })

  test('at any times, in any order, takes each step once, never early, one line a time', () => {
    const minutes = fc.array(fc.integer({ min: 0, max: 4_000 }), { maxLength: 30 })
    fc.assert(
      fc.property(minutes, fc.constantFrom(...deadlineKinds), (times, kind) => {
        let handoff = accepted(aHandoff())
        if (kind === 'accept' || kind === 'accept-hard') handoff = aHandoff()
        const told = new Set<string>()
        for (const minute of times.sort((a, b) => a - b)) {
          const dueAt = deadlineOf(handoff, kind)?.dueAt
          const decision = ring(handoff, kind, minute)
          if (decision === null) continue
          handoff = decision.handoff
          for (const { type, data, at } of decision.events) {
            const step = `${type} ${data.fraction} ${data.to}`
            expect(told.has(step)).toBe(false)
            told.add(step)
            if (type !== 'ReminderSent') expect(at >= (dueAt ?? at)).toBe(true)
            else expect(at < (dueAt ?? at)).toBe(true)
          }
          const inThread = decision.notices.filter(({ where }) => 'thread' in where)
          expect(inThread.length).toBeLessThanOrEqual(1)
        }
      }),
      { numRuns: 300 },
    )
  })

  test('racing with an acceptance at any moment never reminds after it', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2_000 }),
        fc.array(fc.integer({ min: 0, max: 4_000 }), { maxLength: 20 }),
        (acceptedAt, times) => {
          let handoff = aHandoff()
          for (const minute of [...times, acceptedAt].sort((a, b) => a - b)) {
            if (minute === acceptedAt && handoff.status === 'offered') {
              handoff = handoffOf(
                accept(handoff, anActor(), { agreement, now: minutesAfter(minute) }),
              )
              continue
            }
            const decision = ring(handoff, 'accept', minute)
            if (handoff.status === 'accepted') expect(decision).toBeNull()
            handoff = decision?.handoff ?? handoff
          }
        },
      ),
      { numRuns: 300 },
    )
  })
})

describe('the clock of a ruling', () => {
  const terms = withEveryClock({
    escalation: [
      { at: '100%', to: 'manager' },
      { at: '150%', to: 'managers_channel' },
      { at: '200%', to: 'next_owner' },
    ],
  })
  const open = contested(returned(aHandoff({}, terms), {}, { agreement: terms }), {
    agreement: terms,
  })
  const luca = anActor({ id: 'per_luca' }).person
  const both = concerned({ managers: ['per_sara', 'per_mario'], nextOwner: luca })
  const day = 24 * 60
  const wakeAfter = (handoff: Handoff, minutes: number) =>
    wake(handoff, 'ruling', both, { agreement: terms, now: minutesAfter(minutes) })

  test('reminds in the thread, and nobody alone', () => {
    expect(wakeAfter(open, 60 + day)?.notices).toMatchObject([
      { where: { thread: true }, notice: { type: 'reminder', fraction: 0.5, to: null } },
    ])
  })

  test('that runs out is told the managers of both sides, then their channel', () => {
    const late = wakeAfter(open, 60 + 2 * day)
    expect(late?.notices).toMatchObject([
      { notice: { type: 'escalated', to: ['per_sara', 'per_mario'] } },
    ])
    expect(wakeAfter(late?.handoff ?? open, 60 + 3 * day)?.notices).toMatchObject([
      { where: { channel: 'sales-managers' }, notice: { type: 'escalated-to-channel' } },
    ])
  })

  test('never passes the lead on: it is no matter of who owns it', () => {
    const decision = wakeAfter(open, 60 + 10 * day)
    expect(decision?.handoff.owner).toBeNull()
    expect(decision?.events.map(({ type }) => type)).not.toContain('Reassigned')
  })

  test('is at rest when both have ruled', () => {
    const upheld = ruled('uphold', open, { agreement: terms })
    expect(wakeAfter(upheld, 60 + 10 * day)).toBeNull()
  })

  test('may still be met late, and says so', () => {
    const late = wakeAfter(open, 60 + 2 * day)?.handoff ?? open
    const at = minutesAfter(60 + 3 * day)
    const upheld = ruled('uphold', late, { agreement: terms, at })
    expect(deadlineOf(upheld, 'ruling')).toMatchObject({ state: 'missed', metAt: at })
  })
})
