import type { LeadKept } from '../../domain/decide/keep-lead.ts'
import type { Rescored, Unscored } from '../../domain/decide/rescore.ts'
import type { KnownLead } from '../../domain/lead.ts'
import type { Activity } from '../../domain/scoring.ts'
import type { FoundLead, LeadStory } from '../../domain/story.ts'

export interface Leads {
  byEmail(workspaceId: string, email: string): Promise<KnownLead | undefined>
  /** The lead that a CRM knows by that id; the oldest where it knows several. */
  byCrm(workspaceId: string, crm: { system: string; id: string }): Promise<KnownLead | undefined>
  /**
   * Lets a rule decide on news of a lead and keeps what it decided, on what was known at that very
   * moment; the lead is scored again. `created` says that nothing was known of it before.
   */
  keep(
    workspaceId: string,
    email: string,
    decide: (known: KnownLead | undefined) => LeadKept,
    now: Date,
  ): Promise<{ decided: LeadKept; created: boolean }>
}

/** An activity on its way in; the same key twice is one activity. */
export interface NewActivity extends Activity {
  /** Of the lead, normalised. */
  email: string
  /** What a lead is called that nothing was known of. */
  name: string
  key: string
}

export interface Activities {
  /**
   * Keeps activities, all or none, and has their leads scored again; leads that nothing was known
   * of are made. Answers how many are new.
   */
  add(workspaceId: string, activities: readonly NewActivity[], now: Date): Promise<number>
}

/** A lead that is to be scored, with what it did. */
export interface LeadToScore extends Unscored {
  activities: Activity[]
}

/** Leads whose score may be another by now. */
export interface Scores {
  /**
   * Takes leads that are due, and what they did of those types, the newest of it. Until `turn` is
   * over nobody else takes them, unless something new is learnt of them.
   */
  take(
    workspaceId: string,
    which: { types: readonly string[]; now: Date; turn: Date; limit: number },
  ): Promise<LeadToScore[]>
  /**
   * Keeps scores, with the stages that come of them. One that crosses the threshold keeps its turn
   * and stands as before, until it is settled. Answers the ids of those that nothing new was learnt
   * of meanwhile; the others are left to their next turn.
   */
  keep(
    workspaceId: string,
    turn: Date,
    rescored: readonly Rescored[],
    now: Date,
  ): Promise<Set<string>>
  /** What a crossing led to is done: now the lead stands where its score does. */
  settle(workspaceId: string, turn: Date, rescored: Rescored): Promise<void>
}

/** Scores leads that are due. Telling it never fails and never waits: a sweep finds the rest. */
export interface Scorer {
  due(): void
}

/** What became of leads; never more of it than a reader can take in. */
export interface Stories {
  /** Of the lead with that normalised address: its newest rounds, and how many are older. */
  ofLead(workspaceId: string, email: string): Promise<LeadStory | undefined>
  /**
   * Leads by what people remember of them. With an @ the one of that address, else those whose
   * address begins so; without one those with that in the name or the company's name, the last
   * changed first.
   */
  find(workspaceId: string, text: string, limit: number): Promise<FoundLead[]>
}
