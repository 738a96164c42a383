import type { Stream } from './delivery.ts'

/** A lead can't be kept: it was erased, and nothing brings it back for a while. */
export class LeadErased extends Error {
  override readonly name = 'LeadErased'

  constructor() {
    super('the lead was erased')
  }
}

/** What a lead is known by. */
export interface LeadReference {
  email?: string | undefined
  crm?: { system: string; id: string } | null | undefined
}

/** An erasure that was done. */
export interface Erased {
  leadId: string
  at: Date
  handoffs: number
  /** Where cards are to be redrawn, and messages deleted. */
  streams: Stream[]
}

export interface Erasures {
  /**
   * Erases a lead in one transaction: what is left of it counts in the figures and names nobody.
   * undefined where there is no such lead.
   */
  erase(
    workspaceId: string,
    which: { email: string } | { crm: { system: string; id: string } },
    now: Date,
  ): Promise<Erased | undefined>
  /** When it was erased, as long as that is remembered: by its address or by its reference. */
  erasedAt(workspaceId: string, which: LeadReference): Promise<Date | undefined>
  /** Those of many addresses that were erased, and when. */
  among(workspaceId: string, emails: readonly string[]): Promise<Map<string, Date>>
  /** Lets a lead come in again; false where nothing is remembered of it. */
  lift(workspaceId: string, email: string): Promise<boolean>
  /** Forgets what is older, so many at most; answers how many. */
  prune(before: Date, limit: number): Promise<number>
}

/** Everything that is kept of one lead, as JSON. */
export interface LeadExports {
  /** undefined where there is no such lead. */
  ofLead(workspaceId: string, email: string): Promise<LeadExport | undefined>
}

export interface LeadExport {
  lead: Record<string, unknown>
  history: Record<string, unknown>[]
  activities: Record<string, unknown>[]
  /** With their events, attempts, clocks and messages. */
  handoffs: Record<string, unknown>[]
  webhooks: Record<string, unknown>[]
  /** What CRMs have told of it, and what they are still to be told. */
  crm: Record<string, unknown>[]
}
