import { Temporal } from 'temporal-polyfill'
import { z } from 'zod'
import { type DueStep, dueAt } from '../domain/business-time.ts'
import { type Calendar, calendarSchema } from '../domain/calendar.ts'
import { allowanceSchema, durationSchema } from '../domain/duration.ts'

const expectedInstant = 'expects a moment such as 2026-11-23T10:00:00Z'

const instantSchema = z.string(expectedInstant).transform((text, context) => {
  try {
    return new Date(Temporal.Instant.from(text).epochMilliseconds)
  } catch {
    context.addIssue({ code: 'custom', message: expectedInstant })
    return z.NEVER
  }
})

const withinSchema = z.union(
  [
    durationSchema.transform((duration) => ({ clock: 'working' as const, duration })),
    allowanceSchema,
  ],
  'expects a duration such as 4h or 2d, or { working: <duration> } or { wall: <duration> }',
)

const questionSchema = z.object(
  { from: instantSchema, within: withinSchema, calendar: z.unknown().optional() },
  'expects { from, within, calendar? }',
)

const ownCalendarSchema = z.object({ calendar: calendarSchema })

/** Why a question about a deadline has no answer, in one line. */
export class DueQuestionError extends Error {
  override readonly name = 'DueQuestionError'
}

export interface DueAnswer {
  dueAt: string
  steps: { kind: DueStep['kind']; from: string; to: string; workingMs: number }[]
}

/**
 * The sum behind "Why due then?" for `{ from, within, calendar? }`: `from` an instant with its
 * offset or Z, `within` a working-time duration such as `4h` or an allowance such as
 * `{ wall: 24h }`, the calendar as in the agreement file (else the agreement's). Other fields are
 * let be. Throws DueQuestionError for what it can't answer.
 */
export function answerDue(input: unknown, agreementCalendar: Calendar): DueAnswer {
  const question = checked(questionSchema, input)
  const calendar =
    question.calendar === undefined ? agreementCalendar : calendarFrom(question.calendar)
  try {
    const due = dueAt(question.from, question.within, calendar)
    return { dueAt: due.dueAt.toISOString(), steps: written(due.steps) }
  } catch (error) {
    if (error instanceof RangeError) throw new DueQuestionError(error.message, { cause: error })
    throw error
  }
}

/** Steps follow each other without a hole, so each moment is written once: half of the work. */
function written(steps: DueStep[]): DueAnswer['steps'] {
  let at = steps[0]?.from.toISOString() ?? ''
  return steps.map(({ kind, from, to, workingMs }) => {
    const start = at
    if (to.getTime() !== from.getTime()) at = to.toISOString()
    return { kind, from: start, to: at, workingMs }
  })
}

/** Lines of a batch tend to share a few calendars, and checking one costs more than the sum. */
const calendars = new Map<string, Calendar>()
const calendarsKept = 500

function calendarFrom(input: unknown): Calendar {
  const key = JSON.stringify(input)
  const known = calendars.get(key)
  if (known !== undefined) return known
  const { calendar } = checked(ownCalendarSchema, { calendar: input })
  if (calendars.size >= calendarsKept) calendars.clear()
  calendars.set(key, calendar)
  return calendar
}

function checked<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const result = schema.safeParse(input)
  if (result.success) return result.data
  const faults = result.error.issues.map(({ path, message }) =>
    path.length === 0 ? message : `${path.join('.')}: ${message}`,
  )
  throw new DueQuestionError(faults.join('; '))
}
