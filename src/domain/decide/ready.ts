import { nextWorkingMoment, startOfDay } from '../business-time.ts'
import type { Calendar } from '../calendar.ts'
import { meet, settle } from '../deadlines.ts'
import { type Deadline, type Handoff, isBack } from '../handoff.ts'
import type { Person } from '../person.ts'
import { type Actor, type Context, type Decided, decided, refuse } from './decision.ts'
import { notForMarketing } from './rights.ts'

/** The clock that brings a returned lead back to marketing, at the first working moment of a day. */
export function readyClock(readyOn: string, now: Date, calendar: Calendar): Deadline {
  const day = startOfDay(readyOn, calendar.timezone)
  const at = nextWorkingMoment(day > now ? day : now, calendar)
  return {
    kind: 'ready',
    state: 'running',
    startedAt: now,
    dueAt: at,
    metAt: null,
    breachedAt: null,
    steps: [{ at, do: 'ready' }],
    pauses: [],
    stoppedAt: null,
    snoozedAt: null,
  }
}

/**
 * Marketing marks that what a return waited for has come: the lead is on its list again. Refuses a
 * lead that is not back, that is there already or was handed over again, and whoever is not of
 * marketing.
 */
export function markReady(handoff: Handoff, actor: Actor, { now }: Context): Decided {
  const { returned } = handoff
  if (!isBack(handoff.status) || returned === null || returned.answer === 'handed-over-again') {
    return refuse({ code: 'moved-on', status: handoff.status, leadStatus: handoff.leadStatus })
  }
  const objection = notForMarketing(handoff, actor)
  if (objection !== undefined) return refuse(objection)
  if (returned.readySince !== null) return refuse({ code: 'ready-already' })
  const { handedOffBy } = handoff
  const told = handedOffBy?.id === actor.person.id ? null : handedOffBy
  return readyAgain(handoff, actor.person, told?.id ?? null, now)
}

/** The lead comes back to marketing; `by` is null where its day has come, `to` who is told. */
export function readyAgain(
  handoff: Handoff,
  by: Person | null,
  to: string | null,
  now: Date,
): Decided {
  const { returned } = handoff
  if (returned === null) {
    return refuse({ code: 'moved-on', status: handoff.status, leadStatus: handoff.leadStatus })
  }
  return decided(
    handoff,
    {
      returned: { ...returned, readySince: now },
      deadlines: settle(handoff, ['ready'], (deadline) => meet(deadline, now)),
    },
    {
      events: [{ type: 'ReadyAgain', at: now, by, data: {} }],
      notices: [{ where: { thread: true }, notice: { type: 'ready', by: by?.id ?? null, to } }],
    },
  )
}
