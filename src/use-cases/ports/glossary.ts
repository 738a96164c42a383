import type { Term } from '../../domain/glossary.ts'
import type { Ruling } from '../../domain/handoff.ts'

export interface Glossary {
  terms(workspaceId: string): Promise<Term[]>
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
