import { cancel } from './deadlines.ts'
import { type Decision, decided } from './decide/decision.ts'
import {
  type Attempt,
  type Deadline,
  type EventType,
  type Handoff,
  isOpen,
  type PreviousRound,
  type Returned,
  type ReturnFacts,
} from './handoff.ts'
import type { Lead } from './lead.ts'

/**
 * What is left of a lead that was erased: what counts in the figures, and nothing that names or
 * describes anybody.
 */

/** So long nothing brings an erased lead back, in days. */
export const rememberedDays = 30

/** What an erased lead is called. */
export const erasedName = 'Erased lead'
export const erasedAddress = (leadId: string): string => `erased-${leadId}@erased.invalid`

export const erasedLead = (
  { id, journeyStage, type }: Pick<Lead, 'id' | 'journeyStage' | 'type'>,
  at: Date,
): Lead => ({
  id,
  email: erasedAddress(id),
  name: erasedName,
  title: null,
  phone: null,
  company: {},
  attributes: {},
  source: null,
  crm: null,
  journeyStage,
  type,
  erasedAt: at,
})

/** The handoff of an erased lead: closed where it was open, its clocks stopped, its words gone. */
export function eraseHandoff(handoff: Handoff, at: Date): Decision {
  const lead = erasedLead(handoff.lead, at)
  const { status, news, deal, previous, returned } = handoff
  return committed(
    { ...handoff, lead },
    {
      status: isOpen(status) ? 'closed' : status,
      reason: '',
      whatChanged: null,
      previous: previous && withoutWords(previous),
      news: news && { ...news, reason: '' },
      returned: returned && returnedWithoutWords(returned),
      deal: deal && { ...deal, note: null },
      attempts: handoff.attempts.map(withoutNote),
      deadlines: handoff.deadlines.map((deadline) => stopped(deadline, at)),
    },
    { at, what: 'lead' },
  )
}

/** Another lead's handoff, which named the erased one as what it is a duplicate of. */
export function eraseDuplicate(handoff: Handoff, email: string, at: Date): Decision {
  const without = <Facts extends ReturnFacts>(facts: Facts): Facts =>
    facts.duplicateOf === email ? { ...facts, duplicateOf: null } : facts
  const { previous, returned } = handoff
  return committed(
    handoff,
    { previous: previous && without(previous), returned: returned && without(returned) },
    { at, what: 'duplicate' },
  )
}

function committed(
  handoff: Handoff,
  next: Partial<Handoff>,
  { at, what }: { at: Date; what: 'lead' | 'duplicate' },
): Decision {
  const result = decided(handoff, next, {
    events: [{ type: 'Erased', at, by: null, data: { what } }],
  })
  if (!result.ok) throw new TypeError('an erasure is never refused')
  return result.decision
}

const withoutNote = (attempt: Attempt): Attempt =>
  attempt.note === null ? attempt : { ...attempt, note: null }

const stopped = (deadline: Deadline, at: Date): Deadline =>
  deadline.metAt === null && deadline.stoppedAt === null ? cancel(deadline, at) : deadline

const withoutWords = <Facts extends ReturnFacts | PreviousRound>(facts: Facts): Facts => ({
  ...facts,
  readyWhen: null,
  duplicateOf: null,
  note: null,
})

const returnedWithoutWords = (returned: Returned): Returned => ({
  ...withoutWords(returned),
  contest: returned.contest && {
    ...returned.contest,
    why: '',
    votes: returned.contest.votes.map((vote) => ({ ...vote, words: null })),
  },
})

type Data = Record<string, unknown>

/** What stays of the data of an event: only what is named here, and words put in place of words. */
interface Kept {
  keys: readonly string[]
  /** In place of what was there, so that it can still be read. */
  instead?: Data
  /** Records inside it, by their keys. */
  inside?: Record<string, readonly string[]>
}

const clock = { keys: ['kind', 'dueAt', 'fraction', 'to'] } as const
const attempt = ['number', 'channel', 'outcome', 'madeAt', 'verdict', 'counted'] as const

/** Every type has its line: one that is new keeps nothing until somebody says what. */
export const keptOfEvents: Record<EventType, Kept> = {
  HandedOff: { keys: ['leadType', 'priority', 'owner', 'round', 'previous', 'missing'] },
  Accepted: { keys: ['afterMs', 'afterWorkingMs'] },
  Returned: { keys: ['reason', 'criterion', 'readyOn', 'field'] },
  Reassigned: { keys: ['from', 'to', 'how'] },
  AttemptLogged: { keys: attempt },
  Connected: { keys: ['number'] },
  DealStageReported: { keys: ['stage', 'means', 'from', 'lostReason'] },
  ReminderSent: clock,
  DeadlineMissed: clock,
  Escalated: clock,
  ReturnAnswered: { keys: ['answer', 'handoff'] },
  ReturnContested: { keys: ['term'] },
  ReturnRuled: { keys: ['ruling', 'term', 'reason', 'by'], instead: { why: '', words: [] } },
  Reopened: { keys: [] },
  Paused: { keys: ['reason', 'until', 'kinds'] },
  Resumed: { keys: [] },
  ReminderSnoozed: { keys: ['kind', 'until'] },
  AttemptCorrected: {
    keys: ['number', 'others'],
    inside: { before: attempt, after: attempt },
  },
  RulingGiven: { keys: ['side', 'ruling', 'term'] },
  ReadyAgain: { keys: [] },
  NewsAdded: { keys: ['priority'], instead: { reason: '' } },
  Erased: { keys: ['what'] },
}

/** The data of an event without what anybody wrote, and without addresses. */
export function eventWithoutWords(type: EventType, data: Data): Data {
  const { keys, instead = {}, inside = {} } = keptOfEvents[type]
  const nested = Object.entries(inside).flatMap(([key, own]) => {
    const value = data[key]
    return isRecord(value) ? [[key, only(value, own)] as const] : []
  })
  return { ...only(data, keys), ...instead, ...Object.fromEntries(nested) }
}

const only = (data: Data, keys: readonly string[]): Data =>
  Object.fromEntries(Object.entries(data).filter(([key]) => keys.includes(key)))

const isRecord = (value: unknown): value is Data =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
