import type { Agreement, Role } from '../agreement.ts'
import type { Handoff, HandoffEvent, HandoffStatus } from '../handoff.ts'
import type { AddressedNotice } from '../notice.ts'
import type { Person } from '../person.ts'

/** Who gives a command: a person with the role they have for this lead type. */
export interface Actor {
  person: Person
  role: Role | null
}

/** What every rule may look at, and nothing else. */
export interface Context {
  /** The agreement of the handoff's version. */
  agreement: Agreement
  now: Date
}

/** What is to be committed: the next state, what happened, and what is to be told. */
export interface Decision {
  handoff: Handoff
  events: HandoffEvent[]
  notices: AddressedNotice[]
  /** Whether the card shows something new. */
  redraw: boolean
}

/** Why not, with what is needed to say it in a sentence. */
export type Refusal =
  | { code: 'role-required'; needed: 'sales' | 'hand-over' }
  | { code: 'offered-to'; owner: Person }
  | { code: 'accepted-by-you' }
  | { code: 'accepted-by'; owner: Person; at: Date }
  | { code: 'owned-by'; owner: Person }
  | { code: 'not-accepted-yet' }
  | { code: 'moved-on'; status: HandoffStatus; leadStatus: string }
  | { code: 'unknown-lead-type'; leadType: string; known: string[] }
  | { code: 'unknown-reason'; reason: string; known: string[] }
  | { code: 'needed'; field: 'ready_on' | 'criterion' | 'note'; reason: string }
  | { code: 'unknown-criterion'; criterion: string; known: string[] }
  | { code: 'date-in-past'; field: 'ready_on' }
  | { code: 'attempt-in-future' }
  | { code: 'already-open'; handoffId: string; status: HandoffStatus }

export type Decided = { ok: true; decision: Decision } | { ok: false; refusal: Refusal }

export const refuse = (refusal: Refusal): Decided => ({ ok: false, refusal })

/** The decision: `next` becomes the handoff's state under the next version. */
export const decided = (
  handoff: Handoff,
  next: Partial<Handoff>,
  outcome: { events: HandoffEvent[]; notices?: AddressedNotice[]; redraw?: boolean },
): Decided => ({
  ok: true,
  decision: {
    handoff: { ...handoff, ...next, version: handoff.version + 1 },
    events: outcome.events,
    notices: outcome.notices ?? [],
    redraw: outcome.redraw ?? true,
  },
})
