import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { priorities } from '../../../src/domain/agreement.ts'
import { clockTerms } from '../../../src/domain/clocks.ts'
import { addNews, type NewsTold } from '../../../src/domain/decide/add-news.ts'
import { resumeHandoff } from '../../../src/domain/decide/pause.ts'
import { giveBack } from '../../../src/domain/decide/reassign.ts'
import { explainDeadline } from '../../../src/domain/explain.ts'
import { deadlineOf, type Handoff } from '../../../src/domain/handoff.ts'
import {
  accepted,
  aHandoff,
  aLead,
  anActor,
  anAgreement,
  aPause,
  ben,
  decisionOf,
  handoffOf,
  minutesAfter,
  paused,
  returned,
  withAttempt,
  withDeal,
} from '../../support/builders.ts'

const agreement = anAgreement({ pause: aPause() })
const marketing = { person: ben, role: 'marketing' } as const
const now = minutesAfter(30)
const told = (handoff: Handoff, news: Partial<NewsTold> = {}, by = marketing, at = now) =>
  addNews(
    handoff,
    { lead: handoff.lead, reason: 'Asked for a date', priority: 'hot', score: null, ...news },
    by,
    { now: at },
  )

const offered = aHandoff({ priority: 'standard' })
const inWork = accepted(offered)
const allowed = (handoff: Handoff) => clockTerms(agreement, handoff, 'first-attempt')?.clause

describe('news of a lead that sales has', () => {
  test('go to the same handoff, with what is known of the lead by now', () => {
    const lead = aLead({ phone: '+39 051 555 0199' })
    const score = { total: 82, threshold: 70, lines: [] }
    const decision = decisionOf(told(inWork, { lead, score }))
    expect(decision.handoff).toMatchObject({
      id: inWork.id,
      version: inWork.version + 1,
      status: 'accepted',
      reason: inWork.reason,
      lead: { phone: '+39 051 555 0199' },
      score: { total: 82 },
      news: { reason: 'Asked for a date', by: ben, at: now },
    })
    expect(decision).toMatchObject({
      redraw: true,
      changes: [],
      events: [{ type: 'NewsAdded', by: ben, at: now, data: { reason: 'Asked for a date' } }],
    })
  })

  test('are told to the owner in the thread, but not to whoever brought them', () => {
    const notices = (handoff: Handoff, by?: typeof marketing) =>
      decisionOf(told(handoff, {}, by)).notices
    expect(notices(inWork)).toEqual([
      {
        where: { thread: true },
        notice: {
          type: 'news',
          by: 'per_ben',
          to: 'per_anna',
          reason: 'Asked for a date',
          hot: true,
        },
      },
    ])
    expect(notices(offered)).toMatchObject([{ notice: { to: null } }])
    expect(decisionOf(addNews(inWork, tellIt, anActor(), { now })).notices).toMatchObject([
      { notice: { by: 'per_anna', to: null } },
    ])
    expect(decisionOf(addNews(inWork, tellIt, null, { now }))).toMatchObject({
      events: [{ by: null }],
      notices: [{ notice: { by: null, to: 'per_anna' } }],
    })
  })

  test('may make it hot, and never cool it down', () => {
    const hot = decisionOf(told(offered))
    expect(hot.handoff.priority).toBe('hot')
    expect(hot.events[0]?.data.priority).toBe('hot')
    const cooler = decisionOf(told(hot.handoff, { priority: 'standard' }))
    expect(cooler.handoff.priority).toBe('hot')
    expect(cooler.notices).toMatchObject([{ notice: { hot: false } }])
    expect(cooler.events[0]?.data).not.toHaveProperty('priority')
    expect(decisionOf(told(hot.handoff)).notices).toMatchObject([{ notice: { hot: false } }])
  })

  test('that make it hot before it is accepted set the clock of the first attempt', () => {
    const hot = accepted(handoffOf(told(offered)), { at: minutesAfter(40) })
    expect(deadlineOf(hot, 'first-attempt')?.dueAt).toEqual(minutesAfter(55))
    expect(allowed(hot)).toBe('clocks.first_attempt.hot')
  })

  test('leave the clocks that run as they are, and so the sum behind them', () => {
    const hot = handoffOf(told(inWork))
    expect(hot.deadlines).toBe(inWork.deadlines)
    expect(allowed(hot)).toBe('clocks.first_attempt.standard')
    const sum = explainDeadline(hot, 'first-attempt', agreement)
    expect(sum?.dueAt).toEqual(deadlineOf(inWork, 'first-attempt')?.dueAt)
    const later = handoffOf(told(hot, { priority: 'standard' }, marketing, minutesAfter(35)))
    expect(allowed(later)).toBe('clocks.first_attempt.standard')
  })

  test('in a pause take nothing of the time that was left', () => {
    const still = paused(inWork, { agreement, at: minutesAfter(20) })
    const goOn = (handoff: Handoff) =>
      handoffOf(resumeHandoff(handoff, anActor(), { agreement, now: minutesAfter(60) }))
    expect(goOn(handoffOf(told(still))).deadlines).toEqual(goOn(still).deadlines)
  })

  test('count for the clocks of the next owner', () => {
    const hot = handoffOf(told(inWork))
    const free = handoffOf(giveBack(hot, anActor(), { agreement, now: minutesAfter(60) }))
    const again = accepted(free, { at: minutesAfter(65) })
    expect(deadlineOf(again, 'first-attempt')?.dueAt).toEqual(minutesAfter(80))
    expect(allowed(again)).toBe('clocks.first_attempt.hot')
  })

  test('are kept last, and nothing else of the handoff changes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ reason: fc.string(), priority: fc.constantFrom(...priorities) }), {
          minLength: 1,
        }),
        fc.constantFrom(offered, inWork, withAttempt(inWork), withDeal('quote')),
        (all, start) => {
          const end = all.reduce<Handoff>((handoff, news) => handoffOf(told(handoff, news)), start)
          expect(end.version).toBe(start.version + all.length)
          expect(end.news?.reason).toBe(all.at(-1)?.reason)
          const { version, news, priority } = start
          expect({ ...end, version, news, priority }).toEqual(start)
        },
      ),
    )
  })

  test('are refused to a person without a role, and once sales does not have it', () => {
    expect(addNews(inWork, tellIt, anActor({}, null), { now })).toMatchObject({
      refusal: { code: 'role-required', needed: 'hand-over' },
    })
    for (const handoff of [returned(inWork), withDeal('closed-lost')]) {
      expect(told(handoff)).toMatchObject({ refusal: { code: 'moved-on' } })
    }
  })
})

const tellIt: NewsTold = { lead: aLead(), reason: 'Called', priority: 'standard', score: null }
