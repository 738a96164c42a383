import type { Agreement, LeadType } from './agreement.ts'
import { leadTypeOf } from './clocks.ts'
import { judge } from './condition.ts'
import type { Duty, Shift } from './duty.ts'
import type { Lead } from './lead.ts'

/** Where a lead goes by the agreement: its type, and whose turn it is. */

/** Why a lead has its type, in the order in which they count. */
export type TypeReason =
  /** Named by whoever hands over. */
  | 'type-sent'
  /** Sent with the lead before. */
  | 'type-known'
  /** The first one whose conditions hold. */
  | 'type-by-conditions'
  /** None else fits. */
  | 'type-by-default'

/** Why a lead goes to its owner, or to nobody. */
export type OwnerReason =
  | { code: 'asked-for' }
  /** Whoever had the last lead of that company and that type. */
  | { code: 'same-company'; domain: string }
  | { code: 'fixed' }
  /** The rotation came to them. */
  | { code: 'turn' }
  /** The agreement offers leads of this type to everyone. */
  | { code: 'open' }
  /** Nobody who could get it is there: it is offered to everyone. */
  | { code: 'nobody-there' }

export type RouteReason = { code: TypeReason } | OwnerReason

/** Why somebody who could have got a lead does not get it now. */
export type PassedOver =
  | Exclude<Duty, { free: true }>
  /** Not inside their hours, which begin again then. */
  | { why: 'outside-hours'; from: Date }
  /** Is not of sales, or not in the workspace any more. */
  | { why: 'cannot-sell' }

/**
 * The type of a lead: as sent; else as it was sent before, where the agreement still has that type;
 * else the first one whose conditions all hold; else the first one without conditions; else the
 * first. undefined: the agreement has no such type as was sent.
 */
export function leadTypeFor(
  agreement: Agreement,
  lead: Lead | null,
  sent: string | undefined,
): LeadType | undefined {
  return typedBy(agreement, lead, sent)?.type
}

/** The same, and why. */
export function typedBy(
  agreement: Agreement,
  lead: Lead | null,
  sent: string | undefined,
): { type: LeadType; why: TypeReason } | undefined {
  const { lead_types: types } = agreement
  const as = (type: LeadType | undefined, why: TypeReason) => type && { type, why }
  if (sent !== undefined) return as(leadTypeOf(agreement, sent), 'type-sent')
  const known = lead?.type ?? null
  const fitting = types.find(
    ({ when }) => lead !== null && when !== undefined && judge(when, lead) === 'met',
  )
  return (
    as(known === null ? undefined : leadTypeOf(agreement, known), 'type-known') ??
    as(fitting, 'type-by-conditions') ??
    as(types.find(({ when }) => when === undefined) ?? types[0], 'type-by-default')
  )
}

/** Addresses there say nothing of a company. */
const freeMail: ReadonlySet<string> = new Set([
  'aol.com',
  'alice.it',
  'fastmail.com',
  'gmail.com',
  'gmx.com',
  'gmx.de',
  'gmx.net',
  'googlemail.com',
  'hotmail.com',
  'hotmail.it',
  'icloud.com',
  'inwind.it',
  'libero.it',
  'live.com',
  'live.it',
  'mail.com',
  'me.com',
  'msn.com',
  'outlook.com',
  'outlook.it',
  'pm.me',
  'proton.me',
  'protonmail.com',
  'tim.it',
  'tin.it',
  'tiscali.it',
  'virgilio.it',
  'web.de',
  'yahoo.com',
  'yahoo.it',
  'ymail.com',
])

/**
 * The domain that a lead's company goes by: as told, else that of the e-mail address; null where
 * everybody could have an address there.
 */
export function companyDomainOf({
  company,
  email,
}: Pick<Lead, 'company' | 'email'>): string | null {
  const told = typeof company.domain === 'string' ? company.domain : ''
  const domain = (told === '' ? (email.split('@').at(-1) ?? '') : told)
    .toLowerCase()
    .replace(/^www\./, '')
  return domain === '' || freeMail.has(domain) ? null : domain
}

/** Somebody who could get a lead, and how they stand to it. */
export interface Candidate<Who> extends Shift {
  who: Who
}

/**
 * Who of those who could get a lead is there for it: those inside their hours; where nobody is,
 * those whose hours begin on the first day on which anybody's do. The others, and why not.
 */
export function present<Who>(
  candidates: readonly Candidate<Who>[],
  now: Date,
): { there: Who[]; passedOver: { who: Who; why: PassedOver }[] } {
  const free = candidates.filter(({ duty }) => duty.free)
  const inside = free.filter(({ from }) => from <= now)
  const firstDay = free.map(({ day }) => day).sort()[0]
  const there = inside.length > 0 ? inside : free.filter(({ day }) => day === firstDay)
  return {
    there: there.map(({ who }) => who),
    passedOver: candidates.flatMap((candidate): { who: Who; why: PassedOver }[] => {
      const { who, duty, from } = candidate
      if (!duty.free) return [{ who, why: duty }]
      return there.includes(candidate) ? [] : [{ who, why: { why: 'outside-hours', from } }]
    }),
  }
}

/**
 * How far each person of a rotation has come, by e-mail address: a lead takes them on by one, or by
 * 1/weight where the agreement gives them more of the leads.
 */
export type Turns = Readonly<Record<string, number>>

/** Sums of fractions that differ by less are the same. */
const nearly = 1e-6

/**
 * Whose turn it is among the candidates, which are in the order of the agreement; undefined where
 * there are none. Among those whom this lead takes no further ahead of the others than one lead, it
 * is the one who is the first to be due: so nobody is ever a whole lead ahead of, or behind, their
 * share. Whoever is not among the candidates, or is new, goes on from where the others stand: leads
 * that came meanwhile are not made up for.
 */
export function chooseTurn(
  turns: Turns,
  candidates: readonly string[],
  weights: Readonly<Record<string, number>> = {},
): { email: string; turns: Record<string, number> } | undefined {
  const weightOf = (email: string): number => weights[email] ?? 1
  const known = candidates.filter((email) => turns[email] !== undefined)
  const all = sum(candidates.map(weightOf))
  // Where the rotation stands: what each would have come to with exactly their share.
  const level =
    known.length === 0
      ? Math.max(0, ...Object.values(turns))
      : sum(known.map((email) => weightOf(email) * (turns[email] ?? 0))) / sum(known.map(weightOf))
  const standing = candidates.map((email) => {
    const at = turns[email] ?? level
    return { email, at, next: at + 1 / weightOf(email) }
  })
  const [chosen] = standing
    .filter(({ at }) => at < level + 1 / all - nearly)
    .sort((one, other) => (Math.abs(one.next - other.next) < nearly ? 0 : one.next - other.next))
  if (chosen === undefined) return undefined
  const away = Object.entries(turns).filter(([email]) => !candidates.includes(email))
  return {
    email: chosen.email,
    turns: Object.fromEntries([
      ...away.map(([email, at]): [string, number] => [email, Math.max(at, level + 1 / all)]),
      ...standing.map(({ email, at, next }): [string, number] => [
        email,
        email === chosen.email ? next : at,
      ]),
    ]),
  }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0)
