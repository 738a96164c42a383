import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { EscalationStep } from '../../src/domain/agreement.ts'
import { dueAt, nextWorkingMoment, workingMsBetween } from '../../src/domain/business-time.ts'
import type { Calendar } from '../../src/domain/calendar.ts'
import type { ClockTerms } from '../../src/domain/clocks.ts'
import {
  cancel,
  latenessOf,
  meet,
  pause,
  resume,
  snooze,
  startDeadline,
} from '../../src/domain/deadlines.ts'
import type { Allowance } from '../../src/domain/duration.ts'
import type { Deadline, Step } from '../../src/domain/handoff.ts'
import { anyAllowance, anyCalendar, anyMoment, calendars } from '../support/arbitraries.ts'
import { minutesAfter } from '../support/builders.ts'

const hours = (clock: Allowance['clock'], count: number): Allowance => ({
  clock,
  duration: { unit: 'exact', ms: count * 3_600_000 },
})
const days = (count: number): Allowance => ({
  clock: 'working',
  duration: { unit: 'days', days: count },
})

const someTerms = (overrides: Partial<ClockTerms> = {}): ClockTerms => ({
  clause: 'clocks.accept.within',
  within: hours('working', 4),
  remind: [0.5, 0.8],
  escalation: [
    { at: 1, to: 'manager' },
    { at: 1.5, to: 'managers_channel' },
  ],
  calendar: calendars.rome,
  ...overrides,
})

/** From 10:00 to 15:00 in Rome, with an hour of lunch; half of it is at 12:00, 80% at 14:12. */
const started = (terms = someTerms()): Deadline =>
  startDeadline('first-attempt', minutesAfter(0), terms)

const never = new Date('2036-01-01T00:00:00Z')
const paused = (deadline: Deadline, from: number, until = never): Deadline =>
  pause(deadline, minutesAfter(from), until, 'on-hold')
const pausedFor = (deadline: Deadline, from: number, to: number, terms = someTerms()): Deadline =>
  resume(paused(deadline, from), minutesAfter(to), terms)

const reminders = ({ steps }: Deadline) =>
  steps.flatMap((step) => (step.do === 'remind' ? [[step.fraction, step.at]] : []))

describe('a pause', () => {
  test('moves the deadline by the working time in it', () => {
    expect(pausedFor(started(), 60, 90).dueAt).toEqual(minutesAfter(330))
    expect(pausedFor(started(), 60, 210).dueAt).toEqual(minutesAfter(420))
  })

  test('through a night, a weekend or a holiday moves it by nothing else', () => {
    const untilTomorrow = pausedFor(started(), 60, 24 * 60)
    expect(untilTomorrow.dueAt).toEqual(minutesAfter(27 * 60))
    expect(pausedFor(started(), 180, 240).dueAt).toEqual(started().dueAt)
  })

  test('moves a deadline of the wall clock by its whole length', () => {
    const terms = someTerms({ within: hours('wall', 24) })
    expect(pausedFor(started(terms), 60, 600, terms).dueAt).toEqual(minutesAfter(24 * 60 + 540))
  })

  test('moves working days by the working time in it', () => {
    const terms = someTerms({ within: days(2) })
    expect(started(terms).dueAt).toEqual(minutesAfter(2 * 24 * 60))
    expect(pausedFor(started(terms), 60, 24 * 60, terms).dueAt).toEqual(
      minutesAfter(2 * 24 * 60 + 480),
    )
  })

  test('of a night never brings forward what is due at the start of a day', () => {
    const terms = someTerms({ within: days(1) })
    const evening = startDeadline('attempts', new Date('2026-11-23T19:00:00Z'), terms)
    expect(evening.dueAt.toISOString()).toBe('2026-11-25T08:00:00.000Z')
    const night = pause(evening, new Date('2026-11-24T18:00:00Z'), never, 'on-hold')
    expect(resume(night, new Date('2026-11-24T19:00:00Z'), terms).dueAt).toEqual(evening.dueAt)
  })

  test('leaves the reminders that had passed behind and moves the others', () => {
    expect(reminders(pausedFor(started(), 130, 190))).toEqual([[0.8, minutesAfter(302)]])
    expect(reminders(pausedFor(started(), 60, 120))).toEqual([
      [0.5, minutesAfter(240)],
      [0.8, minutesAfter(312)],
    ])
  })

  test('moves the escalations of the breach that is still to come', () => {
    const before = started().steps.filter((step) => step.do === 'escalate')
    const after = pausedFor(started(), 60, 90).steps.filter((step) => step.do === 'escalate')
    expect(after.map(({ at }) => at.getTime())).toEqual(
      before.map(({ at }) => at.getTime() + 30 * 60_000),
    )
  })

  test('keeps a reminder that was put off in its place, once', () => {
    const later = snooze(started(), minutesAfter(130), someTerms())
    expect(later === null ? [] : reminders(pausedFor(later, 150, 170))).toEqual([
      [expect.closeTo(0.77, 2), minutesAfter(245 + 20)],
    ])
  })

  test('ends at its limit, however late that is noticed', () => {
    const open = paused(started(), 60, minutesAfter(90))
    const ended = resume(open, minutesAfter(3_000), someTerms())
    expect(ended).toEqual(resume(open, minutesAfter(90), someTerms()))
    expect(ended).toMatchObject({
      state: 'running',
      dueAt: minutesAfter(330),
      pauses: [{ from: minutesAfter(60), to: minutesAfter(90) }],
    })
  })

  test('that is not there is not ended', () => {
    expect(resume(started(), minutesAfter(60), someTerms())).toEqual(started())
  })

  test('has only its end to wait for', () => {
    expect(paused(started(), 60, minutesAfter(90)).steps[0]).toEqual({
      at: minutesAfter(90),
      do: 'resume',
    })
  })

  test('ends with what is met in it, which is not late', () => {
    const met = meet(paused(started(), 60), minutesAfter(1_000))
    expect(met).toMatchObject({
      state: 'met',
      metAt: minutesAfter(1_000),
      breachedAt: null,
      steps: [],
      pauses: [{ from: minutesAfter(60), to: minutesAfter(1_000) }],
    })
  })

  test('lasted no time where what was done before it was told in it', () => {
    const { pauses } = meet(paused(started(), 60), minutesAfter(30))
    expect(pauses).toMatchObject([{ from: minutesAfter(60), to: minutesAfter(60) }])
  })

  test('ends with what is called off in it', () => {
    expect(cancel(paused(started(), 60), minutesAfter(1_000))).toMatchObject({
      state: 'cancelled',
      stoppedAt: minutesAfter(1_000),
      breachedAt: null,
      steps: [],
      pauses: [{ to: minutesAfter(1_000) }],
    })
  })
})

describe('a breach', () => {
  const rome = calendars.rome
  const late = (deadline: Deadline, minutes: number) =>
    latenessOf(deadline, minutesAfter(minutes), rome)
  const missed: Deadline = { ...started(), state: 'missed', breachedAt: started().dueAt }

  test('is measured on the wall and in working time, until it is met', () => {
    expect(late(missed, 310)).toEqual({ rawMs: 10 * 60_000, workingMs: 10 * 60_000 })
    expect(late(missed, 24 * 60)).toEqual({ rawMs: 19 * 3_600_000, workingMs: 4 * 3_600_000 })
    const met = meet(missed, minutesAfter(320))
    expect(met.state).toBe('missed')
    expect(late(met, 9_000)).toEqual(late(missed, 320))
  })

  test('is measured until it is called off, and stays a fact', () => {
    const off = cancel(missed, minutesAfter(320))
    expect(off).toMatchObject({ state: 'missed', breachedAt: started().dueAt })
    expect(late(off, 9_000)).toEqual(late(missed, 320))
  })

  test('is a fact also where no clock had come round to recording it', () => {
    const at = minutesAfter(310)
    const { dueAt: due } = started()
    expect(meet(started(), at)).toMatchObject({ state: 'missed', breachedAt: due, metAt: at })
    expect(cancel(started(), at)).toMatchObject({ state: 'missed', breachedAt: due })
  })

  test('is none at the very moment of the deadline', () => {
    const { dueAt: due } = started()
    expect(meet(started(), due)).toMatchObject({ state: 'met', breachedAt: null })
    expect(cancel(started(), due)).toMatchObject({ state: 'cancelled', breachedAt: null })
    expect(latenessOf(meet(started(), due), due, rome)).toBeNull()
  })
})

describe('a reminder that is put off', () => {
  const putOff = (deadline: Deadline, minutes: number, terms = someTerms()) =>
    snooze(deadline, minutesAfter(minutes), terms)

  test('comes at half of the time that is left, in place of those to come', () => {
    const later = putOff(started(), 120)
    expect(later === null ? [] : reminders(later)).toEqual([[0.75, minutesAfter(240)]])
    expect(later?.snoozedAt).toEqual(minutesAfter(120))
  })

  test('is put off once', () => {
    const later = putOff(started(), 120)
    expect(later === null ? later : putOff(later, 130)).toBeNull()
  })

  test('is not put off where the deadline has passed, was met or stands still', () => {
    expect(putOff(started(), 300)).toBeNull()
    expect(putOff(meet(started(), minutesAfter(10)), 120)).toBeNull()
    expect(putOff(paused(started(), 60), 120)).toBeNull()
  })

  test('is not put off to where nobody works', () => {
    const terms = someTerms({ within: hours('wall', 14) })
    expect(putOff(started(terms), 479, terms)).toBeNull()
  })
})

// Properties

const anyLadder = fc.constantFrom<EscalationStep[][]>(
  [],
  [{ at: 1, to: 'manager' }],
  [
    { at: 1, to: 'owner' },
    { at: 1.2, to: 'manager' },
    { at: 1.5, to: 'next_owner' },
    { at: 2, to: 'managers_channel' },
  ],
)
const anyTerms: fc.Arbitrary<ClockTerms> = fc.record({
  clause: fc.constant('clocks.attempts.within'),
  within: anyAllowance,
  remind: fc.constantFrom([], [0.5, 0.8], [0.1, 0.5, 0.9]),
  escalation: anyLadder,
  calendar: anyCalendar,
})

/** Waits and pauses, in milliseconds. */
const anyPauses = fc.array(
  fc.record({
    wait: fc.integer({ min: 0, max: 30 * 3_600_000 }),
    length: fc.integer({ min: 0, max: 60 * 3_600_000 }),
  }),
  { minLength: 1, maxLength: 4 },
)

const plus = (at: Date, ms: number): Date => new Date(at.getTime() + ms)

/** A deadline that is paused again and again, as long as it is not due. */
function withPauses(from: Date, terms: ClockTerms, pauses: { wait: number; length: number }[]) {
  let deadline = startDeadline('attempts', from, terms)
  let at = from
  for (const { wait, length } of pauses) {
    at = plus(at, wait)
    if (at >= deadline.dueAt) break
    const still = pause(deadline, at, never, 'on-hold')
    at = plus(at, length)
    deadline = resume(still, at, terms)
  }
  return deadline
}

const between = (from: Date, to: Date, { within, calendar }: ClockTerms): number =>
  within.clock === 'wall'
    ? Math.max(0, to.getTime() - from.getTime())
    : workingMsBetween(from, to, calendar)

const allowedMs = (from: Date, terms: ClockTerms): number =>
  between(from, dueAt(from, terms.within, terms.calendar).dueAt, terms)

/** The time outside pauses, in the clock's own time. */
const usedMs = ({ startedAt, pauses }: Deadline, at: Date, terms: ClockTerms): number =>
  pauses.reduce(
    (sum, { from, to }) => sum - between(from, to === null || to > at ? at : to, terms),
    between(startedAt, at, terms),
  )

const isWorkingMoment = (at: Date, calendar: Calendar): boolean =>
  nextWorkingMoment(at, calendar).getTime() === at.getTime()

describe('for any calendar, clock and pauses', () => {
  test('exactly the time allowed lies outside the pauses', () => {
    fc.assert(
      fc.property(anyMoment, anyTerms, anyPauses, (from, terms, pauses) => {
        const deadline = withPauses(from, terms, pauses)
        expect(usedMs(deadline, deadline.dueAt, terms)).toBe(allowedMs(from, terms))
      }),
      { numRuns: 400 },
    )
  })

  test('nothing is told or recorded before its share of the time has passed', () => {
    fc.assert(
      fc.property(anyMoment, anyTerms, anyPauses, (from, terms, pauses) => {
        const deadline = withPauses(from, terms, pauses)
        const allowed = allowedMs(from, terms)
        for (const step of deadline.steps) {
          const share = 'fraction' in step ? step.fraction : 1
          // Moments are whole milliseconds.
          expect(usedMs(deadline, step.at, terms)).toBeGreaterThanOrEqual(allowed * share - 1)
          if (step.do === 'remind') expect(step.at < deadline.dueAt).toBe(true)
          if (step.do === 'escalate') expect(step.at >= deadline.dueAt).toBe(true)
          if (step.do !== 'miss') expect(isWorkingMoment(step.at, terms.calendar)).toBe(true)
        }
      }),
      { numRuns: 400 },
    )
  })

  test('a deadline never comes forward, and one pause more never makes it earlier', () => {
    fc.assert(
      fc.property(anyMoment, anyTerms, anyPauses, (from, terms, pauses) => {
        const more = withPauses(from, terms, pauses).dueAt
        const without = withPauses(from, terms, pauses.slice(0, -1)).dueAt
        expect(more >= without).toBe(true)
        expect(without >= startDeadline('attempts', from, terms).dueAt).toBe(true)
      }),
      { numRuns: 300 },
    )
  })

  test('to pause and go on at once changes nothing', () => {
    const wait = fc.integer({ min: 0, max: 40 * 3_600_000 })
    fc.assert(
      fc.property(anyMoment, anyTerms, anyPauses, wait, (from, terms, pauses, ms) => {
        const deadline = withPauses(from, terms, pauses)
        const at = plus(deadline.pauses.at(-1)?.to ?? from, ms)
        fc.pre(at < deadline.dueAt)
        const again = resume(pause(deadline, at, never, 'on-hold'), at, terms)
        const passed = (step: Step): boolean => step.do === 'remind' && step.at <= at
        expect(again.dueAt).toEqual(deadline.dueAt)
        expect(again.steps).toEqual(deadline.steps.filter((step) => !passed(step)))
      }),
      { numRuns: 400 },
    )
  })

  test('a pause is the sum of its parts', () => {
    const length = fc.integer({ min: 0, max: 60 * 3_600_000 })
    fc.assert(
      fc.property(anyMoment, anyTerms, length, length, length, (from, terms, wait, one, two) => {
        const whole = withPauses(from, terms, [{ wait, length: one + two }])
        const parts = withPauses(from, terms, [
          { wait, length: one },
          { wait: 0, length: two },
        ])
        fc.pre(parts.pauses.length === 2)
        expect(parts.dueAt).toEqual(whole.dueAt)
      }),
      { numRuns: 300 },
    )
  })

  test('a reminder that is put off comes later than now, inside the deadline and once', () => {
    const wait = fc.integer({ min: 0, max: 40 * 3_600_000 })
    fc.assert(
      fc.property(anyMoment, anyTerms, anyPauses, wait, (from, terms, pauses, ms) => {
        const deadline = withPauses(from, terms, pauses)
        const now = plus(deadline.pauses.at(-1)?.to ?? from, ms)
        const later = snooze(deadline, now, terms)
        if (later === null) return
        const [reminder, ...others] = later.steps.filter((step) => step.do === 'remind')
        expect(others).toEqual([])
        if (reminder === undefined) throw new Error('no reminder is left')
        expect(reminder.at > now && reminder.at < later.dueAt).toBe(true)
        expect(isWorkingMoment(reminder.at, terms.calendar)).toBe(true)
        expect(snooze(later, reminder.at, terms)).toBeNull()
        expect(later.steps.filter((step) => step.do !== 'remind')).toEqual(
          deadline.steps.filter((step) => step.do !== 'remind'),
        )
      }),
      { numRuns: 300 },
    )
  })

  test('lateness grows until it is met or called off, on the wall at least as much as in work', () => {
    const later = fc.integer({ min: 0, max: 90 * 3_600_000 })
    fc.assert(
      fc.property(anyMoment, anyTerms, later, later, later, (from, terms, one, two, three) => {
        const running = startDeadline('attempts', from, terms)
        const missed: Deadline = { ...running, state: 'missed', breachedAt: running.dueAt }
        const [first, second] = [plus(running.dueAt, one), plus(running.dueAt, one + two)]
        const at = (deadline: Deadline, now: Date) => {
          const lateness = latenessOf(deadline, now, terms.calendar)
          if (lateness === null) throw new Error('a breach has a measure')
          return lateness
        }
        const [a, b] = [at(missed, first), at(missed, second)]
        expect(b.rawMs - a.rawMs).toBe(two)
        expect(b.workingMs).toBeGreaterThanOrEqual(a.workingMs)
        expect(a.rawMs).toBeGreaterThanOrEqual(a.workingMs)
        const long = plus(second, three)
        expect(at(meet(missed, second), long)).toEqual(b)
        expect(at(cancel(missed, second), long)).toEqual(b)
      }),
      { numRuns: 200 },
    )
  })
})
