import { z } from 'zod'
import { type Agreement, type Priority, type Side, sides } from './agreement.ts'
import {
  type AttemptVerdict,
  attemptVerdictSchema,
  type DeadlineKind,
  deadlineKinds,
  type EventType,
  type Handoff,
  type HandoffEvent,
  leadFields,
  type ReturnAnswer,
  type ReturnFacts,
  type Ruling,
  returnAnswers,
  rulings,
} from './handoff.ts'
import type { KnownLead, LeadChange } from './lead.ts'
import { type Member, type Person, roleOf } from './person.ts'

/** An event as it is on record; those of one commit share a version. */
export interface RecordedEvent extends HandoffEvent {
  version: number
}

/** A change of a lead as it is on record. */
export interface RecordedChange extends LeadChange {
  /** The handoff, and its version, that it came with; null where it came with none. */
  handoffId: string | null
  version: number | null
  at: Date
  by: Person | null
}

/** One handoff of a lead with all that happened to it. */
export interface Round {
  handoff: Handoff
  events: RecordedEvent[]
  /** How many of its earliest events are left out. */
  olderEvents: number
}

/** What is on record of a lead: everything in the order in which it happened. */
export interface LeadStory {
  known: KnownLead
  rounds: Round[]
  /** How many of its earliest rounds are left out. */
  olderRounds: number
  changes: RecordedChange[]
  /** Those that events name by id. */
  people: ReadonlyMap<string, Person>
}

/** A lead with what tells it from others in a list. */
export interface FoundLead extends KnownLead {
  /** Its last handoff; null where it was never handed over. */
  last: { handoffId: string; owner: Person | null } | null
}

/** Stories are for those who work here: whoever has a role for some lead type. */
export const mayReadStories = (inForce: Agreement, member: Member): boolean =>
  inForce.lead_types.some(({ id }) => roleOf(inForce, member, id) !== null)

/** An attempt as it was put down. */
export interface AttemptTold {
  channel: string
  outcome: string
  madeAt: Date
  note: string | null
  verdict: AttemptVerdict
}

/** What an entry tells, in as few kinds as read well. */
export type Happening =
  | {
      kind: 'handed-over'
      priority: Priority
      reason: string
      whatChanged: string | null
      offeredTo: Person | null
    }
  | { kind: 'accepted'; afterMs: number }
  | { kind: 'attempt'; number: number; made: AttemptTold; connected: boolean }
  | {
      kind: 'corrected'
      number: number
      was: AttemptTold
      is: AttemptTold
      /** Others that are judged anew since then. */
      others: { number: number; verdict: AttemptVerdict }[]
      connected: boolean
    }
  | {
      kind: 'owner'
      from: Person | null
      to: Person | null
      /** `overdue`: a breach passed it on. */
      how: 'taken-over' | 'passed-on' | 'given-back' | 'overdue'
    }
  | { kind: 'news'; reason: string }
  | { kind: 'returned'; facts: ReturnFacts }
  | { kind: 'answered'; answer: ReturnAnswer; why: string | null }
  | {
      kind: 'ruling'
      /** null where it is not on record who ruled. */
      side: Side | null
      ruling: Ruling
      words: string | null
      outcome: 'awaited' | 'disagreed' | 'ruled'
    }
  | { kind: 'deal'; stage: string; lostReason: string | null; note: string | null }
  | { kind: 'breach'; clock: DeadlineKind; dueAt: Date }
  | { kind: 'paused'; reason: string; until: Date }
  | { kind: 'noted'; what: 'resumed' | 'ready' | 'connected' | 'reopened' }
  /** Nothing but the lead's stage or status. */
  | { kind: 'moved' }

/** One line of a story. `by` is null where a clock or another program did it. */
export type Entry = Happening & {
  at: Date
  by: Person | null
  /** The events that it tells. */
  events: readonly RecordedEvent[]
  /** What became of the lead's stage and status by it. */
  moves: readonly RecordedChange[]
}

/** A round and its lines; without one what came before the first. */
export interface Chapter {
  round: Round | null
  entries: Entry[]
}

/** What speaks to people, or for them, and changes nothing. */
const untold = [
  'ReminderSent',
  'ReminderSnoozed',
  'Escalated',
  'Erased',
] as const satisfies EventType[]
type ToldEvent = RecordedEvent & { type: Exclude<EventType, (typeof untold)[number]> }

export const isTold = (event: RecordedEvent): event is ToldEvent =>
  !untold.some((type) => type === event.type)

/**
 * The story of a lead: a chapter a round, oldest first. What was committed together is told together:
 * an event with what became of the lead by it. Reminders and escalations are left out, breaches are
 * not. Changes that came with no handoff stand where they happened.
 */
export function tellStory({ rounds, olderRounds, changes, people }: LeadStory): Chapter[] {
  const chapters = rounds.map((round): Chapter => {
    const own = changes.filter(({ handoffId }) => handoffId === round.handoff.id)
    return { round, entries: entriesOf(round, own, people) }
  })
  const first: Chapter = { round: null, entries: [] }
  for (const entry of movesAlone(changes.filter(({ handoffId }) => handoffId === null))) {
    const began = (round: Round | null) => round !== null && round.handoff.createdAt <= entry.at
    const { entries } = chapters.findLast(({ round }) => began(round)) ?? first
    const later = entries.findIndex(({ at }) => at > entry.at)
    entries.splice(later === -1 ? entries.length : later, 0, entry)
  }
  // Where rounds are left out nobody knows whether it came before them.
  return first.entries.length === 0 || olderRounds > 0 ? chapters : [first, ...chapters]
}

/** Changes of one moment are one line. */
function movesAlone(changes: readonly RecordedChange[]): Entry[] {
  const entries: Entry[] = []
  for (const change of changes) {
    const last = entries.at(-1)
    if (last?.at.getTime() === change.at.getTime() && last.by?.id === change.by?.id) {
      entries.splice(-1, 1, { ...last, moves: [...last.moves, change] })
    } else {
      entries.push(moved(change))
    }
  }
  return entries
}

const moved = (change: RecordedChange): Entry => ({
  kind: 'moved',
  at: change.at,
  by: change.by,
  events: [],
  moves: [change],
})

/** What belongs to the event before it, where both were committed together. */
const followers: Partial<Record<EventType, readonly EventType[]>> = {
  Connected: ['AttemptLogged', 'AttemptCorrected'],
  ReturnRuled: ['RulingGiven'],
  Reopened: ['RulingGiven', 'ReturnRuled'],
}

/** Events that are one line: what happened, and what followed from it at once. */
type Told = [ToldEvent, ...ToldEvent[]]

function toldTogether(events: readonly RecordedEvent[]): Told[] {
  const lines: Told[] = []
  for (const event of events.filter(isTold)) {
    const last = lines.at(-1)
    const belongs =
      last?.[0].version === event.version && followers[event.type]?.includes(last[0].type)
    if (last !== undefined && belongs) last.push(event)
    else lines.push([event])
  }
  return lines
}

function entriesOf(
  round: Round,
  changes: readonly RecordedChange[],
  people: LeadStory['people'],
): Entry[] {
  const lines = toldTogether(round.events)
  const moves = new Map<Told, RecordedChange[]>()
  const alone: RecordedChange[] = []
  for (const change of changes) {
    const line = lineOf(change, lines)
    if (line === undefined) alone.push(change)
    else moves.set(line, [...(moves.get(line) ?? []), change])
  }
  const votes = votesOf(round.events)
  const entries = lines.map((line): Entry => {
    const [event] = line
    return {
      ...happeningOf(line, { round, people, votes }),
      at: event.at,
      by: event.by,
      events: line,
      moves: moves.get(line) ?? [],
    }
  })
  // Their events are among those left out, so they are earlier.
  return [...movesAlone(alone), ...entries]
}

/** The line of what changed the lead: a breach never does. */
function lineOf({ version }: RecordedChange, lines: readonly Told[]): Told | undefined {
  const committed = lines.filter(([event]) => event.version === version)
  return committed.find(([event]) => event.type !== 'DeadlineMissed') ?? committed[0]
}

/** How the managers stood to each other after each of their rulings on a contest. */
function votesOf(events: readonly RecordedEvent[]): Map<RecordedEvent, 'awaited' | 'disagreed'> {
  const standing = new Map<RecordedEvent, 'awaited' | 'disagreed'>()
  const heard = new Set<Side>()
  for (const event of events) {
    if (event.type === 'ReturnContested') heard.clear()
    if (event.type !== 'RulingGiven') continue
    const { side } = rulingGiven.parse(event.data)
    heard.add(side)
    standing.set(event, heard.size === sides.length ? 'disagreed' : 'awaited')
  }
  return standing
}

const text = z.string().nullable().default(null)

const attempt = z.object({
  channel: z.string(),
  outcome: z.string(),
  madeAt: z.coerce.date(),
  note: text,
  verdict: attemptVerdictSchema,
})
const numbered = { number: z.int() }
const attemptCorrected = z.object({
  ...numbered,
  before: attempt,
  after: attempt,
  others: z.array(z.object({ ...numbered, verdict: attemptVerdictSchema })).default([]),
})
const rulingGiven = z.object({ side: z.enum(sides), ruling: z.enum(rulings), words: text })
const returned = z.object({
  reason: z.string(),
  criterion: text,
  readyOn: text,
  readyWhen: text,
  field: z.enum(leadFields).nullable().default(null),
  duplicateOf: text,
  note: text,
})
const reassigned = z.object({
  from: text,
  to: text,
  how: z.enum(['taken-over', 'passed-on', 'given-back', 'overdue']).default('overdue'),
})

interface Around {
  round: Round
  people: LeadStory['people']
  votes: ReturnType<typeof votesOf>
}

function happeningOf([event, ...followed]: Told, { round, people, votes }: Around): Happening {
  const { data } = event
  const { handoff } = round
  const person = (id: string | null): Person | null =>
    id === null ? null : (people.get(id) ?? null)
  const led = (type: EventType): boolean => followed.some((other) => other.type === type)
  switch (event.type) {
    case 'HandedOff': {
      const { owner } = z.object({ owner: text }).parse(data)
      const { priority, reason, whatChanged } = handoff
      return { kind: 'handed-over', priority, reason, whatChanged, offeredTo: person(owner) }
    }
    case 'Accepted':
      return { kind: 'accepted', ...z.object({ afterMs: z.number() }).parse(data) }
    case 'AttemptLogged': {
      const { number, ...made } = attempt.extend(numbered).parse(data)
      const note = noteOf(number, round)
      return { kind: 'attempt', number, made: { ...made, note }, connected: led('Connected') }
    }
    case 'AttemptCorrected': {
      const { before: was, after: is, ...rest } = attemptCorrected.parse(data)
      return { kind: 'corrected', ...rest, was, is, connected: led('Connected') }
    }
    case 'Reassigned': {
      const { from, to, how } = reassigned.parse(data)
      return { kind: 'owner', from: person(from), to: person(to), how }
    }
    case 'NewsAdded':
      return { kind: 'news', ...z.object({ reason: z.string() }).parse(data) }
    case 'Returned':
      return { kind: 'returned', facts: returned.parse(data) }
    case 'ReturnAnswered': {
      const { answer } = z.object({ answer: z.enum(returnAnswers) }).parse(data)
      return { kind: 'answered', answer, why: null }
    }
    case 'ReturnContested':
      return { kind: 'answered', answer: 'contested', ...z.object({ why: text }).parse(data) }
    case 'RulingGiven': {
      const outcome = led('ReturnRuled') ? 'ruled' : (votes.get(event) ?? 'awaited')
      return { kind: 'ruling', ...rulingGiven.parse(data), outcome }
    }
    case 'ReturnRuled': {
      const { ruling } = z.object({ ruling: z.enum(rulings) }).parse(data)
      return { kind: 'ruling', side: null, ruling, words: null, outcome: 'ruled' }
    }
    case 'DealStageReported':
      return {
        kind: 'deal',
        ...z.object({ stage: z.string(), lostReason: text, note: text }).parse(data),
      }
    case 'DeadlineMissed': {
      const missed = z.object({ kind: z.enum(deadlineKinds), dueAt: z.coerce.date() }).parse(data)
      return { kind: 'breach', clock: missed.kind, dueAt: missed.dueAt }
    }
    case 'Paused':
      return {
        kind: 'paused',
        ...z.object({ reason: z.string(), until: z.coerce.date() }).parse(data),
      }
    case 'Resumed':
      return { kind: 'noted', what: 'resumed' }
    case 'ReadyAgain':
      return { kind: 'noted', what: 'ready' }
    case 'Connected':
      return { kind: 'noted', what: 'connected' }
    case 'Reopened':
      return { kind: 'noted', what: 'reopened' }
  }
}

/** What was noted when an attempt was logged: what its first correction found, or what it still says. */
function noteOf(number: number, { handoff, events }: Round): string | null {
  for (const { type, data } of events) {
    if (type !== 'AttemptCorrected') continue
    const correction = attemptCorrected.parse(data)
    if (correction.number === number) return correction.before.note
  }
  return handoff.attempts.find((known) => known.number === number)?.note ?? null
}
