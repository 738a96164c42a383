import { describe, expect, test } from 'vitest'
import type { Decided } from '../../../src/domain/decide/decision.ts'
import { resumeHandoff } from '../../../src/domain/decide/pause.ts'
import { type ReportDeal, reportDeal } from '../../../src/domain/decide/report-deal.ts'
import { wake } from '../../../src/domain/decide/wake.ts'
import { deadlineOf, type Handoff } from '../../../src/domain/handoff.ts'
import {
  accepted,
  aHandoff,
  anActor,
  anAgreement,
  aPause,
  ben,
  concerned,
  decisionOf,
  handoffOf,
  mario,
  minutesAfter,
  paused,
  returned,
  sara,
  withAttempt,
  withDeal,
  withEveryClock,
} from '../../support/builders.ts'

const agreement = withEveryClock({ pause: aPause() })
const taken = accepted(aHandoff({}, agreement), { agreement })
const report = (
  handoff: Handoff,
  said: Partial<ReportDeal> & { stage: string },
  { actor = anActor(), minutes = 20, under = agreement }: ReportOptions = {},
): Decided =>
  reportDeal(
    handoff,
    { lostReason: undefined, note: undefined, fromProgram: false, ...said },
    actor,
    { agreement: under, now: minutesAfter(minutes) },
  )
interface ReportOptions {
  actor?: Parameters<typeof reportDeal>[2]
  minutes?: number
  under?: typeof agreement
}
const states = ({ deadlines }: Handoff) =>
  Object.fromEntries(deadlines.map(({ kind, state }) => [kind, state]))

describe('a deal that is open', () => {
  const decision = decisionOf(report(taken, { stage: 'exploration', note: 'Visit on Tuesday' }))

  test('makes the lead an opportunity, and asks for no more attempts', () => {
    expect(decision.handoff).toMatchObject({
      status: 'qualified',
      leadStatus: 'Open deal',
      lifecycleStage: 'opportunity',
      deal: { stage: 'exploration', note: 'Visit on Tuesday', at: minutesAfter(20) },
    })
    expect(states(decision.handoff)).toMatchObject({
      accept: 'met',
      'first-attempt': 'cancelled',
      attempts: 'cancelled',
      idle: 'cancelled',
    })
  })

  test('is told in the thread by its stage, and the lead’s changes name the clause', () => {
    expect(decision).toMatchObject({
      events: [
        {
          type: 'DealStageReported',
          by: { id: 'per_anna' },
          data: { stage: 'exploration', means: 'open', from: undefined, note: 'Visit on Tuesday' },
        },
      ],
      notices: [
        {
          where: { thread: true },
          notice: { type: 'deal', by: 'per_anna', stage: 'exploration', means: 'open' },
        },
      ],
      changes: [
        { what: 'stage', from: 'sql', to: 'opportunity', rule: 'deal_stages.exploration' },
        { what: 'status', from: 'Accepted', to: 'Open deal', rule: 'deal_stages.exploration' },
      ],
    })
  })

  test('moves on through its stages, which changes nothing of the lead itself', () => {
    const next = decisionOf(report(decision.handoff, { stage: 'quote' }))
    expect(next.changes).toEqual([])
    expect(next).toMatchObject({
      events: [{ data: { from: 'exploration', stage: 'quote' } }],
      handoff: { status: 'qualified', deal: { stage: 'quote', note: null } },
    })
  })

  test('is one of a connected lead too', () => {
    const connected = withAttempt(taken, { outcome: 'connected' }, agreement)
    expect(handoffOf(report(connected, { stage: 'quote' })).status).toBe('qualified')
  })

  test('records what was late before it, as every decision does', () => {
    const { events } = decisionOf(report(taken, { stage: 'quote' }, { minutes: 40 }))
    expect(events.map(({ type, data }) => [type, data.kind])).toEqual([
      ['DeadlineMissed', 'first-attempt'],
      ['DealStageReported', undefined],
    ])
  })

  test('moves to the stage that the agreement names for it', () => {
    const under = anAgreement({
      deal_stages: [
        { id: 'trial', name: { en: 'Trial', it: 'Prova' }, means: 'open', stage: 'customer' },
      ],
    })
    expect(handoffOf(report(taken, { stage: 'trial' }, { under })).lifecycleStage).toBe('customer')
  })

  test('leaves the stage of a lead that may not move there', () => {
    const under = { ...agreement, lifecycle: { sql: [], opportunity: ['customer' as const] } }
    expect(handoffOf(report(taken, { stage: 'exploration' }, { under }))).toMatchObject({
      status: 'qualified',
      lifecycleStage: 'sql',
    })
  })
})

describe('a deal that is closed', () => {
  const open = withDeal('quote', taken, { agreement })

  test('as won makes the lead a customer, with the name of the stage as its status', () => {
    expect(decisionOf(report(open, { stage: 'closed-won' }, { minutes: 200 }))).toMatchObject({
      handoff: { status: 'closed', leadStatus: 'Closed won', lifecycleStage: 'customer' },
      changes: [
        { what: 'stage', from: 'opportunity', to: 'customer', rule: 'deal_stages.closed-won' },
        { what: 'status', from: 'Open deal', to: 'Closed won', rule: 'deal_stages.closed-won' },
      ],
    })
  })

  test('has its name in the language of the agreement', () => {
    const under = { ...agreement, language: 'it' as const }
    expect(handoffOf(report(open, { stage: 'closed-won' }, { under })).leadStatus).toBe(
      'Chiusa – vinta',
    )
  })

  test('as lost gives the lead back to marketing, with the reason', () => {
    expect(
      decisionOf(report(open, { stage: 'closed-lost', lostReason: 'price', note: 'Too dear' })),
    ).toMatchObject({
      handoff: {
        status: 'closed',
        leadStatus: 'Closed lost',
        lifecycleStage: 'mql',
        deal: { stage: 'closed-lost', lostReason: 'price', note: 'Too dear' },
      },
      notices: [{ notice: { means: 'lost', lostReason: 'price', note: 'Too dear' } }],
    })
  })

  test('before there was an open one calls the clocks of the attempts off', () => {
    const handoff = handoffOf(report(taken, { stage: 'closed-won' }))
    expect(handoff).toMatchObject({ status: 'closed', lifecycleStage: 'customer' })
    expect(deadlineOf(handoff, 'attempts')).toMatchObject({ state: 'cancelled', steps: [] })
  })

  test('keeps no lost reason unless it is lost', () => {
    const won = handoffOf(report(open, { stage: 'closed-won', lostReason: 'price' }))
    expect(won.deal?.lostReason).toBeNull()
  })

  test('by mistake is reported anew, and the lead is what it had been', () => {
    const lost = withDeal('closed-lost', open, { agreement })
    const rule = 'deal_stages.quote'
    expect(decisionOf(report(lost, { stage: 'quote' }))).toMatchObject({
      handoff: { status: 'qualified', leadStatus: 'Open deal', lifecycleStage: 'opportunity' },
      events: [{ data: { from: 'closed-lost', stage: 'quote' } }],
      changes: [
        { what: 'stage', from: 'mql', to: 'sql', rule },
        { what: 'stage', from: 'sql', to: 'opportunity', rule },
        { what: 'status', from: 'Closed lost', to: 'Open deal', rule },
      ],
    })
    expect(handoffOf(report(lost, { stage: 'closed-won' }))).toMatchObject({
      status: 'closed',
      leadStatus: 'Closed won',
      lifecycleStage: 'customer',
    })
    const won = withDeal('closed-won', open, { agreement })
    expect(handoffOf(report(won, { stage: 'exploration' }))).toMatchObject({
      status: 'qualified',
      lifecycleStage: 'opportunity',
    })
    expect(handoffOf(report(won, { stage: 'closed-lost', lostReason: 'price' }))).toMatchObject({
      status: 'closed',
      lifecycleStage: 'mql',
    })
  })

  test('by mistake, and on hold in truth, is an open deal again', () => {
    for (const stage of ['closed-lost', 'closed-won']) {
      const closed = withDeal(stage, open, { agreement })
      expect(handoffOf(report(closed, { stage: 'on-hold' }))).toMatchObject({
        status: 'qualified',
        leadStatus: 'Open deal',
        lifecycleStage: 'opportunity',
      })
    }
  })
})

describe('a deal on hold', () => {
  test('lets the clocks stand still as a pause does, and leaves status and stage', () => {
    const decision = decisionOf(report(taken, { stage: 'on-hold' }))
    expect(decision.handoff).toMatchObject({
      status: 'accepted',
      leadStatus: 'Accepted',
      lifecycleStage: 'sql',
    })
    expect(states(decision.handoff)).toMatchObject({
      'first-attempt': 'paused',
      attempts: 'paused',
      idle: 'paused',
    })
    expect(deadlineOf(decision.handoff, 'attempts')?.pauses).toEqual([
      { from: minutesAfter(20), to: null, reason: 'on-hold' },
    ])
    expect(decision.changes).toEqual([])
  })

  test('goes on when somebody says so, and by itself when a pause may last no longer', () => {
    const held = handoffOf(report(taken, { stage: 'on-hold' }))
    const context = { agreement, now: minutesAfter(60) }
    expect(states(handoffOf(resumeHandoff(held, anActor(), context))).attempts).toBe('running')
    const later = { agreement, now: minutesAfter(7 * 24 * 60 + 20) }
    const woken = wake(held, 'attempts', concerned(), later)
    expect(woken?.events.map(({ type }) => type)).toContain('Resumed')
    expect(states(woken?.handoff ?? held).attempts).toBe('running')
  })

  test('ends with the next stage', () => {
    const held = handoffOf(report(taken, { stage: 'on-hold' }))
    const handoff = handoffOf(report(held, { stage: 'exploration' }, { minutes: 60 }))
    expect(deadlineOf(handoff, 'attempts')).toMatchObject({
      state: 'cancelled',
      pauses: [{ from: minutesAfter(20), to: minutesAfter(60) }],
    })
  })

  test('of an open deal leaves it an opportunity, with no clock to stop', () => {
    const held = handoffOf(report(withDeal('quote', taken, { agreement }), { stage: 'on-hold' }))
    expect(held).toMatchObject({ status: 'qualified', lifecycleStage: 'opportunity' })
  })

  test('stops no clock that is due, nor any where the agreement knows no pause', () => {
    const late = handoffOf(report(taken, { stage: 'on-hold' }, { minutes: 40 }))
    expect(states(late)).toMatchObject({ 'first-attempt': 'running', attempts: 'paused' })
    const under = withEveryClock()
    const held = handoffOf(report(taken, { stage: 'on-hold' }, { under }))
    expect(held.deal?.stage).toBe('on-hold')
    expect(states(held)).toMatchObject({ 'first-attempt': 'running', attempts: 'running' })
  })

  test('adds nothing to a pause that lasts, and none to as many as are agreed', () => {
    const still = paused(taken, { agreement })
    expect(handoffOf(report(still, { stage: 'on-hold' }, { minutes: 40 })).deadlines).toEqual(
      still.deadlines,
    )
    const resumed = handoffOf(resumeHandoff(still, anActor(), { agreement, now: minutesAfter(35) }))
    const under = withEveryClock({ pause: aPause({ times: 1 }) })
    expect(states(handoffOf(report(resumed, { stage: 'on-hold' }, { under }))).attempts).toBe(
      'running',
    )
  })

  test('moves the lead where the agreement says so', () => {
    const under = anAgreement({
      deal_stages: [
        { id: 'on-hold', name: { en: 'On hold', it: 'In attesa' }, stage: 'opportunity' },
      ],
    })
    expect(handoffOf(report(taken, { stage: 'on-hold' }, { under })).lifecycleStage).toBe(
      'opportunity',
    )
  })
})

describe('a report is refused', () => {
  test('before anybody has accepted, and where sales gave the lead back', () => {
    expect(report(aHandoff(), { stage: 'quote' })).toMatchObject({
      refusal: { code: 'not-accepted-yet' },
    })
    expect(report(returned(), { stage: 'quote' })).toMatchObject({
      refusal: { code: 'moved-on', status: 'returned' },
    })
    expect(report({ ...returned(), status: 'unresponsive' }, { stage: 'quote' })).toMatchObject({
      refusal: { code: 'moved-on', status: 'unresponsive' },
    })
  })

  test('of somebody else’s lead, and to whoever does not sell', () => {
    expect(report(taken, { stage: 'quote' }, { actor: anActor({ id: 'per_luca' }) })).toMatchObject(
      { refusal: { code: 'owned-by', owner: { id: 'per_anna' } } },
    )
    for (const actor of [
      anActor(ben, 'marketing'),
      anActor(mario, 'marketing_manager'),
      anActor({}, null),
    ]) {
      expect(report(taken, { stage: 'quote' }, { actor })).toMatchObject({
        refusal: { code: 'role-required', needed: 'sales' },
      })
    }
    const manager = anActor(sara, 'sales_manager')
    expect(report(taken, { stage: 'quote' }, { actor: manager }).ok).toBe(true)
  })

  test('of a stage that the agreement does not know, and of the one that was reported last', () => {
    expect(report(taken, { stage: 'moon' })).toMatchObject({
      refusal: {
        code: 'unknown-deal-stage',
        stage: 'moon',
        known: expect.arrayContaining(['quote']),
      },
    })
    expect(report(withDeal('quote', taken, { agreement }), { stage: 'quote' })).toMatchObject({
      refusal: { code: 'deal-stage-already', stage: 'quote' },
    })
  })

  test('but takes another reason, or a note, for the stage that was reported last', () => {
    const lost = withDeal('closed-lost', taken, { agreement })
    const again = report(lost, { stage: 'closed-lost', lostReason: 'no-decision' })
    expect(handoffOf(again).deal).toMatchObject({ lostReason: 'no-decision', note: null })
    const noted = report(lost, { stage: 'closed-lost', lostReason: 'price', note: 'By a third' })
    expect(handoffOf(noted).deal).toMatchObject({ lostReason: 'price', note: 'By a third' })
  })

  test('of a lost deal without its reason, or with one that nobody agreed on', () => {
    expect(report(taken, { stage: 'closed-lost', note: 'Too dear' })).toMatchObject({
      refusal: { code: 'needed', field: 'lost_reason' },
    })
    expect(report(taken, { stage: 'closed-lost', lostReason: 'weather' })).toMatchObject({
      refusal: { code: 'unknown-lost-reason', reason: 'weather', known: ['price', 'no-decision'] },
    })
  })

  test('of a lost deal without a note, where no reasons are agreed', () => {
    const under = { ...agreement, lost_reasons: [] }
    expect(report(taken, { stage: 'closed-lost' }, { under })).toMatchObject({
      refusal: { code: 'needed', field: 'note' },
    })
    expect(report(taken, { stage: 'closed-lost', note: 'Too dear' }, { under }).ok).toBe(true)
  })
})

describe('a program that reports', () => {
  test('needs no name, and may not know why a deal was lost', () => {
    const said = { stage: 'closed-lost', fromProgram: true }
    expect(decisionOf(report(taken, said, { actor: null }))).toMatchObject({
      events: [{ by: null, data: { lostReason: null } }],
      notices: [{ notice: { by: null, lostReason: null } }],
      handoff: { status: 'closed' },
    })
  })

  test('is refused a reason that nobody agreed on all the same', () => {
    const said = { stage: 'closed-lost', lostReason: 'weather', fromProgram: true }
    expect(report(taken, said, { actor: null })).toMatchObject({
      refusal: { code: 'unknown-lost-reason' },
    })
  })
})
