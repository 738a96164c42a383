import { describe, expect, test } from 'vitest'
import { type Return, returnLead } from '../../../src/domain/decide/return.ts'
import { deadlineOf } from '../../../src/domain/handoff.ts'
import {
  accepted,
  aHandoff,
  aLead,
  anActor,
  anAgreement,
  aReturn,
  contested,
  decisionOf,
  handoffOf,
  mario,
  minutesAfter,
  returned,
  ruled,
  sara,
  withAttempt,
} from '../../support/builders.ts'

const giveBack = (said: Partial<Return>, handoff = aHandoff(), actor = anActor()) =>
  returnLead(handoff, aReturn(said), actor, {
    agreement: anAgreement(),
    now: minutesAfter(30),
  })

describe('returning', () => {
  test.each([
    [{ reason: 'not-ready', readyOn: '2027-03-01' }, 'Returned – not ready', 'mql'],
    [{ reason: 'not-ready', readyWhen: 'budget is approved' }, 'Returned – not ready', 'mql'],
    [{ reason: 'not-a-fit', criterion: 'size' }, 'Returned – not a fit', 'lead'],
    [{ reason: 'wrong-data', note: 'The number is dead' }, 'Returned – wrong data', 'mql'],
    [{ reason: 'duplicate', note: 'Same as Verdi SpA' }, 'Returned – duplicate', 'lead'],
  ])('with %o sets the status %s and the stage %s', (said, leadStatus, lifecycleStage) => {
    expect(giveBack(said)).toMatchObject({
      ok: true,
      decision: { handoff: { status: 'returned', leadStatus, lifecycleStage } },
    })
  })

  test('in time answers the handoff: the accept clocks are met', () => {
    const handoff = returned()
    expect(deadlineOf(handoff, 'accept')?.state).toBe('met')
    expect(deadlineOf(handoff, 'accept-hard')?.state).toBe('met')
  })

  test('after acceptance calls the clocks of the attempts off', () => {
    const handoff = returned(accepted(), {}, { at: minutesAfter(20) })
    expect(deadlineOf(handoff, 'first-attempt')).toMatchObject({ state: 'cancelled', steps: [] })
    expect(deadlineOf(handoff, 'attempts')).toMatchObject({ state: 'cancelled', steps: [] })
    expect(deadlineOf(handoff, 'accept')).toEqual(deadlineOf(accepted(), 'accept'))
  })

  test('tells the one who handed over, in the thread, with everything that was said', () => {
    expect(giveBack({ readyOn: '2027-03-01', note: 'Budget next year' })).toMatchObject({
      decision: {
        notices: [
          {
            where: { thread: true },
            notice: {
              type: 'returned',
              by: 'per_anna',
              to: 'per_ben',
              status: 'Returned – not ready',
              readyOn: '2027-03-01',
              note: 'Budget next year',
            },
          },
        ],
      },
    })
  })

  test.each([
    [{ reason: 'not-ready' }, { code: 'needed', field: 'ready_on' }],
    [{ reason: 'not-a-fit' }, { code: 'needed', field: 'criterion' }],
    [{ reason: 'wrong-data' }, { code: 'needed', field: 'note' }],
    [{ reason: 'not-a-fit', criterion: 'moon' }, { code: 'unknown-criterion' }],
    [{ reason: 'boring' }, { code: 'unknown-reason' }],
    [{ readyOn: '2026-11-22' }, { code: 'date-in-past', field: 'ready_on' }],
  ])('refuses %o', (said, refusal) => {
    expect(giveBack(said)).toMatchObject({ ok: false, refusal })
  })

  test('today is not in the past', () => {
    expect(giveBack({ readyOn: '2026-11-23' }).ok).toBe(true)
  })

  test('of somebody else’s lead is refused, but not to a manager', () => {
    const said = { readyWhen: 'later' }
    const luca = anActor({ id: 'per_luca' })
    expect(giveBack(said, accepted(), luca)).toMatchObject({
      refusal: { code: 'owned-by', owner: { id: 'per_anna' } },
    })
    expect(giveBack(said, accepted(), anActor(sara, 'sales_manager')).ok).toBe(true)
  })

  test('is possible once', () => {
    expect(giveBack({ readyWhen: 'later' }, returned())).toMatchObject({
      refusal: { code: 'moved-on', status: 'returned' },
    })
  })

  test('changes status and stage of the lead by the clause of its reason', () => {
    const rule = 'return_reasons.not-a-fit'
    expect(giveBack({ reason: 'not-a-fit', criterion: 'size' })).toMatchObject({
      decision: {
        changes: [
          { what: 'stage', from: 'sql', to: 'lead', rule },
          { what: 'status', from: 'New', to: 'Returned – not a fit', rule },
        ],
      },
    })
  })

  test('of a customer leaves them a customer', () => {
    const customer = aHandoff({ cameFrom: 'customer' })
    expect(returned(customer)).toMatchObject({ lifecycleStage: 'customer' })
  })

  test('to a stage that the lead may not move to leaves its stage', () => {
    const still = { ...anAgreement(), lifecycle: {} }
    const handoff = returned(aHandoff(), {}, { agreement: still })
    expect(handoff).toMatchObject({ leadStatus: 'Returned – not ready', lifecycleStage: 'sql' })
  })

  test('is told marketing’s lead where nobody is named as the one who handed over', () => {
    const unnamed = aHandoff({ handedOffBy: null })
    const toldOf = (marketingLead: Return['marketingLead']) => {
      const decided = giveBack({ readyWhen: 'later', marketingLead }, unnamed)
      return decisionOf(decided).notices.map(({ notice }) => 'to' in notice && notice.to)
    }
    expect(toldOf(mario)).toEqual(['per_mario'])
    expect(toldOf(null)).toEqual([null])
  })

  test('with a date starts the clock of that day, else none', () => {
    expect(deadlineOf(returned(), 'ready')).toBeUndefined()
    const waiting = returned(aHandoff(), { readyOn: '2027-03-01' })
    expect(deadlineOf(waiting, 'ready')).toMatchObject({
      state: 'running',
      steps: [{ do: 'ready', at: new Date('2027-03-01T08:00:00.000Z') }],
    })
  })

  test('is possible after attempts, and keeps them', () => {
    expect(returned(withAttempt()).attempts).toHaveLength(1)
  })
})

describe('a return has to bring what its reason needs', () => {
  const reasons = anAgreement({
    return_reasons: [
      { id: 'wrong-data', status: 'Returned – wrong data', stage: 'mql', needs: ['field'] },
      { id: 'duplicate', status: 'Returned – duplicate', stage: 'lead', needs: ['other_lead'] },
      { id: 'unresponsive', status: 'Unresponsive', stage: 'mql', needs: ['attempts'] },
    ],
  })
  const say = (said: Partial<Return>, handoff = aHandoff(), agreement = reasons) =>
    returnLead(handoff, aReturn(said), anActor(), { agreement, now: minutesAfter(30) })
  const other = aLead({ id: 'lead_other', email: 'info@officineverdi.example' })

  test('the field that is wrong', () => {
    const reason = 'wrong-data'
    expect(say({ reason })).toMatchObject({ refusal: { code: 'needed', field: 'field', reason } })
    expect(decisionOf(say({ reason, field: 'phone' }))).toMatchObject({
      events: [{ type: 'Returned', data: { field: 'phone' } }],
      notices: [{ notice: { field: 'phone' } }],
      handoff: { returned: { field: 'phone', duplicateOf: null } },
    })
  })

  test('a note for a field that no list has, or in its place', () => {
    const reason = 'wrong-data'
    expect(say({ reason, field: 'other' })).toMatchObject({
      refusal: { code: 'needed', field: 'note', reason },
    })
    expect(say({ reason, field: 'other', note: 'The date of birth' }).ok).toBe(true)
    expect(say({ reason, note: 'The number is dead' }).ok).toBe(true)
  })

  test('the other lead, which is one that is known and not this one', () => {
    const reason = 'duplicate'
    expect(say({ reason })).toMatchObject({ refusal: { code: 'needed', field: 'duplicate_of' } })
    const { email } = other
    expect(say({ reason, duplicateOf: { email, lead: undefined } })).toMatchObject({
      refusal: { code: 'unknown-lead', email },
    })
    const itself = { email: aLead().email, lead: aLead() }
    expect(say({ reason, duplicateOf: itself })).toMatchObject({ refusal: { code: 'same-lead' } })
    expect(handoffOf(say({ reason, duplicateOf: { email, lead: other } })).returned).toMatchObject({
      duplicateOf: email,
    })
  })

  test('a note in place of another lead that nobody knows', () => {
    expect(say({ reason: 'duplicate', note: 'Same as Verdi SpA in the old system' }).ok).toBe(true)
  })

  test('a sequence of attempts that is complete, and is then unresponsive', () => {
    const reason = 'unresponsive'
    expect(say({ reason })).toMatchObject({
      refusal: { code: 'attempts-first', counted: 0, of: 6 },
    })
    const short = { ...reasons, clocks: { ...reasons.clocks } }
    short.clocks.attempts = { ...short.clocks.attempts, count: 1, channels: 1 }
    const tried = withAttempt(accepted(aHandoff(), { agreement: short }), {}, short)
    expect(decisionOf(say({ reason }, tried, short))).toMatchObject({
      handoff: { status: 'unresponsive', leadStatus: 'Unresponsive', lifecycleStage: 'mql' },
    })
  })

  test('nothing that another reason needs', () => {
    const handoff = handoffOf(say({ reason: 'wrong-data', field: 'email' }))
    expect(handoff.status).toBe('returned')
    expect(deadlineOf(handoff, 'ready')).toBeUndefined()
  })
})

test('a return after one that was overturned has its own facts, and one clock of each kind', () => {
  const first = returned(aHandoff(), { readyOn: '2027-03-01' })
  const reopened = ruled('overturn', contested(first))
  const again = returned(
    reopened,
    { reason: 'wrong-data', note: 'Dead' },
    { at: minutesAfter(120) },
  )
  expect(again.returned).toMatchObject({
    reason: 'wrong-data',
    readyOn: null,
    answer: null,
    contest: null,
    readySince: null,
  })
  const kinds = again.deadlines.map(({ kind }) => kind)
  expect(new Set(kinds).size).toBe(kinds.length)
  expect(deadlineOf(again, 'return-answer')).toMatchObject({
    state: 'running',
    startedAt: minutesAfter(120),
  })
})
