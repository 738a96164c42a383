import { describe, expect, test } from 'vitest'
import type { z } from 'zod'
import type { agreementSchema } from '../../src/domain/agreement.ts'
import {
  calendarOf,
  clocksOf,
  clockTerms,
  languageOf,
  leadTypeOf,
} from '../../src/domain/clocks.ts'
import { deadlineKinds } from '../../src/domain/handoff.ts'
import { anAgreement, withEveryClock } from '../support/builders.ts'

type LeadTypeInput = z.input<typeof agreementSchema>['lead_types'][number]

const type = (id: string, own: Partial<LeadTypeInput> = {}): LeadTypeInput => ({
  id,
  name: { en: id, it: id },
  channel: `${id}-leads`,
  ...own,
})
const within = (working: string) => ({ working })
const hours = (count: number) => ({
  clock: 'working',
  duration: { unit: 'exact', ms: count * 3_600_000 },
})
const kolkata = { timezone: 'Asia/Kolkata', hours: 'always' as const, holidays: [] }
const london = { timezone: 'Europe/London', hours: 'always' as const, holidays: [] }

/** Saws are like lathes, which are like presses; brushes stand alone. */
const agreement = anAgreement({
  lead_types: [
    type('presses', {
      calendar: kolkata,
      language: 'it',
      clocks: { accept: { within: within('1h') }, return_answer: { within: within('2h') } },
    }),
    type('saws', { like: 'lathes', clocks: { return_answer: { within: within('5h') } } }),
    type('lathes', { like: 'presses', clocks: { accept: { within: within('3h') } } }),
    type('brushes'),
  ],
})

describe('what a lead type inherits', () => {
  test('are the clocks of the type that it is like, as far as it has none of its own', () => {
    expect(clocksOf(agreement, 'presses').accept.within).toEqual(hours(1))
    expect(clocksOf(agreement, 'lathes').accept.within).toEqual(hours(3))
    expect(clocksOf(agreement, 'lathes').return_answer.within).toEqual(hours(2))
  })

  test('comes through any number of types, the nearest first', () => {
    expect(clocksOf(agreement, 'saws').accept.within).toEqual(hours(3))
    expect(clocksOf(agreement, 'saws').return_answer.within).toEqual(hours(5))
  })

  test('is the agreement’s where nobody in the line has a clock', () => {
    expect(clocksOf(agreement, 'saws').attempts).toEqual(agreement.clocks.attempts)
    expect(clocksOf(agreement, 'brushes')).toEqual(agreement.clocks)
  })

  test('is a whole clock: its hard limit and reminders do not come from another one', () => {
    expect(clocksOf(agreement, 'lathes').accept).toEqual({ within: hours(3), remind: [] })
  })

  test('is the language of the channel too', () => {
    expect(['presses', 'saws', 'brushes', 'gone'].map((id) => languageOf(agreement, id))).toEqual([
      'it',
      'it',
      'en',
      'en',
    ])
  })

  test('is the calendar too, the nearest first', () => {
    expect(calendarOf(agreement, 'saws').timezone).toBe('Asia/Kolkata')
    expect(calendarOf(agreement, 'brushes')).toEqual(agreement.calendar)
    const nearer = anAgreement({
      lead_types: [
        type('presses', { calendar: kolkata }),
        type('lathes', { like: 'presses', calendar: london }),
        type('saws', { like: 'lathes' }),
      ],
    })
    expect(calendarOf(nearer, 'saws').timezone).toBe('Europe/London')
  })

  test('is neither the channel nor the owners', () => {
    expect(leadTypeOf(agreement, 'saws')).toMatchObject({ channel: 'saws-leads', owners: 'open' })
  })

  test('changes nothing in the agreement itself', () => {
    const before = structuredClone(agreement)
    for (const { id } of agreement.lead_types) clocksOf(agreement, id)
    expect(agreement).toEqual(before)
  })
})

describe('the terms of a clock', () => {
  const saws = { leadType: 'saws', priority: 'hot' } as const

  test('are those that the lead type inherits, with its calendar', () => {
    expect(clockTerms(agreement, saws, 'accept')).toMatchObject({
      clause: 'clocks.accept.within',
      within: hours(3),
      remind: [],
      calendar: { timezone: 'Asia/Kolkata' },
    })
  })

  test('tell the clause, by priority where it matters', () => {
    const every = withEveryClock()
    const clauses = deadlineKinds.map((kind) => clockTerms(every, saws, kind)?.clause)
    expect(clauses).toEqual([
      'clocks.accept.within',
      'clocks.accept.hard',
      'clocks.first_attempt.hot',
      'clocks.attempts.within',
      'clocks.return_answer.within',
      'clocks.idle.within',
      'clocks.ruling.within',
      // the day of a lead is nobody's deadline
      undefined,
    ])
    const calm = { ...saws, priority: 'standard' } as const
    expect(clockTerms(anAgreement(), calm, 'first-attempt')?.clause).toBe(
      'clocks.first_attempt.standard',
    )
  })

  test('are missing where the agreement has no such clock', () => {
    expect(clockTerms(agreement, saws, 'idle')).toBeUndefined()
    expect(clockTerms(agreement, saws, 'ruling')).toBeUndefined()
    expect(clockTerms(agreement, saws, 'accept-hard')).toBeUndefined()
  })

  test('have the ladder of the clock itself, else the agreement’s', () => {
    const { clocks } = anAgreement()
    const own = { ...anAgreement(), clocks: { ...clocks } }
    own.clocks.idle = {
      within: { clock: 'working', duration: { unit: 'days', days: 2 } },
      remind: [],
      escalation: [{ at: 1, to: 'owner' }],
    }
    expect(clockTerms(own, saws, 'idle')?.escalation).toEqual([{ at: 1, to: 'owner' }])
    expect(clockTerms(own, saws, 'attempts')?.escalation).toEqual(own.escalation)
  })

  test('with an empty ladder of its own tell nobody of a breach', () => {
    const quiet = anAgreement()
    quiet.clocks.accept.escalation = []
    expect(clockTerms(quiet, saws, 'accept')?.escalation).toEqual([])
  })
})
