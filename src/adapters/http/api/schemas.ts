import { z } from '@hono/zod-openapi'
import {
  attemptChannels,
  attemptOutcomes,
  lifecycleStages,
  locales,
  priorities,
} from '../../../domain/agreement.ts'
import { eventTypes, handoffStatuses, leadFields, rulings } from '../../../domain/handoff.ts'
import { boundedText, emailAddress, leadInputSchema } from '../../../domain/lead.ts'
import { groupings, reportedClocks } from '../../../domain/report.ts'
import { webhookTypes } from '../../../domain/webhook.ts'
import { handoffSchema, instant } from './handoff-schema.ts'

/** The schemas that check the requests; the OpenAPI document is made from the same. */

/**
 * The same schema, able to be documented: those that were made before this library was loaded, as
 * the domain's may have been, do not have its method.
 */
const own = <Schema extends z.ZodType>(schema: Schema): Schema => schema.clone()

/** The document's form of a schema as zod itself sees it, for those with recursive JSON inside. */
const documented = <Schema extends z.ZodType>(schema: Schema): Schema =>
  own(schema).openapi(documentOf(schema))

function documentOf(schema: z.ZodType) {
  const { $schema: _, $defs: __, ...document } = z.toJSONSchema(schema, { io: 'input' })
  // What the definitions stand for is any JSON value, which an empty schema says.
  const text = JSON.stringify(document).replaceAll(/\{"\$ref":"#\/\$defs\/[^"]+"\}/g, '{}')
  return JSON.parse(text)
}

const email = own(emailAddress).openapi({
  type: 'string',
  format: 'email',
  maxLength: 254,
  example: 'anna@acme.example',
})
const note = boundedText(2_000)

export const handOffBody = z
  .object({
    lead: documented(leadInputSchema),
    reason: boundedText(2_000).openapi({
      description: 'Why the lead is qualified, in plain words.',
    }),
    priority: z.enum(priorities).default('standard'),
    owner: email
      .optional()
      .openapi({ description: 'Who is to own it; without one, the first to accept.' }),
    handedOffBy: email.optional().openapi({ description: 'Who of marketing hands it over.' }),
    whatChanged: note
      .optional()
      .openapi({ description: 'Asked for when this lead was returned before.' }),
  })
  .openapi('NewHandoff', {
    example: {
      lead: {
        email: 'maria@officineverdi.example',
        name: 'Maria Verdi',
        company: { name: 'Officine Verdi', employees: 120, country: 'IT' },
        type: 'new-equipment',
      },
      reason: 'Asked for a quote for two presses',
      priority: 'hot',
    },
  })

export const acceptBody = z.object({ by: email }).openapi('Acceptance')

export const returnBody = z
  .object({
    by: email,
    reason: boundedText(40).openapi({ description: 'The id of a return reason of the agreement.' }),
    criterion: boundedText(40)
      .optional()
      .openapi({ description: 'The id of the criterion of the profile that is not met.' }),
    readyOn: z.iso.date('expects a date such as 2027-02-01').optional(),
    readyWhen: boundedText(500).optional(),
    field: z.enum(leadFields).optional().openapi({
      description: 'The field of the lead that is wrong; `other` is told in the note.',
    }),
    duplicateOf: email
      .optional()
      .openapi({ description: 'The other lead, by its e-mail address; Baton has to know it.' }),
    note: note.optional(),
  })
  .openapi('NewReturn', {
    example: { by: 'anna@acme.example', reason: 'not-ready', readyOn: '2027-02-01' },
  })

/** A body that says no more than who does it. */
const byOnly = (name: string, example: string) =>
  z.object({ by: email }).openapi(name, { example: { by: example } })

export const acknowledgeBody = byOnly('Acknowledgement', 'ben@acme.example')
export const readyBody = byOnly('ReadyMark', 'ben@acme.example')

export const contestBody = z
  .object({
    by: email,
    why: note.openapi({ description: 'How marketing reads it; the managers rule on that.' }),
  })
  .openapi('NewContest', {
    example: { by: 'ben@acme.example', why: 'The budget was approved last week' },
  })

export const ruleBody = z
  .object({
    by: email,
    ruling: z.enum(rulings),
    words: note.optional().openapi({
      description: 'Why; asked for with `clarify`: how the term is to be understood.',
    }),
  })
  .openapi('NewRuling', {
    example: {
      by: 'sara@acme.example',
      ruling: 'clarify',
      words: 'A budget counts once it is approved',
    },
  })

export const outcomeBody = z
  .object({
    by: email,
    dealStage: boundedText(40).openapi({
      description: 'The id of a deal stage of the agreement.',
    }),
    lostReason: boundedText(40).optional().openapi({
      description: 'Of a lost deal: the id of a lost reason of the agreement, if it is known.',
    }),
    note: note.optional(),
  })
  .openapi('DealReport', { example: { by: 'anna@acme.example', dealStage: 'exploration' } })

export const reassignBody = z
  .object({
    by: email,
    to: email.nullable().openapi({
      type: ['string', 'null'],
      format: 'email',
      description: 'The next owner; `by` themselves to take it over, null to give it back to all.',
    }),
  })
  .openapi('Reassignment', { example: { by: 'anna@acme.example', to: 'luca@acme.example' } })

const expectedInstant = 'expects an instant such as 2026-11-23T14:00:00Z, from the year 2000 on'
const earliest = new Date('2000-01-01T00:00:00Z')

const madeAt = z.iso
  .datetime({ offset: true, error: expectedInstant })
  .transform((text) => new Date(text))
  .refine((at) => at >= earliest, expectedInstant)
  .optional()

export const attemptBody = z
  .object({
    channel: z.enum(attemptChannels),
    outcome: z.enum(attemptOutcomes),
    at: madeAt.openapi({
      type: 'string',
      format: 'date-time',
      description: 'Without it: now.',
    }),
    note: note.optional(),
    by: email.optional(),
  })
  .openapi('NewAttempt', { example: { channel: 'call', outcome: 'no-answer' } })

const expectedCorrection = 'expects at least one of channel, outcome, at, note and void'

export const correctionBody = z
  .object({
    by: email,
    channel: z.enum(attemptChannels).optional(),
    outcome: z.enum(attemptOutcomes).optional(),
    at: madeAt.openapi({ type: 'string', format: 'date-time' }),
    note: note.optional(),
    void: z
      .boolean()
      .optional()
      .openapi({ description: 'It did not happen; `false` takes that back.' }),
  })
  .refine(
    ({ by: _, ...said }) => Object.values(said).some((value) => value !== undefined),
    expectedCorrection,
  )
  .openapi('AttemptCorrection', { example: { by: 'anna@acme.example', channel: 'email' } })

export const idempotency = z.object({
  'Idempotency-Key': z
    .string()
    .regex(/^[\x20-\x7e]{1,255}$/, 'expects 1 to 255 printable characters')
    .optional()
    .openapi({ description: 'The same key with the same body has its effect once.' }),
})

export const handoffId = z.object({
  id: z
    .string()
    .regex(/^[\w-]{1,80}$/)
    .openapi({ param: { name: 'id', in: 'path' }, example: 'hof_1' }),
})

export const leadEmail = z.object({
  email: email.openapi({ param: { name: 'email', in: 'path' } }),
})

const leadNews = leadInputSchema
  .extend({ lifecycleStage: z.enum(lifecycleStages) })
  .partial({ email: true, name: true, lifecycleStage: true })

export const leadBody = documented(leadNews).openapi('LeadNews', {
  example: { name: 'Maria Verdi', title: 'Plant manager', lifecycleStage: 'mql' },
})

const activity = z.object({
  email: emailAddress,
  type: z
    .string()
    .regex(/^[\w.:-]{1,60}$/, 'expects up to 60 letters, digits, dots, colons and dashes'),
  at: z.iso
    .datetime({ offset: true, error: expectedInstant, abort: true })
    .refine((text) => new Date(text) >= earliest, expectedInstant)
    .optional(),
  properties: leadInputSchema.shape.attributes,
  id: boundedText(200).optional(),
  name: boundedText(200).optional(),
})
const mostActivities = 1_000
const activityList = z
  .array(activity)
  .min(1, 'expects at least one activity')
  .max(mostActivities, `expects at most ${mostActivities} activities`)

/** One or a list, as a list. A list is checked as one, so that a fault says where in it it is. */
export const activitiesBody = own(
  z.unknown().transform((sent, context) => {
    const parsed = Array.isArray(sent)
      ? activityList.safeParse(sent)
      : activity.transform((one) => [one]).safeParse(sent)
    if (parsed.success) return parsed.data
    for (const { message, path } of parsed.error.issues) {
      context.addIssue({ code: 'custom', message, path })
    }
    return z.NEVER
  }),
).openapi('NewActivities', {
  // what is said of fields counts for an object, what is said of items for a list
  ...documentOf(activityList),
  ...documentOf(activity),
  type: ['object', 'array'],
  example: [{ email: 'maria@officineverdi.example', type: 'quote-request', id: 'form-812' }],
})

export const attemptNumber = handoffId.extend({
  number: z
    .string()
    .regex(/^[1-9]\d{0,5}$/)
    .transform(Number)
    .openapi({ type: 'integer', param: { name: 'number', in: 'path' }, example: 2 }),
})

type ParameterDocument = { type: 'string' | 'integer'; [key: string]: unknown }

/** A query parameter; one that is there but empty is as good as none. */
const parameter = <Schema extends z.ZodType>(schema: Schema, document: ParameterDocument) =>
  z
    .preprocess((value) => (value === '' ? undefined : value), schema.optional())
    .openapi({ ...document, param: { required: false } })

const pageSize = { least: 1, most: 100, usual: 25 }
const expectedPageSize = `expects a number from ${pageSize.least} to ${pageSize.most}`

/** What asks for a page. */
const page = {
  cursor: parameter(z.string().regex(/^[\w-]{1,500}$/, 'expects the nextCursor of a page'), {
    type: 'string',
    description: 'The nextCursor of the page before.',
  }),
  limit: parameter(
    z
      .string()
      .regex(/^\d{1,3}$/, expectedPageSize)
      .transform(Number)
      .refine((limit) => limit >= pageSize.least && limit <= pageSize.most, expectedPageSize),
    { type: 'integer', minimum: pageSize.least, maximum: pageSize.most, default: pageSize.usual },
  ).transform((limit) => limit ?? pageSize.usual),
}

export const handoffsQuery = z.object({
  status: parameter(z.enum(handoffStatuses), { type: 'string', enum: [...handoffStatuses] }),
  owner: parameter(emailAddress, { type: 'string', format: 'email' }),
  leadType: parameter(boundedText(40), { type: 'string' }),
  ...page,
})

export const glossaryQuery = z.object({
  q: parameter(z.string().max(1_000, 'expects at most 1,000 characters'), {
    type: 'string',
    description: 'A term as anyone would type it; without it, all terms.',
  }),
  locale: parameter(z.enum(locales), { type: 'string', enum: [...locales], default: 'en' }),
})

const reportDay = (description: string) =>
  parameter(z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'expects a date such as 2026-10-31'), {
    type: 'string',
    format: 'date',
    description,
  })

export const reportQuery = z.object({
  from: reportDay('The first day, in the zone of the agreement; without both, this month.'),
  to: reportDay('The last day.'),
  groupBy: parameter(z.enum(groupings), { type: 'string', enum: [...groupings] }),
})

const amount = z.int().nonnegative()
const share = z.number().nullable()
const spread = z.object({ median: z.number().nullable(), p90: z.number().nullable() })
const tallied = z.object({ id: z.string(), count: amount })

const figuresSchema = z
  .object({
    handoffs: amount,
    accepted: amount,
    open: amount,
    returned: amount,
    unresponsive: amount,
    closed: amount,
    returnedBy: z.object({
      reason: z.array(tallied),
      criterion: z.array(tallied),
      field: z.array(tallied),
    }),
    toAccept: z
      .object({ raw: spread, working: spread })
      .openapi({ description: 'In milliseconds, from the handoff to the first acceptance.' }),
    toFirstAttempt: z
      .object({ count: amount, raw: spread, working: spread })
      .openapi({ description: 'From the acceptance to the first counted attempt.' }),
    clocks: z.array(z.object({ kind: z.enum(reportedClocks), met: amount, missed: amount, share })),
    idle: amount,
    attempts: z.object({
      logged: amount,
      counted: amount,
      perLead: share,
      byChannel: z.array(tallied.extend({ counted: amount })),
      notCounted: z.array(tallied),
    }),
    scored: amount,
    reachedThreshold: amount,
    scoreBands: z.array(z.object({ band: z.string(), handoffs: amount, returned: amount })),
    deals: z.object({ byStage: z.array(tallied), won: amount, lost: amount }),
    timeSpent: z
      .object({
        system: z.number(),
        queue: z.number(),
        offHours: z.number(),
        rep: z.number(),
        marketing: z.number(),
      })
      .openapi({
        description: 'In milliseconds. All but `marketing` and `offHours` are working time.',
      }),
  })
  .openapi('Figures')

export const reportSchema = z
  .object({
    from: z.string(),
    to: z.string(),
    groupBy: z.enum(groupings).nullable(),
    total: figuresSchema,
    groups: z.array(
      z.object({ key: z.string().nullable(), name: z.string(), figures: figuresSchema }),
    ),
  })
  .openapi('Report')

export const whoWouldGetQuery = z.object({
  email: parameter(emailAddress, {
    type: 'string',
    format: 'email',
    description: 'Of a lead; one that is not known yet counts as new.',
  }),
  leadType: parameter(boundedText(40), {
    type: 'string',
    description: 'The id of a lead type of the agreement; without it, as the agreement finds it.',
  }),
  locale: parameter(z.enum(locales), { type: 'string', enum: [...locales], default: 'en' }),
})

const inWords = z.string().openapi({ description: 'The same in words, in the language asked for.' })

const typeReasons = ['type-sent', 'type-known', 'type-by-conditions', 'type-by-default'] as const
const ownerReasons = ['asked-for', 'same-company', 'fixed', 'turn', 'open', 'nobody-there'] as const

export const whoWouldGetSchema = z
  .object({
    leadType: z.string(),
    channel: z.string(),
    owner: z
      .string()
      .nullable()
      .openapi({ description: 'An e-mail address; null where the first to accept owns it.' }),
    why: z
      .array(
        z.object({
          code: z.enum([...typeReasons, ...ownerReasons]),
          domain: z.string().nullable().openapi({ description: 'Of the same company.' }),
          words: inWords,
        }),
      )
      .openapi({ description: 'Why it is of that type, then why it goes to that owner.' }),
    passedOver: z.array(
      z.object({
        person: z.string(),
        why: z.enum(['away', 'off', 'full', 'outside-hours', 'cannot-sell']),
        until: z.string().nullable().openapi({ description: 'Of `off`: the last day off.' }),
        from: instant
          .nullable()
          .openapi({ description: 'Of `outside-hours`: when their hours begin again.' }),
        cap: z.int().nullable().openapi({ description: 'Of `full`: how many open leads at most.' }),
        words: inWords,
      }),
    ),
  })
  .openapi('Route')

export const webhookBody = z
  .object({
    url: boundedText(2_000).openapi({
      description: 'Where events are sent to, by HTTPS. Private addresses are refused.',
    }),
    events: z
      .array(z.enum(eventTypes))
      .max(eventTypes.length)
      .default([])
      .openapi({ description: 'Types of events; empty, or left out, for all.' }),
  })
  .openapi('NewWebhook', {
    example: { url: 'https://example.com/hooks/baton', events: ['HandedOff', 'Accepted'] },
  })

/** What is no id at all is an id that nothing has. */
export const webhookId = z.object({
  id: z
    .string()
    .transform((id) => (/^[\w-]{1,80}$/.test(id) ? id : ''))
    .openapi({ type: 'string', param: { name: 'id', in: 'path' }, example: 'hook_1' }),
})

export const webhookPage = z.object(page)

export const webhookSchema = z
  .object({
    id: z.string(),
    url: z.string(),
    events: z.array(z.enum(eventTypes)).openapi({ description: 'Empty for all.' }),
    createdAt: instant,
    disabledAt: instant.nullable().openapi({
      description:
        'Since when nothing is sent: it answered 410, or failed for three days. A test that is taken enables it again.',
    }),
  })
  .openapi('Webhook')

export const newWebhookSchema = webhookSchema
  .extend({
    secret: z.string().openapi({
      description: 'Checks the signatures (Standard Webhooks). Told this once.',
    }),
  })
  .openapi('AddedWebhook')

export const webhooksSchema = z.object({ items: z.array(webhookSchema) }).openapi('Webhooks')

export const webhookTestedSchema = z
  .object({
    taken: z.boolean().openapi({ description: 'It was answered with 2xx.' }),
    answer: z.string().openapi({ description: 'The status, or why there was none.' }),
  })
  .openapi('WebhookTest')

export const webhookLogSchema = z
  .object({
    items: z.array(
      z.object({
        id: z.string(),
        type: z.enum(webhookTypes),
        state: z.enum(['pending', 'sent', 'failed']),
        tries: z.int(),
        answer: z
          .string()
          .nullable()
          .openapi({ description: 'The last status, or why there was none.' }),
        createdAt: instant,
        sentAt: instant.nullable(),
        nextTryAt: instant.nullable(),
      }),
    ),
    nextCursor: z.string().nullable().openapi({ description: 'null on the last page.' }),
  })
  .openapi('WebhookLog')

export const agreementInForceSchema = z
  .object({
    version: z.int(),
    inForceFrom: instant,
    agreement: z
      .record(z.string(), z.unknown())
      .openapi({ description: 'The clauses, written as in the agreement file.' }),
  })
  .openapi('AgreementInForce')

export const glossarySchema = z
  .object({
    match: z
      .enum(['all', 'name', 'abbreviation', 'alias', 'nearest', 'none'])
      .openapi({ description: 'How the question found its terms.' }),
    items: z.array(
      z.object({
        id: z.string(),
        chapter: z.string(),
        name: z.string(),
        abbreviations: z.array(z.string()),
        aliases: z.array(z.string()),
        definition: z.string(),
        decide: z.string().nullable(),
        example: z.string(),
        related: z.array(z.string()),
      }),
    ),
  })
  .openapi('Glossary')

export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z
      .string()
      .optional()
      .openapi({ description: 'A short name of the refusal, for programs.' }),
    errors: z
      .array(
        z.object({
          pointer: z.string().optional().openapi({ description: 'Into the body (RFC 6901).' }),
          parameter: z.string().optional(),
          detail: z.string(),
        }),
      )
      .optional(),
    handoff: handoffSchema.optional().openapi({ description: 'The present state, with a 409.' }),
    reference: z.string().optional().openapi({ description: 'What to look for in the log.' }),
  })
  .openapi('Problem')
