import type { Agreement, Role } from '../agreement.ts'
import { deadlineOf, type Handoff, type HandoffEvent, type HandoffStatus } from '../handoff.ts'
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
  | { code: 'role-required'; needed: 'sales' | 'marketing' | 'hand-over' }
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
  | { code: 'unknown-attempt'; number: number }
  | { code: 'nothing-to-correct' }
  | { code: 'no-pause-agreed' }
  | { code: 'paused-already' }
  | { code: 'paused-too-often'; times: number }
  | { code: 'nothing-to-pause' }
  | { code: 'not-paused' }
  | { code: 'nothing-to-snooze' }
  | { code: 'answered-already' }
  | { code: 'already-open'; handoffId: string; status: HandoffStatus }

export type Decided = { ok: true; decision: Decision } | { ok: false; refusal: Refusal }

export const refuse = (refusal: Refusal): Decided => ({ ok: false, refusal })

/**
 * The decision: `next` becomes the handoff's state under the next version. What was late before any
 * timer came round to saying so is recorded first, so that every breach has its event.
 */
export function decided(
  handoff: Handoff,
  next: Partial<Handoff>,
  outcome: { events: HandoffEvent[]; notices?: AddressedNotice[]; redraw?: boolean },
): Decided {
  return {
    ok: true,
    decision: {
      handoff: { ...handoff, ...next, version: handoff.version + 1 },
      events: [...unrecordedBreaches(handoff, next, outcome.events), ...outcome.events],
      notices: outcome.notices ?? [],
      redraw: outcome.redraw ?? true,
    },
  }
}

function unrecordedBreaches(
  before: Handoff,
  { deadlines = [] }: Partial<Handoff>,
  events: HandoffEvent[],
): HandoffEvent[] {
  const at = events[0]?.at
  if (at === undefined) return []
  return deadlines.flatMap(({ kind, breachedAt, dueAt }): HandoffEvent[] => {
    const known = deadlineOf(before, kind)?.breachedAt ?? null
    const told = events.some(({ type, data }) => type === 'DeadlineMissed' && data.kind === kind)
    if (breachedAt === null || known !== null || told) return []
    return [{ type: 'DeadlineMissed', at, by: null, data: { kind, dueAt: dueAt.toISOString() } }]
  })
}
