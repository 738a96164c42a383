import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { z } from 'zod'
import type { Agreement, agreementSchema } from '../../src/domain/agreement.ts'
import { dueAt, workingMsBetween } from '../../src/domain/business-time.ts'
import { clockTerms } from '../../src/domain/clocks.ts'
import { cancel, meet, pause, resume, startDeadline } from '../../src/domain/deadlines.ts'
import {
  type Explanation,
  explainDeadline,
  foldSum,
  type SumLine,
} from '../../src/domain/explain.ts'
import type { Deadline, DeadlineKind, Handoff } from '../../src/domain/handoff.ts'
import {
  accepted,
  aHandoff,
  anAgreement,
  contested,
  fixedNow,
  minutesAfter,
  returned,
  ruled,
  withAttempt,
  withEveryClock,
} from '../support/builders.ts'

type Input = z.input<typeof agreementSchema>
type Within = Input['clocks']['accept']['within']

const office: Input['calendar'] = {
  timezone: 'Europe/Rome',
  hours: { 'mon-fri': ['09:00-13:00', '14:00-18:00'] },
  holidays: ['2026-12-25', '2026-12-28'],
}

/** An agreement that allows so much time for acceptance. */
function allowing(within: Within, calendar: Input['calendar'] = office): Agreement {
  const plain = { working: '1h' }
  return anAgreement({
    calendar,
    clocks: {
      accept: { within },
      first_attempt: { hot: plain, standard: plain },
      attempts: { count: 1, within: plain, channels: 1, gap: plain, counted: ['call'] },
      return_answer: { within: plain },
      idle: { within: { working: '2d' } },
    },
  })
}

const termsOf = (agreement: Agreement, kind: DeadlineKind = 'accept') => {
  const terms = clockTerms(agreement, { leadType: 'new-equipment', priority: 'hot' }, kind)
  if (terms === undefined) throw new Error('no such clock')
  return terms
}

const withDeadline = (deadline: Deadline): Handoff => aHandoff({ deadlines: [deadline] })

function explained(handoff: Handoff, kind: DeadlineKind, agreement: Agreement): Explanation {
  const explanation = explainDeadline(handoff, kind, agreement)
  if (explanation === undefined) throw new Error('not explained')
  return explanation
}

const sumOf = (from: string, within: Within, calendar?: Input['calendar']): SumLine[] => {
  const agreement = allowing(within, calendar)
  const deadline = startDeadline('accept', new Date(from), termsOf(agreement))
  const { steps } = explained(withDeadline(deadline), 'accept', agreement)
  return foldSum(steps, agreement.calendar)
}

const short = (at: Date): string => at.toISOString().slice(5, 16)
const hours = (ms: number): string => `${ms / 3_600_000}h`

/** A line in few letters; moments are UTC, an hour behind Rome. */
function shown(line: SumLine): string {
  switch (line.kind) {
    case 'start':
    case 'due':
      return `${line.kind} ${short(line.at)}`
    case 'days-passed':
      return `${line.days} of ${line.of} days ${short(line.at)} ${JSON.stringify(Object.values(line.daysOff))}`
    case 'full-days':
      return `${line.days} full days to ${short(line.to)} ${hours(line.workingMs)} ${JSON.stringify(Object.values(line.daysOff))}`
    case 'span':
    case 'wall':
      return `${line.kind} to ${short(line.to)} ${hours(line.workingMs)}`
    case 'skipped':
      return [line.why, 'to', short(line.to), ...line.dates].join(' ')
    case 'pause':
      return `pause to ${short(line.to)} ${line.reason}${line.open ? ' open' : ''}`
  }
}

describe('the sum behind a deadline', () => {
  test('names its clause, what is allowed and what set the clock going', () => {
    const agreement = anAgreement()
    const { clause, within, began, allowedMs, steps } = explained(aHandoff(), 'accept', agreement)
    expect({ clause, within, began }).toEqual({
      clause: 'clocks.accept.within',
      within: agreement.clocks.accept.within,
      began: 'handed-over',
    })
    expect(hours(allowedMs)).toBe('4h')
    expect(foldSum(steps, agreement.calendar).map(shown)).toEqual([
      'start 11-23T09:00',
      'span to 11-23T12:00 3h',
      'break to 11-23T13:00',
      'span to 11-23T14:00 1h',
      'due 11-23T14:00',
    ])
  })

  test('of the first attempt is that of the priority', () => {
    const { clause, began } = explained(accepted(), 'first-attempt', anAgreement())
    expect({ clause, began }).toEqual({ clause: 'clocks.first_attempt.hot', began: 'accepted' })
  })

  test('of silence begins with the acceptance, then with each counted attempt', () => {
    const agreement = allowing({ working: '4h' })
    const calls = accepted(aHandoff({}, agreement), { agreement })
    expect(explained(calls, 'idle', agreement).began).toBe('accepted')
    const idle = startDeadline('idle', minutesAfter(20), termsOf(agreement, 'idle'))
    const called = { ...calls, deadlines: [idle] }
    expect(explained(called, 'idle', agreement).began).toBe('attempt')
  })

  test('of a ruling begins with the contest, and that of a lead reopened by it anew', () => {
    const agreement = withEveryClock()
    const open = contested(returned(aHandoff({}, agreement), {}, { agreement }), { agreement })
    expect(explained(open, 'ruling', agreement)).toMatchObject({
      began: 'contested',
      clause: 'clocks.ruling.within',
    })
    const reopened = ruled('overturn', open, { agreement })
    expect(explained(reopened, 'accept', agreement).began).toBe('anew')
    expect(explained(reopened, 'return-answer', agreement).began).toBe('returned')
  })

  test('is none for the day on which a lead is ready: that is nobody’s deadline', () => {
    const waiting = returned(aHandoff(), { readyOn: '2027-03-01' })
    expect(explainDeadline(waiting, 'ready', anAgreement())).toBeUndefined()
  })

  test('of the answer begins with the return', () => {
    const answer = startDeadline('return-answer', fixedNow, termsOf(anAgreement(), 'return-answer'))
    const { began } = explained(withDeadline(answer), 'return-answer', anAgreement())
    expect(began).toBe('returned')
  })

  test('is of the calendar of the lead type', () => {
    const agreement = anAgreement({
      lead_types: [
        {
          id: 'new-equipment',
          name: { en: 'New', it: 'Nuovo' },
          channel: 'sql-handoffs',
          calendar: { timezone: 'Europe/Rome', hours: 'always' },
        },
      ],
    })
    const { steps } = explained(aHandoff({}, agreement), 'accept', agreement)
    expect(steps.map(({ kind }) => kind)).toEqual(['start', 'wall', 'due'])
  })

  test('is not there for a clock that the handoff or the agreement does not have', () => {
    expect(explainDeadline(aHandoff(), 'first-attempt', anAgreement())).toBeUndefined()
    const idle = startDeadline('idle', fixedNow, termsOf(allowing({ working: '1h' }), 'idle'))
    expect(explainDeadline(withDeadline(idle), 'idle', anAgreement())).toBeUndefined()
  })

  test('skips a night, a weekend and holidays, each by its name', () => {
    expect(sumOf('2026-12-23T16:00:00Z', { working: '12h' }).map(shown)).toEqual([
      'start 12-23T16:00',
      'span to 12-23T17:00 1h',
      'night to 12-24T08:00',
      'span to 12-24T12:00 4h',
      'break to 12-24T13:00',
      'span to 12-24T17:00 4h',
      'holiday to 12-25T23:00 2026-12-25',
      'weekend to 12-27T23:00',
      'holiday to 12-29T08:00 2026-12-28',
      'span to 12-29T11:00 3h',
      'due 12-29T11:00',
    ])
  })
})

describe('a pause', () => {
  const agreement = allowing({ working: '4h' })
  const terms = termsOf(agreement)
  const monday = new Date('2026-11-23T15:00:00Z')
  const started = startDeadline('accept', monday, terms)
  const pausedAt = new Date('2026-11-23T16:00:00Z')
  const until = new Date('2026-11-25T09:00:00Z')
  const paused = pause(started, pausedAt, until, 'on-hold')

  test('is a step, and the rest of the time follows it', () => {
    const deadline = resume(paused, new Date('2026-11-24T18:00:00Z'), terms)
    const {
      steps,
      dueAt: due,
      settledWhilePaused,
    } = explained(withDeadline(deadline), 'accept', agreement)
    expect(foldSum(steps, agreement.calendar).map(shown)).toEqual([
      'start 11-23T15:00',
      'span to 11-23T16:00 1h',
      'pause to 11-24T18:00 on-hold',
      'night to 11-25T08:00',
      'span to 11-25T11:00 3h',
      'due 11-25T11:00',
    ])
    expect({ due, settledWhilePaused }).toEqual({ due: deadline.dueAt, settledWhilePaused: false })
  })

  test('that still lasts ends when the agreement ends it, at the latest', () => {
    const { steps, dueAt: due } = explained(withDeadline(paused), 'accept', agreement)
    expect(foldSum(steps, agreement.calendar).map(shown)).toContain(
      'pause to 11-25T09:00 on-hold open',
    )
    expect(due).toEqual(resume(paused, until, terms).dueAt)
  })

  test('in which the deadline was met has moved nothing', () => {
    const at = new Date('2026-11-24T10:00:00Z')
    for (const settled of [meet(paused, at), cancel(paused, at)]) {
      const why = explained(withDeadline(settled), 'accept', agreement)
      expect(why).toMatchObject({ dueAt: started.dueAt, settledWhilePaused: true })
      expect(why.steps.map(({ kind }) => kind)).not.toContain('pause')
    }
  })

  test('during which something is told that was done before it has moved nothing', () => {
    const settled = meet(paused, new Date('2026-11-23T15:30:00Z'))
    expect(explained(withDeadline(settled), 'accept', agreement)).toMatchObject({
      dueAt: started.dueAt,
      settledWhilePaused: false,
    })
  })

  test('turns a sum of working days into one of hours', () => {
    const days = allowing({ working: '2d' })
    const deadline = startDeadline('accept', monday, termsOf(days))
    const goesOn = resume(pause(deadline, pausedAt, until, 'on-hold'), until, termsOf(days))
    const { steps, allowedMs } = explained(withDeadline(goesOn), 'accept', days)
    expect(hours(allowedMs)).toBe('16h')
    expect(foldSum(steps, days.calendar).map(shown)).toEqual([
      'start 11-23T15:00',
      'span to 11-23T16:00 1h',
      'pause to 11-25T09:00 on-hold',
      'span to 11-25T12:00 3h',
      'break to 11-25T13:00',
      'span to 11-25T17:00 4h',
      'night to 11-26T08:00',
      'span to 11-26T12:00 4h',
      'break to 11-26T13:00',
      'span to 11-26T17:00 4h',
      'due 11-26T17:00',
    ])
  })
})

describe('a long sum is folded', () => {
  test('into days that count as a whole, with days off between them', () => {
    expect(sumOf('2026-12-21T10:00:00Z', { working: '48h' }).map(shown)).toEqual([
      'start 12-21T10:00',
      'span to 12-21T12:00 2h',
      'break to 12-21T13:00',
      'span to 12-21T17:00 4h',
      'night to 12-22T08:00',
      '3 full days to 12-24T17:00 24h [0,0,0]',
      'holiday to 12-25T23:00 2026-12-25',
      'weekend to 12-27T23:00',
      'holiday to 12-29T08:00 2026-12-28',
      '2 full days to 12-30T17:00 16h [0,0,0]',
      'night to 12-31T08:00',
      'span to 12-31T10:00 2h',
      'due 12-31T10:00',
    ])
  })

  test('into the days off counted, where it is very long', () => {
    expect(sumOf('2026-11-23T10:00:00Z', { working: '800h' }).map(shown)).toEqual([
      'start 11-23T10:00',
      'span to 11-23T12:00 2h',
      'break to 11-23T13:00',
      'span to 11-23T17:00 4h',
      'night to 11-24T08:00',
      '99 full days to 04-13T16:00 792h [20,2,0]',
      'night to 04-14T07:00',
      'span to 04-14T09:00 2h',
      'due 04-14T09:00',
    ])
  })

  test('into working days, where those are counted', () => {
    expect(sumOf('2026-12-21T10:00:00Z', { working: '5d' }).map(shown)).toEqual([
      'start 12-21T10:00',
      '1 of 5 days 12-22T10:00 [0,0,0]',
      '2 of 5 days 12-23T10:00 [0,0,0]',
      '3 of 5 days 12-24T10:00 [0,0,0]',
      'holiday to 12-25T23:00 2026-12-25',
      'weekend to 12-27T23:00',
      'holiday to 12-29T08:00 2026-12-28',
      '4 of 5 days 12-29T10:00 [0,0,0]',
      '5 of 5 days 12-30T10:00 [0,0,0]',
      'due 12-30T10:00',
    ])
    expect(sumOf('2026-11-23T10:00:00Z', { working: '10d' }).map(shown)).toEqual([
      'start 11-23T10:00',
      '4 of 10 days 11-27T10:00 [0,0,0]',
      'weekend to 11-30T08:00',
      '9 of 10 days 12-04T10:00 [0,0,0]',
      'weekend to 12-07T08:00',
      '10 of 10 days 12-07T10:00 [0,0,0]',
      'due 12-07T10:00',
    ])
    expect(sumOf('2026-11-23T10:00:00Z', { working: '100d' }).map(shown)).toEqual([
      'start 11-23T10:00',
      '100 of 100 days 04-14T09:00 [20,2,0]',
      'due 04-14T09:00',
    ])
  })

  test('with hours over midnight as the days that they are', () => {
    const calendar = { timezone: 'Europe/Rome', hours: { 'mon-fri': ['00:00-24:00'] } }
    const lines = sumOf('2026-11-21T10:00:00Z', { working: '1000h' }, calendar).map(shown)
    expect(lines).toContain('5 full days to 11-27T23:00 120h [0,0,0]')
  })
})

describe('whatever is agreed, and however often it is paused', () => {
  const zones = [
    'America/New_York',
    'Europe/London',
    'Europe/Rome',
    'Asia/Kolkata',
    'Australia/Lord_Howe',
    'Pacific/Apia',
  ]
  const week = [
    { 'mon-fri': ['09:00-13:00', '14:00-18:00'] },
    { 'mon-fri': ['08:30-12:15', '13:00-17:45'], sat: ['09:00-12:00'] },
    { 'mon-sun': ['00:00-24:00'] },
    { mon: ['22:00-24:00'], tue: ['00:00-06:00', '22:00-24:00'], wed: ['00:00-06:00'] },
    'always' as const,
  ]
  const calendars = fc.record({
    timezone: fc.constantFrom(...zones),
    hours: fc.constantFrom(...week),
    holidays: fc.subarray(['2026-10-26', '2026-12-25', '2026-12-28', '2027-03-29', '2027-04-05']),
  })
  const allowances: fc.Arbitrary<Within> = fc.oneof(
    fc.integer({ min: 0, max: 6_000 }).map((minutes) => ({ working: `${minutes}m` })),
    fc.integer({ min: 0, max: 12 }).map((days) => ({ working: `${days}d` })),
    fc.integer({ min: 0, max: 200 }).map((hours) => ({ wall: `${hours}h` })),
  )
  const moments = fc.date({
    min: new Date('2026-09-01T00:00:00Z'),
    max: new Date('2027-05-01T00:00:00Z'),
    noInvalidDate: true,
  })
  /** Shares of the time that is left before a pause, and how long it lasts. */
  const breaks = fc.array(
    fc.record({
      share: fc.double({ min: 0, max: 0.99, noNaN: true }),
      ms: fc.integer({ min: 0, max: 6 * 86_400_000 }),
    }),
    { maxLength: 4 },
  )
  const endings = fc.constantFrom('running', 'paused', 'met', 'met-paused', 'cancelled-paused')
  const cases = fc.record({ calendar: calendars, within: allowances, at: moments, breaks, endings })

  interface Lived {
    agreement: Agreement
    deadline: Deadline
    /** What the sum must come to. */
    due: Date
  }

  function live(given: typeof cases extends fc.Arbitrary<infer Case> ? Case : never): Lived {
    const agreement = allowing(given.within, given.calendar)
    const terms = termsOf(agreement)
    let deadline = startDeadline('accept', given.at, terms)
    let now = given.at
    const pauseFor = (share: number, ms: number): Date | undefined => {
      const at = new Date(+now + Math.floor(share * (+deadline.dueAt - +now)))
      if (at >= deadline.dueAt) return undefined
      now = new Date(+at + ms)
      deadline = pause(deadline, at, now, 'on-hold')
      return now
    }
    for (const { share, ms } of given.breaks) {
      const until = pauseFor(share, ms)
      if (until !== undefined) deadline = resume(deadline, until, terms)
    }
    if (given.endings === 'met') deadline = meet(deadline, now)
    if (given.endings.includes('paused') && pauseFor(0.5, 86_400_000) !== undefined) {
      const due = resume(deadline, now, terms).dueAt
      if (given.endings === 'paused') return { agreement, deadline, due }
      deadline = (given.endings === 'met-paused' ? meet : cancel)(deadline, now)
    }
    return { agreement, deadline, due: deadline.dueAt }
  }

  test('the sum comes to the deadline, without a hole, and counts what is allowed', () => {
    fc.assert(
      fc.property(cases, (given) => {
        const { agreement, deadline, due } = live(given)
        const { within, calendar } = termsOf(agreement)
        const why = explained(withDeadline(deadline), 'accept', agreement)
        expect(why.dueAt).toEqual(due)
        expect(why.steps.at(-1)).toMatchObject({ kind: 'due', to: due })
        expect(why.steps[0]).toMatchObject({ kind: 'start', from: given.at })
        for (const [index, { from, to }] of why.steps.entries()) {
          expect(from).toEqual(why.steps[index - 1]?.to ?? given.at)
          expect(+to).toBeGreaterThanOrEqual(+from)
        }
        const counted = why.steps.reduce((sum, { workingMs }) => sum + workingMs, 0)
        const end = dueAt(given.at, within, calendar).dueAt
        const allowed =
          within.clock === 'wall' ? +end - +given.at : workingMsBetween(given.at, end, calendar)
        expect([counted, why.allowedMs]).toEqual([allowed, allowed])
      }),
      { numRuns: 500 },
    )
  })

  test('what is folded adds up to the same, in order, in few lines', () => {
    fc.assert(
      fc.property(cases, (given) => {
        const { agreement, deadline } = live(given)
        const { steps, allowedMs } = explained(withDeadline(deadline), 'accept', agreement)
        const lines = foldSum(steps, agreement.calendar)
        expect(lines.length).toBeLessThan(50)
        const counted = lines.reduce(
          (sum, line) => sum + ('workingMs' in line ? line.workingMs : 0),
          0,
        )
        const countsDays = lines.some(({ kind }) => kind === 'days-passed')
        expect(counted).toBe(countsDays ? 0 : allowedMs)
        const times = lines.flatMap((line) => ('at' in line ? [line.at] : [line.from, line.to]))
        expect(times).toEqual([...times].sort((a, b) => +a - +b))
      }),
      { numRuns: 500 },
    )
  })
})

test('an attempt that meets a deadline leaves its sum as it is', () => {
  const before = explained(accepted(), 'first-attempt', anAgreement())
  const after = explained(withAttempt(), 'first-attempt', anAgreement())
  expect(after.steps).toEqual(before.steps)
})
