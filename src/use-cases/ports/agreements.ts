import type { Agreement } from '../../domain/agreement.ts'
import type {
  Proposal,
  ProposalContext,
  ProposalDecided,
  ProposalRecord,
} from '../../domain/proposal.ts'
import type { Found, Said } from './delivery.ts'

export interface AgreementInForce {
  version: number
  agreement: Agreement
  inForceFrom: Date
}

export interface Agreements {
  inForce(workspaceId: string): Promise<AgreementInForce>
  /** A version that some handoff was made under; it exists for ever. */
  version(workspaceId: string, version: number): Promise<Agreement>
}

/** A new agreement out of a file, completed with what the newest version says. */
export interface Draft {
  base: AgreementInForce
  agreement: Agreement
  /** The text of the whole of it. */
  source: string
}

/** What was agreed on, and what was proposed; both newest first. */
export interface AgreementHistory {
  versions: { version: number; inForceFrom: Date }[]
  proposals: ProposalRecord[]
}

/** A message of a proposal that does not show its present state. */
export interface Redraw {
  proposal: Proposal
  /** What the proposal changes. */
  base: Agreement
  revision: number
  /** Where the message stands; null before it was posted. */
  shownAt: { channelId: string; ts: string } | null
  /** It was posted before, maybe: the answer was lost. */
  uncertain: boolean
}

export interface Proposals {
  /** The newest version that was agreed on; it may be in force from a later day on. */
  newest(workspaceId: string): Promise<AgreementInForce>
  /** Reads a file's text; sections it leaves out are those of the newest version. */
  draft(workspaceId: string, text: string, file: string): Promise<Draft>
  /** Lets a rule decide on a new proposal, and keeps it; the same id twice is one proposal. */
  add(
    draft: Draft,
    workspaceId: string,
    decide: (context: Omit<ProposalContext, 'now'>) => ProposalDecided,
  ): Promise<ProposalDecided>
  /**
   * Lets a rule decide on a proposal and keeps what it decided, one after the other: two who sign
   * at once are both heard. One that was signed becomes the next version. undefined: no such one.
   */
  change(
    workspaceId: string,
    id: string,
    decide: (proposal: Proposal, context: Omit<ProposalContext, 'now'>) => ProposalDecided,
  ): Promise<ProposalDecided | undefined>
  /** Those that may still be signed, newest first, with what they change. */
  open(workspaceId: string): Promise<{ proposal: Proposal; base: Agreement }[]>
  history(workspaceId: string, limit: number): Promise<AgreementHistory>
  /** Takes on a message that is to be drawn; for `ms` nobody else does. */
  toRedraw(workspaceId: string, now: Date, ms: number): Promise<Redraw | undefined>
  /** It shows that revision now; a newer one keeps it waiting. */
  shown(redraw: Redraw, where: { channelId: string; ts: string }, now: Date): Promise<void>
  /** It could not be drawn; to be tried again then. */
  notShown(redraw: Redraw, again: Date, uncertain: boolean): Promise<void>
}

/** Shows proposals in Slack. Telling it never fails and never waits: a sweep finds the rest. */
export interface ProposalBoard {
  redraw(): void
}

/** Speaks of proposals, in the managers' channel. */
export interface ProposalMessenger {
  post(redraw: Redraw): Promise<Said>
  update(redraw: Redraw, at: { channelId: string; ts: string }): Promise<Said>
  /** Looks for a message that may have been posted. */
  find(redraw: Redraw): Promise<Found>
}
