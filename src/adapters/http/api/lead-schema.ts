import { z } from '@hono/zod-openapi'
import { lifecycleStages } from '../../../domain/agreement.ts'
import { handoffStatuses } from '../../../domain/handoff.ts'
import { instant, leadShown, personOrBaton } from './handoff-schema.ts'

/** A lead as the API answers with it. */

const change = z.object({
  what: z.enum(['stage', 'status']),
  from: z.string().nullable().openapi({ description: 'null where nothing was known before.' }),
  to: z.string(),
  rule: z.string().openapi({
    description: 'The clause of the agreement, such as return_reasons.not-ready.',
  }),
  at: instant,
  by: personOrBaton,
  handoff: z
    .string()
    .nullable()
    .openapi({ description: 'The id of the handoff that it came with, if it came with one.' }),
})

const round = z.object({
  id: z.string(),
  round: z.int(),
  status: z.enum(handoffStatuses),
  leadStatus: z.string(),
  createdAt: instant,
})

const score = z.object({
  total: z.int(),
  threshold: z.int().openapi({ description: 'An MQL with so many points is handed over.' }),
  lines: z
    .array(
      z.object({
        rule: z.string().openapi({ description: 'The id of a scoring rule of the agreement.' }),
        name: z.string(),
        points: z.int(),
        times: z.int(),
      }),
    )
    .openapi({ description: 'What the points are for; they add up to the total.' }),
})

const criterion = z.object({
  criterion: z.string().openapi({ description: 'The id of a criterion of the agreement.' }),
  name: z.string(),
  verdict: z.enum(['met', 'not-met', 'unknown']),
})

const persona = z.object({ id: z.string(), name: z.string(), talkingPoints: z.array(z.string()) })

export const leadSchema = leadShown
  .extend({
    type: z.string().nullable().openapi({ description: 'The lead type, as it was sent.' }),
    score: score.nullable().openapi({
      description: 'As it was when it was last scored; null where it was not scored yet.',
    }),
    fit: z.array(criterion).openapi({ description: 'How it meets the ideal customer profile.' }),
    persona: persona.nullable(),
    lifecycleStage: z.enum(lifecycleStages).nullable(),
    leadStatus: z.string().nullable(),
    history: z.array(change).openapi({
      description: 'How its lifecycle stage and its status changed, oldest first.',
    }),
    handoffs: z.array(round).openapi({ description: 'The last ones, oldest first.' }),
    olderHandoffs: z
      .int()
      .openapi({ description: 'How many earlier ones are left out, here and in the history.' }),
  })
  .openapi('Lead')
export const recordedSchema = z
  .object({
    accepted: z.int().openapi({ description: 'How many are new.' }),
    duplicates: z.int().openapi({ description: 'How many were known, or twice in the list.' }),
  })
  .openapi('RecordedActivities')
const rows = z.array(z.record(z.string(), z.unknown()))

export const leadExportSchema = z
  .object({
    lead: z.record(z.string(), z.unknown()),
    history: rows.openapi({ description: 'Every change of its lifecycle stage and status.' }),
    activities: rows,
    handoffs: rows.openapi({ description: 'With events, attempts, clocks and messages.' }),
    webhooks: rows.openapi({ description: 'What other programs were told of it.' }),
    crm: rows.openapi({ description: 'What CRMs have told of it.' }),
  })
  .openapi('LeadExport')
export type LeadJson = z.input<typeof leadSchema>
