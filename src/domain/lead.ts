import { z } from 'zod'
import { type JourneyStage, journeyStages, type LifecycleStage } from './agreement.ts'

/** NUL can't be stored by PostgreSQL, and lone surrogates can't be sent to Slack. */
const storable = (value: string): boolean => !value.includes('\u0000') && value.isWellFormed()

/** A bounded text that the database can hold. */
export const boundedText = (max: number) =>
  z
    .string()
    .trim()
    .min(1, 'must not be empty')
    .max(max, `must have at most ${max} characters`)
    .refine(storable, 'must not hold NUL or broken characters')

/** In JSON the characters that can't be stored are escapes; a backslash of the text itself is two. */
const unstorableEscape = /\\u(0000|d[89a-f][0-9a-f]{2})/i

const jsonObject = z.record(boundedText(100), z.json()).refine((value) => {
  const text = JSON.stringify(value).replaceAll('\\\\', '')
  return text.length <= 16_000 && !unstorableEscape.test(text)
}, 'must be at most 16,000 characters of JSON without NUL or broken characters')

/** An e-mail address, normalised: the same lead twice is one lead. */
export const emailAddress = z
  .string()
  .trim()
  .toLowerCase()
  .max(254, 'must have at most 254 characters')
  .pipe(z.email('expects an e-mail address'))

export const crmReference = z.object({
  system: boundedText(40),
  id: boundedText(200),
  url: z
    .url({ protocol: /^https?$/, error: 'expects an http(s) address' })
    .max(2_000)
    .optional(),
})

export const companySchema = z
  .object({
    name: boundedText(200).optional(),
    domain: boundedText(253).optional(),
    industry: boundedText(200).optional(),
    employees: z.int().min(0).max(100_000_000).optional(),
    country: boundedText(100).optional(),
  })
  .catchall(z.json())
  .pipe(jsonObject)

/** What is known of a lead when it comes in. Unknown keys of `company` and `attributes` are kept. */
export const leadInputSchema = z.object({
  email: emailAddress,
  name: boundedText(200),
  title: boundedText(200).optional(),
  phone: boundedText(60).optional(),
  company: companySchema.optional(),
  type: boundedText(40).optional(),
  journeyStage: z.enum(journeyStages).optional(),
  source: boundedText(200).optional(),
  crm: crmReference.optional(),
  attributes: jsonObject.optional(),
})
export type LeadInput = z.output<typeof leadInputSchema>

export interface Lead {
  id: string
  email: string
  name: string
  title: string | null
  phone: string | null
  company: Record<string, unknown>
  attributes: Record<string, unknown>
  source: string | null
  crm: z.output<typeof crmReference> | null
  journeyStage: JourneyStage | null
  /** The lead type, as it was sent. */
  type: string | null
  /** Who it was is gone since then. */
  erasedAt?: Date | undefined
}

/** The lead after news of it: what is new replaces, what is not told stays. */
export function mergeLead(known: Lead | undefined, news: LeadInput, newId: string): Lead {
  return {
    id: known?.id ?? newId,
    email: news.email,
    name: news.name,
    title: news.title ?? known?.title ?? null,
    phone: news.phone ?? known?.phone ?? null,
    company: { ...known?.company, ...news.company },
    attributes: { ...known?.attributes, ...news.attributes },
    source: news.source ?? known?.source ?? null,
    crm: news.crm ?? known?.crm ?? null,
    journeyStage: news.journeyStage ?? known?.journeyStage ?? null,
    type: news.type ?? known?.type ?? null,
  }
}

/** The points of a lead, line by line: their sum is the total. */
export const scoreSchema = z.object({
  total: z.int(),
  threshold: z.int(),
  lines: z.array(z.object({ rule: z.string(), points: z.int(), times: z.int() })),
})
export type Score = z.output<typeof scoreSchema>

/** A lead as it stands now: null where nothing is known of its stage or status yet. */
export interface KnownLead {
  lead: Lead
  stage: LifecycleStage | null
  status: string | null
  /** null where the agreement scores nothing, or it was not scored yet. */
  score: Score | null
}

/**
 * A lead moved to another lifecycle stage, or got another status: by which clause of the agreement.
 * Who did it, and when, is told by the event it was committed with. A status is the agreement's word
 * at that time: one that is renamed later does not rewrite the past.
 */
export interface LeadChange {
  what: 'stage' | 'status'
  from: string | null
  to: string
  rule: string
}
