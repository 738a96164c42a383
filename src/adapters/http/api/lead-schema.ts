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

export const leadSchema = leadShown
  .extend({
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
export type LeadJson = z.input<typeof leadSchema>
