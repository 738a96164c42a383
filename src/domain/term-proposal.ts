import { type Agreement, locales, type Side, sides } from './agreement.ts'
import { headsChapter, type TakenWord, type Term, takenWord } from './glossary.ts'
import { type Member, type Person, personOf } from './person.ts'
import { headsOf, mayPropose, type Signature } from './proposal.ts'

/**
 * How a definition comes to hold: it is proposed, and both heads sign it, as they sign the agreement.
 * Anybody may suggest one; whoever answers for the term takes it up, and then it is a proposal.
 */

export const termProposalStates = [
  /** by somebody, to whoever answers for the term */
  'suggested',
  'taken-up',
  'declined',
  'open',
  'signed',
  'withdrawn',
  /** another version was agreed on meanwhile, so it changes what is no more */
  'overtaken',
] as const
export type TermProposalState = (typeof termProposalStates)[number]

/** A new term, or another definition of one, that was proposed, and what became of it. */
export interface TermProposal {
  id: string
  workspaceId: string
  /** What it is to be, in whole. */
  term: Term
  /** Who is to answer for it; null for as before. */
  owner: Person | null
  /** Why, in the words of who suggested it. */
  note: string | null
  /** The version that it changes; 0 for a new term. */
  baseVersion: number
  state: TermProposalState
  /** The version that it became. */
  version: number | null
  /** null: an operator, from the command line */
  proposedBy: Person | null
  proposedAt: Date
  /** Who withdrew it, took it up or declined it. */
  settledBy: Person | null
  settledAt: Date | null
  signatures: Signature[]
}

/** The term as it stands when a rule is asked: version 0 where there is none of that id. */
export interface TermStand {
  version: number
  term: Term | null
  owner: Person | null
}

/** What a rule looks at: who is who now, and the glossary. */
export interface TermContext {
  inForce: Agreement
  stand: TermStand
  terms: readonly Term[]
  now: Date
}

/** Why not, with what is needed to say it in a sentence. */
export type TermRefusal =
  | { code: 'may-not-edit' }
  | { code: 'external' }
  | { code: 'no-changes' }
  | ({ code: 'word-taken' } & TakenWord)
  | { code: 'not-a-chapter' }
  /** What both teams decide has to be said in every language, or in none. */
  | { code: 'decide-missing' }
  | { code: 'unknown-related'; id: string }
  | { code: 'stale' }
  | { code: 'not-a-head' }
  | { code: 'may-not-withdraw' }
  | { code: 'may-not-answer' }
  | { code: 'signed-already' }
  | { code: 'settled'; state: Exclude<TermProposalState, 'suggested' | 'open'>; by: Person | null }

export type TermDecided =
  /** `also` is the proposal that a suggestion becomes. */
  { ok: true; proposal: TermProposal; also?: TermProposal } | { ok: false; refusal: TermRefusal }

const refuse = (refusal: TermRefusal): TermDecided => ({ ok: false, refusal })

const isHeadOf = (side: Side, { email, external }: Member, inForce: Agreement): boolean =>
  !external && email !== null && headsOf(side, inForce, inForce).includes(email.toLowerCase())

/** The sides that sign: those with a head. Where the agreement names none, nobody has to. */
export const signingSides = (inForce: Agreement): Side[] =>
  sides.filter((side) => headsOf(side, inForce, inForce).length > 0)

/**
 * Managers, heads and admins add terms and edit them, and whoever answers for a term that one.
 * Whoever administers the Slack workspace may too, so that there is somebody who can begin where
 * the agreement names nobody.
 */
export function mayEditTerm(
  member: Member,
  inForce: Agreement,
  owner: Pick<Person, 'id'> | null,
): boolean {
  if (member.external) return false
  return mayPropose(member, inForce) || member.slackAdmin || owner?.id === member.id
}

/** What is proposed, before it is written down. */
export interface TermProposing {
  id: string
  workspaceId: string
  term: Term
  owner: Person | null
  note: string | null
  /** The version that it changes; 0 for a new term. */
  baseVersion: number
  /** null: an operator, from the command line */
  by: Member | null
  /** An operator may have it hold without signatures. */
  unsigned?: boolean
}

/**
 * A new term or another definition is proposed; where nobody is there to sign, it holds at once.
 * Refuses who may not, what is older than the newest version, what changes nothing, a word that
 * means another term already, and a chapter that is none.
 */
export function proposeTerm(proposing: TermProposing, context: TermContext): TermDecided {
  const { by, unsigned = false } = proposing
  const { inForce, stand } = context
  if (by !== null && !mayEditTerm(by, inForce, stand.owner)) return refuse({ code: 'may-not-edit' })
  const wrong = whyUnfit(proposing, context)
  if (wrong !== undefined) return refuse(wrong)
  return { ok: true, proposal: agreedBy(begun(proposing, 'open', context), context, unsigned) }
}

/** A definition is suggested to whoever answers for the term. Refuses people of outside. */
export function suggestTerm(proposing: TermProposing, context: TermContext): TermDecided {
  if (proposing.by?.external) return refuse({ code: 'external' })
  const wrong = whyUnfit(proposing, context)
  return wrong === undefined
    ? { ok: true, proposal: begun(proposing, 'suggested', context) }
    : refuse(wrong)
}

function begun(
  { id, workspaceId, term, owner, note, baseVersion, by }: TermProposing,
  state: 'open' | 'suggested',
  { now }: TermContext,
): TermProposal {
  return {
    ...{ id, workspaceId, term, owner, note, baseVersion, state },
    version: null,
    proposedBy: by === null ? null : personOf(by),
    proposedAt: now,
    settledBy: null,
    settledAt: null,
    signatures: [],
  }
}

/** What the glossary has against it. */
function whyUnfit(
  { term, owner, baseVersion }: Pick<TermProposal, 'term' | 'owner' | 'baseVersion'>,
  { stand, terms }: TermContext,
): TermRefusal | undefined {
  if (baseVersion !== stand.version) return { code: 'stale' }
  const sameOwner = owner === null || owner.id === stand.owner?.id
  if (sameOwner && stand.term !== null && isSame(term, stand.term)) return { code: 'no-changes' }
  const taken = takenWord(term, terms)
  if (taken !== undefined) return { code: 'word-taken', ...taken }
  return whyAstray(term, terms)
}

/** What it refers to has to be there, and what it says has to be said in every language. */
function whyAstray(term: Term, terms: readonly Term[]): TermRefusal | undefined {
  const heads = terms.some((other) => other.id === term.chapter && headsChapter(other))
  if (!headsChapter(term) && !heads) return { code: 'not-a-chapter' }
  const decided = locales.filter((language) => term[language].decide !== undefined)
  if (decided.length < locales.length && (headsChapter(term) || decided.length > 0)) {
    return { code: 'decide-missing' }
  }
  const astray = term.related.find(
    (id) => id === term.id || !terms.some((other) => other.id === id),
  )
  return astray === undefined ? undefined : { code: 'unknown-related', id: astray }
}

const isSame = (one: Term, other: Term): boolean => JSON.stringify(one) === JSON.stringify(other)

/** It holds once every side that has a head has signed. */
function agreedBy(
  proposal: TermProposal,
  { inForce, stand }: TermContext,
  unsigned = false,
): TermProposal {
  const signed = (side: Side): boolean => proposal.signatures.some((each) => each.side === side)
  return unsigned || signingSides(inForce).every(signed)
    ? { ...proposal, state: 'signed', version: stand.version + 1 }
    : proposal
}

/**
 * A head signs for one side, once; with the last signature it is the next version. Refuses who is no
 * head, what is no longer open, and what the glossary has something against by now.
 */
export function signTerm(
  proposal: TermProposal,
  member: Member,
  context: TermContext,
): TermDecided {
  const side = sides.find((each) => isHeadOf(each, member, context.inForce))
  if (side === undefined) return refuse({ code: 'not-a-head' })
  const settled = whySettled(proposal)
  if (settled !== undefined) return refuse(settled)
  if (proposal.signatures.some((each) => each.side === side || each.by.id === member.id)) {
    return refuse({ code: 'signed-already' })
  }
  const wrong = whyUnfit(proposal, context)
  if (wrong !== undefined) return refuse(wrong)
  const signature = { side, by: personOf(member), at: context.now }
  const signed = { ...proposal, signatures: [...proposal.signatures, signature] }
  return { ok: true, proposal: agreedBy(signed, context) }
}

/** Whoever proposed it takes it back, or a head. Refuses others, and what is no longer open. */
export function withdrawTerm(
  proposal: TermProposal,
  member: Member,
  { inForce, now }: TermContext,
): TermDecided {
  const own = proposal.proposedBy?.id === member.id && !member.external
  const head = sides.some((side) => isHeadOf(side, member, inForce))
  if (!own && !head) return refuse({ code: 'may-not-withdraw' })
  const settled = whySettled(proposal)
  if (settled !== undefined) return refuse(settled)
  return { ok: true, proposal: settle(proposal, 'withdrawn', member, now) }
}

/**
 * Whoever may edit the term takes a suggestion up: it becomes a proposal, of whom it came from.
 * Refuses others, what was answered already, and what the glossary has something against by now.
 */
export function takeUpSuggestion(
  suggestion: TermProposal,
  { id, by }: { id: string; by: Member },
  context: TermContext,
): TermDecided {
  const refusal = whyUnanswerable(suggestion, by, context) ?? whyUnfit(suggestion, context)
  if (refusal !== undefined) return refuse(refusal)
  const proposal: TermProposal = { ...suggestion, id, state: 'open', proposedAt: context.now }
  return {
    ok: true,
    proposal: settle(suggestion, 'taken-up', by, context.now),
    also: agreedBy(proposal, context),
  }
}

/** Whoever may edit the term declines a suggestion. Refuses others, and what was answered already. */
export function declineSuggestion(
  suggestion: TermProposal,
  member: Member,
  context: TermContext,
): TermDecided {
  const refusal = whyUnanswerable(suggestion, member, context)
  if (refusal !== undefined) return refuse(refusal)
  return { ok: true, proposal: settle(suggestion, 'declined', member, context.now) }
}

function whyUnanswerable(
  suggestion: TermProposal,
  member: Member,
  { inForce, stand }: TermContext,
): TermRefusal | undefined {
  if (!mayEditTerm(member, inForce, stand.owner)) return { code: 'may-not-answer' }
  const { state, settledBy: by } = suggestion
  if (state === 'suggested') return undefined
  return state === 'open' ? { code: 'stale' } : { code: 'settled', state, by }
}

const settle = (
  proposal: TermProposal,
  state: 'withdrawn' | 'taken-up' | 'declined',
  by: Member,
  now: Date,
): TermProposal => ({ ...proposal, state, settledBy: personOf(by), settledAt: now })

/** Why it can't be signed or withdrawn any more; undefined while it is open. */
function whySettled({ state, settledBy: by }: TermProposal): TermRefusal | undefined {
  if (state === 'open') return undefined
  return state === 'suggested' ? { code: 'stale' } : { code: 'settled', state, by }
}
