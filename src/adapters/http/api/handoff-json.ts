import { attemptWhy } from '../../../content/words/attempts.ts'
import type { Agreement } from '../../../domain/agreement.ts'
import { calendarOf } from '../../../domain/clocks.ts'
import { latenessOf } from '../../../domain/deadlines.ts'
import type {
  Attempt,
  Contest,
  Deadline,
  EventType,
  PreviousRound,
  Returned,
} from '../../../domain/handoff.ts'
import type { Lead } from '../../../domain/lead.ts'
import type { Person } from '../../../domain/person.ts'
import { naming } from '../../../domain/webhook.ts'
import type { HandoffStory } from '../../../use-cases/ports/handoffs.ts'
import type { HandoffJson } from './handoff-schema.ts'

/**
 * A handoff as the API shows it at `now`: people by their e-mail addresses, instants in ISO form.
 * `agreement` is that of its version, `people` are those whom it names, by the ids of their rows.
 */
export function handoffJson(
  { handoff, events, card }: HandoffStory,
  { agreement, now, people }: { agreement: Agreement; now: Date; people: Map<string, Person> },
): HandoffJson {
  const { lead, previous, returned, deal, news } = handoff
  const calendar = calendarOf(agreement, handoff.leadType)
  return {
    id: handoff.id,
    version: handoff.version,
    status: handoff.status,
    leadStatus: handoff.leadStatus,
    lifecycleStage: handoff.lifecycleStage,
    priority: handoff.priority,
    reason: handoff.reason,
    lead: leadJson(lead),
    leadType: handoff.leadType,
    owner: shown(handoff.owner),
    handedOffBy: shown(handoff.handedOffBy),
    agreementVersion: handoff.agreementVersion,
    card,
    round: handoff.round,
    previous: previous && previousJson(previous),
    whatChanged: handoff.whatChanged,
    news: news && { reason: news.reason, by: shown(news.by), at: news.at.toISOString() },
    score: handoff.score,
    acceptedAt: instant(handoff.acceptedAt),
    returned: returned && returnedJson(returned),
    deal: deal && { ...deal, at: deal.at.toISOString() },
    deadlines: handoff.deadlines.map((deadline) => {
      const late = latenessOf(deadline, now, calendar)
      return {
        kind: deadline.kind,
        dueAt: deadline.dueAt.toISOString(),
        state: deadline.state,
        metAt: instant(deadline.metAt),
        breachedAt: instant(deadline.breachedAt),
        pausedSince: instant(pausedSince(deadline)),
        lateMs: late?.rawMs ?? null,
        lateWorkingMs: late?.workingMs ?? null,
      }
    }),
    attempts: handoff.attempts.map((attempt) => ({
      ...attemptJson(attempt),
      channel: attempt.channel,
      outcome: attempt.outcome,
      note: attempt.note,
      at: attempt.at.toISOString(),
      by: shown(attempt.by),
    })),
    events: events.map(({ type, at, by, data }) => ({
      type,
      at: at.toISOString(),
      by: shown(by),
      data: withNames(type, data, people),
    })),
    createdAt: handoff.createdAt.toISOString(),
  }
}

/** What is known of a lead; the id of its row means nothing to others. */
export const leadJson = (lead: Lead) => ({
  email: lead.email,
  name: lead.name,
  title: lead.title,
  phone: lead.phone,
  company: lead.company,
  attributes: lead.attributes,
  source: lead.source,
  crm: lead.crm,
  journeyStage: lead.journeyStage,
})

/** What the one who logged an attempt is told of it. */
export const attemptJson = ({ id, number, counted, verdict }: Attempt) => ({
  id,
  number,
  counted,
  why: attemptWhy(verdict, 'en'),
})

const previousJson = ({ handoffId, at, ...said }: PreviousRound) => ({
  ...said,
  handoff: handoffId,
  at: at.toISOString(),
})

const returnedJson = ({ by, at, contest, readySince, ...said }: Returned) => ({
  ...said,
  by: nameOf(by),
  at: at.toISOString(),
  contest: contest && contestJson(contest),
  readySince: instant(readySince),
})

const contestJson = ({ by, at, votes, ...said }: Contest) => ({
  ...said,
  by: nameOf(by),
  at: at.toISOString(),
  votes: votes.map((vote) => ({ ...vote, by: nameOf(vote.by), at: vote.at.toISOString() })),
})

const instant = (date: Date | null): string | null => date?.toISOString() ?? null

const pausedSince = ({ state, pauses }: Deadline): Date | null =>
  state === 'paused' ? (pauses.at(-1)?.from ?? null) : null

const nameOf = ({ email, name }: Person): string => email ?? name
export const shown = (person: Person | null): string | null =>
  person === null ? null : nameOf(person)

/** Everyone who is at hand with a handoff, by id. */
export function peopleOf({ handoff, events }: HandoffStory): Map<string, Person> {
  const { owner, handedOffBy, returned, attempts } = handoff
  const acted = [...attempts, ...events].map(({ by }) => by)
  const people = [owner, handedOffBy, returned?.by ?? null, ...acted]
  return new Map(people.flatMap((person) => (person === null ? [] : [[person.id, person]])))
}

/** The ids of people in what the events tell. */
export function idsInEvents({ events }: HandoffStory): string[] {
  const values = events.flatMap(({ type, data }) => (naming[type] ?? []).map((key) => data[key]))
  return [...new Set(values.flat().filter((value) => typeof value === 'string'))]
}

function withNames(type: EventType, data: Record<string, unknown>, people: Map<string, Person>) {
  const named = (id: unknown): unknown => {
    const person = typeof id === 'string' ? people.get(id) : undefined
    return person === undefined ? id : nameOf(person)
  }
  const keys = naming[type] ?? []
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => {
      if (!keys.includes(key)) return [key, value]
      return [key, Array.isArray(value) ? value.map(named) : named(value)]
    }),
  )
}
