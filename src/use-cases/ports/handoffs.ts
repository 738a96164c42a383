import type { Decision } from '../../domain/decide/decision.ts'
import type { Handoff, HandoffEvent, HandoffStatus } from '../../domain/handoff.ts'
import type { Period, PromiseFacts } from '../../domain/promises.ts'
import type { PastHandoff } from '../../domain/replay.ts'

/** A request that may come again: an Idempotency-Key of the API, a submitted form of Slack. */
export interface RequestKey {
  key: string
  /** What was asked, hashed: the same key with another question is refused. */
  fingerprint: string
}

export type CommitOutcome =
  | 'committed'
  /** The handoff has moved on since it was read. */
  | 'moved'
  /** This request had its effect before. */
  | 'repeated'
  /** The lead has an open handoff already. */
  | 'lead-taken'
  /** The lead was erased: see Erasures. */
  | 'erased'

export interface HandoffFilter {
  status?: HandoffStatus | undefined
  owner?: string | undefined
  leadType?: string | undefined
}

/** A handoff with what only its readers need. */
export interface HandoffStory {
  handoff: Handoff
  events: HandoffEvent[]
  card: { channel: string; ts: string } | null
}

/** A decision with the state that it was made on; null for a new handoff. */
export interface Change {
  before: Handoff | null
  decision: Decision
}

export interface Handoffs {
  byId(workspaceId: string, id: string): Promise<Handoff | undefined>
  openOfLead(workspaceId: string, email: string): Promise<Handoff | undefined>
  /** The last handoff of a lead, whatever became of it. */
  lastOfLead(workspaceId: string, email: string): Promise<Handoff | undefined>
  /** How many open handoffs a person owns. */
  openOf(workspaceId: string, personId: string): Promise<number>
  /** What is back with marketing, not handed over again and not erased: the newest first. */
  back(workspaceId: string, limit: number): Promise<Handoff[]>
  story(workspaceId: string, id: string): Promise<HandoffStory | undefined>
  /** Newest first. `cursor` is what the page before gave. */
  page(
    workspaceId: string,
    filter: HandoffFilter,
    page: { cursor?: string | undefined; limit: number },
  ): Promise<{ items: HandoffStory[]; nextCursor: string | null }>
  /**
   * Writes a decision in one transaction: the state, the events, the timers, the outbox and the
   * key of the request. `before` is the state that was decided on; null for a new handoff.
   */
  commit(before: Handoff | null, decision: Decision, request?: RequestKey): Promise<CommitOutcome>
  /** The same for decisions that belong together: all of them or none. */
  commitAll(changes: readonly Change[], request?: RequestKey): Promise<CommitOutcome>
  /** What became of a request that had its effect before. */
  byRequest(
    workspaceId: string,
    key: string,
  ): Promise<{ fingerprint: string; handoffId: string } | undefined>
}

/** The rotations of owners, by lead type. */
export interface Rotations {
  /** How far a rotation has come; `version` goes up by one with each turn. */
  of(
    workspaceId: string,
    leadType: string,
  ): Promise<{ turns: Record<string, number>; version: number }>
  /** Who owned the last accepted lead of a company and a lead type: the id of their row. */
  lastOwner(workspaceId: string, leadType: string, domain: string): Promise<string | undefined>
}

/** Handoffs as a replay reads them: oldest first, page by page. */
export interface PastHandoffs {
  count(workspaceId: string, since: Date): Promise<number>
  pages(workspaceId: string, since: Date): AsyncIterable<PastHandoff[]>
}

/** What the promises of the agreement are measured by. */
export interface PromiseRecords {
  /** What is on record of a period, counted. */
  factsOf(workspaceId: string, period: Period): Promise<PromiseFacts>
}
