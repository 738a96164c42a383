import type { Agreement, Clocks, LeadType } from '../../../domain/agreement.ts'
import type { Calendar } from '../../../domain/calendar.ts'
import { type Allowance, formatAllowance } from '../../../domain/duration.ts'

/** The agreement with its clauses written as its file writes them. */
export function agreementJson(agreement: Agreement): Record<string, unknown> {
  return {
    ...agreement,
    calendar: calendarJson(agreement.calendar),
    clocks: clocksJson(agreement.clocks),
    escalation: agreement.escalation.map(({ at, to }) => ({ at: percentage(at), to })),
    lead_types: agreement.lead_types.map(leadTypeJson),
  }
}

const leadTypeJson = ({ calendar, clocks, ...type }: LeadType) => ({
  ...type,
  clocks: clocksJson(clocks),
  ...(calendar === undefined ? {} : { calendar: calendarJson(calendar) }),
})

function clocksJson({ accept, first_attempt, attempts, return_answer }: Partial<Clocks>) {
  return {
    ...(accept && {
      accept: {
        within: allowance(accept.within),
        ...(accept.hard && { hard: allowance(accept.hard) }),
        remind: accept.remind.map(percentage),
      },
    }),
    ...(first_attempt && {
      first_attempt: {
        hot: allowance(first_attempt.hot),
        standard: allowance(first_attempt.standard),
        remind: first_attempt.remind.map(percentage),
      },
    }),
    ...(attempts && {
      attempts: {
        ...attempts,
        within: allowance(attempts.within),
        gap: allowance(attempts.gap),
        remind: attempts.remind.map(percentage),
      },
    }),
    ...(return_answer && {
      return_answer: {
        within: allowance(return_answer.within),
        remind: return_answer.remind.map(percentage),
      },
    }),
  }
}

const allowance = (time: Allowance) => ({ [time.clock]: formatAllowance(time) })
const percentage = (fraction: number): string => `${Math.round(fraction * 100)}%`

const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']

function calendarJson({ timezone, always, spans, holidays }: Calendar) {
  const days = spans.flatMap((day, place) =>
    day.length === 0
      ? []
      : [[weekdays[place], day.map((span) => `${time(span.fromMinute)}-${time(span.toMinute)}`)]],
  )
  return { timezone, hours: always ? 'always' : Object.fromEntries(days), holidays }
}

const two = (number: number): string => String(number).padStart(2, '0')
const time = (minute: number): string => `${two(Math.floor(minute / 60))}:${two(minute % 60)}`
