import { attemptWhy } from '../../../content/words/attempts.ts'
import type { Agreement } from '../../../domain/agreement.ts'
import { calendarOf } from '../../../domain/clocks.ts'
import { latenessOf } from '../../../domain/deadlines.ts'
import type { Attempt, Deadline, Handoff } from '../../../domain/handoff.ts'
import type { Person } from '../../../domain/person.ts'
import type { HandoffStory } from '../../../use-cases/ports.ts'
import type { HandoffJson } from './schemas.ts'

/**
 * A handoff as the API shows it at `now`: people by their e-mail addresses, instants in ISO form.
 * `agreement` is that of its version.
 */
export function handoffJson(
  { handoff, events, card }: HandoffStory,
  { agreement, now }: { agreement: Agreement; now: Date },
): HandoffJson {
  const { lead, returned } = handoff
  const people = peopleOf(handoff)
  const calendar = calendarOf(agreement, handoff.leadType)
  return {
    id: handoff.id,
    version: handoff.version,
    status: handoff.status,
    leadStatus: handoff.leadStatus,
    lifecycleStage: handoff.lifecycleStage,
    priority: handoff.priority,
    reason: handoff.reason,
    lead: {
      email: lead.email,
      name: lead.name,
      title: lead.title,
      phone: lead.phone,
      company: lead.company,
      attributes: lead.attributes,
      source: lead.source,
      crm: lead.crm,
      journeyStage: lead.journeyStage,
    },
    leadType: handoff.leadType,
    owner: shown(handoff.owner),
    handedOffBy: shown(handoff.handedOffBy),
    agreementVersion: handoff.agreementVersion,
    card,
    acceptedAt: instant(handoff.acceptedAt),
    returned:
      returned === null
        ? null
        : { ...returned, by: nameOf(returned.by), at: returned.at.toISOString() },
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
      data: withNames(data, people),
    })),
    createdAt: handoff.createdAt.toISOString(),
  }
}

/** What the one who logged an attempt is told of it. */
export const attemptJson = ({ id, number, counted, verdict }: Attempt) => ({
  id,
  number,
  counted,
  why: attemptWhy(verdict, 'en'),
})

const instant = (date: Date | null): string | null => date?.toISOString() ?? null

const pausedSince = ({ state, pauses }: Deadline): Date | null =>
  state === 'paused' ? (pauses.at(-1)?.from ?? null) : null

const nameOf = ({ email, name }: Person): string => email ?? name
const shown = (person: Person | null): string | null => (person === null ? null : nameOf(person))

function peopleOf({ owner, handedOffBy, returned, attempts }: Handoff): Map<unknown, Person> {
  const people = [owner, handedOffBy, returned?.by ?? null, ...attempts.map(({ by }) => by)]
  return new Map(people.flatMap((person) => (person === null ? [] : [[person.id, person]])))
}

/** Events name people by the id of their row, which means nothing to whoever reads them here. */
const withNames = (data: Record<string, unknown>, people: Map<unknown, Person>) =>
  Object.fromEntries(
    Object.entries(data).map(([key, value]) => {
      const person = people.get(value)
      return [key, person === undefined ? value : nameOf(person)]
    }),
  )
