import { describe, expect, test } from 'vitest'
import { acknowledgeReturn } from '../../../src/domain/decide/acknowledge-return.ts'
import { type ContestReturn, contestReturn } from '../../../src/domain/decide/contest-return.ts'
import type { Decided } from '../../../src/domain/decide/decision.ts'
import { deadlineOf, type Handoff } from '../../../src/domain/handoff.ts'
import type { Colleague } from '../../../src/domain/person.ts'
import {
  aHandoff,
  anActor,
  anAgreement,
  aPerson,
  ben,
  contested,
  decisionOf,
  handoffOf,
  mario,
  minutesAfter,
  returned,
  ruled,
  sara,
  withEveryClock,
} from '../../support/builders.ts'

const agreement = withEveryClock()
const salesManager: Colleague = { person: sara, role: 'sales_manager' }
const marketingManager: Colleague = { person: mario, role: 'marketing_manager' }
const admin: Colleague = { person: aPerson({ id: 'per_ada' }), role: 'admin' }
const otherAdmin: Colleague = { person: aPerson({ id: 'per_otto' }), role: 'admin' }
const marketing = anActor(ben, 'marketing')

const why = 'The budget was approved last week'
const contest = (
  said: Partial<ContestReturn> = {},
  handoff: Handoff = returned(),
  { actor = marketing, minutes = 60, under = agreement } = {},
): Decided =>
  contestReturn(handoff, { why, judges: [salesManager, marketingManager], ...said }, actor, {
    agreement: under,
    now: minutesAfter(minutes),
  })
const toldOf = (decided: Decided) =>
  decisionOf(decided).notices.map(({ notice }) => ('to' in notice ? notice.to : undefined))

describe('contesting a return', () => {
  test('is marketing’s answer: its clock is met and that of the ruling starts', () => {
    const handoff = handoffOf(contest())
    expect(handoff.returned).toMatchObject({
      answer: 'contested',
      contest: { by: ben, at: minutesAfter(60), why, votes: [], ruling: null },
    })
    expect(deadlineOf(handoff, 'return-answer')).toMatchObject({
      state: 'met',
      metAt: minutesAfter(60),
    })
    expect(deadlineOf(handoff, 'ruling')).toMatchObject({
      state: 'running',
      startedAt: minutesAfter(60),
    })
  })

  test('has no clock of the ruling where the agreement has none', () => {
    const handoff = handoffOf(contest({}, returned(), { under: anAgreement() }))
    expect(deadlineOf(handoff, 'ruling')).toBeUndefined()
  })

  test('is an event and one line in the thread, and changes nothing of the lead', () => {
    expect(decisionOf(contest())).toMatchObject({
      events: [{ type: 'ReturnContested', by: ben, data: { why, term: 'sql' } }],
      notices: [{ where: { thread: true }, notice: { type: 'return-contested', by: 'per_ben' } }],
      changes: [],
      redraw: true,
      handoff: { status: 'returned', leadStatus: 'Returned – not ready' },
    })
  })

  test('is about the term of the glossary that the reason names', () => {
    const reasons = anAgreement().return_reasons.map((reason) => ({ ...reason, term: 'icp' }))
    const under = { ...agreement, return_reasons: reasons }
    expect(handoffOf(contest({}, returned(), { under })).returned?.contest?.term).toBe('icp')
  })

  test('is about the SQL where the agreement has forgotten the reason', () => {
    const under = anAgreement({
      return_reasons: [{ id: 'other', status: 'Returned – other', stage: 'mql' }],
    })
    expect(handoffOf(contest({}, returned(), { under })).returned?.contest?.term).toBe('sql')
  })

  test('of a lead that nobody reached is possible too', () => {
    expect(contest({}, { ...returned(), status: 'unresponsive' }).ok).toBe(true)
  })
})

describe('whom a contest is told', () => {
  test('is the managers of both sides', () => {
    expect(toldOf(contest())).toEqual([['per_sara', 'per_mario']])
  })

  test('is not an admin, where both sides have a manager who may rule', () => {
    const judges = [salesManager, marketingManager, admin]
    expect(toldOf(contest({ judges }))).toEqual([['per_sara', 'per_mario']])
  })

  test('is an admin, who stands in for a side without a manager', () => {
    expect(toldOf(contest({ judges: [salesManager, admin] }))).toEqual([['per_sara', 'per_ada']])
  })

  test('is neither the manager who returned the lead nor the one who contests', () => {
    const other: Colleague = { person: aPerson({ id: 'per_carla' }), role: 'marketing_manager' }
    const second: Colleague = { person: aPerson({ id: 'per_dino' }), role: 'sales_manager' }
    const judges = [salesManager, second, marketingManager, other]
    const bySara = { ...returned(), returned: { ...mustBeReturned(), by: sara } }
    const actor = { person: mario, role: 'marketing_manager' as const }
    expect(toldOf(contest({ judges }, bySara, { actor }))).toEqual([['per_dino', 'per_carla']])
  })
})

const mustBeReturned = () => {
  const facts = returned().returned
  if (facts === null) throw new Error('not returned')
  return facts
}

describe('a contest is refused', () => {
  test('without a return, or after it was overturned', () => {
    for (const handoff of [aHandoff(), ruled('overturn')]) {
      expect(contest({}, handoff)).toMatchObject({ refusal: { code: 'moved-on' } })
    }
  })

  test('to whoever is not of marketing, and to whoever has no role', () => {
    for (const actor of [anActor(), anActor(sara, 'sales_manager'), anActor(ben, null)]) {
      expect(contest({}, returned(), { actor })).toMatchObject({
        refusal: { code: 'role-required', needed: 'marketing' },
      })
    }
  })

  test('when the return is answered already, by whatever answer', () => {
    const context = { agreement, now: minutesAfter(40) }
    const acknowledged = handoffOf(acknowledgeReturn(returned(), marketing, context))
    for (const handoff of [acknowledged, contested(), ruled('uphold')]) {
      expect(contest({}, handoff)).toMatchObject({ refusal: { code: 'answered-already' } })
    }
  })

  test('after the time to answer, and not on its last moment', () => {
    const due = 24 * 60 + 30
    expect(contest({}, returned(), { minutes: due }).ok).toBe(true)
    expect(contest({}, returned(), { minutes: due + 1 })).toMatchObject({
      refusal: { code: 'contest-too-late', dueAt: minutesAfter(due) },
    })
  })

  test('without saying why', () => {
    expect(contest({ why: undefined })).toMatchObject({ refusal: { code: 'needed', field: 'why' } })
  })

  test('where nobody could rule for a side, or only one who is party to it', () => {
    expect(contest({ judges: [] })).toMatchObject({
      refusal: { code: 'nobody-to-rule', side: 'marketing' },
    })
    expect(contest({ judges: [marketingManager] })).toMatchObject({
      refusal: { code: 'nobody-to-rule', side: 'sales' },
    })
    const actor = { person: mario, role: 'marketing_manager' as const }
    expect(contest({}, returned(), { actor })).toMatchObject({
      refusal: { code: 'nobody-to-rule', side: 'marketing' },
    })
    const byAdmin = { person: admin.person, role: 'admin' as const }
    expect(
      contest({ judges: [salesManager, admin] }, returned(), { actor: byAdmin }),
    ).toMatchObject({ refusal: { code: 'nobody-to-rule', side: 'marketing' } })
  })

  test('where one admin would have to rule for both sides, but not where two may', () => {
    expect(contest({ judges: [admin] })).toMatchObject({ refusal: { code: 'nobody-to-rule' } })
    expect(contest({ judges: [admin, otherAdmin] }).ok).toBe(true)
  })
})

test('a second return that is contested has one clock of each kind', () => {
  const reopened = ruled('overturn', contested(returned(), { agreement }), { agreement })
  const again = returned(reopened, {}, { at: minutesAfter(100), agreement })
  const handoff = handoffOf(contest({}, again, { minutes: 110 }))
  const kinds = handoff.deadlines.map(({ kind }) => kind)
  expect(new Set(kinds).size).toBe(kinds.length)
  expect(deadlineOf(handoff, 'ruling')).toMatchObject({
    state: 'running',
    startedAt: minutesAfter(110),
  })
})
