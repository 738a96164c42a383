import type { Term } from '../../domain/glossary.ts'
import type { Ruling } from '../../domain/handoff.ts'
import type { Person } from '../../domain/person.ts'
import type { Period } from '../../domain/promises.ts'
import type { TermFigures } from '../../domain/term-health.ts'
import type {
  TermContext,
  TermDecided,
  TermProposal,
  TermStand,
} from '../../domain/term-proposal.ts'
import type { Found, Said } from './delivery.ts'

export interface Glossary {
  terms(workspaceId: string): Promise<Term[]>
  /** The newest version of a term, since when it holds and who answers for it. */
  standing(workspaceId: string, termId: string): Promise<TermStanding | undefined>
}

export interface TermStanding extends TermStand {
  since: Date
}

/** A version of a term; `by` is who proposed it, null where it was shipped or imported. */
export interface TermVersion {
  version: number
  term: Term
  by: Person | null
  at: Date
}

/** What was agreed on about a term, and what was proposed and suggested; newest first. */
export interface TermHistory {
  versions: TermVersion[]
  proposals: TermProposal[]
}

/** A message of a proposal that does not show its present state. */
export interface TermRedraw {
  proposal: TermProposal
  /** What it changes; null for a new term. */
  base: Term | null
  /** Who answers for the term now. */
  owner: Person | null
  revision: number
  /** Where the message stands; null before it was posted. */
  shownAt: { channelId: string; ts: string } | null
  /** It was posted before, maybe: the answer was lost. */
  uncertain: boolean
}

export interface TermProposals {
  /** Lets a rule decide on a new proposal, and keeps it; the same id twice is one proposal. */
  add(
    workspaceId: string,
    of: { id: string; termId: string },
    decide: (context: Omit<TermContext, 'now'>) => TermDecided,
  ): Promise<TermDecided>
  /**
   * Lets a rule decide on a proposal and keeps what it decided, one after the other. One that was
   * signed becomes the next version of its term. undefined: no such one.
   */
  change(
    workspaceId: string,
    id: string,
    decide: (proposal: TermProposal, context: Omit<TermContext, 'now'>) => TermDecided,
  ): Promise<TermDecided | undefined>
  history(workspaceId: string, termId: string, limit: number): Promise<TermHistory>
  /** Takes on a message that is to be drawn; for `ms` nobody else does. */
  toRedraw(workspaceId: string, now: Date, ms: number): Promise<TermRedraw | undefined>
  /** It shows that revision now; a newer one keeps it waiting. */
  shown(redraw: TermRedraw, where: { channelId: string; ts: string }, now: Date): Promise<void>
  /** It could not be drawn; to be tried again then. */
  notShown(redraw: TermRedraw, again: Date, uncertain: boolean): Promise<void>
}

/** Speaks of proposed terms: in the managers' channel, or to whoever answers for the term. */
export interface TermMessenger {
  post(redraw: TermRedraw): Promise<Said>
  update(redraw: TermRedraw, at: { channelId: string; ts: string }): Promise<Said>
  /** Looks for a message that may have been posted. */
  find(redraw: TermRedraw): Promise<Found>
}

/** How terms fare, out of the events. */
export interface TermHealth {
  /** undefined for a term that has no figures. */
  of(workspaceId: string, termId: string, period: Period): Promise<TermFigures | undefined>
}

/** What both managers ruled alike on a contested return, as it is kept under a term. */
export interface KeptRuling {
  ruling: Ruling
  at: Date
  /** id of the return reason that the dispute was about */
  reason: string | null
  /** Why marketing contested the return. */
  why: string
  /** How the managers put it. */
  words: string[]
  /** The names of those who ruled. */
  by: string[]
}

export interface Rulings {
  /** Those about a term of the glossary, newest first. */
  ofTerm(workspaceId: string, termId: string, limit: number): Promise<KeptRuling[]>
}
