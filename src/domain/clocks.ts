import type { Agreement, Clocks, EscalationStep, LeadType, Locale, Priority } from './agreement.ts'
import type { Calendar } from './calendar.ts'
import type { Allowance } from './duration.ts'
import type { Deadline, DeadlineKind, News } from './handoff.ts'

/** What the agreement says for a lead type, with everything that it inherits. */

/** The lead type of that id; without an id the first one, which is the agreement's default. */
export function leadTypeOf(agreement: Agreement, leadTypeId?: string): LeadType | undefined {
  return leadTypeId === undefined
    ? agreement.lead_types[0]
    : agreement.lead_types.find((type) => type.id === leadTypeId)
}

/** A lead type and those it is like, nearest first. */
function lineOf(agreement: Agreement, leadTypeId: string): LeadType[] {
  const type = leadTypeOf(agreement, leadTypeId)
  if (type === undefined) return []
  return type.like === undefined ? [type] : [type, ...lineOf(agreement, type.like)]
}

/** The clocks of a lead type: its own, those of the type it is like, else the agreement's. */
export function clocksOf(agreement: Agreement, leadTypeId: string): Clocks {
  const line = lineOf(agreement, leadTypeId).reverse()
  return Object.assign({ ...agreement.clocks }, ...line.map(({ clocks }) => clocks))
}

/** The calendar of a lead type: its own, that of the type it is like, else the agreement's. */
export function calendarOf(agreement: Agreement, leadTypeId: string): Calendar {
  const own = lineOf(agreement, leadTypeId).find(({ calendar }) => calendar !== undefined)
  return own?.calendar ?? agreement.calendar
}

/** The language of a lead type's channel: its own, that of the type it is like, else the agreement's. */
export function languageOf(agreement: Agreement, leadTypeId: string): Locale {
  const own = lineOf(agreement, leadTypeId).find(({ language }) => language !== undefined)
  return own?.language ?? agreement.language
}

/** The e-mail address of the one owner of a lead type; undefined where it is open or rotates. */
export function fixedOwnerOf({ owners }: LeadType): string | undefined {
  return owners !== 'open' && 'fixed' in owners ? owners.fixed : undefined
}

/**
 * Who comes after the present owner in the rotation of a lead type, by e-mail address, in that
 * order; nobody where it does not rotate, or over nobody else.
 */
export function nextInRotation(
  agreement: Agreement,
  leadTypeId: string,
  owner: string | null,
): string[] {
  const owners = leadTypeOf(agreement, leadTypeId)?.owners ?? 'open'
  if (owners === 'open' || 'fixed' in owners) return []
  const present = owner?.toLowerCase() ?? ''
  const at = owners.rotate.indexOf(present) + 1
  const others = [...owners.rotate.slice(at), ...owners.rotate.slice(0, at)]
  return others.filter((one) => one !== present)
}

/** What a clock is set by, and where the agreement says so. */
export interface ClockTerms {
  /** The place in the agreement file, such as `clocks.first_attempt.hot`. */
  clause: string
  within: Allowance
  /** Fractions of the time allowed at which the one concerned is reminded. */
  remind: number[]
  escalation: EscalationStep[]
  calendar: Calendar
}

/** A handoff as its clocks see it; one that begins has no deadlines yet. */
interface Clocked {
  leadType: string
  priority: Priority
  deadlines?: readonly Deadline[]
  news?: News | null
}

/** The priority that the clock of the first attempt was set by: it ran before the lead became hot. */
function priorityAtFirst({ priority, deadlines = [], news }: Clocked): Priority {
  const first = deadlines.find(({ kind }) => kind === 'first-attempt')
  const hotSince = news?.hotSince ?? null
  return first !== undefined && hotSince !== null && first.startedAt <= hotSince
    ? 'standard'
    : priority
}

/** The terms of one clock for a handoff; undefined where the agreement has no such clock. */
export function clockTerms(
  agreement: Agreement,
  handoff: Clocked,
  kind: DeadlineKind,
): ClockTerms | undefined {
  const { leadType } = handoff
  const clocks = clocksOf(agreement, leadType)
  const terms = (
    clause: string,
    within: Allowance | undefined,
    clock: { remind: number[]; escalation?: EscalationStep[] } | undefined,
  ): ClockTerms | undefined =>
    within === undefined || clock === undefined
      ? undefined
      : {
          clause: `clocks.${clause}`,
          within,
          remind: clock.remind,
          escalation: clock.escalation ?? agreement.escalation,
          calendar: calendarOf(agreement, leadType),
        }
  const { accept, first_attempt: first, attempts, return_answer: answer, idle, ruling } = clocks
  switch (kind) {
    case 'accept':
      return terms('accept.within', accept.within, accept)
    case 'accept-hard':
      return terms('accept.hard', accept.hard, { ...accept, remind: [] })
    case 'first-attempt': {
      const priority = priorityAtFirst(handoff)
      return terms(`first_attempt.${priority}`, first[priority], first)
    }
    case 'attempts':
      return terms('attempts.within', attempts.within, attempts)
    case 'return-answer':
      return terms('return_answer.within', answer.within, answer)
    case 'idle':
      return terms('idle.within', idle?.within, idle)
    case 'ruling':
      return terms('ruling.within', ruling?.within, ruling)
    case 'ready':
      return undefined
  }
}
