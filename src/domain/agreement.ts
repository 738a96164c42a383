import { z } from 'zod'
import { calendarSchema } from './calendar.ts'
import { conditionsSchema } from './condition.ts'
import { allowanceSchema, durationSchema } from './duration.ts'

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

/** The two sides of the agreement. */
export const sides = ['marketing', 'sales'] as const
export type Side = (typeof sides)[number]

/**
 * Whom a breach is told: the owner, the managers, their channel; or the next owner takes over; or
 * whoever does not respond gets no more leads until they say that they are back.
 */
export const escalationTargets = [
  'owner',
  'manager',
  'managers_channel',
  'next_owner',
  'off_duty',
] as const

const escalationStep = z.strictObject({
  at: fraction.refine((value) => value >= 1 && value <= 9, {
    error: 'expects a percentage from 100% to 900%',
  }),
  to: z.enum(escalationTargets),
})
export type EscalationStep = z.output<typeof escalationStep>

/** The ladder of one clock; without one of its own the agreement's counts. */
const ladder = z.array(escalationStep).max(10).superRefine(neverBackwards)

/** When the one concerned is reminded, and whom a breach is told. */
const nudges = { remind, escalation: ladder.exactOptional() }

const acceptClock = z.strictObject({
  within: allowanceSchema,
  hard: allowanceSchema.optional(),
  ...nudges,
})
const firstAttemptClock = z.strictObject({
  hot: allowanceSchema,
  standard: allowanceSchema,
  ...nudges,
})
const attemptsClock = z
  .strictObject({
    count: z.int().min(1).max(50),
    within: allowanceSchema,
    channels: z.int().min(1).max(attemptChannels.length),
    gap: allowanceSchema,
    /** Other gaps for some channels. */
    gaps: z.partialRecord(z.enum(attemptChannels), allowanceSchema).default({}),
    counted: z.array(z.enum(attemptChannels)).min(1, 'expects at least one channel'),
    not_counted: z
      .array(z.enum(attemptOutcomes))
      .default(['auto-reply', 'bounced', 'wrong-person']),
    ...nudges,
  })
  .superRefine(({ count, channels, counted }, context) => {
    const most = Math.min(count, new Set(counted).size)
    if (channels <= most) return
    const message = `expects at most ${most}: there are ${count} attempts over the counted channels`
    context.addIssue({ code: 'custom', path: ['channels'], message })
  })
const plainClock = z.strictObject({ within: allowanceSchema, ...nudges })

const clocksSchema = z.strictObject({
  accept: acceptClock,
  first_attempt: firstAttemptClock,
  attempts: attemptsClock,
  return_answer: plainClock,
  /** Accepted, and no counted attempt for so long. */
  idle: plainClock.exactOptional(),
  /** From a contest until both managers have ruled alike. */
  ruling: plainClock.exactOptional(),
})
export type Clocks = z.output<typeof clocksSchema>

const ownClocksSchema = z.strictObject({
  accept: acceptClock.exactOptional(),
  first_attempt: firstAttemptClock.exactOptional(),
  attempts: attemptsClock.exactOptional(),
  return_answer: plainClock.exactOptional(),
  idle: plainClock.exactOptional(),
  ruling: plainClock.exactOptional(),
})

const ownersSchema = z.union(
  [
    z.literal('open'),
    z.strictObject({ fixed: email }),
    z.strictObject({
      rotate: z.array(email).min(1),
      /** How many leads somebody gets for each of the others', where it is not one. */
      weights: z.record(email, z.int().min(1).max(100)).exactOptional(),
    }),
  ],
  'expects open, { fixed: <e-mail> } or { rotate: [<e-mail>, …] }',
)

const leadTypeSchema = z.strictObject({
  id,
  /** Another lead type, whose clocks and calendar count where this one names none. */
  like: id.exactOptional(),
  name: localised,
  channel,
  /** Of what Baton says in that channel, where that is not the agreement's. */
  language: z.enum(locales).exactOptional(),
  owners: ownersSchema.default('open'),
  clocks: ownClocksSchema.default({}),
  calendar: calendarSchema.optional(),
  /** Leads that come without a type are of the first one whose conditions hold. */
  when: conditionsSchema.exactOptional(),
})
export type LeadType = z.output<typeof leadTypeSchema>

/**
 * What a return must bring along, by its reason: a date or a condition, the criterion that is not
 * met, the field that is wrong, the other lead, a note, or a sequence of attempts that is complete.
 */
export const returnNeeds = [
  'ready_on_or_when',
  'criterion',
  'field',
  'other_lead',
  'note',
  'attempts',
] as const
const returnReasonSchema = z
  .strictObject({
    id,
    name: localised.optional(),
    status: text,
    stage: z.enum(lifecycleStages),
    needs: z.array(z.enum(returnNeeds)).default([]),
    /** The term of the glossary that a dispute about such a return is about. */
    term: id.default('sql'),
  })
  // A reason without a name of its own goes by the status it sets.
  .transform(({ name, ...reason }) => ({
    ...reason,
    name: name ?? { en: reason.status, it: reason.status },
  }))
export type ReturnReason = z.output<typeof returnReasonSchema>

/** A persona: recognised by what is known of a lead, told with what to talk about. */
const personaSchema = z.strictObject({
  id,
  name: localised,
  when: conditionsSchema,
  talking_points: z.array(localised).max(5).default([]),
})
export type Persona = z.output<typeof personaSchema>

/** `agreed` is the criterion in the words that both sides agreed on; without it its name is. */
const criterionSchema = z.strictObject({
  id,
  name: localised,
  agreed: localised.exactOptional(),
  /** How it is checked; without it nobody can tell but by looking. */
  when: conditionsSchema.exactOptional(),
})
export type Criterion = z.output<typeof criterionSchema>

const expectedDays = 'expects a day such as 2026-12-24, or two such as 2026-12-27/2027-01-06'
const daysOff = z.string(expectedDays).refine((text) => {
  const [first, last = first, ...rest] = text.split('/')
  const isDay = (day: string | undefined) => z.iso.date().safeParse(day).success
  return rest.length === 0 && isDay(first) && isDay(last) && String(first) <= String(last)
}, expectedDays)

const personSchema = z.strictObject({
  email,
  role: z.enum(roles),
  head_of: z.enum(sides).optional(),
  /** Most open leads that may be passed on to this person. */
  cap: z.int().min(1).max(10_000).exactOptional(),
  /** Days on which no lead is passed on to this person. */
  off: z.array(daysOff).max(100).exactOptional(),
  /** When this person works, where that is another time than the agreement's. */
  calendar: calendarSchema.exactOptional(),
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

/** What a deal stage means for the handoff. */
export const dealMeanings = ['open', 'won', 'lost', 'hold'] as const
export type DealMeaning = (typeof dealMeanings)[number]

const meaningById: Record<string, DealMeaning> = {
  'closed-won': 'won',
  'closed-lost': 'lost',
  'on-hold': 'hold',
}
const stageByMeaning = { open: 'opportunity', won: 'customer', lost: 'mql', hold: null } as const

const dealStageSchema = z
  .strictObject({
    id,
    name: localised,
    means: z.enum(dealMeanings).exactOptional(),
    /** The lifecycle stage that it moves a lead to. */
    stage: z.enum(lifecycleStages).exactOptional(),
  })
  // The common stages say by their names what they mean.
  .transform((stage) => {
    const means = stage.means ?? meaningById[stage.id] ?? 'open'
    const moves = stage.stage ?? stageByMeaning[means]
    return { ...stage, means, ...(moves === null ? {} : { stage: moves }) }
  })
export type DealStage = z.output<typeof dealStageSchema>

/** The moves of a lead through its lifecycle that are allowed: from each stage to which. */
const lifecycleSchema = z.partialRecord(
  z.enum(lifecycleStages),
  z.array(z.enum(lifecycleStages)).max(lifecycleStages.length),
)
export type LifecycleMoves = z.output<typeof lifecycleSchema>

const usualMoves: LifecycleMoves = {
  subscriber: ['lead', 'mql', 'sql'],
  lead: ['subscriber', 'mql', 'sql'],
  mql: ['lead', 'sql'],
  sql: ['lead', 'mql', 'opportunity', 'customer'],
  opportunity: ['lead', 'mql', 'sql', 'customer'],
  customer: ['mql', 'sql', 'opportunity'],
}

const points = z.int().min(-1_000).max(1_000)
const activityType = z
  .string('expects a type of activity such as page-view')
  .regex(/^[\w.:-]{1,60}$/, 'expects a type of activity such as page-view')

/** What earns points: something that a lead did, or something that is known of it. */
const scoringRule = z
  .strictObject({
    id,
    name: localised,
    points,
    activity: activityType.exactOptional(),
    /** Of an activity: what its properties must be. */
    where: z
      .record(z.string().max(100), z.union([z.string(), z.number(), z.boolean()]))
      .exactOptional(),
    /** Of the lead. */
    when: conditionsSchema.exactOptional(),
    times: z.enum(['once', 'each']).default('each'),
    /** The most points, up or down, that it comes to. */
    cap: z.int().min(1).max(10_000).exactOptional(),
    /** After this an activity is worth half, by the clock: 14d is fourteen days. */
    half_life: durationSchema
      .refine((length) => (length.unit === 'days' ? length.days : length.ms) > 0, {
        error: 'expects more than no time; without half_life nothing fades',
      })
      .exactOptional(),
  })
  .refine(({ activity, when }) => activity !== undefined || when !== undefined, {
    error: 'expects activity, when, or both',
  })
export type ScoringRule = z.output<typeof scoringRule>

const scoringSchema = z
  .strictObject({
    /** An MQL with so many points becomes an SQL, and is handed over by itself. */
    threshold: z.int().min(1).max(100_000),
    /** A lead with so many points becomes an MQL. */
    mql: z.int().min(1).max(100_000).exactOptional(),
    /** Whether one that fell below the threshold is handed over when it crosses it again. */
    again: z.enum(['never', 'after_drop']).default('after_drop'),
    rules: z.array(scoringRule).max(100).superRefine(unique('id')),
  })
  .superRefine(({ mql, threshold }, context) => {
    if (mql === undefined || mql <= threshold) return
    const message = `expects at most the threshold, ${threshold}: an MQL comes before an SQL`
    context.addIssue({ code: 'custom', path: ['mql'], message })
  })
export type Scoring = z.output<typeof scoringSchema>

/** What the teams agreed on for each stage of the journey, and how a lead comes to be in it. */
const journeySchema = z.strictObject({
  steps: z.partialRecord(z.enum(journeyStages), z.array(localised).max(10)).default({}),
  /** The last one that holds tells the stage of a lead that comes without one. */
  rules: z
    .array(
      z.strictObject({
        stage: z.enum(journeyStages),
        activity: activityType.exactOptional(),
        when: conditionsSchema.exactOptional(),
      }),
    )
    .max(50)
    .default([]),
})

const routingSchema = z.strictObject({
  /** Whoever had the last lead of the same company gets the next one too, if they are there. */
  sticky: z.enum(['company', 'none']).default('company'),
})

const reassignmentSchema = z.strictObject({
  /** Whether the clocks go on for the new owner, or start anew. */
  clock: z.enum(['keep', 'restart']).default('keep'),
  /** Which leads of others a rep may take over without asking. */
  take_over: z.enum(['never', 'overdue', 'always']).default('overdue'),
})

const expectedTime = 'expects a time of day such as "08:30"'
const timeOfDay = z.string(expectedTime).regex(/^([01]\d|2[0-3]):[0-5]\d$/, expectedTime)

export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const

const usualDigest = { at: '08:30' }
const usualWeekly = { day: 'mon', at: '09:00' } as const

/** What Baton tells by itself: each in the morning what is due, and the managers how the week was. */
const bulletinsSchema = z.strictObject({
  digest: z
    .union(
      [z.literal('never'), z.strictObject({ at: timeOfDay })],
      'expects never, or { at: "08:30" }',
    )
    .default(usualDigest),
  weekly: z
    .union(
      [z.literal('never'), z.strictObject({ day: z.enum(weekdays), at: timeOfDay })],
      'expects never, or { day: mon, at: "09:00" }',
    )
    .default(usualWeekly),
})
export type BulletinTerms = z.output<typeof bulletinsSchema>

/** A user group of Slack, by handle or id, whose members have a role. */
const groupSchema = z.strictObject({
  group: z
    .string('expects the handle or the id of a user group')
    .regex(/^@?[\w.-]{1,80}$/, 'expects the handle or the id of a user group')
    .transform((name) => name.replace(/^@/, '')),
  role: z.enum(roles),
})
export type RoleGroup = z.output<typeof groupSchema>

/** The clocks that stand still while a handoff is paused. */
export const pausableClocks = ['accept', 'first_attempt', 'attempts', 'idle'] as const

const pauseSchema = z.strictObject({
  reasons: z
    .array(z.strictObject({ id, name: localised }))
    .min(1)
    .max(20)
    .superRefine(unique('id')),
  /** One pause ends by itself after this. */
  at_most: allowanceSchema,
  times: z.int().min(1).max(20).default(2),
  clocks: z.array(z.enum(pausableClocks)).min(1).default(['first_attempt', 'attempts', 'idle']),
})
export type PauseTerms = z.output<typeof pauseSchema>

const share = fraction.refine((value) => value > 0 && value <= 1, {
  error: 'expects a percentage between 1% and 100%',
})

/** What each side promises, measured by the clocks and by what comes with a lead. */
const promiseSchema = z.discriminatedUnion('measure', [
  z.strictObject({
    measure: z.literal('clock'),
    clock: z.enum(['accept', 'first_attempt', 'attempts', 'return_answer']),
    share,
  }),
  z.strictObject({
    measure: z.literal('handoff_data'),
    fields: z
      .array(
        z.string().regex(/^[a-z][\w.]{0,60}$/, 'expects a field such as phone or company.name'),
      )
      .min(1)
      .max(20),
    share,
  }),
  z.strictObject({ measure: z.literal('volume'), per_week: z.int().min(1).max(100_000) }),
])
export type AgreedPromise = z.output<typeof promiseSchema>

const promisesSchema = z.strictObject({
  marketing: z.array(promiseSchema).max(20).default([]),
  sales: z.array(promiseSchema).max(20).default([]),
})

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

/** Inheritance between lead types leads somewhere, and never back to where it came from. */
function inheritance(types: LeadType[], context: z.RefinementCtx): void {
  const byId = new Map(types.map((type) => [type.id, type]))
  for (const [index, type] of types.entries()) {
    const path = [index, 'like']
    if (type.like !== undefined && !byId.has(type.like)) {
      const message = `expects one of ${[...byId.keys()].join(', ')}`
      context.addIssue({ code: 'custom', path, message })
    }
    const seen = new Set<string>()
    for (let at: LeadType | undefined = type; at !== undefined; at = byId.get(at.like ?? '')) {
      if (at.id === type.id && seen.size > 0) {
        const message = `expects no circle: ${[...seen, type.id].join(' is like ')}`
        context.addIssue({ code: 'custom', path, message })
      }
      if (seen.has(at.id)) break
      seen.add(at.id)
    }
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

/** The stages that the agreement lets a lead in one of `from` move to, or stay in. */
const reachable = (moves: LifecycleMoves, ...from: LifecycleStage[]): LifecycleStage[] => [
  ...new Set(from.flatMap((stage) => [stage, ...(moves[stage] ?? [])])),
]

function movesOfReturns(
  { lifecycle, return_reasons }: { lifecycle: LifecycleMoves; return_reasons: ReturnReason[] },
  context: z.RefinementCtx,
): void {
  const allowed = reachable(lifecycle, 'sql')
  for (const [index, { stage }] of return_reasons.entries()) {
    if (allowed.includes(stage)) continue
    const message = `expects a stage that lifecycle lets an sql move to: ${allowed.join(', ')}`
    context.addIssue({ code: 'custom', path: ['return_reasons', index, 'stage'], message })
  }
}

function movesOfDeals(
  { lifecycle, deal_stages }: { lifecycle: LifecycleMoves; deal_stages: DealStage[] },
  context: z.RefinementCtx,
): void {
  const allowed = reachable(lifecycle, 'sql', 'opportunity')
  for (const [index, { stage }] of deal_stages.entries()) {
    if (stage === undefined || allowed.includes(stage)) continue
    const message = `expects a stage that lifecycle lets an sql or an opportunity move to: ${allowed.join(', ')}`
    context.addIssue({ code: 'custom', path: ['deal_stages', index, 'stage'], message })
  }
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
  escalation: ladder.default([]),
  pause: pauseSchema.exactOptional(),
  promises: promisesSchema.default({ marketing: [], sales: [] }),
  managers_channel: channel,
  lead_types: z
    .array(leadTypeSchema)
    .min(1)
    .max(50)
    .superRefine(unique('id'))
    .superRefine(inheritance),
  return_reasons: z.array(returnReasonSchema).min(1).max(20).superRefine(unique('id')),
  lead_statuses: statusesSchema,
  deal_stages: z.array(dealStageSchema).min(1).max(20).superRefine(unique('id')),
  /** Why a deal was lost. */
  lost_reasons: z
    .array(z.strictObject({ id, name: localised }))
    .max(20)
    .default([])
    .superRefine(unique('id')),
  lifecycle: lifecycleSchema.default(usualMoves),
  scoring: scoringSchema.exactOptional(),
  personas: z.array(personaSchema).max(50).default([]).superRefine(unique('id')),
  journey: journeySchema.default({ steps: {}, rules: [] }),
  routing: routingSchema.default({ sticky: 'company' }),
  reassignment: reassignmentSchema.default({ clock: 'keep', take_over: 'overdue' }),
  bulletins: bulletinsSchema.default({ digest: usualDigest, weekly: usualWeekly }),
  icp: z.array(criterionSchema).max(20).default([]).superRefine(unique('id')),
  people: z.array(personSchema).max(1_000).default([]).superRefine(unique('email')),
  groups: z.array(groupSchema).max(50).default([]).superRefine(unique('group')),
})

export const agreementSchema = sections
  .superRefine(criteriaForReasons)
  .superRefine(movesOfReturns)
  .superRefine(movesOfDeals)

export type Agreement = z.output<typeof agreementSchema>
