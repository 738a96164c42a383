import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { z } from 'zod'
import type { Agreement, agreementSchema } from '../../src/domain/agreement.ts'
import {
  type Activity,
  crossing,
  nextScoreChange,
  relevantTypes,
  type Standing,
  scoreOf,
} from '../../src/domain/scoring.ts'
import { aLead, anAgreement, fixedNow, minutesAfter } from '../support/builders.ts'

type Rule = NonNullable<z.input<typeof agreementSchema>['scoring']>['rules'][number]

const name = { en: 'A name', it: 'Un nome' }
const dayMinutes = 24 * 60
const daysAfter = (days: number): Date => minutesAfter(days * dayMinutes)

const agreed = (...rules: Omit<Rule, 'name'>[]): Agreement =>
  anAgreement({ scoring: { threshold: 70, rules: rules.map((rule) => ({ ...rule, name })) } })

/** Something that happened so many days ago. */
const did = (type: string, days = 0, properties: Record<string, unknown> = {}): Activity => ({
  type,
  at: daysAfter(-days),
  properties,
})

const linesOf = (agreement: Agreement, activities: Activity[], lead = aLead()) =>
  scoreOf(agreement, lead, activities, fixedNow)?.lines.map(
    ({ rule, points, times }) => `${rule} ×${times} ${points}`,
  )

const views = (count: number, days = 0): Activity[] =>
  Array.from({ length: count }, () => did('page-view', days))

describe('a score', () => {
  test('is none where the agreement scores nothing', () => {
    expect(scoreOf(anAgreement(), aLead(), views(3), fixedNow)).toBeNull()
  })

  test('counts an activity each time, or once', () => {
    const agreement = agreed(
      { id: 'view', points: 2, activity: 'page-view' },
      { id: 'quote', points: 40, activity: 'quote-request', times: 'once' },
    )
    const activities = [...views(3), did('quote-request'), did('quote-request', 3), did('other')]
    expect(scoreOf(agreement, aLead(), activities, fixedNow)).toEqual({
      total: 46,
      threshold: 70,
      lines: [
        { rule: 'quote', points: 40, times: 1 },
        { rule: 'view', points: 6, times: 3 },
      ],
    })
  })

  test('looks at the properties of an activity, a text with an asterisk as a beginning', () => {
    const rule = { id: 'pricing', points: 10, activity: 'page-view' }
    const seen = (page: unknown) => did('page-view', 0, { page, count: 3, first: true })
    const pages = [seen('/pricing'), seen('/Pricing/presses'), seen('/about'), seen(null)]
    const points = (where: Rule['where'], activities = pages) =>
      linesOf(agreed({ ...rule, ...(where === undefined ? {} : { where }) }), activities)
    expect(points(undefined)).toEqual(['pricing ×4 40'])
    expect(points({ page: '/pricing*' })).toEqual(['pricing ×2 20'])
    expect(points({ page: '/pricing' })).toEqual(['pricing ×1 10'])
    expect(points({ page: '/pricing*', count: 3, first: true })).toEqual(['pricing ×2 20'])
    expect(points({ page: '/pricing*', count: 4 })).toEqual([])
    expect(points({ constructor: '*' })).toEqual([])
  })

  test('halves what an activity is worth with each half-life, by the clock', () => {
    const agreement = agreed({ id: 'demo', points: 40, activity: 'demo', half_life: '14d' })
    expect(linesOf(agreement, [did('demo', 0)])).toEqual(['demo ×1 40'])
    expect(linesOf(agreement, [did('demo', 7)])).toEqual(['demo ×1 28'])
    expect(linesOf(agreement, [did('demo', 14)])).toEqual(['demo ×1 20'])
    expect(linesOf(agreement, [did('demo', 28)])).toEqual(['demo ×1 10'])
    expect(linesOf(agreement, [did('demo', 14), did('demo', 28)])).toEqual(['demo ×2 30'])
    expect(linesOf(agreement, [did('demo', 140)])).toEqual([])
    const quick = agreed({ id: 'demo', points: 40, activity: 'demo', half_life: '12h' })
    expect(linesOf(quick, [did('demo', 1)])).toEqual(['demo ×1 10'])
  })

  test('counts what happened once by its latest time, and what is to come as of now', () => {
    const rule = { id: 'demo', points: 40, activity: 'demo', half_life: '14d' } as const
    expect(linesOf(agreed({ ...rule, times: 'once' }), [did('demo', 28), did('demo', 14)])).toEqual(
      ['demo ×1 20'],
    )
    expect(linesOf(agreed(rule), [did('demo', -3)])).toEqual(['demo ×1 40'])
  })

  test('counts what is known of a lead, once', () => {
    const agreement = agreed(
      { id: 'role', points: 10, when: { field: 'title', contains: 'manager' } },
      { id: 'free', points: -15, when: { field: 'email', ends_with: '@gmail.com' } },
      { id: 'unknown', points: 99, when: { field: 'attributes.budget', from: 1 } },
    )
    expect(linesOf(agreement, [])).toEqual(['role ×1 10'])
    expect(linesOf(agreement, [], aLead({ email: 'm@gmail.com' }))).toEqual([
      'free ×1 -15',
      'role ×1 10',
    ])
  })

  test('counts an activity only while what else is asked for holds', () => {
    const when = { field: 'company.country', is: ['IT', 'DE'] }
    const agreement = agreed({ id: 'fair', points: 20, activity: 'fair', when })
    expect(linesOf(agreement, [did('fair')])).toEqual(['fair ×1 20'])
    expect(linesOf(agreement, [])).toEqual([])
    expect(linesOf(agreement, [did('fair')], aLead({ company: { country: 'FR' } }))).toEqual([])
  })

  test('is capped by rule, up and down', () => {
    const agreement = agreed(
      { id: 'view', points: 3, activity: 'page-view', cap: 10 },
      { id: 'bounce', points: -7, activity: 'bounce', cap: 12 },
    )
    expect(linesOf(agreement, [...views(9), did('bounce'), did('bounce')])).toEqual([
      'bounce ×2 -12',
      'view ×9 10',
    ])
  })

  test('rounds each line, halves away from zero, and leaves out what comes to nothing', () => {
    const agreement = agreed(
      { id: 'up', points: 5, activity: 'up', half_life: '14d' },
      { id: 'down', points: -5, activity: 'down', half_life: '14d' },
      { id: 'little', points: 1, activity: 'little', half_life: '1d' },
    )
    const activities = [did('up', 14), did('down', 14), did('little', 2)]
    expect(linesOf(agreement, activities)).toEqual(['up ×1 3', 'down ×1 -3'])
  })

  test('tells its lines by weight, then as the agreement lists them', () => {
    const agreement = agreed(
      { id: 'a', points: 5, activity: 'x' },
      { id: 'b', points: -20, activity: 'x' },
      { id: 'c', points: 20, activity: 'x' },
      { id: 'd', points: 5, activity: 'x' },
    )
    expect(linesOf(agreement, [did('x')])).toEqual(['b ×1 -20', 'c ×1 20', 'a ×1 5', 'd ×1 5'])
  })
})

test('only the types of activity that a rule names matter', () => {
  const agreement = anAgreement({
    scoring: {
      threshold: 70,
      rules: [
        { id: 'a', name, points: 1, activity: 'page-view', where: { page: '/' } },
        { id: 'b', name, points: 1, activity: 'page-view' },
        { id: 'c', name, points: 1, when: { field: 'title', known: true } },
      ],
    },
    journey: { rules: [{ stage: 'decision', activity: 'quote-request' }, { stage: 'awareness' }] },
  })
  expect(relevantTypes(agreement)).toEqual(['page-view', 'quote-request'])
  expect(relevantTypes(anAgreement())).toEqual([])
})

describe('a crossing of the threshold', () => {
  const start: Standing = { above: false, crossings: 0 }
  const walk = (again: 'never' | 'after_drop', totals: number[]): boolean[] => {
    let standing = start
    return totals.map((total) => {
      const next = crossing(standing, { total }, { threshold: 70, again })
      standing = next
      return next.crossed
    })
  }

  test('is told once, and once more after a drop where that is agreed', () => {
    const totals = [69, 70, 90, 70, 69, 71]
    expect(walk('after_drop', totals)).toEqual([false, true, false, false, false, true])
    expect(walk('never', totals)).toEqual([false, true, false, false, false, false])
  })

  test('says where the lead stands afterwards', () => {
    const terms = { threshold: 70, again: 'never' } as const
    expect(crossing(start, { total: 80 }, terms)).toEqual({
      above: true,
      crossings: 1,
      crossed: true,
    })
    expect(crossing({ above: true, crossings: 1 }, { total: 60 }, terms)).toEqual({
      above: false,
      crossings: 1,
      crossed: false,
    })
    expect(crossing({ above: false, crossings: 1 }, { total: 80 }, terms)).toEqual({
      above: true,
      crossings: 1,
      crossed: false,
    })
  })

  test('is told exactly once for each time that the total comes up to it', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 140 })), (totals) => {
        const rises = totals.filter(
          (total, place) => total >= 70 && (totals[place - 1] ?? 0) < 70,
        ).length
        const told = (again: 'never' | 'after_drop') => walk(again, totals).filter(Boolean).length
        expect(told('after_drop')).toBe(rises)
        expect(told('never')).toBe(Math.min(rises, 1))
      }),
    )
  })
})

describe('the next change of a score by itself', () => {
  const fading = { id: 'demo', points: 80, activity: 'demo', half_life: '14d' } as const

  test('is the moment at which decay takes it below the threshold, to the millisecond', () => {
    const agreement = agreed(fading)
    const activities = [did('demo')]
    const at = nextScoreChange(agreement, aLead(), activities, fixedNow)
    // 80 points are rounded to 70 until they are less than 69.5.
    const days = 14 * Math.log2(80 / 69.5)
    expect(at?.getTime()).toBeCloseTo(daysAfter(days).getTime(), -1)
    const totalAt = (ms: number) =>
      scoreOf(agreement, aLead(), activities, new Date((at?.getTime() ?? 0) + ms))?.total
    expect([totalAt(-1), totalAt(0)]).toEqual([70, 69])
  })

  test('is the moment at which it comes back once what speaks against it has faded', () => {
    const agreement = agreed(
      { id: 'quote', points: 75, activity: 'quote' },
      { id: 'left', points: -30, activity: 'unsubscribe', half_life: '10d' },
    )
    const activities = [did('quote'), did('unsubscribe')]
    const at = nextScoreChange(agreement, aLead(), activities, fixedNow)
    expect(at?.getTime()).toBeCloseTo(daysAfter(10 * Math.log2(30 / 5.5)).getTime(), -1)
  })

  test('is none where nothing fades, or not in that direction, or not for long', () => {
    const next = (agreement: Agreement, activities: Activity[]) =>
      nextScoreChange(agreement, aLead(), activities, fixedNow)
    expect(next(anAgreement(), [did('demo')])).toBeNull()
    expect(next(agreed({ id: 'demo', points: 80, activity: 'demo' }), [did('demo')])).toBeNull()
    expect(next(agreed(fading), [did('demo', 14)])).toBeNull()
    expect(next(agreed({ ...fading, half_life: '9999d' }), [did('demo')])).toBeNull()
    expect(
      next(agreed(fading, { id: 'quote', points: 70, activity: 'quote' }), [
        did('demo'),
        did('quote'),
      ]),
    ).toBeNull()
  })
})

describe('whatever the rules and the activities are', () => {
  const type = fc.constantFrom('page-view', 'demo', 'webinar')
  const rule = fc.record(
    {
      points: fc.integer({ min: -50, max: 50 }),
      activity: type,
      times: fc.constantFrom('once' as const, 'each' as const),
      cap: fc.integer({ min: 1, max: 60 }),
      half_life: fc.constantFrom('6h', '3d', '14d'),
    },
    { requiredKeys: ['points', 'activity'] },
  )
  const rules = fc
    .array(rule, { maxLength: 6 })
    .map((list) => list.map((one, place) => ({ ...one, id: `r${place}` })))
  const activity = fc
    .tuple(type, fc.double({ min: -2, max: 60, noNaN: true }))
    .map(([kind, days]) => did(kind, days))
  const activities = fc.array(activity, { maxLength: 30 })
  const score = (agreement: Agreement, done: Activity[], now = fixedNow) => {
    const found = scoreOf(agreement, aLead(), done, now)
    if (found === null) throw new Error('the agreement scores')
    return found
  }

  test('the lines add up to the total, in whole points, and none exceeds its cap', () => {
    fc.assert(
      fc.property(rules, activities, (list, done) => {
        const { total, lines } = score(agreed(...list), done)
        expect(lines.reduce((sum, { points }) => sum + points, 0)).toBe(total)
        for (const line of lines) {
          const cap = list.find(({ id }) => id === line.rule)?.cap ?? Number.POSITIVE_INFINITY
          expect(Number.isInteger(line.points)).toBe(true)
          expect(Math.abs(line.points)).toBeLessThanOrEqual(cap)
          expect(line.points).not.toBe(0)
        }
      }),
    )
  })

  test('the order in which activities came in does not matter', () => {
    const shuffled = activities.chain((done) =>
      fc.tuple(
        fc.constant(done),
        fc.shuffledSubarray(done, { minLength: done.length, maxLength: done.length }),
      ),
    )
    fc.assert(
      fc.property(rules, shuffled, (list, [done, mixed]) => {
        const agreement = agreed(...list)
        expect(score(agreement, mixed)).toEqual(score(agreement, done))
      }),
    )
  })

  test('one more activity that earns points never lowers the total', () => {
    fc.assert(
      fc.property(rules, activities, activity, (list, done, more) => {
        const agreement = agreed(...list.map((one) => ({ ...one, points: Math.abs(one.points) })))
        expect(score(agreement, [...done, more]).total).toBeGreaterThanOrEqual(
          score(agreement, done).total,
        )
      }),
    )
  })

  test('no line gains weight by the mere passing of time', () => {
    fc.assert(
      fc.property(
        rules,
        activities,
        fc.double({ min: 0, max: 90, noNaN: true }),
        (list, done, days) => {
          const agreement = agreed(...list)
          const before = score(agreement, done).lines
          for (const { rule: id, points } of score(agreement, done, daysAfter(days)).lines) {
            const then = before.find((line) => line.rule === id)?.points ?? 0
            expect(Math.abs(points)).toBeLessThanOrEqual(Math.abs(then))
          }
        },
      ),
    )
  })

  test('the next change is one, and where points only fade there is none before it', () => {
    fc.assert(
      fc.property(
        rules,
        activities,
        fc.double({ min: 0, max: 1, noNaN: true }),
        (list, done, part) => {
          const agreement = agreed(...list.map((one) => ({ ...one, points: Math.abs(one.points) })))
          const above = (at: Date): boolean => score(agreement, done, at).total >= 70
          const next = nextScoreChange(agreement, aLead(), done, fixedNow)
          if (next === null) {
            expect(above(daysAfter(400 * part))).toBe(above(fixedNow))
            return
          }
          expect(above(next)).toBe(!above(fixedNow))
          expect(above(new Date(next.getTime() - 1))).toBe(above(fixedNow))
          const within = (next.getTime() - fixedNow.getTime() - 1) * part
          expect(above(new Date(fixedNow.getTime() + within))).toBe(above(fixedNow))
        },
      ),
    )
  })
})
