import { describe, expect, test } from 'vitest'
import type { Agreement } from '../../../src/domain/agreement.ts'
import { accept } from '../../../src/domain/decide/accept.ts'
import { correctAttempt } from '../../../src/domain/decide/correct-attempt.ts'
import type { Actor, Decided } from '../../../src/domain/decide/decision.ts'
import {
  giveBack,
  isOverdue,
  type NextOwner,
  reassign,
} from '../../../src/domain/decide/reassign.ts'
import { wake } from '../../../src/domain/decide/wake.ts'
import {
  type DeadlineKind,
  deadlineOf,
  type Handoff,
  isPending,
} from '../../../src/domain/handoff.ts'
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

const agreement = withEveryClock()
const under = (reassignment: Partial<Agreement['reassignment']>, terms = agreement): Agreement => ({
  ...terms,
  reassignment: { ...terms.reassignment, ...reassignment },
})
const anew = under({ clock: 'restart' })

const anna = anActor()
const luca = anActor({ id: 'per_luca', email: 'luca@acme.example', name: 'Luca Bianchi' })
const manager = anActor(sara, 'sales_manager')
const standard = aHandoff({ priority: 'standard' }, agreement)
/** Accepted by Anna at 12; its first attempt is due at 132, half of that is at 72. */
const taken = accepted(standard, { agreement })

interface Asked {
  by?: Actor
  at?: number
  terms?: Agreement
  duty?: NextOwner['duty']
}
const pass = (
  handoff: Handoff,
  to: Actor,
  { by = anna, at = 30, terms = agreement, duty = { free: true } }: Asked = {},
): Decided => reassign(handoff, { ...to, duty }, by, { agreement: terms, now: minutesAfter(at) })
const takeOver = (handoff: Handoff, by: Actor, asked: Asked = {}): Decided =>
  pass(handoff, by, { ...asked, by })
const back = (handoff: Handoff, by = anna, at = 30, terms = agreement): Decided =>
  giveBack(handoff, by, { agreement: terms, now: minutesAfter(at) })
const runningOf = ({ deadlines }: Handoff): DeadlineKind[] =>
  deadlines.filter(isPending).map(({ kind }) => kind)
const kindsOf = ({ deadlines }: Handoff): DeadlineKind[] => deadlines.map(({ kind }) => kind)

describe('passing a lead on', () => {
  test('gives it another owner, and leaves everything else as it is', () => {
    const decision = decisionOf(pass(taken, luca))
    expect(decision.handoff).toEqual({
      ...taken,
      owner: luca.person,
      version: taken.version + 1,
    })
    expect(decision).toMatchObject({
      events: [
        {
          type: 'Reassigned',
          by: anna.person,
          data: { from: 'per_anna', to: 'per_luca', how: 'passed-on' },
        },
      ],
      notices: [
        {
          where: { thread: true },
          notice: {
            type: 'reassigned',
            by: 'per_anna',
            from: 'per_anna',
            to: 'per_luca',
            deadline: null,
          },
        },
      ],
      changes: [],
      redraw: true,
    })
  })

  test('is for the owner and for a manager', () => {
    expect(pass(taken, luca, { by: manager }).ok).toBe(true)
    expect(pass(taken, luca, { by: anActor({ id: 'per_dora' }) })).toMatchObject({
      refusal: { code: 'owned-by', owner: { id: 'per_anna' } },
    })
    for (const by of [anActor(ben, 'marketing'), anActor(mario, 'marketing_manager')]) {
      expect(pass(taken, luca, { by })).toMatchObject({
        refusal: { code: 'role-required', needed: 'sales' },
      })
    }
  })

  test('of an offered lead that is nobody’s is a manager’s, and leaves it to be accepted', () => {
    expect(pass(standard, luca)).toMatchObject({
      refusal: { code: 'role-required', needed: 'manager' },
    })
    expect(handoffOf(pass(standard, luca, { by: manager }))).toMatchObject({
      status: 'offered',
      owner: luca.person,
      acceptedAt: null,
    })
  })

  test('is possible with an open deal, and not where sales has nothing to do any more', () => {
    expect(pass(withDeal('quote', taken, { agreement }), luca).ok).toBe(true)
    for (const handoff of [returned(taken, {}, { agreement }), withDeal('closed-won', taken)]) {
      expect(pass(handoff, luca)).toMatchObject({ refusal: { code: 'moved-on' } })
      expect(takeOver(handoff, manager)).toMatchObject({ refusal: { code: 'moved-on' } })
      expect(back(handoff)).toMatchObject({ refusal: { code: 'moved-on' } })
    }
  })

  test('is refused to whoever has it, or does not sell', () => {
    expect(pass(taken, anna, { by: manager })).toMatchObject({
      refusal: { code: 'theirs-already', person: { id: 'per_anna' } },
    })
    for (const to of [anActor(ben, 'marketing'), anActor({ id: 'per_guest' }, null)]) {
      expect(pass(taken, to)).toMatchObject({
        refusal: { code: 'cannot-sell', person: { id: to.person.id } },
      })
    }
  })

  test('is refused to whoever is off, or has as many leads as agreed, also to a manager', () => {
    const off = { free: false, why: 'off', until: '2026-11-27' } as const
    const full = { free: false, why: 'full', cap: 20 } as const
    for (const by of [anna, manager]) {
      expect(pass(taken, luca, { by, duty: off })).toMatchObject({
        refusal: { code: 'off-duty', person: { id: 'per_luca' }, until: '2026-11-27' },
      })
      expect(pass(taken, luca, { by, duty: full })).toMatchObject({
        refusal: { code: 'full', person: { id: 'per_luca' }, cap: 20 },
      })
    }
  })
})

describe('taking a lead over', () => {
  const overdue = 133

  test('is possible when it is overdue, as most agreements say, and told as such', () => {
    expect(takeOver(taken, luca)).toMatchObject({
      refusal: { code: 'owned-by', owner: { id: 'per_anna' } },
    })
    expect(decisionOf(takeOver(taken, luca, { at: overdue }))).toMatchObject({
      events: [{ type: 'Reassigned', data: { how: 'taken-over', to: 'per_luca' } }],
      notices: [{ notice: { by: 'per_luca', from: 'per_anna', to: 'per_luca' } }],
      handoff: { owner: luca.person },
    })
  })

  test('is possible never or always, where the agreement says so', () => {
    const never = under({ take_over: 'never' })
    expect(takeOver(taken, luca, { at: overdue, terms: never })).toMatchObject({
      refusal: { code: 'owned-by' },
    })
    const always = under({ take_over: 'always' })
    expect(takeOver(taken, luca, { terms: always }).ok).toBe(true)
  })

  test('is a manager’s at any time, whatever the agreement says', () => {
    expect(takeOver(taken, manager, { terms: under({ take_over: 'never' }) }).ok).toBe(true)
  })

  test('is refused to whoever does not sell, has it, or would take what nobody has', () => {
    expect(takeOver(taken, anActor(mario, 'marketing_manager'))).toMatchObject({
      refusal: { code: 'role-required', needed: 'sales' },
    })
    expect(takeOver(taken, anna)).toMatchObject({ refusal: { code: 'yours-already' } })
    for (const by of [anna, manager]) {
      expect(takeOver(standard, by)).toMatchObject({ refusal: { code: 'nobody-has-it' } })
    }
  })

  test('on a day off is possible, but a cap counts', () => {
    const off = { free: false, why: 'off', until: '2026-11-27' } as const
    expect(takeOver(taken, manager, { duty: off }).ok).toBe(true)
    const full = { free: false, why: 'full', cap: 1 } as const
    expect(takeOver(taken, manager, { duty: full })).toMatchObject({ refusal: { code: 'full' } })
  })
})

describe('a lead is overdue', () => {
  const due = minutesAfter(132)

  test('when a clock of sales has run out, before any timer says so and after', () => {
    expect(isOverdue(taken, due)).toBe(false)
    expect(isOverdue(taken, minutesAfter(1, due))).toBe(true)
    const late = wake(taken, 'first-attempt', concerned(), { agreement, now: due })?.handoff
    expect(isOverdue(late ?? taken, minutesAfter(1, due))).toBe(true)
  })

  test('no more when it was done late, and not by what is marketing’s', () => {
    const late = withAttempt(taken, { at: minutesAfter(140) }, agreement)
    expect(isOverdue(late, minutesAfter(150))).toBe(false)
    const waiting = returned(taken, { readyOn: '2026-11-24' }, { agreement })
    expect(isOverdue(waiting, minutesAfter(30 * 24 * 60))).toBe(false)
  })

  test('not while its clocks stand still', () => {
    const terms = withEveryClock({ pause: aPause() })
    const still = paused(accepted(aHandoff({}, terms), { agreement: terms }), {
      agreement: terms,
      at: minutesAfter(20),
    })
    expect(isOverdue(still, minutesAfter(60))).toBe(false)
  })
})

describe('the clocks of a lead that has another owner', () => {
  test('go on, where they are kept', () => {
    expect(handoffOf(pass(taken, luca)).deadlines).toBe(taken.deadlines)
    expect(handoffOf(pass(taken, luca)).restartedAt).toBeNull()
  })

  test('begin anew where that is agreed, those of sales that are still to be met', () => {
    const handoff = handoffOf(pass(taken, luca, { terms: anew }))
    expect(handoff.restartedAt).toEqual(minutesAfter(30))
    for (const kind of ['first-attempt', 'attempts', 'idle'] as const) {
      expect(deadlineOf(handoff, kind)).toMatchObject({
        state: 'running',
        startedAt: minutesAfter(30),
      })
    }
    expect(deadlineOf(handoff, 'accept')).toEqual(deadlineOf(taken, 'accept'))
    expect(kindsOf(handoff)).toEqual(kindsOf(taken))
  })

  test('of an offered one are those of the acceptance', () => {
    const offered = handoffOf(pass(standard, luca, { by: manager, terms: anew }))
    expect(deadlineOf(offered, 'accept')?.startedAt).toEqual(minutesAfter(30))
    expect(deadlineOf(offered, 'accept-hard')?.startedAt).toEqual(minutesAfter(30))
    const kept = handoffOf(pass(standard, luca, { by: manager }))
    expect(kept.deadlines).toBe(standard.deadlines)
  })

  test('leave a breach that no timer had recorded as an event, when they begin anew', () => {
    const { events, handoff } = decisionOf(takeOver(taken, manager, { at: 140, terms: anew }))
    expect(events).toMatchObject([
      {
        type: 'DeadlineMissed',
        by: null,
        data: { kind: 'first-attempt', dueAt: minutesAfter(132).toISOString() },
      },
      { type: 'Reassigned' },
    ])
    expect(deadlineOf(handoff, 'first-attempt')).toMatchObject({
      state: 'running',
      breachedAt: null,
    })
  })

  test('do not record a breach a second time, when they begin anew', () => {
    const late = wake(taken, 'first-attempt', concerned(), {
      agreement: anew,
      now: minutesAfter(132),
    })
    const { events } = decisionOf(takeOver(late?.handoff ?? taken, luca, { at: 140, terms: anew }))
    expect(events.map(({ type }) => type)).toEqual(['Reassigned'])
  })

  test('stand still where they did', () => {
    const terms = under({ clock: 'restart' }, withEveryClock({ pause: aPause() }))
    const still = paused(
      accepted(aHandoff({ priority: 'standard' }, terms), { agreement: terms }),
      {
        agreement: terms,
      },
    )
    const handoff = handoffOf(pass(still, luca, { at: 40, terms }))
    expect(deadlineOf(handoff, 'first-attempt')?.state).toBe('paused')
  })

  test('are met by the attempts of the new owner, and idleness counts from then', () => {
    const handoff = handoffOf(pass(taken, luca, { terms: anew }))
    const tried = withAttempt({ ...handoff, owner: anna.person }, { at: minutesAfter(50) }, anew)
    expect(deadlineOf(tried, 'first-attempt')).toMatchObject({ metAt: minutesAfter(50) })
    expect(deadlineOf(tried, 'idle')?.startedAt).toEqual(minutesAfter(50))
  })

  test('count idleness from the new owner on, whatever was tried before', () => {
    const tried = withAttempt(taken, { at: minutesAfter(20) }, agreement)
    const handoff = handoffOf(pass(tried, luca, { terms: anew }))
    const bounced = { channel: 'email', outcome: 'bounced', at: minutesAfter(40) } as const
    const after = withAttempt({ ...handoff, owner: anna.person }, bounced, anew)
    expect(deadlineOf(after, 'idle')?.startedAt).toEqual(minutesAfter(30))
    expect(deadlineOf(after, 'first-attempt')?.metAt).toEqual(minutesAfter(20))
  })
})

describe('giving a lead back to the others', () => {
  test('offers it to everyone again, on clocks of acceptance that begin anew', () => {
    const decision = decisionOf(back(taken))
    expect(decision.handoff).toMatchObject({
      status: 'offered',
      leadStatus: 'New',
      lifecycleStage: 'sql',
      owner: null,
      acceptedAt: null,
      restartedAt: minutesAfter(30),
    })
    expect(runningOf(decision.handoff)).toEqual(['accept', 'accept-hard'])
    expect(decision).toMatchObject({
      events: [{ type: 'Reassigned', data: { from: 'per_anna', to: null, how: 'given-back' } }],
      notices: [{ notice: { type: 'reassigned', by: 'per_anna', from: 'per_anna', to: null } }],
      changes: [{ what: 'status', from: 'Accepted', to: 'New', rule: 'lead_statuses.new' }],
    })
  })

  test('records what was late', () => {
    const { events, handoff } = decisionOf(back(taken, anna, 140))
    expect(events.map(({ type }) => type)).toEqual(['DeadlineMissed', 'Reassigned'])
    expect(deadlineOf(handoff, 'first-attempt')).toMatchObject({
      state: 'missed',
      stoppedAt: minutesAfter(140),
    })
  })

  test('is possible before it is accepted, and records a late acceptance', () => {
    const offered = aHandoff({ owner: anna.person }, agreement)
    const decision = decisionOf(back(offered))
    expect(decision.handoff).toMatchObject({ status: 'offered', owner: null })
    expect(decision.changes).toEqual([])
    expect(decisionOf(back(offered, anna, 330)).events).toMatchObject([
      { type: 'DeadlineMissed', data: { kind: 'accept' } },
      { type: 'Reassigned' },
    ])
  })

  test('is for the owner and for a manager', () => {
    expect(back(taken, manager).ok).toBe(true)
    expect(back(taken, luca)).toMatchObject({ refusal: { code: 'owned-by' } })
    expect(back(taken, anActor(ben, 'marketing'))).toMatchObject({
      refusal: { code: 'role-required', needed: 'sales' },
    })
  })

  test('is refused where nobody has it, and where it has a deal', () => {
    expect(back(standard)).toMatchObject({ refusal: { code: 'nobody-has-it' } })
    expect(back(withDeal('quote', taken, { agreement }))).toMatchObject({
      refusal: { code: 'moved-on', status: 'qualified' },
    })
  })
})

describe('a lead that was given back and accepted by another', () => {
  const next = (handoff: Handoff, at = 60): Handoff =>
    handoffOf(accept(handoffOf(back(handoff)), luca, { agreement, now: minutesAfter(at) }))

  test('has one clock of each kind, from its acceptance on', () => {
    const handoff = next(taken)
    expect(new Set(kindsOf(handoff)).size).toBe(kindsOf(handoff).length)
    expect(runningOf(handoff)).toEqual(['first-attempt', 'attempts', 'idle'])
    for (const kind of ['first-attempt', 'attempts', 'idle'] as const) {
      expect(deadlineOf(handoff, kind)?.startedAt).toEqual(minutesAfter(60))
    }
    expect(handoff).toMatchObject({ status: 'accepted', leadStatus: 'Accepted' })
  })

  test('goes on with the sequence that was begun', () => {
    const handoff = next(withAttempt(taken, {}, agreement))
    expect(handoff).toMatchObject({ status: 'accepted', leadStatus: 'Attempting' })
    expect(runningOf(handoff)).toEqual(['attempts', 'idle'])
    const bounced = { channel: 'email', outcome: 'bounced', at: minutesAfter(70) } as const
    const after = withAttempt({ ...handoff, owner: anna.person }, bounced, agreement)
    expect(deadlineOf(after, 'idle')?.startedAt).toEqual(minutesAfter(60))
  })

  test('is connected where somebody was reached before', () => {
    const handoff = next(withAttempt(taken, { outcome: 'connected' }, agreement))
    expect(handoff).toMatchObject({ status: 'connected', leadStatus: 'Connected' })
    expect(runningOf(handoff)).toEqual([])
  })

  test('keeps what counted before, when that is put right', () => {
    const handoff = next(withAttempt(taken, {}, agreement))
    const said = { at: undefined, outcome: undefined, note: 'Left a message', void: undefined }
    const corrected = correctAttempt(handoff, { number: 1, channel: undefined, ...said }, luca, {
      agreement,
      now: minutesAfter(70),
    })
    expect(handoffOf(corrected).attempts[0]).toMatchObject({ counted: true })
    expect(runningOf(handoffOf(corrected))).toEqual(['attempts', 'idle'])
  })

  test('runs from its acceptance where the only attempt is taken back', () => {
    const handoff = next(withAttempt(taken, {}, agreement))
    const said = { at: undefined, outcome: undefined, note: undefined, void: true }
    const corrected = correctAttempt(handoff, { number: 1, channel: undefined, ...said }, luca, {
      agreement,
      now: minutesAfter(70),
    })
    for (const kind of ['first-attempt', 'attempts', 'idle'] as const) {
      expect(deadlineOf(handoffOf(corrected), kind)?.startedAt).toEqual(minutesAfter(60))
    }
  })

  test('says how long the acceptance took since it was given back', () => {
    const decided = accept(handoffOf(back(taken)), luca, { agreement, now: minutesAfter(60) })
    expect(decisionOf(decided).events).toMatchObject([
      { type: 'Accepted', data: { afterMs: 30 * 60_000, afterWorkingMs: 30 * 60_000 } },
    ])
  })
})

test('a reassignment keeps to the agreement that most teams have', () => {
  expect(anAgreement().reassignment).toEqual({ clock: 'keep', take_over: 'overdue' })
})
