/** How a term fares: what the events of a period tell of it. */

export type TermFigures =
  /** Leads handed over, how many of them were returned, and why most of all. */
  | { kind: 'handed-over'; count: number; returned: number; topReason: string | null }
  /** Deadlines that were kept, of all that were kept or missed. */
  | { kind: 'kept'; kept: number; of: number }
  /** Attempts, how many of them counted; leads attempted, and those that were reached. */
  | { kind: 'attempts'; logged: number; counted: number; leads: number; connected: number }
  /** Leads that came to be MQLs, and those of them that became SQLs. */
  | { kind: 'crossed'; count: number; crossed: number }
  /** Handoffs that are open now, by status, most first. */
  | { kind: 'statuses'; open: number; statuses: { status: string; count: number }[] }
  /** Deals that were told of, and how they ended, so far. */
  | { kind: 'deals'; count: number; won: number; lost: number }
  /** Returns for one reason, of all leads handed over. */
  | { kind: 'returned'; count: number; of: number }

/** What the figures of a term are about; undefined for a term without figures. */
export function figuresOf(termId: string): TermFigures['kind'] | undefined {
  return termId.startsWith('returned-') ? 'returned' : kinds.get(termId)
}

/** The return reason that a term of the glossary is about. */
export const reasonOf = (termId: string): string => termId.replace(/^returned-/, '')

const kinds: ReadonlyMap<string, TermFigures['kind']> = new Map([
  ['sql', 'handed-over'],
  ['sla', 'kept'],
  ['connect-attempt', 'attempts'],
  ['counted-attempt', 'attempts'],
  ['mql', 'crossed'],
  ['lead-status', 'statuses'],
  ['deal-stage', 'deals'],
])
