import { z } from 'zod'
import { type Calendar, calendarSchema } from './calendar.ts'
import { allowanceSchema } from './duration.ts'

/**
 * The agreement (SLA) between marketing and sales, as its file writes it. Keys read in code as
 * they read in the file, so that a clause can be found from either side.
 */

export const locales = ['en', 'it'] as const
export type Locale = (typeof locales)[number]

const expectedId = 'expects a short name in lower case, such as new-equipment'
const id = z.string(expectedId).regex(/^[a-z0-9][a-z0-9-]{0,39}$/, expectedId)
const expectedText = 'expects a text of 1 to 500 characters'
const text = z.string(expectedText).trim().min(1, expectedText).max(500, expectedText)
const localised = z.strictObject({ en: text, it: text }, 'expects { en: <text>, it: <text> }')
const email = z
  .email('expects an e-mail address')
  .max(254, 'expects an e-mail address')
  .transform((value) => value.toLowerCase())
const expectedChannel = 'expects the name or id of a channel'
const channel = z
  .string(expectedChannel)
  .regex(/^#?[^\s#]{1,80}$/, expectedChannel)
  .transform((name) => name.replace(/^#/, ''))
const fraction = z
  .string('expects a percentage such as 50%')
  .regex(/^\d{1,3}%$/, 'expects a percentage such as 50%')
  .transform((value) => Number(value.slice(0, -1)) / 100)
const reminderFraction = fraction.refine((value) => value > 0 && value < 1, {
  error: 'expects a percentage between 1% and 99%',
})
const remind = z.array(reminderFraction).max(5).default([])

export const lifecycleStages = [
  'subscriber',
  'lead',
  'mql',
  'sql',
  'opportunity',
  'customer',
] as const
export type LifecycleStage = (typeof lifecycleStages)[number]

export const priorities = ['hot', 'standard'] as const
export type Priority = (typeof priorities)[number]

export const journeyStages = ['awareness', 'consideration', 'decision'] as const
export type JourneyStage = (typeof journeyStages)[number]

export const attemptChannels = ['call', 'email', 'linkedin', 'meeting', 'voicemail'] as const
export type AttemptChannel = (typeof attemptChannels)[number]

export const attemptOutcomes = [
  'no-answer',
  'left-message',
  'sent',
  'auto-reply',
  'bounced',
  'wrong-person',
  'connected',
  'meeting-booked',
] as const
export type AttemptOutcome = (typeof attemptOutcomes)[number]

export const roles = ['rep', 'marketing', 'sales_manager', 'marketing_manager', 'admin'] as const
export type Role = (typeof roles)[number]

const acceptClock = z.strictObject({
  within: allowanceSchema,
  hard: allowanceSchema.optional(),
  remind,
})
const firstAttemptClock = z.strictObject({
  hot: allowanceSchema,
  standard: allowanceSchema,
  remind,
})
const attemptsClock = z
  .strictObject({
    count: z.int().min(1).max(50),
    within: allowanceSchema,
    channels: z.int().min(1).max(attemptChannels.length),
    gap: allowanceSchema,
    counted: z.array(z.enum(attemptChannels)).min(1, 'expects at least one channel'),
    not_counted: z
      .array(z.enum(attemptOutcomes))
      .default(['auto-reply', 'bounced', 'wrong-person']),
    remind,
  })
  .superRefine(({ count, channels, counted }, context) => {
    const most = Math.min(count, new Set(counted).size)
    if (channels <= most) return
    const message = `expects at most ${most}: there are ${count} attempts over the counted channels`
    context.addIssue({ code: 'custom', path: ['channels'], message })
  })
const returnAnswerClock = z.strictObject({ within: allowanceSchema, remind })

const clocksSchema = z.strictObject({
  accept: acceptClock,
  first_attempt: firstAttemptClock,
  attempts: attemptsClock,
  return_answer: returnAnswerClock,
})
export type Clocks = z.output<typeof clocksSchema>

const ownClocksSchema = z.strictObject({
  accept: acceptClock.exactOptional(),
  first_attempt: firstAttemptClock.exactOptional(),
  attempts: attemptsClock.exactOptional(),
  return_answer: returnAnswerClock.exactOptional(),
})

const escalationStep = z.strictObject({
  at: fraction.refine((value) => value >= 1 && value <= 9, {
    error: 'expects a percentage from 100% to 900%',
  }),
  to: z.enum(['owner', 'manager', 'managers_channel']),
})
export type EscalationStep = z.output<typeof escalationStep>

const ownersSchema = z.union(
  [
    z.literal('open'),
    z.strictObject({ fixed: email }),
    z.strictObject({ rotate: z.array(email).min(1) }),
  ],
  'expects open, { fixed: <e-mail> } or { rotate: [<e-mail>, …] }',
)

const leadTypeSchema = z.strictObject({
  id,
  name: localised,
  channel,
  owners: ownersSchema.default('open'),
  clocks: ownClocksSchema.default({}),
  calendar: calendarSchema.optional(),
})
export type LeadType = z.output<typeof leadTypeSchema>

/** What a return must bring along, by its reason. */
export const returnNeeds = ['ready_on_or_when', 'criterion', 'note'] as const
const returnReasonSchema = z
  .strictObject({
    id,
    name: localised.optional(),
    status: text,
    stage: z.enum(lifecycleStages),
    needs: z.array(z.enum(returnNeeds)).default([]),
  })
  // A reason without a name of its own goes by the status it sets.
  .transform(({ name, ...reason }) => ({
    ...reason,
    name: name ?? { en: reason.status, it: reason.status },
  }))
export type ReturnReason = z.output<typeof returnReasonSchema>

const criterionSchema = z.strictObject({ id, name: localised })
export type Criterion = z.output<typeof criterionSchema>

const personSchema = z.strictObject({
  email,
  role: z.enum(roles),
  head_of: z.enum(['sales', 'marketing']).optional(),
})
export type AgreedPerson = z.output<typeof personSchema>

const statusesSchema = z.strictObject({
  new: text,
  accepted: text,
  attempting: text,
  connected: text,
  open_deal: text,
  unresponsive: text,
})

const dealStageSchema = z.strictObject({ id, name: localised })

/** Refuses a list in which two entries go by the same name. */
function unique<Key extends string>(key: Key) {
  return (list: Record<Key, string>[], context: z.RefinementCtx): void => {
    const seen = new Set<string>()
    for (const [index, entry] of list.entries()) {
      if (seen.has(entry[key])) {
        const message = `expects each ${key} once: ${entry[key]} is there already`
        context.addIssue({ code: 'custom', path: [index, key], message })
      }
      seen.add(entry[key])
    }
  }
}

function neverBackwards(steps: EscalationStep[], context: z.RefinementCtx): void {
  for (const [index, step] of steps.entries()) {
    if (step.at >= (steps[index - 1]?.at ?? 0)) continue
    const message = 'expects a percentage that is not below the one before it'
    context.addIssue({ code: 'custom', path: [index, 'at'], message })
  }
}

/** A reason that asks for a criterion can only be given where there is one to name. */
function criteriaForReasons(
  { icp, return_reasons }: { icp: Criterion[]; return_reasons: ReturnReason[] },
  context: z.RefinementCtx,
): void {
  const asking = return_reasons.find(({ needs }) => needs.includes('criterion'))
  if (asking === undefined || icp.length > 0) return
  const message = `expects a criterion, since the return reason ${asking.id} asks for one`
  context.addIssue({ code: 'custom', path: ['icp'], message })
}

const sections = z.strictObject({
  title: text,
  goals: z.array(localised).min(1).max(10),
  protocols: z.array(localised).max(20).default([]),
  expectations: z.strictObject({
    marketing: z.array(localised).max(20),
    sales: z.array(localised).max(20),
  }),
  language: z.enum(locales).default('en'),
  calendar: calendarSchema,
  clocks: clocksSchema,
  escalation: z.array(escalationStep).max(10).default([]).superRefine(neverBackwards),
  managers_channel: channel,
  lead_types: z.array(leadTypeSchema).min(1).max(50).superRefine(unique('id')),
  return_reasons: z.array(returnReasonSchema).min(1).max(20).superRefine(unique('id')),
  lead_statuses: statusesSchema,
  deal_stages: z.array(dealStageSchema).min(1).max(20).superRefine(unique('id')),
  icp: z.array(criterionSchema).max(20).default([]).superRefine(unique('id')),
  people: z.array(personSchema).max(1_000).default([]).superRefine(unique('email')),
})

export const agreementSchema = sections.superRefine(criteriaForReasons)

export type Agreement = z.output<typeof agreementSchema>

/** The lead type of that id; without an id the first one, which is the agreement's default. */
export function leadTypeOf(agreement: Agreement, leadTypeId?: string): LeadType | undefined {
  return leadTypeId === undefined
    ? agreement.lead_types[0]
    : agreement.lead_types.find((type) => type.id === leadTypeId)
}

/** The clocks of a lead type: its own where it has them, else the agreement's. */
export function clocksOf(agreement: Agreement, leadTypeId: string): Clocks {
  return { ...agreement.clocks, ...leadTypeOf(agreement, leadTypeId)?.clocks }
}

/** The calendar of a lead type: its own where it has one, else the agreement's. */
export function calendarOf(agreement: Agreement, leadTypeId: string): Calendar {
  return leadTypeOf(agreement, leadTypeId)?.calendar ?? agreement.calendar
}

/** The e-mail address of the one owner of a lead type; undefined where it is open or rotates. */
export function fixedOwnerOf({ owners }: LeadType): string | undefined {
  return owners !== 'open' && 'fixed' in owners ? owners.fixed : undefined
}
