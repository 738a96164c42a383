import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { accept } from '../../../src/domain/decide/accept.ts'
import { correctAttempt } from '../../../src/domain/decide/correct-attempt.ts'
import type { Actor, Decided } from '../../../src/domain/decide/decision.ts'
import { answeredByNextRound, handOff } from '../../../src/domain/decide/hand-off.ts'
import { returnLead } from '../../../src/domain/decide/return.ts'
import { type RuleOnReturn, ruleOnReturn } from '../../../src/domain/decide/rule-on-return.ts'
import {
  type DeadlineKind,
  deadlineOf,
  type Handoff,
  isPending,
  rulings,
} from '../../../src/domain/handoff.ts'
import {
  accepted,
  aHandOff,
  aHandoff,
  anActor,
  aPerson,
  aReturn,
  ben,
  contested,
  decisionOf,
  handoffOf,
  mario,
  minutesAfter,
  returned,
  ruled,
  sara,
  withAttempt,
  withEveryClock,
} from '../../support/builders.ts'

const agreement = withEveryClock()
const ofSales: Actor = { person: sara, role: 'sales_manager' }
const ofMarketing: Actor = { person: mario, role: 'marketing_manager' }
const admin: Actor = { person: aPerson({ id: 'per_ada' }), role: 'admin' }

const open = contested(returned(), { agreement })
const vote = (
  handoff: Handoff,
  actor: Actor,
  said: Partial<RuleOnReturn> = {},
  minutes = 90,
): Decided =>
  ruleOnReturn(handoff, { ruling: 'uphold', words: undefined, ...said }, actor, {
    agreement,
    now: minutesAfter(minutes),
  })
const voted = (...asked: Parameters<typeof vote>): Handoff => handoffOf(vote(...asked))
const contestOf = ({ returned: facts }: Handoff) => facts?.contest
const kindsOf = ({ deadlines }: Handoff): DeadlineKind[] => deadlines.map(({ kind }) => kind)
const runningOf = ({ deadlines }: Handoff): DeadlineKind[] =>
  deadlines.filter(isPending).map(({ kind }) => kind)

/** Contested and overturned, however far sales had come with it. */
const overturned = (handoff: Handoff, at = 90): Handoff =>
  ruled('overturn', contested(returned(handoff, {}, { agreement }), { agreement }), {
    agreement,
    at: minutesAfter(at),
  })

describe('the ruling of one side', () => {
  test('is kept, and the other one is awaited', () => {
    const decision = decisionOf(vote(open, ofSales, { words: 'No budget, no SQL' }))
    expect(contestOf(decision.handoff)).toMatchObject({
      ruling: null,
      votes: [{ side: 'sales', ruling: 'uphold', words: 'No budget, no SQL', by: sara }],
    })
    expect(decision).toMatchObject({
      events: [{ type: 'RulingGiven', by: sara, data: { side: 'sales', ruling: 'uphold' } }],
      notices: [{ notice: { type: 'ruling', by: 'per_sara', outcome: 'awaited', to: [] } }],
      changes: [],
      handoff: { status: 'returned' },
    })
    expect(deadlineOf(decision.handoff, 'ruling')?.state).toBe('running')
  })

  test('may be changed as long as it is not ruled, and words may be added', () => {
    const once = voted(open, ofSales)
    const twice = voted(once, ofSales, { ruling: 'overturn' })
    expect(contestOf(twice)?.votes).toMatchObject([{ side: 'sales', ruling: 'overturn' }])
    const worded = voted(once, ofSales, { words: 'The budget decides' })
    expect(contestOf(worded)?.votes).toMatchObject([{ words: 'The budget decides' }])
  })

  test('that is another than that of the other side is a disagreement, told to the other', () => {
    const decision = decisionOf(vote(voted(open, ofSales), ofMarketing, { ruling: 'overturn' }))
    expect(decision).toMatchObject({
      events: [{ type: 'RulingGiven' }],
      notices: [{ notice: { type: 'ruling', outcome: 'disagreed', to: ['per_sara'] } }],
      handoff: { status: 'returned', returned: { contest: { ruling: null } } },
    })
  })

  test('brings an agreement after a disagreement', () => {
    const disagreed = voted(voted(open, ofSales), ofMarketing, { ruling: 'overturn' })
    expect(contestOf(voted(disagreed, ofMarketing))?.ruling).toBe('uphold')
    expect(voted(disagreed, ofSales, { ruling: 'overturn' }).status).toBe('offered')
  })
})

describe('a return that both sides uphold', () => {
  const decision = decisionOf(vote(voted(open, ofSales, { words: 'No budget' }), ofMarketing))

  test('stands, with everything about the ruling in the event that the glossary reads', () => {
    expect(decision.events).toMatchObject([
      { type: 'RulingGiven', data: { side: 'marketing' } },
      {
        type: 'ReturnRuled',
        data: {
          ruling: 'uphold',
          term: 'sql',
          reason: 'not-ready',
          why: 'The budget was approved last week',
          words: ['No budget'],
          by: ['per_sara', 'per_mario'],
        },
      },
    ])
    expect(decision.handoff).toMatchObject({
      status: 'returned',
      returned: { answer: 'contested' },
    })
    expect(decision.changes).toEqual([])
  })

  test('is told the parties, and meets the clock of the ruling', () => {
    expect(decision.notices).toMatchObject([
      { where: { thread: true }, notice: { outcome: 'ruled', to: ['per_anna', 'per_ben'] } },
    ])
    expect(deadlineOf(decision.handoff, 'ruling')).toMatchObject({
      state: 'met',
      metAt: minutesAfter(90),
    })
  })

  test('ruled late keeps the breach of the ruling as a fact', () => {
    const late = 5 * 24 * 60
    const once = voted(open, ofSales, {}, late)
    const { handoff, events } = decisionOf(vote(once, ofMarketing, {}, late))
    expect(deadlineOf(handoff, 'ruling')).toMatchObject({ state: 'missed' })
    expect(events.map(({ type }) => type)).toEqual(['DeadlineMissed', 'RulingGiven', 'ReturnRuled'])
  })
})

test('a term that both sides put more clearly stands with the words of both', () => {
  const first = voted(open, ofSales, { ruling: 'clarify', words: 'Approved, not planned' })
  const second = { ruling: 'clarify', words: 'Approved in writing' } as const
  expect(decisionOf(vote(first, ofMarketing, second))).toMatchObject({
    events: [
      {},
      { data: { ruling: 'clarify', words: ['Approved, not planned', 'Approved in writing'] } },
    ],
    handoff: { status: 'returned', returned: { contest: { ruling: 'clarify' } } },
  })
})

describe('an admin', () => {
  test('stands in for the side that has not ruled', () => {
    expect(contestOf(voted(voted(open, ofSales), admin))).toMatchObject({
      ruling: 'uphold',
      votes: [{ side: 'sales' }, { side: 'marketing', by: { id: 'per_ada' } }],
    })
    expect(contestOf(voted(voted(open, ofMarketing), admin))).toMatchObject({
      ruling: 'uphold',
      votes: [{ side: 'marketing' }, { side: 'sales' }],
    })
  })

  test('changes the own ruling, and never rules for both sides', () => {
    const once = voted(open, admin)
    expect(vote(once, admin)).toMatchObject({ refusal: { code: 'ruled-so-already' } })
    expect(contestOf(voted(once, admin, { ruling: 'overturn' }))?.votes).toHaveLength(1)
  })

  test('gives way to the manager of that side', () => {
    const once = voted(open, admin)
    expect(contestOf(voted(once, ofSales, { ruling: 'overturn' }))).toMatchObject({
      votes: [{ side: 'sales', by: sara }],
      ruling: null,
    })
  })

  test('does not rule where both managers have, however much they disagree', () => {
    const disagreed = voted(voted(open, ofSales), ofMarketing, { ruling: 'overturn' })
    expect(vote(disagreed, admin)).toMatchObject({
      refusal: { code: 'role-required', needed: 'manager' },
    })
  })
})

describe('a ruling is refused', () => {
  test('where nothing is contested', () => {
    for (const handoff of [aHandoff(), returned(), overturned(aHandoff())]) {
      expect(vote(handoff, ofSales)).toMatchObject({ refusal: { code: 'not-contested' } })
    }
  })

  test('where the lead was handed over again, which withdrew the contest', () => {
    const asked = aHandOff({ id: 'hof_2', before: open, whatChanged: 'The budget is there' })
    const context = { agreement, now: minutesAfter(80) }
    const next = handoffOf(handOff(asked, { person: ben, role: 'marketing' }, context))
    const answered = answeredByNextRound(open, next, null, context.now)
    expect(answered?.handoff.returned?.answer).toBe('handed-over-again')
    expect(vote(answered?.handoff ?? open, ofSales)).toMatchObject({
      refusal: { code: 'not-contested' },
    })
  })

  test('to whoever manages nothing', () => {
    for (const actor of [anActor(), anActor(ben, 'marketing'), anActor({}, null)]) {
      expect(vote(open, actor)).toMatchObject({
        refusal: { code: 'role-required', needed: 'manager' },
      })
    }
  })

  test('to those who are party to it: whoever returned and whoever contested', () => {
    expect(vote(open, anActor({}, 'sales_manager'))).toMatchObject({
      refusal: { code: 'party-to-it' },
    })
    expect(vote(open, { person: ben, role: 'marketing_manager' })).toMatchObject({
      refusal: { code: 'party-to-it' },
    })
  })

  test('that says the same again, and one that comes after the ruling', () => {
    const once = voted(open, ofSales, { words: 'No budget' })
    for (const words of [undefined, 'No budget']) {
      expect(vote(once, ofSales, { words })).toMatchObject({
        refusal: { code: 'ruled-so-already' },
      })
    }
    expect(vote(voted(once, ofMarketing), ofSales, { ruling: 'overturn' })).toMatchObject({
      refusal: { code: 'ruled-already' },
    })
  })

  test('that clarifies without words', () => {
    expect(vote(open, ofSales, { ruling: 'clarify' })).toMatchObject({
      refusal: { code: 'needed', field: 'words' },
    })
  })
})

describe('an overturned return', () => {
  test('of an offered lead is offered again, with clocks of acceptance that begin anew', () => {
    const handoff = overturned(aHandoff({}, agreement))
    expect(handoff).toMatchObject({
      status: 'offered',
      leadStatus: 'New',
      lifecycleStage: 'sql',
      returned: null,
      restartedAt: minutesAfter(90),
    })
    expect(runningOf(handoff)).toEqual(['accept', 'accept-hard'])
    expect(deadlineOf(handoff, 'accept')?.startedAt).toEqual(minutesAfter(90))
  })

  test('says so in its events and its changes', () => {
    const first = voted(open, ofSales, { ruling: 'overturn' })
    expect(decisionOf(vote(first, ofMarketing, { ruling: 'overturn' }))).toMatchObject({
      events: [{ type: 'RulingGiven' }, { type: 'ReturnRuled' }, { type: 'Reopened' }],
      changes: [
        { what: 'stage', from: 'mql', to: 'sql', rule: 'protocols.ruling' },
        { what: 'status', from: 'Returned – not ready', to: 'New', rule: 'protocols.ruling' },
      ],
    })
  })

  test('calls the day off on which it would have been ready', () => {
    const waiting = returned(aHandoff(), { readyOn: '2027-03-01' }, { agreement })
    const handoff = ruled('overturn', contested(waiting, { agreement }), { agreement })
    expect(deadlineOf(handoff, 'ready')).toMatchObject({ state: 'cancelled', steps: [] })
  })

  test('of a lead whose stage may not become an SQL again leaves that stage', () => {
    const under = { ...agreement, lifecycle: { ...agreement.lifecycle, mql: [] } }
    const handoff = ruled('overturn', contested(returned(), { agreement: under }), {
      agreement: under,
    })
    expect(handoff).toMatchObject({ status: 'offered', lifecycleStage: 'mql' })
  })

  test('of an accepted lead asks for the first attempt anew, from the same owner', () => {
    const handoff = overturned(accepted(aHandoff({}, agreement), { agreement }))
    expect(handoff).toMatchObject({
      status: 'accepted',
      leadStatus: 'Accepted',
      owner: { id: 'per_anna' },
    })
    expect(runningOf(handoff)).toEqual(['first-attempt', 'attempts', 'idle'])
    expect(deadlineOf(handoff, 'first-attempt')?.startedAt).toEqual(minutesAfter(90))
  })

  test('with a counted attempt does not ask for the first one again', () => {
    const tried = withAttempt(accepted(aHandoff({}, agreement), { agreement }), {}, agreement)
    const handoff = overturned(tried)
    expect(handoff).toMatchObject({ status: 'accepted', leadStatus: 'Attempting' })
    expect(runningOf(handoff)).toEqual(['attempts', 'idle'])
    expect(deadlineOf(handoff, 'first-attempt')).toMatchObject({ metAt: minutesAfter(20) })
  })

  test('with an attempt that did not count asks for one that does', () => {
    const start = accepted(aHandoff({}, agreement), { agreement })
    const tried = withAttempt(start, { channel: 'email', outcome: 'bounced' }, agreement)
    const handoff = overturned(tried)
    expect(handoff.leadStatus).toBe('Attempting')
    expect(runningOf(handoff)).toContain('first-attempt')
  })

  test('of a connected lead is connected, and asks for nothing more', () => {
    const start = accepted(aHandoff({}, agreement), { agreement })
    const connected = withAttempt(start, { outcome: 'connected' }, agreement)
    const handoff = overturned(connected)
    expect(handoff).toMatchObject({ status: 'connected', leadStatus: 'Connected' })
    expect(runningOf(handoff)).toEqual([])
  })

  test('whose sequence is complete asks for nothing more either', () => {
    const whole = withEveryClock()
    whole.clocks.attempts.count = 1
    whole.clocks.attempts.channels = 1
    const tried = withAttempt(accepted(aHandoff({}, whole), { agreement: whole }), {}, whole)
    const back = contested(returned(tried, {}, { agreement: whole }), { agreement: whole })
    const handoff = ruled('overturn', back, { agreement: whole })
    expect(handoff).toMatchObject({ status: 'accepted', leadStatus: 'Attempting' })
    expect(runningOf(handoff)).toEqual([])
  })
})

describe('the clocks after an overturned return', () => {
  const start = accepted(aHandoff({}, agreement), { agreement })
  const tried = withAttempt(start, {}, agreement)
  const correct = (handoff: Handoff, minutes: number, said: object): Handoff =>
    handoffOf(
      correctAttempt(
        handoff,
        {
          number: 1,
          channel: undefined,
          outcome: undefined,
          at: undefined,
          note: undefined,
          void: undefined,
          ...said,
        },
        anActor(),
        { agreement, now: minutesAfter(minutes) },
      ),
    )

  test('are met by the attempts that follow', () => {
    const again = withAttempt(overturned(start), { at: minutesAfter(100) }, agreement)
    expect(deadlineOf(again, 'first-attempt')).toMatchObject({
      state: 'met',
      startedAt: minutesAfter(90),
      metAt: minutesAfter(100),
    })
    expect(deadlineOf(again, 'idle')?.startedAt).toEqual(minutesAfter(100))
    const reached = withAttempt(
      overturned(tried),
      { at: minutesAfter(100), outcome: 'connected' },
      agreement,
    )
    expect(runningOf(reached)).toEqual([])
    expect(deadlineOf(reached, 'attempts')).toMatchObject({ metAt: minutesAfter(100) })
  })

  test('run from the ruling where a correction takes the only attempt back', () => {
    const handoff = correct(overturned(tried), 100, { void: true })
    for (const kind of ['first-attempt', 'attempts', 'idle'] as const) {
      expect(deadlineOf(handoff, kind)).toMatchObject({
        state: 'running',
        startedAt: minutesAfter(90),
        breachedAt: null,
      })
    }
  })

  test('run from the ruling where a correction takes the connection back', () => {
    const connected = withAttempt(start, { outcome: 'connected' }, agreement)
    const handoff = correct(overturned(connected), 100, { outcome: 'no-answer' })
    expect(handoff.status).toBe('accepted')
    expect(runningOf(handoff)).toEqual(['attempts', 'idle'])
    for (const kind of ['attempts', 'idle'] as const) {
      expect(deadlineOf(handoff, kind)?.startedAt).toEqual(minutesAfter(90))
    }
  })

  test('keep how the first attempt was made where a correction only moves it', () => {
    const handoff = correct(overturned(tried), 100, { at: minutesAfter(25) })
    expect(deadlineOf(handoff, 'first-attempt')).toMatchObject({
      startedAt: minutesAfter(12),
      state: 'met',
      metAt: minutesAfter(25),
    })
    const late = correct(overturned(tried), 100, { at: minutesAfter(29) })
    expect(deadlineOf(late, 'first-attempt')).toMatchObject({
      state: 'missed',
      breachedAt: minutesAfter(27),
    })
  })

  test('are one of each kind, however often it is returned and overturned', () => {
    let handoff: Handoff = tried
    for (const hour of [2, 4, 6]) {
      const at = (minutes: number) => ({ agreement, at: minutesAfter(hour * 60 + minutes) })
      handoff = returned(handoff, { readyOn: '2027-03-01' }, at(0))
      handoff = ruled('overturn', contested(handoff, at(1)), at(2))
      expect(new Set(kindsOf(handoff)).size).toBe(kindsOf(handoff).length)
    }
    expect(runningOf(handoff)).toEqual(['attempts', 'idle'])
  })

  test('are one of each kind when it is accepted after that', () => {
    const context = { agreement, now: minutesAfter(100) }
    const handoff = handoffOf(accept(overturned(aHandoff({}, agreement)), anActor(), context))
    expect(new Set(kindsOf(handoff)).size).toBe(kindsOf(handoff).length)
    expect(runningOf(handoff)).toEqual(['first-attempt', 'attempts', 'idle'])
    const back = returnLead(handoff, aReturn({ readyWhen: 'later' }), anActor(), {
      agreement,
      now: minutesAfter(110),
    })
    expect(runningOf(handoffOf(back))).toEqual(['return-answer'])
  })
})

test('whatever managers and admins rule in whatever order, it is ruled when both sides agree', () => {
  const judges = { sara: ofSales, mario: ofMarketing, ada: admin }
  const anyVote = fc.record({
    by: fc.constantFrom('sara', 'mario', 'ada'),
    ruling: fc.constantFrom(...rulings),
    words: fc.constantFrom(undefined, 'So', 'Or so'),
  })
  fc.assert(
    fc.property(fc.array(anyVote, { maxLength: 12 }), (votes) => {
      let handoff = open
      for (const { by, ...said } of votes) {
        const decided = vote(handoff, judges[by], said)
        if (!decided.ok) continue
        const { events } = decided.decision
        const contest = contestOf(decided.decision.handoff)
        const [first, second] = contest?.votes ?? []
        const agreed = first !== undefined && first.ruling === second?.ruling
        const isRuled = events.some(({ type }) => type === 'ReturnRuled')
        if (contest === undefined || contest === null) {
          // overturned: it was the last of the two to say so
          expect(events.map(({ type }) => type)).toContain('Reopened')
          expect(said.ruling).toBe('overturn')
          return
        }
        expect(isRuled).toBe(agreed)
        expect(contest.ruling !== null).toBe(agreed)
        expect(new Set(contest.votes.map(({ side }) => side)).size).toBe(contest.votes.length)
        expect(new Set(contest.votes.map((one) => one.by.id)).size).toBe(contest.votes.length)
        handoff = decided.decision.handoff
      }
    }),
    { numRuns: 500 },
  )
})
