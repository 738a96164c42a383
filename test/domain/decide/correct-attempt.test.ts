import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Agreement, attemptChannels, attemptOutcomes } from '../../../src/domain/agreement.ts'
import { type CorrectAttempt, correctAttempt } from '../../../src/domain/decide/correct-attempt.ts'
import { pauseHandoff, resumeHandoff } from '../../../src/domain/decide/pause.ts'
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
  sara,
  withAttempt,
} from '../../support/builders.ts'

const inUse: Agreement = {
  ...anAgreement({
    pause: {
      reasons: [{ id: 'on-hold', name: { en: 'On hold', it: 'In sospeso' } }],
      at_most: { working: '5d' },
    },
  }),
}
inUse.clocks.idle = {
  within: { clock: 'working', duration: { unit: 'days', days: 2 } },
  remind: [],
  escalation: [{ at: 1, to: 'owner' }],
}

const nothing: CorrectAttempt = {
  number: 1,
  channel: undefined,
  outcome: undefined,
  at: undefined,
  note: undefined,
  void: undefined,
}

const started = (priority: 'hot' | 'standard' = 'standard'): Handoff =>
  accepted(aHandoff({ priority }, inUse), { agreement: inUse })
const tried = (handoff: Handoff, attempt: Parameters<typeof withAttempt>[1] = {}): Handoff =>
  withAttempt(handoff, attempt, inUse)

const decide = (
  handoff: Handoff,
  said: Partial<CorrectAttempt>,
  { at = minutesAfter(60), actor = anActor() } = {},
) => correctAttempt(handoff, { ...nothing, ...said }, actor, { agreement: inUse, now: at })
const correct = (...asked: Parameters<typeof decide>): Handoff => handoffOf(decide(...asked))
const ring = (handoff: Handoff, kind: DeadlineKind, minutes: number) =>
  wake(handoff, kind, concerned(), { agreement: inUse, now: minutesAfter(minutes) })

describe('a corrected attempt', () => {
  test('is judged again as if it had been logged so', () => {
    const twice = tried(tried(started()), { at: minutesAfter(40) })
    expect(twice.attempts[1]?.verdict.clause).toBe('gap')
    const corrected = correct(twice, { number: 2, channel: 'email', outcome: 'sent' })
    expect(corrected.attempts[1]).toMatchObject({
      id: 'att_2',
      number: 2,
      channel: 'email',
      outcome: 'sent',
      at: minutesAfter(40),
      counted: true,
      verdict: { clause: 'counted' },
    })
  })

  test('changes the verdicts of later ones, since the gap depends on it', () => {
    const twice = tried(tried(started()), { at: minutesAfter(40) })
    const corrected = correct(twice, { number: 1, channel: 'email', outcome: 'sent' })
    expect(corrected.attempts.map(({ counted }) => counted)).toEqual([true, true])
    expect(corrected.attempts[1]).toMatchObject({ channel: 'call' })
  })

  test('leaves those alone that nothing changes for', () => {
    let handoff = started()
    for (const day of [0, 1, 2]) handoff = tried(handoff, { at: minutesAfter(20 + day * 1_440) })
    const corrected = correct(
      handoff,
      { number: 2, channel: 'linkedin' },
      { at: minutesAfter(3_000) },
    )
    expect(corrected.attempts[0]).toBe(handoff.attempts[0])
    expect(corrected.attempts[2]).toBe(handoff.attempts[2])
    expect(corrected.deadlines).toEqual(handoff.deadlines)
    for (const [place, deadline] of corrected.deadlines.entries()) {
      expect(deadline).toBe(handoff.deadlines[place])
    }
  })

  test('that did not happen is not counted, and frees the channel for the next', () => {
    const twice = tried(tried(started()), { at: minutesAfter(40) })
    const corrected = correct(twice, { number: 1, void: true })
    expect(corrected.attempts).toMatchObject([
      { counted: false, verdict: { clause: 'void' } },
      { counted: true, verdict: { clause: 'counted' } },
    ])
    expect(deadlineOf(corrected, 'first-attempt')).toMatchObject({ metAt: minutesAfter(40) })
  })

  test('that happened after all is judged as any other', () => {
    const gone = correct(tried(started()), { void: true })
    expect(gone).toMatchObject({ status: 'accepted', leadStatus: 'Accepted' })
    const back = correct(gone, { void: false })
    expect(back.attempts[0]).toMatchObject({ counted: true, verdict: { clause: 'counted' } })
    expect(back).toMatchObject({ leadStatus: 'Attempting' })
  })

  test('stays one that did not happen whatever else is said of it', () => {
    const gone = correct(tried(started()), { void: true })
    const corrected = correct(gone, { channel: 'email', note: 'wrong lead' })
    expect(corrected.attempts[0]).toMatchObject({
      channel: 'email',
      note: 'wrong lead',
      verdict: { clause: 'void' },
    })
  })

  test('keeps what was said before and after in its event', () => {
    const twice = tried(tried(started()), { at: minutesAfter(40) })
    const result = decide(twice, { number: 1, channel: 'email', outcome: 'sent' })
    expect(result).toMatchObject({
      decision: {
        events: [
          {
            type: 'AttemptCorrected',
            by: { id: 'per_anna' },
            data: {
              number: 1,
              before: {
                channel: 'call',
                outcome: 'no-answer',
                madeAt: minutesAfter(20).toISOString(),
                verdict: { clause: 'counted' },
              },
              after: { channel: 'email', outcome: 'sent', verdict: { clause: 'counted' } },
              others: [{ number: 2, verdict: { clause: 'counted' } }],
            },
          },
        ],
        notices: [
          {
            where: { thread: true },
            notice: {
              type: 'attempt-corrected',
              number: 1,
              was: { channel: 'call', void: false },
              is: { channel: 'email', void: false },
              counted: 2,
              of: 6,
              others: [{ number: 2, counted: true }],
              finished: false,
              connected: false,
            },
          },
        ],
      },
    })
  })

  test('that connects changes the status and ends the sequence', () => {
    const result = decide(tried(started()), { outcome: 'connected' })
    const corrected = handoffOf(result)
    expect(corrected).toMatchObject({ status: 'connected', leadStatus: 'Connected' })
    expect(deadlineOf(corrected, 'attempts')).toMatchObject({ state: 'met', steps: [] })
    expect(deadlineOf(corrected, 'idle')).toMatchObject({ state: 'met', steps: [] })
    expect(result).toMatchObject({
      decision: {
        events: [{ type: 'AttemptCorrected' }, { type: 'Connected', data: { number: 1 } }],
        notices: [{ notice: { connected: true } }],
      },
    })
  })

  test('that did not connect after all takes the status back, and the sequence goes on', () => {
    const connected = tried(started(), { outcome: 'connected' })
    const corrected = correct(connected, { outcome: 'wrong-person' })
    expect(corrected).toMatchObject({ status: 'accepted', leadStatus: 'Attempting' })
    const untouched = started()
    for (const kind of ['first-attempt', 'attempts', 'idle'] as const) {
      const { steps, ...running } = deadlineOf(corrected, kind) ?? { steps: [] }
      expect(running).toMatchObject({ state: 'running', metAt: null })
      expect(running).toEqual({ ...deadlineOf(untouched, kind), steps: undefined, ...running })
      expect(steps.at(-1)).toEqual(deadlineOf(untouched, kind)?.steps.at(-1))
    }
  })

  test('that completes the sequence proposes a return, once', () => {
    let handoff = started()
    for (let day = 0; day < 5; day++) {
      handoff = tried(handoff, { at: minutesAfter(20 + day * 1_440) })
    }
    handoff = tried(handoff, { at: minutesAfter(20 + 7 * 1_440) })
    expect(deadlineOf(handoff, 'attempts')?.state).toBe('running')
    const at = minutesAfter(30 + 7 * 1_440)
    const result = decide(handoff, { number: 6, channel: 'email', outcome: 'sent' }, { at })
    expect(result).toMatchObject({ decision: { notices: [{ notice: { finished: true } }] } })
    const complete = handoffOf(result)
    expect(deadlineOf(complete, 'attempts')?.state).toBe('met')
    const again = decide(complete, { number: 6, note: 'to the second address' }, { at })
    expect(again).toMatchObject({ decision: { notices: [{ notice: { finished: false } }] } })
  })
})

describe('a clock that a correction takes back', () => {
  test('runs again, without the reminders of the past', () => {
    const corrected = correct(tried(started()), { void: true })
    // two working hours from 10:12, reminders at 11:12 and 11:48
    expect(deadlineOf(corrected, 'first-attempt')).toMatchObject({
      state: 'running',
      dueAt: minutesAfter(132),
      metAt: null,
    })
    const reminders = (minutes: number) =>
      deadlineOf(
        correct(tried(started()), { void: true }, { at: minutesAfter(minutes) }),
        'first-attempt',
      )
        ?.steps.filter((step) => step.do === 'remind')
        .map((step) => step.at)
    expect(reminders(60)).toEqual([minutesAfter(72), minutesAfter(108)])
    expect(reminders(80)).toEqual([minutesAfter(108)])
  })

  test('that ran out meanwhile is a breach at once, at the moment it was due', () => {
    const corrected = correct(tried(started()), { void: true }, { at: minutesAfter(250) })
    const decision = ring(corrected, 'first-attempt', 250)
    expect(decision?.events.map(({ type }) => type)).toEqual(['DeadlineMissed', 'Escalated'])
    expect(decision?.notices).toHaveLength(1)
    expect(deadlineOf(decision?.handoff ?? corrected, 'first-attempt')).toMatchObject({
      state: 'missed',
      breachedAt: minutesAfter(132),
    })
  })

  test('keeps a breach that was recorded, and takes no step a second time', () => {
    const late = ring(started(), 'first-attempt', 140)?.handoff ?? started()
    const met = tried(late, { at: minutesAfter(150) })
    const corrected = correct(met, { void: true }, { at: minutesAfter(160) })
    expect(deadlineOf(corrected, 'first-attempt')).toMatchObject({
      state: 'missed',
      breachedAt: minutesAfter(132),
      metAt: null,
    })
    expect(deadlineOf(corrected, 'first-attempt')?.steps).toMatchObject([
      { do: 'escalate', to: 'managers_channel' },
    ])
  })

  test('that is met at another time keeps its breach too', () => {
    const late = ring(started(), 'first-attempt', 140)?.handoff ?? started()
    const met = tried(late, { at: minutesAfter(150) })
    const corrected = correct(met, { at: minutesAfter(100) }, { at: minutesAfter(160) })
    expect(deadlineOf(corrected, 'first-attempt')).toMatchObject({
      state: 'missed',
      breachedAt: minutesAfter(132),
      metAt: minutesAfter(100),
    })
  })

  test('goes on from where a pause between had left it', () => {
    const context = (minutes: number) => ({ agreement: inUse, now: minutesAfter(minutes) })
    const paused = handoffOf(
      pauseHandoff(tried(started()), { reason: 'on-hold' }, anActor(), context(42)),
    )
    const still = correct(paused, { void: true }, { at: minutesAfter(50) })
    expect(deadlineOf(still, 'first-attempt')).toMatchObject({
      state: 'paused',
      pauses: [{ from: minutesAfter(42), to: null, reason: 'on-hold' }],
      steps: [{ do: 'resume' }, { do: 'remind' }, { do: 'remind' }],
    })
    const resumed = handoffOf(resumeHandoff(paused, anActor(), context(72)))
    const corrected = correct(resumed, { void: true }, { at: minutesAfter(80) })
    const straight = handoffOf(
      resumeHandoff(
        handoffOf(pauseHandoff(started(), { reason: 'on-hold' }, anActor(), context(42))),
        anActor(),
        context(72),
      ),
    )
    const clock = deadlineOf(corrected, 'first-attempt')
    expect(clock).toMatchObject({ state: 'running', dueAt: minutesAfter(162) })
    expect(clock?.dueAt).toEqual(deadlineOf(straight, 'first-attempt')?.dueAt)
    expect(clock?.pauses).toEqual(deadlineOf(straight, 'first-attempt')?.pauses)
  })
})

describe('correcting is refused', () => {
  const handoff = tried(started())
  const refusal = (result: ReturnType<typeof decide>) =>
    result.ok ? undefined : result.refusal.code

  test.each([
    ['to another rep', {}, anActor({ id: 'per_luca' }), 'owned-by'],
    ['to marketing', {}, anActor({}, 'marketing'), 'role-required'],
    ['to a guest', {}, anActor({}, null), 'role-required'],
    ['of an attempt that is not there', { number: 2 }, anActor(), 'unknown-attempt'],
    ['where it changes nothing', { channel: 'call' }, anActor(), 'nothing-to-correct'],
    ['where nothing is said', {}, anActor(), 'nothing-to-correct'],
    ['into the future', { at: minutesAfter(62) }, anActor(), 'attempt-in-future'],
  ] as const)('%s', (_, said, actor, code) => {
    expect(refusal(decide(handoff, said, { actor }))).toBe(code)
  })

  test('to nobody who may act for the owner', () => {
    for (const role of ['sales_manager', 'admin'] as const) {
      expect(decide(handoff, { void: true }, { actor: anActor(sara, role) }).ok).toBe(true)
    }
  })

  test('after a return, and before acceptance', () => {
    expect(refusal(decide(returned(handoff), { void: true }))).toBe('moved-on')
    expect(refusal(decide(aHandoff(), { void: true }))).toBe('not-accepted-yet')
  })
})

describe('whatever is logged and corrected', () => {
  const attempt = fc.record({
    channel: fc.constantFrom(...attemptChannels),
    outcome: fc.constantFrom(...attemptOutcomes),
    minutes: fc.integer({ min: 0, max: 6_000 }),
  })
  type Attempt = typeof attempt extends fc.Arbitrary<infer One> ? One : never

  /** All logged at the same late moment, so that no clock comes round in between. */
  const end = minutesAfter(6_000)
  const log = (attempts: Attempt[]): Handoff =>
    attempts.reduce<Handoff>(
      (handoff, { minutes, ...made }) => tried(handoff, { ...made, at: minutesAfter(minutes) }),
      started(),
    )
  const put = (handoff: Handoff, place: number, { minutes, ...said }: Attempt): Handoff => {
    const at = minutesAfter(minutes)
    const result = decide(handoff, { number: place + 1, ...said, at }, { at: end })
    return result.ok ? result.decision.handoff : handoff
  }
  /** All of a handoff but its version, and the steps of the past that nobody took. */
  const standing = ({ version: _, deadlines, ...handoff }: Handoff) => ({
    ...handoff,
    deadlines: deadlines.map(({ steps, ...deadline }) => ({
      ...deadline,
      steps: steps.filter((step) => step.at > end || step.do !== 'remind'),
    })),
  })
  const runs = { numRuns: 150 }
  const wrongAndRight = fc
    .tuple(fc.array(attempt, { minLength: 1, maxLength: 10 }), fc.nat(), attempt)
    .map(([attempts, any, other]) => ({ attempts, place: any % attempts.length, other }))

  test('a wrong attempt put right leads to what logging it right had led to', () => {
    fc.assert(
      fc.property(wrongAndRight, ({ attempts, place, other }) => {
        // A breach that was noted stays a fact, so only those are compared that note none.
        const corrected = put(log(attempts), place, other)
        const right = log(attempts.with(place, other))
        expect(standing(corrected).attempts).toEqual(standing(right).attempts)
        expect(corrected.status).toBe(right.status)
        expect(corrected.leadStatus).toBe(right.leadStatus)
        for (const deadline of standing(right).deadlines) {
          const ours = standing(corrected).deadlines.find(({ kind }) => kind === deadline.kind)
          if (log(attempts).deadlines.some((one) => one.kind === deadline.kind && one.breachedAt)) {
            expect(ours?.metAt).toEqual(deadline.metAt)
          } else {
            expect(ours).toEqual(deadline)
          }
        }
      }),
      runs,
    )
  })

  test('a correction taken back leaves everything as it was, but for what was breached', () => {
    fc.assert(
      fc.property(wrongAndRight, ({ attempts, place, other }) => {
        const before = log(attempts)
        const own = attempts[place]
        if (own === undefined) return
        const back = put(put(before, place, other), place, own)
        expect(back.attempts).toEqual(before.attempts)
        expect(back.status).toBe(before.status)
        expect(back.deadlines.map(({ metAt }) => metAt)).toEqual(
          before.deadlines.map(({ metAt }) => metAt),
        )
      }),
      runs,
    )
  })

  test('a breach is never taken back', () => {
    fc.assert(
      fc.property(wrongAndRight, fc.boolean(), ({ attempts, place, other }, gone) => {
        const before = log(attempts)
        const after = gone
          ? correct(before, { number: place + 1, void: true }, { at: end })
          : put(before, place, other)
        for (const kind of ['first-attempt', 'attempts'] as const) {
          const breach = deadlineOf(before, kind)?.breachedAt ?? null
          if (breach !== null) expect(deadlineOf(after, kind)?.breachedAt).toEqual(breach)
        }
      }),
      runs,
    )
  })
})
