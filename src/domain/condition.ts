import { z } from 'zod'
import type { Lead } from './lead.ts'

/** A check on what is known of a lead, as the agreement writes it. All that it names must hold. */

const expectedField =
  'expects a field of the lead (title, source, email …), company.<name> or attributes.<name>'
const value = z.union([z.string().trim().min(1).max(200), z.number(), z.boolean()])
/** One or several: any of them will do. */
const anyOf = <Schema extends z.ZodType>(schema: Schema) =>
  z.union([z.array(schema).min(1).max(200), schema.transform((one) => [one])])
const texts = anyOf(z.string().trim().min(1).max(200))

const tests = ['is', 'not', 'contains', 'starts_with', 'ends_with', 'from', 'to', 'known'] as const

export const conditionSchema = z
  .strictObject({
    field: z.string(expectedField).regex(/^[a-z][\w-]*(\.[\w -]{1,100})*$/i, expectedField),
    is: anyOf(value).exactOptional(),
    not: anyOf(value).exactOptional(),
    contains: texts.exactOptional(),
    starts_with: texts.exactOptional(),
    ends_with: texts.exactOptional(),
    /** Numbers, both ends included. */
    from: z.number().exactOptional(),
    to: z.number().exactOptional(),
    known: z.boolean().exactOptional(),
  })
  .refine(
    (condition) => tests.some((test) => condition[test] !== undefined),
    `expects a check: one of ${tests.join(', ')}`,
  )
export type Condition = z.output<typeof conditionSchema>

/** One condition or several; all must hold. */
export const conditionsSchema = z.union([
  z.array(conditionSchema).min(1).max(20),
  conditionSchema.transform((one) => [one]),
])

export type Verdict = 'met' | 'not-met' | 'unknown'

/** Whether all conditions hold for a lead; unknown where one can't be told and none is broken. */
export function judge(conditions: readonly Condition[], lead: Lead): Verdict {
  const verdicts = conditions.map((condition) => judgeOne(condition, lead))
  if (verdicts.includes('not-met')) return 'not-met'
  return verdicts.includes('unknown') ? 'unknown' : 'met'
}

function judgeOne(condition: Condition, lead: Lead): Verdict {
  const found = fieldOf(lead, condition.field)
  const isKnown = found !== undefined && found !== null && found !== ''
  if (condition.known !== undefined && condition.known !== isKnown) return 'not-met'
  if (!isKnown) return condition.known === undefined ? 'unknown' : 'met'
  return holds(condition, found) ? 'met' : 'not-met'
}

/** Texts are compared without regard to case. */
const folded = (part: unknown): unknown =>
  typeof part === 'string' ? part.trim().toLowerCase() : part

function holds(condition: Condition, found: unknown): boolean {
  const { is, not, contains, starts_with: starts, ends_with: ends, from, to } = condition
  const one = folded(found)
  const text = String(one)
  const number = typeof found === 'number' ? found : Number(text)
  const among = (list: readonly unknown[]): boolean =>
    list.some((part) => folded(part) === one || String(folded(part)) === text)
  const some = (list: readonly string[], test: (part: string) => boolean): boolean =>
    list.some((part) => test(part.toLowerCase()))
  return (
    (is === undefined || among(is)) &&
    (not === undefined || !among(not)) &&
    (contains === undefined || some(contains, (part) => text.includes(part))) &&
    (starts === undefined || some(starts, (part) => text.startsWith(part))) &&
    (ends === undefined || some(ends, (part) => text.endsWith(part))) &&
    (from === undefined || number >= from) &&
    (to === undefined || number <= to)
  )
}

/** What a lead has in a field such as `title`, `company.industry` or `attributes.stand`. */
export function fieldOf(lead: Lead, field: string): unknown {
  return valueAt(lead, field.split('.'))
}

function valueAt(from: unknown, path: readonly string[]): unknown {
  const [key, ...rest] = path
  if (key === undefined) return from
  if (typeof from !== 'object' || from === null || !Object.hasOwn(from, key)) return undefined
  return valueAt(Reflect.get(from, key), rest)
}
