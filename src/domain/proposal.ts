import { Temporal } from 'temporal-polyfill'
import { type Agreement, type Side, sides } from './agreement.ts'
import { agreementDiff } from './agreement-diff.ts'
import { calendarDateIn } from './business-time.ts'
import { type Member, namedRoleOf, type Person, personOf, rulesFor } from './person.ts'

/** `overtaken`: another version was agreed on meanwhile, so it changes what is no more. */
export const proposalStates = ['open', 'signed', 'withdrawn', 'overtaken'] as const
export type ProposalState = (typeof proposalStates)[number]

/** Both heads sign, that of marketing and that of sales, each for their side. */
export interface Signature {
  side: Side
  by: Person
  at: Date
}

/** A new agreement that was proposed, and what became of it. */
export interface ProposalRecord {
  id: string
  workspaceId: string
  /** The version that it changes. */
  baseVersion: number
  state: ProposalState
  /** The version that it became. */
  version: number | null
  /** From when on it counts; null for as soon as both have signed. */
  inForceFrom: Date | null
  /** null: an operator, from the command line */
  proposedBy: Person | null
  proposedAt: Date
  withdrawnBy: Person | null
  withdrawnAt: Date | null
  signatures: Signature[]
}

export interface Proposal extends ProposalRecord {
  agreement: Agreement
}

/** What a rule on proposals looks at: who is who now, and the newest version that was agreed on. */
export interface ProposalContext {
  inForce: Agreement
  newest: { version: number; inForceFrom: Date }
  now: Date
}

/** Why not, with what is needed to say it in a sentence. */
export type ProposalRefusal =
  | { code: 'may-not-propose' }
  | { code: 'no-changes' }
  | { code: 'from-in-past' }
  | { code: 'no-head'; side: Side }
  /** It is older than a version that was agreed on since. */
  | { code: 'stale'; base: number; newest: number }
  | { code: 'not-a-head' }
  | { code: 'may-not-withdraw' }
  | { code: 'signed-already'; at: Date }
  | { code: 'withdrawn'; by: Person | null; at: Date }
  | { code: 'agreed'; version: number }

export type ProposalDecided =
  | { ok: true; proposal: Proposal }
  | { ok: false; refusal: ProposalRefusal }

const refuse = (refusal: ProposalRefusal): ProposalDecided => ({ ok: false, refusal })

/**
 * The e-mail addresses that may sign for a side: its head in the agreement in force. Where that
 * names none (a fresh installation), the head whom the proposal names, or nobody ever could.
 */
export function headsOf(side: Side, inForce: Agreement, proposed: Agreement): string[] {
  const heads = (agreement: Agreement): string[] =>
    agreement.people.filter((person) => person.head_of === side).map(({ email }) => email)
  const now = heads(inForce)
  const taken = inForce.people.filter(({ head_of }) => head_of !== undefined)
  return now.length > 0
    ? now
    : heads(proposed).filter((email) => !taken.some((person) => person.email === email))
}

/** The side that a member signs for; undefined for who is no head. */
function sideOf(member: Member, inForce: Agreement, proposed: Agreement): Side | undefined {
  const email = member.email?.toLowerCase()
  if (email === undefined || member.external) return undefined
  return sides.find((side) => headsOf(side, inForce, proposed).includes(email))
}

/**
 * Managers, admins and heads propose, in Slack, whatever gives them their role; an operator may from
 * the command line.
 */
export function mayPropose(member: Member, inForce: Agreement): boolean {
  if (member.external) return false
  const email = member.email?.toLowerCase()
  const isHead = inForce.people.some((one) => one.email === email && one.head_of !== undefined)
  const role = namedRoleOf(inForce, member.email) ?? member.assigned
  return isHead || role === 'admin' || rulesFor(role) !== null
}

/** What is proposed, before it is written down. */
export interface Proposing {
  id: string
  workspaceId: string
  agreement: Agreement
  /** The version that it changes, with what that says. */
  base: { version: number; agreement: Agreement }
  /** A date (YYYY-MM-DD) or an instant; undefined for as soon as both have signed. */
  from: string | undefined
  /** null: an operator, from the command line */
  by: Member | null
}

/**
 * A new agreement is proposed. Refuses who may not, one that is older than the newest version, one
 * that changes nothing, one that nobody could sign for a side, and a day that has passed.
 */
export function propose(
  { id, workspaceId, agreement, base, from, by }: Proposing,
  { inForce, newest, now }: ProposalContext,
): ProposalDecided {
  if (by !== null && !mayPropose(by, inForce)) return refuse({ code: 'may-not-propose' })
  if (base.version < newest.version) {
    return refuse({ code: 'stale', base: base.version, newest: newest.version })
  }
  if (agreementDiff(base.agreement, agreement).length === 0) return refuse({ code: 'no-changes' })
  const unsigned = sides.find((side) => headsOf(side, inForce, agreement).length === 0)
  if (unsigned !== undefined) return refuse({ code: 'no-head', side: unsigned })
  const inForceFrom = from === undefined ? null : momentOf(from, agreement.calendar.timezone)
  if (inForceFrom !== null && hasPassed(inForceFrom, now, agreement.calendar.timezone)) {
    return refuse({ code: 'from-in-past' })
  }
  return {
    ok: true,
    proposal: {
      id,
      workspaceId,
      baseVersion: base.version,
      state: 'open',
      version: null,
      inForceFrom,
      proposedBy: by === null ? null : personOf(by),
      proposedAt: now,
      withdrawnBy: null,
      withdrawnAt: null,
      signatures: [],
      agreement,
    },
  }
}

/** The start of a day in a zone, or the instant itself. */
const momentOf = (from: string, timezone: string): Date =>
  /^\d{4}-\d{2}-\d{2}$/.test(from)
    ? new Date(Temporal.PlainDate.from(from).toZonedDateTime(timezone).epochMilliseconds)
    : new Date(from)

/** Today has begun, and may still be named. */
const hasPassed = (moment: Date, now: Date, timezone: string): boolean =>
  calendarDateIn(moment, timezone) < calendarDateIn(now, timezone)

/**
 * A head signs for one side, once. The second signature makes it the next version, in force from
 * its day on and never before the version that it changes. Refuses who is no head, and a proposal
 * that is no longer open or older than the newest version.
 */
export function sign(
  proposal: Proposal,
  member: Member,
  { inForce, newest, now }: ProposalContext,
): ProposalDecided {
  const side = sideOf(member, inForce, proposal.agreement)
  if (side === undefined) return refuse({ code: 'not-a-head' })
  const before = proposal.signatures.find(
    (signature) => signature.side === side || signature.by.id === member.id,
  )
  if (before !== undefined && proposal.state === 'open') {
    return refuse({ code: 'signed-already', at: before.at })
  }
  const settled = whySettled(proposal, newest.version)
  if (settled !== undefined) return refuse(settled)

  const signatures = [...proposal.signatures, { side, by: personOf(member), at: now }]
  const signed = { ...proposal, signatures }
  if (!sides.every((each) => signatures.some((signature) => signature.side === each))) {
    return { ok: true, proposal: signed }
  }
  const from = Math.max(
    now.getTime(),
    proposal.inForceFrom?.getTime() ?? 0,
    newest.inForceFrom.getTime(),
  )
  return {
    ok: true,
    proposal: {
      ...signed,
      state: 'signed',
      version: newest.version + 1,
      inForceFrom: new Date(from),
    },
  }
}

/** Whoever proposed it takes it back, or a head. Refuses others, and what is no longer open. */
export function withdraw(
  proposal: Proposal,
  member: Member,
  { inForce, newest, now }: ProposalContext,
): ProposalDecided {
  const own = proposal.proposedBy?.id === member.id && !member.external
  if (!own && sideOf(member, inForce, proposal.agreement) === undefined) {
    return refuse({ code: 'may-not-withdraw' })
  }
  const settled = whySettled(proposal, newest.version)
  if (settled !== undefined) return refuse(settled)
  return {
    ok: true,
    proposal: {
      ...proposal,
      state: 'withdrawn',
      withdrawnBy: personOf(member),
      withdrawnAt: now,
    },
  }
}

/** Why nothing can be done with a proposal any more; undefined while it is open. */
function whySettled(proposal: Proposal, newest: number): ProposalRefusal | undefined {
  if (proposal.state === 'signed' && proposal.version !== null) {
    return { code: 'agreed', version: proposal.version }
  }
  if (proposal.state === 'withdrawn') {
    const { withdrawnBy: by, withdrawnAt, proposedAt } = proposal
    return { code: 'withdrawn', by, at: withdrawnAt ?? proposedAt }
  }
  const { state, baseVersion: base } = proposal
  return state === 'overtaken' || base < newest ? { code: 'stale', base, newest } : undefined
}
