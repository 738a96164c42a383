import { type AgreedPromise, type Agreement, type Side, sides } from './agreement.ts'
import { fieldOf } from './condition.ts'
import type { DeadlineKind } from './handoff.ts'
import type { Lead } from './lead.ts'

/**
 * How well the promises of the agreement are kept. Every handoff is measured by the version of the
 * agreement that it was made under, so that a new version changes no figure of the past.
 */

/** From a moment (included) to a moment (not included). */
export interface Period {
  from: Date
  to: Date
}

/** What is on record of a period, counted. */
export interface PromiseFacts extends Period {
  /** The handoffs made in it, by the promised fields that were missing; null where none was promised. */
  handoffs: { version: number; missing: string[] | null; count: number }[]
  /** The deadlines that were met or missed in it; those that were called off are neither. */
  deadlines: { version: number; kind: DeadlineKind; inTime: boolean; count: number }[]
}

export type PromiseFigures =
  /** `share` is null where there is nothing to measure yet. */
  | { kind: 'share'; kept: number; of: number; share: number | null; days: number }
  | { kind: 'volume'; handoffs: number; perWeek: number; days: number }

const dayMs = 24 * 3_600_000

const kindOf = {
  accept: 'accept',
  first_attempt: 'first-attempt',
  attempts: 'attempts',
  return_answer: 'return-answer',
} as const satisfies Record<string, DeadlineKind>

/**
 * How well a promise was kept in the period of the facts. `inVersion` is what the same promise was
 * in a version of the agreement; undefined where that one did not have it.
 */
export function measurePromise(
  promise: AgreedPromise,
  facts: PromiseFacts,
  inVersion: (version: number) => AgreedPromise | undefined = () => promise,
): PromiseFigures {
  const days = Math.round((facts.to.getTime() - facts.from.getTime()) / dayMs)
  switch (promise.measure) {
    case 'handoff_data':
      return shareOf(
        facts.handoffs.flatMap(({ version, missing, count }) => {
          const then = inVersion(version)
          if (then?.measure !== 'handoff_data' || missing === null) return []
          return [{ kept: !then.fields.some((field) => missing.includes(field)), count }]
        }),
        days,
      )
    case 'clock':
      return shareOf(
        facts.deadlines
          .filter(({ kind, version }) => {
            return kind === kindOf[promise.clock] && inVersion(version) !== undefined
          })
          .map(({ inTime, count }) => ({ kept: inTime, count })),
        days,
      )
    case 'volume': {
      const handoffs = sum(facts.handoffs)
      const weeks = (facts.to.getTime() - facts.from.getTime()) / (7 * dayMs)
      return { kind: 'volume', handoffs, perWeek: weeks > 0 ? handoffs / weeks : 0, days }
    }
  }
}

const sum = (parts: { count: number }[]): number =>
  parts.reduce((total, { count }) => total + count, 0)

function shareOf(parts: { kept: boolean; count: number }[], days: number): PromiseFigures {
  const kept = sum(parts.filter((part) => part.kept))
  const of = sum(parts)
  return { kind: 'share', kept, of, share: of === 0 ? null : kept / of, days }
}

/** Whether the figures are what was promised; null where there is nothing to measure yet. */
export function isKept(promise: AgreedPromise, figures: PromiseFigures): boolean | null {
  if (figures.kind === 'volume') {
    return promise.measure === 'volume' ? figures.perWeek >= promise.per_week : null
  }
  return promise.measure === 'volume' || figures.share === null
    ? null
    : figures.share >= promise.share
}

/**
 * The same promise in another version: of the same side, about the same thing, and where there are
 * several of them the one at the same place.
 */
export function samePromise(
  promise: AgreedPromise,
  side: Side,
  { from, to }: { from: Agreement; to: Agreement },
): AgreedPromise | undefined {
  const alike = (agreement: Agreement): AgreedPromise[] =>
    agreement.promises[side].filter((other) => subjectOf(other) === subjectOf(promise))
  return alike(to)[alike(from).indexOf(promise)]
}

const subjectOf = (promise: AgreedPromise): string =>
  promise.measure === 'clock' ? `clock ${promise.clock}` : promise.measure

/** The fields of a lead that the agreement promises at a handoff; null where it promises none. */
export function promisedFields({ promises }: Agreement): string[] | null {
  const promised = sides.flatMap((side) => promises[side])
  const fields = promised.flatMap((one) => (one.measure === 'handoff_data' ? one.fields : []))
  return fields.length === 0 ? null : [...new Set(fields)]
}

/** Those of the fields (such as `phone` or `company.name`) that the lead has nothing in. */
export const missingFields = (lead: Lead, fields: readonly string[]): string[] =>
  fields.filter((field) => isEmpty(fieldOf(lead, field)))

const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || (typeof value === 'string' && value.trim() === '')
