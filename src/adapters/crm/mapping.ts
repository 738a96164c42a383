import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { type LifecycleStage, lifecycleStages } from '../../domain/agreement.ts'
import { type LeadInput, leadInputSchema } from '../../domain/lead.ts'
import type { CrmRecord, CrmStanding } from '../../use-cases/ports/crm.ts'
import { check, type FileKind, parseYaml } from '../yaml-file.ts'

/** Which field of a CRM is which of Baton's: one checked file, src/content/crm.yml. */

const field = z
  .string()
  .regex(/^[A-Za-z][\w.]{0,99}$/, 'expects the name of a field, as the CRM spells it')
const words = z.strictObject({ en: z.string().min(1).max(500), it: z.string().min(1).max(500) })
const values = z.record(z.string(), z.string().min(1).max(200))
const written = z.preprocess(
  (value) => (typeof value === 'string' ? { field: value } : value),
  z.strictObject({ field, values: values.optional() }),
)

const recordSchema = z
  .strictObject({
    read: z.strictObject({
      email: field,
      name: z.preprocess(
        (value) => (typeof value === 'string' ? [value] : value),
        z.array(field).min(1).max(5),
      ),
      title: field.optional(),
      phone: field.optional(),
      source: field.optional(),
      type: field.optional(),
      journey_stage: field.optional(),
      company: z.record(z.string().min(1).max(100), field).default({}),
      attributes: z.record(z.string().min(1).max(100), field).default({}),
    }),
    stage: z
      .strictObject({ field, values: z.partialRecord(z.enum(lifecycleStages), z.string().min(1)) })
      .optional(),
    hand_over: z
      .strictObject({
        field,
        when: z.array(z.string().min(1)).min(1),
        reason: words,
        reason_field: field.optional(),
      })
      .optional(),
    write: z
      .strictObject({
        stage: z.boolean().default(false),
        status: written.optional(),
        owner: field.optional(),
        last_attempt: field.optional(),
        deal_stage: written.optional(),
        attempts: z.boolean().default(false),
      })
      .prefault({}),
  })
  .refine(({ write, stage }) => !write.stage || stage !== undefined, {
    path: ['write', 'stage'],
    message: 'expects the section `stage`, which says what the stages are called there',
  })

/** How the records of one kind are read and written. */
export type RecordMapping = z.output<typeof recordSchema>

const mappingSchema = z.strictObject({
  hubspot: z.strictObject({ contact: recordSchema }),
  salesforce: z.strictObject({ Lead: recordSchema, Contact: recordSchema }),
})
export type CrmMapping = z.output<typeof mappingSchema>

/** A mapping that can't be used; each line of the message is one fault. */
export class CrmMappingError extends Error {
  override readonly name = 'CrmMappingError'
}

const kind: FileKind = {
  unknownField: 'no such field',
  whole: (file) => `${file}:1`,
  error: (message, options) => new CrmMappingError(message, options),
}

/** Reads a mapping. Refuses one that is not right, with every fault and its line. */
export function parseCrmMapping(source: string, file: string): CrmMapping {
  const yaml = parseYaml(source, file, kind)
  return check(mappingSchema, yaml.value, yaml)
}

/** The mapping of that file, or the one that comes with Baton. */
export function readCrmMapping(file?: string): CrmMapping {
  // The content is not compiled: it lies in src, whether this runs from src or from dist.
  const path = file ?? fileURLToPath(new URL('../../../src/content/crm.yml', import.meta.url))
  try {
    return parseCrmMapping(readFileSync(path, 'utf8'), file ?? 'crm.yml')
  } catch (error) {
    if (error instanceof CrmMappingError) throw error
    throw new CrmMappingError(`BATON_CRM_MAPPING: the file ${path} can't be read`, {
      cause: error,
    })
  }
}

/** Every field that is read or written, each once. */
export function fieldsOf({ read, stage, hand_over, write }: RecordMapping): string[] {
  const { company, attributes, name, ...single } = read
  const fields = [
    ...Object.values(single),
    ...name,
    ...Object.values(company),
    ...Object.values(attributes),
    stage?.field,
    hand_over?.field,
    hand_over?.reason_field,
    write.status?.field,
    write.owner,
    write.last_attempt,
    write.deal_stage?.field,
  ]
  return [...new Set(fields.filter((name) => name !== undefined))]
}

/** What a record holds, by the names of its fields. */
export type Fields = Record<string, unknown>

/** A record in Baton's words. A value that does not fit is left out; without an address it is no lead. */
export function recordOf(
  fields: Fields,
  mapping: RecordMapping,
  reference: { system: string; id: string; url: string | undefined },
): CrmRecord {
  const { stage, hand_over: handOver } = mapping
  const mark = handOver === undefined ? null : (textOf(fields, handOver.field) ?? null)
  const told = handOver?.reason_field && textOf(fields, handOver.reason_field)?.slice(0, 1_000)
  return {
    id: reference.id,
    lead: leadOf(fields, mapping, reference),
    stage: stage === undefined ? null : stageOf(textOf(fields, stage.field), stage.values),
    mark,
    reason: told ? { en: told, it: told } : (handOver?.reason ?? null),
  }
}

/** Whether a lead is handed over at that stage of the CRM. */
export const isQualified = ({ hand_over }: RecordMapping, mark: string | null): boolean =>
  mark !== null && (hand_over?.when.includes(mark) ?? false)

const stageOf = (
  value: string | undefined,
  values: Partial<Record<LifecycleStage, string>>,
): LifecycleStage | null =>
  lifecycleStages.find((stage) => value !== undefined && values[stage] === value) ?? null

function leadOf(
  fields: Fields,
  { read }: RecordMapping,
  { system, id, url }: { system: string; id: string; url: string | undefined },
): LeadInput | null {
  const email = textOf(fields, read.email)
  const name = read.name.map((part) => textOf(fields, part) ?? '').join(' ')
  const optional = {
    title: cut(read.title && textOf(fields, read.title), 200),
    phone: cut(read.phone && textOf(fields, read.phone), 60),
    source: cut(read.source && textOf(fields, read.source), 200),
    type: cut(read.type && textOf(fields, read.type), 40),
    journeyStage: read.journey_stage && textOf(fields, read.journey_stage),
    company: companyOf(fields, read.company),
    attributes: kept(fields, read.attributes),
  }
  const crm = { system, id, ...(url === undefined ? {} : { url }) }
  const given = Object.entries(optional).filter(
    ([key, value]) =>
      value !== undefined && leadInputSchema.shape[keyOf(key)].safeParse(value).success,
  )
  const lead = leadInputSchema.safeParse({
    email,
    name: cut(name.trim() || email, 200),
    crm,
    ...Object.fromEntries(given),
  })
  return lead.success ? lead.data : null
}

const optionalKeys = [
  'title',
  'phone',
  'source',
  'type',
  'journeyStage',
  'company',
  'attributes',
] as const
const keyOf = (key: string) => optionalKeys.find((known) => known === key) ?? 'attributes'

function companyOf(fields: Fields, mapping: Record<string, string>): Record<string, unknown> {
  const company = kept(fields, mapping)
  const employees = Number(company.employees)
  return Object.fromEntries(
    Object.entries({
      ...company,
      name: cut(company.name, 200),
      industry: cut(company.industry, 200),
      country: cut(company.country, 100),
      domain: domainOf(company.domain),
      employees: Number.isSafeInteger(employees) && employees > 0 ? employees : undefined,
    }).filter(([, value]) => value !== undefined),
  )
}

const kept = (fields: Fields, mapping: Record<string, string>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(mapping).flatMap(([key, field]) => {
      const value = textOf(fields, field)?.slice(0, 2_000)
      return value === undefined ? [] : [[key, value]]
    }),
  )

/** The host of a website, as it is typed into a CRM. */
function domainOf(website: string | undefined): string | undefined {
  if (website === undefined) return undefined
  const address = website.includes('://') ? website : `https://${website}`
  return URL.canParse(address)
    ? new URL(address).hostname.replace(/^www\./, '').slice(0, 253) || undefined
    : undefined
}

/** A value as text, without what the database can't hold; a dot leads into a record that belongs to it. */
function textOf(fields: Fields, name: string): string | undefined {
  const value = name.split('.').reduce<unknown>(valueIn, fields)
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') {
    return undefined
  }
  const text = String(value).replaceAll('\u0000', '').toWellFormed().trim()
  return text === '' ? undefined : text
}

const valueIn = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined

const cut = (text: string | undefined, most: number): string | undefined =>
  text === undefined || text === '' ? undefined : text.slice(0, most).toWellFormed().trim()

/**
 * What a record is to hold, but for the owner, whom the CRM has an id of its own for. Only fields
 * that the CRM has; what the mapping has no value for is let be.
 */
export function changesOf(
  { stage, write }: RecordMapping,
  standing: Pick<CrmStanding, 'status' | 'stage' | 'lastAttemptAt' | 'dealStage'>,
): Record<string, string> {
  const { status, lastAttemptAt, dealStage } = standing
  const pairs: [string | undefined, string | undefined][] = [
    [stage?.field, write.stage ? stage?.values[standing.stage] : undefined],
    [write.status?.field, valueFor(write.status, status)],
    [write.deal_stage?.field, valueFor(write.deal_stage, dealStage)],
    [write.last_attempt, lastAttemptAt?.toISOString()],
  ]
  return Object.fromEntries(
    pairs.flatMap(([name, value]) =>
      name === undefined || value === undefined ? [] : [[name, value]],
    ),
  )
}

const valueFor = (
  target: z.output<typeof written> | undefined,
  value: string | null,
): string | undefined =>
  value === null || target === undefined
    ? undefined
    : target.values === undefined
      ? value
      : target.values[value]
