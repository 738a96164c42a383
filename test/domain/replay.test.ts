import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Agreement, attemptChannels, attemptOutcomes } from '../../src/domain/agreement.ts'
import { accept } from '../../src/domain/decide/accept.ts'
import type { Context, Decided } from '../../src/domain/decide/decision.ts'
import { logAttempt } from '../../src/domain/decide/log-attempt.ts'
import { pauseHandoff, resumeHandoff } from '../../src/domain/decide/pause.ts'
import { returnLead } from '../../src/domain/decide/return.ts'
import { wake } from '../../src/domain/decide/wake.ts'
import { deadlineKinds, type Handoff, isPending } from '../../src/domain/handoff.ts'
import {
  outcomeUnder,
  type PastHandoff,
  type Replay,
  replayTally,
} from '../../src/domain/replay.ts'
import {
  accepted,
  aHandoff,
  anActor,
  anAgreement,
  aPause,
  aReturn,
  concerned,
  fixedNow,
  minutesAfter,
  returned,
  withAttempt,
} from '../support/builders.ts'

const agreement = anAgreement()
const hour = 3_600_000

const pastOf = (handoff: Handoff): PastHandoff => ({
  id: handoff.id,
  leadType: handoff.leadType,
  priority: handoff.priority,
  agreementVersion: handoff.agreementVersion,
  createdAt: handoff.createdAt,
  acceptedAt: handoff.acceptedAt,
  returnedAt: handoff.returned?.at ?? null,
  attempts: handoff.attempts.map(({ channel, outcome, at }) => ({ channel, outcome, at })),
  clocks: handoff.deadlines.map(({ kind, startedAt, metAt, stoppedAt, pauses }) => ({
    kind,
    startedAt,
    metAt,
    stoppedAt,
    pauses,
  })),
})

const within = (terms: Agreement, working: number): Agreement => ({
  ...terms,
  clocks: {
    ...terms.clocks,
    accept: {
      ...terms.clocks.accept,
      within: { clock: 'working', duration: { unit: 'exact', ms: working } },
    },
  },
})

const judged = (handoff: Handoff, terms: Agreement, now: Date) =>
  new Map(outcomeUnder(pastOf(handoff), terms, now).clocks.map((clock) => [clock.kind, clock]))

describe('a replay of one handoff', () => {
  const now = minutesAfter(60 * 24 * 30)

  test('says how late an acceptance would have been', () => {
    const handoff = accepted(aHandoff(), { at: minutesAfter(150) })
    expect(judged(handoff, agreement, now).get('accept')).toMatchObject({ late: false, lateMs: 0 })
    // Monday 10:00 to 12:30 in Rome: half an hour more than two hours
    expect(judged(handoff, within(agreement, 2 * hour), now).get('accept')).toMatchObject({
      clause: 'clocks.accept.within',
      late: true,
      lateMs: hour / 2,
    })
  })

  test('is as late as now where nobody has accepted', () => {
    const clocks = judged(aHandoff(), agreement, minutesAfter(60 * 8))
    expect(clocks.get('accept')).toMatchObject({ late: true, lateMs: 3 * hour })
    expect(clocks.get('accept-hard')).toMatchObject({ late: false })
    expect(clocks.has('first-attempt')).toBe(false)
  })

  test('takes a return for an answer', () => {
    const handoff = returned(aHandoff(), {}, { at: minutesAfter(30) })
    expect(judged(handoff, within(agreement, hour), now).get('accept')).toMatchObject({
      late: false,
    })
  })

  test('counts attempts by the terms of the proposal', () => {
    const once = withAttempt(accepted(), { at: minutesAfter(15), channel: 'linkedin' })
    const handoff = withAttempt(once, { at: minutesAfter(80) })
    const { attempts } = agreement.clocks
    const stricter: Agreement = {
      ...agreement,
      clocks: { ...agreement.clocks, attempts: { ...attempts, counted: ['call'], channels: 1 } },
    }
    expect(judged(handoff, agreement, now).get('first-attempt')).toMatchObject({ late: false })
    expect(judged(handoff, stricter, now).get('first-attempt')).toMatchObject({ late: true })
    expect(outcomeUnder(pastOf(handoff), agreement, now).counted).toBe(2)
    expect(outcomeUnder(pastOf(handoff), stricter, now).counted).toBe(1)
  })
})

// Handoffs as they come about by the rules, their clocks woken on time.

type Act = (handoff: Handoff, context: Context) => Decided
const anyAct: fc.Arbitrary<Act> = fc.oneof(
  fc.constant<Act>((handoff, context) => accept(handoff, anActor(), context)),
  fc
    .record({
      channel: fc.constantFrom(...attemptChannels),
      outcome: fc.constantFrom(...attemptOutcomes),
    })
    .map(
      (made): Act =>
        (handoff, context) =>
          logAttempt(
            handoff,
            { id: 'att', note: undefined, at: context.now, ...made },
            anActor(),
            context,
          ),
    ),
  fc.constant<Act>((handoff, context) =>
    pauseHandoff(handoff, { reason: 'on-hold' }, anActor(), context),
  ),
  fc.constant<Act>((handoff, context) => resumeHandoff(handoff, anActor(), context)),
  fc.constant<Act>((handoff, context) =>
    returnLead(handoff, aReturn({ reason: 'duplicate', note: 'twice' }), anActor(), context),
  ),
)

/** What is due before that moment is done; whoever acts in the same millisecond is in time. */
const clockedTo = (handoff: Handoff, now: Date, terms: Agreement): Handoff => {
  const steps = handoff.deadlines.flatMap(({ kind, steps: [next] }) =>
    next === undefined || next.at >= now ? [] : [{ kind, at: next.at }],
  )
  const [first] = steps.sort((a, b) => a.at.getTime() - b.at.getTime())
  if (first === undefined) return handoff
  const decision = wake(handoff, first.kind, concerned(), { agreement: terms, now: first.at })
  if (decision === null) throw new Error('a step that is due was not taken')
  return clockedTo(decision.handoff, now, terms)
}

describe('a replay under the agreement of the handoff', () => {
  const terms = anAgreement({ pause: aPause({ times: 5 }) })
  const anyHistory = fc.array(
    fc.record({ act: anyAct, minutes: fc.integer({ min: 1, max: 60 * 20 }) }),
    { maxLength: 15 },
  )

  test('finds late exactly what was recorded as late', () => {
    fc.assert(
      fc.property(anyHistory, fc.boolean(), (history, hot) => {
        let now = fixedNow
        let handoff = aHandoff({ priority: hot ? 'hot' : 'standard' }, terms)
        for (const { act, minutes } of history) {
          now = minutesAfter(minutes, now)
          handoff = clockedTo(handoff, now, terms)
          const decided = act(handoff, { agreement: terms, now })
          if (decided.ok) handoff = decided.decision.handoff
        }
        now = new Date(now.getTime() + 1)
        handoff = clockedTo(handoff, now, terms)
        const recorded = handoff.deadlines.map(({ kind, breachedAt }) => [
          kind,
          breachedAt !== null,
        ])
        const found = [...judged(handoff, terms, now).values()].map(({ kind, late }) => [
          kind,
          late,
        ])
        expect(Object.fromEntries(found)).toEqual(Object.fromEntries(recorded))
        expect(handoff.attempts.filter(({ counted }) => counted).length).toBe(
          outcomeUnder(pastOf(handoff), terms, now).counted,
        )
        expect(handoff.deadlines.filter(isPending).length).toBeLessThanOrEqual(deadlineKinds.length)
      }),
      { numRuns: 300 },
    )
  })
})

describe('the tally of a replay', () => {
  const now = minutesAfter(60 * 8)
  const tallyOf = (handoffs: Handoff[], after: Agreement): Replay => {
    const tally = replayTally()
    for (const handoff of handoffs) {
      const past = pastOf(handoff)
      tally.add(past, outcomeUnder(past, agreement, now), outcomeUnder(past, after, now))
    }
    return tally.result()
  }

  test('says for each clause how many would have been late instead of how many', () => {
    const handoffs = [30, 150, 200, 400].map((minutes) =>
      accepted(aHandoff({ id: `hof_${minutes}` }), { at: minutesAfter(minutes) }),
    )
    const { lines, ...whole } = tallyOf(handoffs, within(agreement, 2 * hour))
    expect(whole).toEqual({
      handoffs: 4,
      attempts: { logged: 0, countedBefore: 0, countedAfter: 0 },
    })
    expect(lines[0]).toEqual({
      clause: 'clocks.accept.within',
      before: '4h',
      after: '2h',
      handoffs: 4,
      lateBefore: 1,
      lateAfter: 3,
      mostLateMsBefore: (hour * 5) / 3,
      mostLateMsAfter: (hour * 11) / 3,
      newlyLate: ['hof_150', 'hof_200'],
      noLongerLate: [],
    })
    expect(lines.map(({ clause }) => clause)).toEqual([
      'clocks.accept.within',
      'clocks.accept.hard',
      'clocks.first_attempt.hot',
      'clocks.attempts.within',
    ])
  })

  test('of the same agreement finds no difference', () => {
    const handoffs = [30, 400].map((minutes) => accepted(aHandoff(), { at: minutesAfter(minutes) }))
    for (const line of tallyOf(handoffs, agreement).lines) {
      expect(line).toMatchObject({ newlyLate: [], noLongerLate: [], lateAfter: line.lateBefore })
    }
  })
})
