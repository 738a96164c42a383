import { describe, expect, test } from 'vitest'
import { acknowledgeReturn } from '../../../src/domain/decide/acknowledge-return.ts'
import { markReady, readyClock } from '../../../src/domain/decide/ready.ts'
import { snoozeReminder } from '../../../src/domain/decide/snooze.ts'
import { wake } from '../../../src/domain/decide/wake.ts'
import { deadlineOf, type Handoff, pressingDeadline } from '../../../src/domain/handoff.ts'
import {
  aHandoff,
  anActor,
  anAgreement,
  ben,
  concerned,
  contested,
  decisionOf,
  fixedNow,
  handoffOf,
  mario,
  minutesAfter,
  returned,
  ruled,
  sara,
} from '../../support/builders.ts'

const agreement = anAgreement()
const marketing = anActor(ben, 'marketing')
const waiting = (readyOn = '2027-03-01'): Handoff => returned(aHandoff(), { readyOn })
const mark = (handoff: Handoff, actor = marketing) =>
  markReady(handoff, actor, { agreement, now: minutesAfter(60) })
const ring = (handoff: Handoff, now: Date, people = concerned()) =>
  wake(handoff, 'ready', people, { agreement, now })
const readyOf = (handoff: Handoff) => deadlineOf(handoff, 'ready')
const clockOf = (readyOn: string, now = fixedNow) => readyClock(readyOn, now, agreement.calendar)

describe('the day on which a lead is ready again', () => {
  test.each([
    ['a Monday', '2027-03-01', '2027-03-01T08:00:00.000Z'],
    ['a Saturday', '2026-11-28', '2026-11-30T08:00:00.000Z'],
    ['a holiday that is a Friday', '2026-12-25', '2026-12-28T08:00:00.000Z'],
    ['in the summer', '2027-07-01', '2027-07-01T07:00:00.000Z'],
  ])('%s begins with working time', (_, readyOn, at) => {
    expect(clockOf(readyOn)).toMatchObject({ dueAt: new Date(at), steps: [{ do: 'ready' }] })
  })

  test('today has come already in working time, and comes with it else', () => {
    expect(clockOf('2026-11-23').dueAt).toEqual(fixedNow)
    const early = new Date('2026-11-23T05:00:00.000Z')
    expect(clockOf('2026-11-23', early).dueAt).toEqual(new Date('2026-11-23T08:00:00.000Z'))
    const evening = new Date('2026-11-23T20:00:00.000Z')
    expect(clockOf('2026-11-23', evening).dueAt).toEqual(new Date('2026-11-24T08:00:00.000Z'))
  })

  test('is by the calendar of the lead type', () => {
    const type = { name: { en: 'A', it: 'A' }, channel: 'leads' }
    const own = anAgreement({
      lead_types: [
        {
          ...type,
          id: 'new-equipment',
          calendar: { timezone: 'America/New_York', hours: { 'mon-sun': ['08:00-10:00'] } },
        },
      ],
    })
    const handoff = returned(aHandoff({}, own), { readyOn: '2026-11-28' }, { agreement: own })
    expect(readyOf(handoff)?.dueAt).toEqual(new Date('2026-11-28T13:00:00.000Z'))
  })

  test('brings it back to marketing by itself, once', () => {
    const at = new Date('2027-03-01T08:00:00.000Z')
    expect(ring(waiting(), new Date(at.getTime() - 1))).toBeNull()
    const decision = ring(waiting(), at)
    expect(decision).toMatchObject({
      events: [{ type: 'ReadyAgain', at, by: null, data: {} }],
      notices: [{ where: { thread: true }, notice: { type: 'ready', by: null, to: 'per_ben' } }],
      changes: [],
      redraw: true,
      handoff: { status: 'returned', returned: { readySince: at } },
    })
    expect(ring(decision?.handoff ?? waiting(), at)).toBeNull()
  })

  test('is told marketing’s lead where nobody is named as the one who handed over', () => {
    const handoff = { ...waiting(), handedOffBy: null }
    const at = new Date('2027-03-01T08:00:00.000Z')
    expect(ring(handoff, at, concerned({ marketingLead: 'per_mario' }))?.notices).toMatchObject([
      { notice: { type: 'ready', to: 'per_mario' } },
    ])
    expect(ring(handoff, at)?.notices).toMatchObject([{ notice: { to: null } }])
  })

  test('is no deadline: it never presses, is never late, and has no reminder to put off', () => {
    const handoff = handoffOf(
      acknowledgeReturn(waiting(), marketing, { agreement, now: minutesAfter(40) }),
    )
    expect(pressingDeadline(handoff)).toBeUndefined()
    const late = ring(handoff, new Date('2027-05-01T09:00:00.000Z'))
    expect(late?.events.map(({ type }) => type)).toEqual(['ReadyAgain'])
    expect(late && readyOf(late.handoff)).toMatchObject({ state: 'met', breachedAt: null })
    const snoozed = snoozeReminder(handoff, { kind: 'ready' }, anActor(), {
      agreement,
      now: minutesAfter(60),
    })
    expect(snoozed).toMatchObject({ refusal: { code: 'nothing-to-snooze' } })
  })

  test('does nothing for a lead that does not wait, or not any more', () => {
    const at = new Date('2027-03-02T09:00:00.000Z')
    for (const handoff of [aHandoff(), returned(), handoffOf(mark(waiting()))]) {
      expect(ring(handoff, at)).toBeNull()
    }
    expect(ring(ruled('overturn', contested(waiting())), at)).toBeNull()
  })

  test('comes while a contest waits for its ruling', () => {
    const at = new Date('2027-03-01T08:00:00.000Z')
    expect(ring(contested(waiting()), at)?.handoff.returned).toMatchObject({
      answer: 'contested',
      readySince: at,
    })
  })
})

describe('marking a lead as ready', () => {
  test('brings it back to marketing, and meets the clock of its day', () => {
    const decision = decisionOf(mark(waiting()))
    expect(decision).toMatchObject({
      events: [{ type: 'ReadyAgain', by: ben }],
      changes: [],
      handoff: { returned: { readySince: minutesAfter(60), answer: null } },
    })
    expect(readyOf(decision.handoff)).toMatchObject({ state: 'met', steps: [] })
  })

  test('is possible without a day, before and after an answer, and while it is contested', () => {
    const acknowledged = acknowledgeReturn(returned(), marketing, {
      agreement,
      now: minutesAfter(40),
    })
    for (const handoff of [returned(), handoffOf(acknowledged), contested(), ruled('uphold')]) {
      expect(mark(handoff).ok).toBe(true)
    }
  })

  test('is told whoever handed over, but nobody of their own click', () => {
    const toldOf = (actor = marketing) =>
      decisionOf(mark(returned(), actor)).notices.map(({ notice }) => notice)
    expect(toldOf({ person: mario, role: 'marketing_manager' })).toEqual([
      { type: 'ready', by: 'per_mario', to: 'per_ben' },
    ])
    expect(toldOf()).toEqual([{ type: 'ready', by: 'per_ben', to: null }])
  })

  test('is refused where it is ready already', () => {
    expect(mark(handoffOf(mark(returned())))).toMatchObject({ refusal: { code: 'ready-already' } })
  })

  test('is refused to whoever is not of marketing', () => {
    for (const actor of [anActor(), anActor(sara, 'sales_manager'), anActor({}, null)]) {
      expect(mark(returned(), actor)).toMatchObject({
        refusal: { code: 'role-required', needed: 'marketing' },
      })
    }
  })

  test('is refused where the lead is not back, or was handed over again', () => {
    const { returned: facts } = returned()
    const again: Handoff = {
      ...returned(),
      returned: facts && { ...facts, answer: 'handed-over-again' },
    }
    for (const handoff of [aHandoff(), ruled('overturn'), again]) {
      expect(mark(handoff)).toMatchObject({ refusal: { code: 'moved-on' } })
    }
  })
})
