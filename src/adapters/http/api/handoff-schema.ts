import { z } from '@hono/zod-openapi'
import {
  attemptChannels,
  attemptOutcomes,
  journeyStages,
  lifecycleStages,
  priorities,
  sides,
} from '../../../domain/agreement.ts'
import {
  deadlineKinds,
  deadlineStates,
  eventTypes,
  handoffStatuses,
  leadFields,
  returnAnswers,
  rulings,
} from '../../../domain/handoff.ts'

/** A handoff as the API answers with it. */

export const instant = z.string().openapi({ format: 'date-time' })

/** A time that may not have come. */
const instantOrNull = instant.nullable()
const text = z.string().nullable()
const person = z
  .string()
  .openapi({ description: 'The e-mail address, or the name where there is none.' })
export const personOrBaton = person.nullable().openapi({
  description: 'A person as above; null where nobody is named, or Baton itself did it.',
})

const loggedAttempt = z.object({
  id: z.string(),
  number: z.int().openapi({ description: 'Of all that were logged, counted or not.' }),
  counted: z.boolean(),
  why: z.string().openapi({ description: 'Why it counted or not, in a sentence.' }),
})
export const loggedAttemptSchema = loggedAttempt.openapi('LoggedAttempt')

export const leadShown = z.object({
  email: z.string(),
  name: z.string(),
  title: text,
  phone: text,
  company: z.record(z.string(), z.unknown()),
  attributes: z.record(z.string(), z.unknown()),
  source: text,
  crm: z.object({ system: z.string(), id: z.string(), url: z.string().optional() }).nullable(),
  journeyStage: z.enum(journeyStages).nullable(),
})

/** What a return said. */
const factsOfReturn = {
  criterion: text,
  readyOn: text.openapi({ description: 'A calendar date, YYYY-MM-DD.' }),
  readyWhen: text,
  field: z
    .enum(leadFields)
    .nullable()
    .openapi({ description: 'The field of the lead that is wrong.' }),
  duplicateOf: text.openapi({ description: 'The e-mail address of the other lead.' }),
  note: text,
}

const contest = z.object({
  by: person,
  at: instant,
  why: z.string(),
  term: z.string().openapi({ description: 'The id of the glossary term that it is about.' }),
  votes: z
    .array(
      z.object({
        side: z.enum(sides),
        ruling: z.enum(rulings),
        words: text,
        by: person,
        at: instant,
      }),
    )
    .openapi({ description: 'How the manager of each side rules, as far as they have.' }),
  ruling: z
    .enum(rulings)
    .nullable()
    .openapi({ description: 'What both ruled alike; null as long as they have not.' }),
})

const returned = z.object({
  reason: z.string(),
  ...factsOfReturn,
  by: person,
  at: instant,
  answer: z.enum(returnAnswers).nullable().openapi({ description: 'What marketing said to it.' }),
  contest: contest.nullable(),
  readySince: instantOrNull.openapi({
    description: 'Since when it may be handed over again: the day has come, or the condition.',
  }),
})

const previous = z
  .object({
    handoff: z.string().openapi({ description: 'The id of the handoff before.' }),
    leadStatus: z.string(),
    reason: z.string(),
    ...factsOfReturn,
    at: instant,
  })
  .openapi({ description: 'How the round before ended, where sales gave the lead back.' })

const deal = z
  .object({
    stage: z.string().openapi({ description: 'The id of a deal stage of the agreement.' }),
    lostReason: text,
    note: text,
    at: instant,
  })
  .openapi({ description: 'What was reported of the deal last.' })

const news = z
  .object({ reason: z.string(), by: personOrBaton, at: instant })
  .openapi({ description: 'What was told of the lead since it was handed over, last.' })

const score = z
  .object({
    total: z.int(),
    threshold: z.int(),
    lines: z.array(z.object({ rule: z.string(), points: z.int(), times: z.int() })),
  })
  .openapi({ description: 'The points of the lead when it was handed over; the lines add up.' })

const deadline = z.object({
  kind: z.enum(deadlineKinds),
  dueAt: instant,
  state: z.enum(deadlineStates),
  metAt: instantOrNull,
  breachedAt: instantOrNull,
  pausedSince: instantOrNull.openapi({ description: 'null while the clock goes on.' }),
  lateMs: z.int().nullable().openapi({
    description:
      'How late, in milliseconds; grows until it is met. null where it was never missed.',
  }),
  lateWorkingMs: z.int().nullable().openapi({ description: 'How much of that was working time.' }),
})

const attempt = loggedAttempt.extend({
  channel: z.enum(attemptChannels),
  outcome: z.enum(attemptOutcomes),
  note: text,
  at: instant,
  by: personOrBaton,
})

const event = z.object({
  type: z.enum(eventTypes),
  at: instant,
  by: personOrBaton,
  data: z.record(z.string(), z.unknown()),
})

export const handoffSchema = z
  .object({
    id: z.string(),
    version: z.int(),
    status: z.enum(handoffStatuses),
    leadStatus: z.string(),
    lifecycleStage: z.enum(lifecycleStages),
    priority: z.enum(priorities),
    reason: z.string(),
    lead: leadShown,
    leadType: z.string(),
    owner: person.nullable(),
    handedOffBy: personOrBaton,
    agreementVersion: z.int(),
    card: z
      .object({ channel: z.string(), ts: z.string() })
      .nullable()
      .openapi({ description: 'Where the card stands in Slack; null until it is posted.' }),
    round: z.int().openapi({ description: '1 for the first handoff of the lead.' }),
    previous: previous.nullable(),
    whatChanged: text.openapi({ description: 'What is different from the round before.' }),
    news: news.nullable(),
    score: score.nullable(),
    acceptedAt: instantOrNull,
    returned: returned.nullable(),
    deal: deal.nullable(),
    deadlines: z.array(deadline),
    attempts: z.array(attempt),
    events: z.array(event),
    createdAt: instant,
  })
  .openapi('Handoff')
export type HandoffJson = z.input<typeof handoffSchema>

export const handoffPageSchema = z
  .object({
    items: z.array(handoffSchema),
    nextCursor: z.string().nullable().openapi({ description: 'null on the last page.' }),
  })
  .openapi('HandoffPage')
