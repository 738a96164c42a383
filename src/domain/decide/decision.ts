import type { Agreement, LifecycleStage, Role, Side } from '../agreement.ts'
import {
  type Deadline,
  deadlineOf,
  type Handoff,
  type HandoffEvent,
  type HandoffStatus,
} from '../handoff.ts'
import type { LeadChange } from '../lead.ts'
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
  /** What became of the lead itself: its lifecycle stage and its status. */
  changes: LeadChange[]
  /** Whether the card shows something new. */
  redraw: boolean
  /** The turn of a rotation that was taken; it is given back where somebody else took it first. */
  turn?: Turn
  /** Somebody who gets no more leads until they say that they are back: the id of their row. */
  offDuty?: string
}

/** A rotation after a turn, by the e-mail addresses of its owners; `version` is the one it was read at. */
export interface Turn {
  leadType: string
  version: number
  turns: Record<string, number>
}

/** What a command can't do without; fields of forms go by the same names. */
export type NeededField =
  | 'ready_on'
  | 'criterion'
  | 'field'
  | 'duplicate_of'
  | 'note'
  | 'what_changed'
  | 'why'
  | 'words'
  | 'lost_reason'

/** Why not, with what is needed to say it in a sentence. */
export type Refusal =
  | { code: 'role-required'; needed: 'sales' | 'marketing' | 'hand-over' | 'manager' | 'admin' }
  | { code: 'offered-to'; owner: Person }
  | { code: 'accepted-by-you' }
  | { code: 'accepted-by'; owner: Person; at: Date }
  | { code: 'owned-by'; owner: Person }
  | { code: 'not-accepted-yet' }
  | { code: 'moved-on'; status: HandoffStatus; leadStatus: string }
  | { code: 'unknown-lead-type'; leadType: string; known: string[] }
  | { code: 'unknown-reason'; reason: string; known: string[] }
  | { code: 'needed'; field: NeededField; reason?: string }
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
  | { code: 'unknown-lead'; email: string }
  | { code: 'same-lead' }
  | { code: 'attempts-first'; counted: number; of: number }
  | { code: 'stage-not-allowed'; from: LifecycleStage; to: LifecycleStage }
  | { code: 'contest-too-late'; dueAt: Date }
  | { code: 'nobody-to-rule'; side: Side }
  | { code: 'not-contested' }
  | { code: 'ruled-already' }
  | { code: 'ruled-so-already' }
  | { code: 'party-to-it' }
  | { code: 'ready-already' }
  | { code: 'unknown-deal-stage'; stage: string; known: string[] }
  | { code: 'unknown-lost-reason'; reason: string; known: string[] }
  | { code: 'deal-stage-already'; stage: string }
  | { code: 'nobody-has-it' }
  | { code: 'yours-already' }
  | { code: 'theirs-already'; person: Person }
  | { code: 'cannot-sell'; person: Person }
  /** `until` is the last of the days off; null for whoever has to say that they are back. */
  | { code: 'off-duty'; person: Person; until: string | null }
  | { code: 'full'; person: Person; cap: number }
  | { code: 'named-in-agreement'; person: Person; role: Role }
  | { code: 'already-open'; handoffId: string; status: HandoffStatus }
  /** Whoever it was about was erased. */
  | { code: 'erased'; at: Date }

export type Decided = { ok: true; decision: Decision } | { ok: false; refusal: Refusal }

export const refuse = (refusal: Refusal): Decided => ({ ok: false, refusal })

/**
 * The decision: `next` becomes the handoff's state under the next version. What was late before any
 * timer came round to saying so is recorded first, so that every breach has its event. `rule` is the
 * clause of the agreement by which the lead's status and stage change, `through` the stages between.
 */
export function decided(
  handoff: Handoff,
  next: Partial<Handoff>,
  outcome: {
    events: HandoffEvent[]
    notices?: AddressedNotice[]
    redraw?: boolean
    rule?: string
    through?: LifecycleStage[]
  },
): Decided {
  const after = { ...handoff, ...next, version: handoff.version + 1 }
  return {
    ok: true,
    decision: {
      handoff: after,
      events: [...unrecordedBreaches(handoff, next, outcome.events), ...outcome.events],
      notices: outcome.notices ?? [],
      changes: changesOf(
        { stage: handoff.lifecycleStage, status: handoff.leadStatus },
        after,
        outcome.rule ?? '',
        outcome.through,
      ),
      redraw: outcome.redraw ?? true,
    },
  }
}

/** What is different about the lead itself since it was as in `before`. */
export function changesOf(
  before: { stage: LifecycleStage | null; status: string | null },
  { lifecycleStage, leadStatus }: Handoff,
  rule: string,
  through: readonly LifecycleStage[] = [],
): LeadChange[] {
  const stages = [...through, lifecycleStage]
  return [
    ...(before.stage === lifecycleStage
      ? []
      : stages.map((to, index) => ({
          what: 'stage' as const,
          from: stages[index - 1] ?? before.stage,
          to,
          rule,
        }))),
    ...(before.status === leadStatus
      ? []
      : [{ what: 'status' as const, from: before.status, to: leadStatus, rule }]),
  ]
}

function unrecordedBreaches(
  before: Handoff,
  { deadlines = [] }: Partial<Handoff>,
  events: HandoffEvent[],
): HandoffEvent[] {
  const at = events[0]?.at
  if (at === undefined) return []
  return deadlines.flatMap((deadline): HandoffEvent[] => {
    const { kind } = deadline
    const known = deadlineOf(before, kind)
    const told = events.some(({ type, data }) => type === 'DeadlineMissed' && data.kind === kind)
    const missed = told ? [] : [lateBefore(known, deadline, at), lateNow(known, deadline)]
    return missed
      .filter((due) => due !== null)
      .map((due) => {
        const data = { kind, dueAt: due.toISOString() }
        return { type: 'DeadlineMissed', at, by: null, data }
      })
  })
}

/** A clock that started anew took the place of one that may have been late already. */
const lateBefore = (known: Deadline | undefined, { startedAt }: Deadline, at: Date): Date | null =>
  known !== undefined &&
  known.startedAt.getTime() !== startedAt.getTime() &&
  known.breachedAt === null
    ? lateAt(known, at)
    : null

const lateNow = (known: Deadline | undefined, { breachedAt }: Deadline): Date | null =>
  breachedAt?.getTime() === known?.breachedAt?.getTime() ? null : breachedAt

const lateAt = ({ state, dueAt }: Deadline, at: Date): Date | null =>
  state === 'running' && dueAt < at ? dueAt : null
