import { describe, expect, test } from 'vitest'
import { acknowledgeReturn } from '../../../src/domain/decide/acknowledge-return.ts'
import { answeredByNextRound, type HandOff, handOff } from '../../../src/domain/decide/hand-off.ts'
import { deadlineOf, type Handoff, pressingDeadline } from '../../../src/domain/handoff.ts'
import {
  accepted,
  aHandOff,
  aHandoff,
  aLead,
  anActor,
  anAgreement,
  ben,
  contested,
  decisionOf,
  fixedNow,
  handoffOf,
  minutesAfter,
  returned,
  ruled,
  withAttempt,
  withDeal,
  withEveryClock,
} from '../../support/builders.ts'

const command = (said: Partial<HandOff> = {}): HandOff =>
  aHandOff({ priority: 'standard', agreementVersion: 3, ...said })
const context = { agreement: anAgreement(), now: fixedNow }
const marketing = anActor(ben, 'marketing')

describe('handing a lead over', () => {
  test('offers it in the channel of its lead type, as an SQL under the version in force', () => {
    const handoff = handoffOf(handOff(command({ leadType: 'service' }), marketing, context))
    expect(handoff).toMatchObject({
      status: 'offered',
      leadStatus: 'New',
      lifecycleStage: 'sql',
      channel: 'service-handoffs',
      agreementVersion: 3,
      handedOffBy: { id: 'per_ben' },
      version: 1,
    })
  })

  test('takes the first lead type where none is named', () => {
    expect(handoffOf(handOff(command(), marketing, context)).leadType).toBe('new-equipment')
  })

  test('starts the accept clock in working time, and the hard one on the wall', () => {
    const handoff = handoffOf(handOff(command(), marketing, context))
    expect(deadlineOf(handoff, 'accept')?.dueAt).toEqual(minutesAfter(5 * 60))
    expect(deadlineOf(handoff, 'accept-hard')?.dueAt).toEqual(minutesAfter(24 * 60))
    expect(pressingDeadline(handoff)?.kind).toBe('accept')
  })

  test('on a Friday evening the hard limit presses first', () => {
    const friday = new Date('2026-11-27T17:30:00Z')
    const handoff = handoffOf(
      handOff(command(), marketing, { agreement: anAgreement(), now: friday }),
    )
    expect(pressingDeadline(handoff)).toMatchObject({
      kind: 'accept-hard',
      dueAt: new Date('2026-11-28T17:30:00Z'),
    })
    expect(deadlineOf(handoff, 'accept')?.dueAt).toEqual(new Date('2026-11-30T12:00:00Z'))
  })

  test('refuses a lead type that the agreement does not know, and names those it knows', () => {
    expect(handOff(command({ leadType: 'spaceships' }), marketing, context)).toMatchObject({
      refusal: { code: 'unknown-lead-type', known: ['new-equipment', 'service'] },
    })
  })

  test('refuses a person without a role', () => {
    expect(handOff(command(), anActor({}, null), context)).toMatchObject({
      refusal: { code: 'role-required', needed: 'hand-over' },
    })
  })

  test('without a person stands for marketing, as an API key does', () => {
    expect(handoffOf(handOff(command(), null, context)).handedOffBy).toBeNull()
  })

  test('records which of the promised fields were missing at that moment', () => {
    const promising = anAgreement({
      promises: {
        marketing: [
          { measure: 'handoff_data', fields: ['phone', 'title', 'company.name'], share: '90%' },
          { measure: 'handoff_data', fields: ['phone', 'attributes.budget'], share: '50%' },
        ],
      },
    })
    const missingOf = (lead = aLead()) => {
      const result = handOff(command({ lead }), marketing, { agreement: promising, now: fixedNow })
      return result.ok ? result.decision.events[0]?.data.missing : undefined
    }
    expect(missingOf()).toEqual(['attributes.budget'])
    expect(missingOf(aLead({ phone: null, company: {}, attributes: { budget: 0 } }))).toEqual([
      'phone',
      'company.name',
    ])
    const result = handOff(command(), marketing, context)
    expect(result.ok && result.decision.events[0]?.data).not.toHaveProperty('missing')
  })
})

describe('another round', () => {
  const open = returned(aHandoff(), { readyOn: '2027-03-01', note: 'Budget next year' })
  const known = { stage: 'mql', status: 'Returned – not ready' } as const
  const again = (before: Handoff, said: Partial<HandOff> = {}) =>
    handOff(
      command({ id: 'hof_2', before, known, whatChanged: 'The budget is there', ...said }),
      marketing,
      { agreement: anAgreement(), now: minutesAfter(60) },
    )

  test('counts on, and keeps how the one before ended and what changed', () => {
    const decision = decisionOf(again(open))
    expect(decision.handoff).toMatchObject({
      round: 2,
      whatChanged: 'The budget is there',
      cameFrom: 'mql',
      returned: null,
      previous: {
        handoffId: 'hof_1',
        leadStatus: 'Returned – not ready',
        at: minutesAfter(30),
        reason: 'not-ready',
        readyOn: '2027-03-01',
        note: 'Budget next year',
      },
    })
    expect(decision.events).toMatchObject([
      {
        type: 'HandedOff',
        data: { round: 2, previous: 'hof_1', whatChanged: 'The budget is there' },
      },
    ])
  })

  test('is one more than the last, however many there were', () => {
    expect(handoffOf(again({ ...open, round: 4 })).round).toBe(5)
  })

  test('of a lead that was returned has to say what changed', () => {
    const silent = { whatChanged: undefined }
    for (const before of [open, { ...open, status: 'unresponsive' as const }]) {
      expect(again(before, silent)).toMatchObject({
        refusal: { code: 'needed', field: 'what_changed' },
      })
    }
  })

  test('after a deal that is closed needs not say it, since nothing was returned', () => {
    const closed = withDeal('closed-lost')
    expect(decisionOf(again(closed, { whatChanged: undefined }))).toMatchObject({
      handoff: { round: 2, whatChanged: null, previous: null },
      events: [{ data: { round: 2, previous: 'hof_1' } }],
    })
  })

  test('is refused as long as sales has the lead', () => {
    const connected = withAttempt(accepted(), { outcome: 'connected' })
    for (const before of [aHandoff(), accepted(), connected, withDeal('quote')]) {
      expect(again(before)).toMatchObject({
        refusal: { code: 'already-open', handoffId: 'hof_1', status: before.status },
      })
    }
  })

  test('is one handoff with clocks of its own', () => {
    const handoff = handoffOf(again(open))
    expect(handoff.deadlines.map(({ kind, state }) => [kind, state])).toEqual([
      ['accept', 'running'],
      ['accept-hard', 'running'],
    ])
  })
})

describe('what becomes of the lead itself', () => {
  const changesOf = (known: HandOff['known']) =>
    decisionOf(handOff(command({ known }), marketing, context)).changes

  test('is that it is an SQL with the status of a new one, whatever it was', () => {
    expect(changesOf({ stage: null, status: null })).toEqual([
      { what: 'stage', from: null, to: 'sql', rule: 'handoff' },
      { what: 'status', from: null, to: 'New', rule: 'handoff' },
    ])
    expect(changesOf({ stage: 'customer', status: 'Closed won' })).toEqual([
      { what: 'stage', from: 'customer', to: 'sql', rule: 'handoff' },
      { what: 'status', from: 'Closed won', to: 'New', rule: 'handoff' },
    ])
  })

  test('is only what is different', () => {
    expect(changesOf({ stage: 'sql', status: 'New' })).toEqual([])
    expect(changesOf({ stage: 'sql', status: 'Accepted' })).toMatchObject([{ what: 'status' }])
  })

  test('is nothing where the agreement does not let it become an SQL', () => {
    const never = { ...anAgreement(), lifecycle: { customer: ['opportunity' as const] } }
    const known = { stage: 'customer', status: null } as const
    expect(
      handOff(command({ known }), marketing, { agreement: never, now: fixedNow }),
    ).toMatchObject({ refusal: { code: 'stage-not-allowed', from: 'customer', to: 'sql' } })
  })
})

describe('what another round does to the one before', () => {
  const agreement = withEveryClock()
  const waiting = returned(aHandoff({}, agreement), { readyOn: '2027-03-01' }, { agreement })
  const answered = (before: Handoff, minutes = 90, actor: typeof marketing | null = marketing) => {
    const next = { ...aHandoff(), id: 'hof_2', whatChanged: 'The budget is there' }
    return answeredByNextRound(before, next, actor, minutesAfter(minutes))
  }

  test('is to answer the return, in its events and in its thread', () => {
    expect(answered(waiting)).toMatchObject({
      events: [
        {
          type: 'ReturnAnswered',
          by: ben,
          data: {
            answer: 'handed-over-again',
            handoff: 'hof_2',
            whatChanged: 'The budget is there',
          },
        },
      ],
      notices: [{ where: { thread: true }, notice: { type: 'handed-over-again', by: 'per_ben' } }],
      changes: [],
      handoff: { status: 'returned', returned: { answer: 'handed-over-again' } },
    })
    expect(answered(waiting, 90, null)).toMatchObject({
      events: [{ by: null }],
      notices: [{ notice: { by: null } }],
    })
  })

  test('meets marketing’s clock, and calls the day off that was waited for', () => {
    const handoff = answered(waiting)?.handoff ?? waiting
    expect(deadlineOf(handoff, 'return-answer')).toMatchObject({
      state: 'met',
      metAt: minutesAfter(90),
    })
    expect(deadlineOf(handoff, 'ready')).toMatchObject({ state: 'cancelled', steps: [] })
  })

  test('late is an answer that is late', () => {
    const decision = answered(waiting, 3 * 24 * 60)
    expect(decision?.events.map(({ type }) => type)).toEqual(['DeadlineMissed', 'ReturnAnswered'])
    expect(deadlineOf(decision?.handoff ?? waiting, 'return-answer')?.state).toBe('missed')
  })

  test('withdraws a contest that is not ruled on', () => {
    const handoff = answered(contested(waiting, { agreement }))?.handoff
    expect(handoff?.returned).toMatchObject({
      answer: 'handed-over-again',
      contest: { ruling: null },
    })
    expect(handoff && deadlineOf(handoff, 'ruling')).toMatchObject({
      state: 'cancelled',
      stoppedAt: minutesAfter(90),
    })
  })

  test('leaves an answer that was given, and a ruling, as the facts that they are', () => {
    const acknowledged = acknowledgeReturn(waiting, marketing, {
      agreement,
      now: minutesAfter(45),
    })
    const handoff = answered(handoffOf(acknowledged))?.handoff
    expect(handoff?.returned?.answer).toBe('handed-over-again')
    expect(handoff && deadlineOf(handoff, 'return-answer')?.metAt).toEqual(minutesAfter(45))
    const upheld = ruled('uphold', contested(waiting, { agreement }), { agreement })
    expect(answered(upheld, 100)?.handoff.returned?.contest?.ruling).toBe('uphold')
  })

  test('is nothing where it is not back, or was answered so before', () => {
    const once = answered(waiting)?.handoff ?? waiting
    for (const before of [once, aHandoff(), withDeal('closed-won')]) {
      expect(answered(before)).toBeNull()
    }
  })
})
