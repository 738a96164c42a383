import { describe, expect, it } from 'vitest'
import { answerDue, DueQuestionError } from '../../src/adapters/agreement-due.ts'
import { calendarSchema } from '../../src/domain/calendar.ts'

const calendar = { timezone: 'Europe/Rome', hours: { 'mon-fri': ['09:00-13:00', '14:00-18:00'] } }
const agreed = calendarSchema.parse(calendar)

function ask(question: Record<string, unknown>): string {
  return answerDue({ from: '2026-11-24T11:00:00Z', within: '4h', ...question }, agreed).dueAt
}

describe('a question about a deadline', () => {
  it('is answered with the deadline and its steps', () => {
    expect(answerDue({ from: '2026-11-24T11:00:00Z', within: '4h' }, agreed)).toEqual({
      dueAt: '2026-11-24T16:00:00.000Z',
      steps: [
        ['start', '11:00', '11:00', 0],
        ['span', '11:00', '12:00', 3_600_000],
        ['break', '12:00', '13:00', 0],
        ['span', '13:00', '16:00', 10_800_000],
        ['due', '16:00', '16:00', 0],
      ].map(([kind, from, to, workingMs]) => ({
        kind,
        from: `2026-11-24T${from}:00.000Z`,
        to: `2026-11-24T${to}:00.000Z`,
        workingMs,
      })),
    })
  })

  it('may name days, either clock, and a moment with an offset', () => {
    expect(ask({ within: '2d' })).toBe('2026-11-26T11:00:00.000Z')
    expect(ask({ within: { working: '1d' } })).toBe('2026-11-25T11:00:00.000Z')
    expect(ask({ within: { wall: '24h' } })).toBe('2026-11-25T11:00:00.000Z')
    expect(ask({ from: '2026-11-24T12:00:00+01:00' })).toBe('2026-11-24T16:00:00.000Z')
    expect(ask({ from: '2026-11-24T12:00+01:00' })).toBe('2026-11-24T16:00:00.000Z')
  })

  it('may bring a calendar of its own', () => {
    const own = { ...calendar, holidays: ['2026-11-24'] }
    expect(ask({ calendar: own })).toBe('2026-11-25T12:00:00.000Z')
    expect(ask({ calendar: { timezone: 'UTC', hours: 'always' } })).toBe('2026-11-24T15:00:00.000Z')
  })

  it.each([
    [null, 'expects { from, within, calendar? }'],
    [{ from: '2026-11-24' }, 'from: expects a moment such as 2026-11-23T10:00:00Z'],
    [{ from: '2026-11-24T11:00:00' }, 'from: expects a moment such as 2026-11-23T10:00:00Z'],
    [{ from: 5 }, 'from: expects a moment such as 2026-11-23T10:00:00Z'],
    [{ within: 'soon' }, 'within: expects a duration such as 4h or 2d'],
    [{ within: { wall: 'x' } }, 'within'],
    [{ within: undefined }, 'within: expects a duration such as 4h or 2d'],
    [{ calendar: null }, 'calendar: expects timezone and hours'],
    [{ calendar: { ...calendar, timezone: 'x' } }, 'calendar.timezone: expects a time zone'],
    [{ within: '999999h' }, 'The time allowed ends more than a hundred years after'],
    [{ from: '+275760-09-13T00:00:00Z' }, 'Expects a date that exists'],
  ])('%j is refused in a sentence', (question, message) => {
    const given = { from: '2026-11-24T11:00:00Z', within: '4h', ...question }
    const asking = (): unknown => answerDue(question === null ? null : given, agreed)
    expect(asking).toThrow(DueQuestionError)
    expect(asking).toThrow(message)
  })

  it('is not disturbed by fields of the asker', () => {
    expect(ask({ id: 7 })).toBe('2026-11-24T16:00:00.000Z')
  })
})
