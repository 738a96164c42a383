import { z } from 'zod'
import type {
  AttemptChannel,
  AttemptOutcome,
  EscalationStep,
  LifecycleStage,
  Priority,
  Side,
} from './agreement.ts'
import type { Lead, Score } from './lead.ts'
import type { Person } from './person.ts'

export const handoffStatuses = [
  'offered',
  'accepted',
  'connected',
  'qualified',
  'returned',
  'unresponsive',
  'closed',
] as const
export type HandoffStatus = (typeof handoffStatuses)[number]

/** Sales still has work to do on these; a lead has at most one such handoff. */
export const openStatuses = ['offered', 'accepted', 'connected', 'qualified'] as const
export const isOpen = (status: HandoffStatus): boolean =>
  openStatuses.some((open) => open === status)

/** Sales has given the lead back: it is with marketing. */
export const isBack = (status: HandoffStatus): boolean =>
  status === 'returned' || status === 'unresponsive'

export const deadlineKinds = [
  'accept',
  'accept-hard',
  'first-attempt',
  'attempts',
  'return-answer',
  'idle',
  'ruling',
  /** No deadline of anybody: the day on which a returned lead is ready again. */
  'ready',
] as const
export type DeadlineKind = (typeof deadlineKinds)[number]

export const deadlineStates = ['running', 'met', 'missed', 'cancelled', 'paused'] as const
export type DeadlineState = (typeof deadlineStates)[number]

/** Something that a clock does at a moment. Fractions are of the time allowed: 0.5 is half of it. */
export type Step =
  | { at: Date; do: 'remind'; fraction: number }
  | { at: Date; do: 'miss' }
  | { at: Date; do: 'escalate'; fraction: number; to: EscalationStep['to'] }
  /** A pause has lasted as long as the agreement allows. */
  | { at: Date; do: 'resume' }
  /** What a clock did outside working time is told when it begins. */
  | { at: Date; do: 'tell'; of: 'miss' | 'resume' }
  /** The day has come on which a returned lead is ready again. */
  | { at: Date; do: 'ready' }

/** A time in which a clock stood still; `to` is null while it does. */
export interface Pause {
  from: Date
  to: Date | null
  /** id of a reason of the agreement */
  reason: string
}

/**
 * A clock of the agreement on one handoff. `missed` stays when it is met late: a breach is a fact
 * (`breachedAt`), and `metAt` says when it was met after all.
 */
export interface Deadline {
  kind: DeadlineKind
  state: DeadlineState
  startedAt: Date
  dueAt: Date
  metAt: Date | null
  breachedAt: Date | null
  /** What is still to be done, in order of time; in a pause its end comes first. */
  steps: Step[]
  pauses: Pause[]
  /** When it was called off, since what it asked for was no longer wanted. */
  stoppedAt: Date | null
  /** When the next reminder was put off; once is the most. */
  snoozedAt: Date | null
}

/** Why an attempt counted or not: the clause of the agreement and what it looked at. */
export const attemptVerdictSchema = z.discriminatedUnion('clause', [
  z.object({ clause: z.literal('counted') }),
  z.object({ clause: z.literal('channel'), channel: z.string() }),
  z.object({ clause: z.literal('outcome'), outcome: z.string() }),
  z.object({ clause: z.literal('gap'), sinceMs: z.number(), gap: z.string() }),
  z.object({ clause: z.literal('window') }),
  z.object({ clause: z.literal('before-acceptance') }),
  /** It was logged by mistake. */
  z.object({ clause: z.literal('void') }),
])
export type AttemptVerdict = z.output<typeof attemptVerdictSchema>

/** A connect attempt: `number` counts all that were logged, `counted` says whether it is evidence. */
export interface Attempt {
  id: string
  number: number
  channel: AttemptChannel
  outcome: AttemptOutcome
  note: string | null
  at: Date
  by: Person | null
  counted: boolean
  verdict: AttemptVerdict
}

/** The fields of a lead that a return can name as wrong: those that a card shows. */
export const leadFields = [
  'email',
  'phone',
  'name',
  'title',
  'company',
  'industry',
  'country',
  'employees',
  'other',
] as const
export type LeadField = (typeof leadFields)[number]

/** What a return said. */
export interface ReturnFacts {
  /** id of a return reason of the agreement */
  reason: string
  criterion: string | null
  /** a calendar date, YYYY-MM-DD */
  readyOn: string | null
  readyWhen: string | null
  /** The field of the lead that is wrong. */
  field: LeadField | null
  /** E-mail address of the lead that this one is a duplicate of. */
  duplicateOf: string | null
  note: string | null
}

/** A return, and what became of it. */
export interface Returned extends ReturnFacts {
  by: Person
  at: Date
  /** What marketing said to it. */
  answer: ReturnAnswer | null
  contest: Contest | null
  /** Since when it may be handed over again: the day has come, or the condition is met. */
  readySince: Date | null
}

export const returnAnswers = ['acknowledged', 'contested', 'handed-over-again'] as const
export type ReturnAnswer = (typeof returnAnswers)[number]

export const rulings = ['uphold', 'overturn', 'clarify'] as const
/** The return stands; it does not; or it stands, and the term is put more clearly. */
export type Ruling = (typeof rulings)[number]

/** Marketing reads a return differently: the managers of both sides rule on it. */
export interface Contest {
  by: Person
  at: Date
  why: string
  /** id of the glossary term that it is about */
  term: string
  votes: Vote[]
  /** What both ruled alike; null as long as they have not. */
  ruling: Ruling | null
}

/** How the manager of one side rules. */
export interface Vote {
  side: Side
  ruling: Ruling
  /** Why, or how the term is to be understood. */
  words: string | null
  by: Person
  at: Date
}

/** What became of the handoff before this one of the same lead. */
export interface PreviousRound extends ReturnFacts {
  handoffId: string
  leadStatus: string
  at: Date
}

/** Another request of the same lead while sales has it. */
export interface News {
  reason: string
  by: Person | null
  at: Date
  /** When it became hot while the clock of the first attempt ran, which stays that of a standard lead. */
  hotSince: Date | null
}

/** What sales reported of the deal, last. */
export interface Deal {
  /** id of a deal stage of the agreement */
  stage: string
  /** id of a lost reason of the agreement */
  lostReason: string | null
  note: string | null
  at: Date
}

/** A lead that marketing handed over to sales, and everything that became of it. */
export interface Handoff {
  id: string
  workspaceId: string
  /** Grows by one with every commit. */
  version: number
  lead: Lead
  leadType: string
  priority: Priority
  /** Why it is qualified, in marketing's words. */
  reason: string
  /** Name or id of the Slack channel of its card. */
  channel: string
  status: HandoffStatus
  leadStatus: string
  lifecycleStage: LifecycleStage
  owner: Person | null
  handedOffBy: Person | null
  /** The version of the agreement it was made under; later versions change nothing for it. */
  agreementVersion: number
  /** 1 for the first handoff of a lead. */
  round: number
  /** How the round before ended, where sales gave the lead back. */
  previous: PreviousRound | null
  /** What marketing says is different from the round before. */
  whatChanged: string | null
  /** What marketing has told since it was handed over, last. */
  news: News | null
  /** The lead's points when it was handed over, or when there was news of it last. */
  score: Score | null
  /** The lifecycle stage that the lead was in before. */
  cameFrom: LifecycleStage | null
  returned: Returned | null
  deal: Deal | null
  acceptedAt: Date | null
  /** Who accepted it; the owner may be somebody else by now. */
  acceptedBy: Person | null
  /** When its clocks last began anew, for another owner or after a ruling. */
  restartedAt: Date | null
  deadlines: Deadline[]
  attempts: Attempt[]
  createdAt: Date
}

export const eventTypes = [
  'HandedOff',
  'Accepted',
  'Returned',
  'Reassigned',
  'AttemptLogged',
  'Connected',
  'DealStageReported',
  'ReminderSent',
  'DeadlineMissed',
  'Escalated',
  'ReturnAnswered',
  'ReturnContested',
  'ReturnRuled',
  'Reopened',
  'Paused',
  'Resumed',
  'ReminderSnoozed',
  'AttemptCorrected',
  'RulingGiven',
  'ReadyAgain',
  'NewsAdded',
  'Erased',
] as const
export type EventType = (typeof eventTypes)[number]

/** What happened, told once and never changed. `by` is null where a clock did it. */
export interface HandoffEvent {
  type: EventType
  at: Date
  by: Person | null
  data: Record<string, unknown>
}

/** The deadline of that kind, if the handoff has one. */
export function deadlineOf(
  handoff: Pick<Handoff, 'deadlines'>,
  kind: DeadlineKind,
): Deadline | undefined {
  return handoff.deadlines.find((deadline) => deadline.kind === kind)
}

/** The deadline that presses now: the earliest one that is neither met nor cancelled. */
export function pressingDeadline(handoff: Handoff): Deadline | undefined {
  return handoff.deadlines
    .filter((deadline) => isPending(deadline) && deadline.kind !== 'ready')
    .sort((a, b) => a.dueAt.getTime() - b.dueAt.getTime())[0]
}

/** Still to be met: running, or missed and not yet met. */
export const isPending = ({ state, metAt, stoppedAt }: Deadline): boolean =>
  state === 'running' || (state === 'missed' && metAt === null && stoppedAt === null)

/** How many of the logged attempts count. */
export const countedAttempts = (handoff: Handoff): number =>
  handoff.attempts.filter((attempt) => attempt.counted).length
