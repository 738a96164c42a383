import { Temporal } from 'temporal-polyfill'
import type { AttemptChannel, DealMeaning, Role } from './agreement.ts'
import { calendarDateIn, startOfDay } from './business-time.ts'
import type { AttemptVerdict, DeadlineKind, HandoffStatus } from './handoff.ts'
import type { Period } from './promises.ts'

/**
 * The figures of the handoffs that were made in a period, and what has become of them by now. The
 * database counts; what the counts come to is told here.
 */

export const periodNames = [
  'today',
  'week',
  'month',
  'quarter',
  'last-week',
  'last-month',
  'last-quarter',
] as const
export type PeriodName = (typeof periodNames)[number]

/** What the figures can be grouped by. */
export const groupings = ['rep', 'type', 'source', 'score', 'reason', 'week', 'month'] as const
export type Grouping = (typeof groupings)[number]

/** Whole days of a zone, both dates (YYYY-MM-DD) included; `to` is the start of the day after. */
export interface ReportPeriod extends Period {
  firstDay: string
  lastDay: string
}

const mostDays = 3 * 366

/** Why there is no such period. */
export type PeriodRefusal = 'not-a-date' | 'ends-before-it-begins' | 'too-long'

/** The days from one date to another, both included; at most three years. */
export function periodBetween(
  first: string,
  last: string,
  zone: string,
): ReportPeriod | PeriodRefusal {
  const from = dateOf(first)
  const until = dateOf(last)
  if (from === undefined || until === undefined) return 'not-a-date'
  const days = from.until(until).days
  if (days < 0) return 'ends-before-it-begins'
  return days >= mostDays ? 'too-long' : daysFrom(from, until.add({ days: 1 }), zone)
}

/** A period by its name, by the calendar of a zone. Weeks begin on Monday. */
export function periodNamed(name: PeriodName, now: Date, zone: string): ReportPeriod {
  const today = Temporal.PlainDate.from(calendarDateIn(now, zone))
  const week = today.subtract({ days: today.dayOfWeek - 1 })
  const month = today.with({ day: 1 })
  const quarter = month.subtract({ months: (month.month - 1) % 3 })
  switch (name) {
    case 'today':
      return daysFrom(today, today.add({ days: 1 }), zone)
    case 'week':
      return daysFrom(week, week.add({ days: 7 }), zone)
    case 'month':
      return daysFrom(month, month.add({ months: 1 }), zone)
    case 'quarter':
      return daysFrom(quarter, quarter.add({ months: 3 }), zone)
    case 'last-week':
      return daysFrom(week.subtract({ days: 7 }), week, zone)
    case 'last-month':
      return daysFrom(month.subtract({ months: 1 }), month, zone)
    case 'last-quarter':
      return daysFrom(quarter.subtract({ months: 3 }), quarter, zone)
  }
}

const daysFrom = (
  first: Temporal.PlainDate,
  after: Temporal.PlainDate,
  zone: string,
): ReportPeriod => ({
  from: startOfDay(first.toString(), zone),
  to: startOfDay(after.toString(), zone),
  firstDay: first.toString(),
  lastDay: after.subtract({ days: 1 }).toString(),
})

/** Years of four digits, so that the database can hold the day. */
function dateOf(date: string): Temporal.PlainDate | undefined {
  if (!/^[12]\d{3}-\d{2}-\d{2}$/.test(date)) return undefined
  try {
    return Temporal.PlainDate.from(date, { overflow: 'reject' })
  } catch {
    return undefined
  }
}

/** Bands of points; a lead without a score is in none. */
export const scoreBands = ['0-49', '50-69', '70-84', '85+'] as const

/** How much of the figures somebody sees. */
export type Sight = 'everything' | 'all-but-reps' | 'own'

/**
 * Managers and admins see everything; marketing all but who of sales did what; a rep the own
 * figures, and beside the own row the total of the team. Nobody else sees any.
 */
export function sightOf(role: Role | null): Sight | null {
  switch (role) {
    case 'admin':
    case 'sales_manager':
    case 'marketing_manager':
      return 'everything'
    case 'marketing':
      return 'all-but-reps'
    case 'rep':
      return 'own'
    case null:
      return null
  }
}

/** What the database counts, by the key of the group; null is for what has none, such as no owner. */
export interface CountedFacts {
  handoffs: {
    key: string | null
    status: HandoffStatus
    /** Of those that are with marketing: what the return said. */
    reason: string | null
    criterion: string | null
    field: string | null
    /** Of the agreement, which says what a deal stage means. */
    version: number
    dealStage: string | null
    band: string | null
    /** Whether the score had come to the threshold; null without a score. */
    reached: boolean | null
    count: number
  }[]
  /** A row for each group, and one for all of them. */
  paces: ({ key: string | null; whole: boolean } & Pace)[]
  clocks: { key: string | null; kind: DeadlineKind; met: number; missed: number; ms: number }[]
  attempts: {
    key: string | null
    channel: AttemptChannel
    clause: AttemptVerdict['clause']
    count: number
  }[]
}

interface Pace {
  accepted: number
  tried: number
  idle: number
  acceptRaw: Spread
  acceptWorking: Spread
  attemptRaw: Spread
  attemptWorking: Spread
  systemMs: number
  queueMs: number
  offHoursMs: number
  repMs: number
}

/** In milliseconds; null where there is nothing to measure. */
export interface Spread {
  median: number | null
  p90: number | null
}

/** How often something was the case, most often first. */
export interface Tally {
  id: string
  count: number
}

/** The clocks of which a share within the agreement is told. */
export const reportedClocks = [
  'accept',
  'accept-hard',
  'first-attempt',
  'attempts',
  'return-answer',
] as const satisfies readonly DeadlineKind[]

/** How a clock was kept: met in time of those that were met or missed. */
export interface ClockKept {
  kind: (typeof reportedClocks)[number]
  met: number
  missed: number
  share: number | null
}

/** Where the time went, in the order of a handoff's life. */
export const stretches = ['system', 'queue', 'offHours', 'rep', 'marketing'] as const
export type Stretch = (typeof stretches)[number]

export interface Figures {
  handoffs: number
  /** Accepted at any time, also where it was returned later. */
  accepted: number
  /** Where they are now: together these are all handoffs. */
  open: number
  returned: number
  unresponsive: number
  closed: number
  returnedBy: { reason: Tally[]; criterion: Tally[]; field: Tally[] }
  /** From the handoff to the first acceptance. */
  toAccept: { raw: Spread; working: Spread }
  /** From the acceptance to the first counted attempt, as it was logged. */
  toFirstAttempt: { count: number; raw: Spread; working: Spread }
  clocks: ClockKept[]
  /** Accepted, and then left without an attempt for longer than agreed, at least once. */
  idle: number
  attempts: {
    logged: number
    counted: number
    /** Counted attempts for each accepted lead. */
    perLead: number | null
    byChannel: (Tally & { counted: number })[]
    /** Why attempts did not count, by the clause of the verdict. */
    notCounted: Tally[]
  }
  /** Those that had a score, how many of them had come to the threshold, and what became of each band. */
  scored: number
  reachedThreshold: number
  scoreBands: { band: string; handoffs: number; returned: number }[]
  deals: { byStage: Tally[]; won: number; lost: number }
  /**
   * In milliseconds: until the card stood in Slack (as if in working time); then until the first
   * acceptance, and from there to the first counted attempt, both in working time; what of these
   * fell outside working time; and from the return to marketing's answer, nights and weekends
   * included.
   */
  timeSpent: Record<Stretch, number>
}

export interface Report {
  period: ReportPeriod
  groupBy: Grouping | null
  total: Figures
  /** The largest first; weeks, months and bands in their own order. */
  groups: { key: string | null; figures: Figures }[]
}

/** What a deal stage means in a version of the agreement. */
export type MeaningOf = (version: number, stage: string) => DealMeaning | undefined

/** Puts the figures together from what was counted. */
export function reportOf(
  facts: CountedFacts,
  { period, groupBy, meaningOf }: Pick<Report, 'period' | 'groupBy'> & { meaningOf: MeaningOf },
): Report {
  const keys = groupBy === null ? [] : [...new Set(facts.handoffs.map(({ key }) => key))]
  const of = (key: string | null) => ({
    handoffs: facts.handoffs.filter((row) => row.key === key),
    paces: facts.paces.filter((row) => !row.whole && row.key === key),
    clocks: facts.clocks.filter((row) => row.key === key),
    attempts: facts.attempts.filter((row) => row.key === key),
  })
  const whole = { ...facts, paces: facts.paces.filter((row) => row.whole) }
  const groups = keys.map((key) => ({ key, figures: figuresOf(of(key), meaningOf) }))
  const inOwnOrder = groupBy === 'week' || groupBy === 'month' || groupBy === 'score'
  const byKey = (a: string | null, b: string | null): number =>
    a === b ? 0 : a === null ? 1 : b === null ? -1 : a < b ? -1 : 1
  return {
    period,
    groupBy,
    total: figuresOf(whole, meaningOf),
    groups: groups.sort(
      (a, b) => (inOwnOrder ? 0 : b.figures.handoffs - a.figures.handoffs) || byKey(a.key, b.key),
    ),
  }
}

const nothing: Spread = { median: null, p90: null }
const noPace: Pace = {
  accepted: 0,
  tried: 0,
  idle: 0,
  acceptRaw: nothing,
  acceptWorking: nothing,
  attemptRaw: nothing,
  attemptWorking: nothing,
  systemMs: 0,
  queueMs: 0,
  offHoursMs: 0,
  repMs: 0,
}

function figuresOf(facts: CountedFacts, meaningOf: MeaningOf): Figures {
  const { handoffs, clocks, attempts } = facts
  const pace = facts.paces[0] ?? noPace
  const inStatus = (...statuses: HandoffStatus[]): number =>
    sum(handoffs.filter(({ status }) => statuses.includes(status)))
  const meaning = (wanted: DealMeaning): number =>
    sum(
      handoffs.filter(
        ({ dealStage, version }) => dealStage !== null && meaningOf(version, dealStage) === wanted,
      ),
    )
  const counted = attempts.filter(({ clause }) => clause === 'counted')
  const answers = clocks.filter(({ kind }) => kind === 'return-answer')
  return {
    handoffs: sum(handoffs),
    accepted: pace.accepted,
    open: inStatus('offered', 'accepted', 'connected', 'qualified'),
    returned: inStatus('returned'),
    unresponsive: inStatus('unresponsive'),
    closed: inStatus('closed'),
    returnedBy: {
      reason: tally(handoffs, ({ reason }) => reason),
      criterion: tally(handoffs, ({ criterion }) => criterion),
      field: tally(handoffs, ({ field }) => field),
    },
    toAccept: { raw: pace.acceptRaw, working: pace.acceptWorking },
    toFirstAttempt: { count: pace.tried, raw: pace.attemptRaw, working: pace.attemptWorking },
    clocks: reportedClocks.map((kind) => {
      const of = clocks.filter((row) => row.kind === kind)
      const met = of.reduce((total, row) => total + row.met, 0)
      const missed = of.reduce((total, row) => total + row.missed, 0)
      return { kind, met, missed, share: shareOf(met, met + missed) }
    }),
    idle: pace.idle,
    attempts: {
      logged: sum(attempts),
      counted: sum(counted),
      perLead: shareOf(sum(counted), pace.accepted),
      byChannel: tally(attempts, ({ channel }) => channel).map((one) => ({
        ...one,
        counted: sum(counted.filter(({ channel }) => channel === one.id)),
      })),
      notCounted: tally(attempts, ({ clause }) => (clause === 'counted' ? null : clause)),
    },
    scored: sum(handoffs.filter(({ reached }) => reached !== null)),
    reachedThreshold: sum(handoffs.filter(({ reached }) => reached === true)),
    scoreBands: scoreBands.map((band) => {
      const of = handoffs.filter((row) => row.band === band)
      return { band, handoffs: sum(of), returned: sum(of.filter(isReturned)) }
    }),
    deals: {
      byStage: tally(handoffs, ({ dealStage }) => dealStage),
      won: meaning('won'),
      lost: meaning('lost'),
    },
    timeSpent: {
      system: pace.systemMs,
      queue: pace.queueMs,
      offHours: pace.offHoursMs,
      rep: pace.repMs,
      marketing: answers.reduce((total, { ms }) => total + ms, 0),
    },
  }
}

const isReturned = ({ status }: { status: HandoffStatus }): boolean => status === 'returned'

const sum = (rows: readonly { count: number }[]): number =>
  rows.reduce((total, { count }) => total + count, 0)

/** null where there is nothing to have a share in. */
export const shareOf = (part: number, of: number): number | null => (of === 0 ? null : part / of)

function tally<Row extends { count: number }>(
  rows: readonly Row[],
  idOf: (row: Row) => string | null,
): Tally[] {
  const counts = new Map<string, number>()
  for (const row of rows) {
    const id = idOf(row)
    if (id !== null) counts.set(id, (counts.get(id) ?? 0) + row.count)
  }
  return [...counts]
    .map(([id, count]) => ({ id, count }))
    .sort((a, b) => b.count - a.count || (a.id < b.id ? -1 : 1))
}

/**
 * Whether high scores are returned less: the shares of returned leads below the threshold band and
 * from 85 points on; null where one of the two has no leads.
 */
export function returnedByScore({
  scoreBands: bands,
}: Figures): { low: number; high: number } | null {
  const share = (...which: string[]): number | null => {
    const of = bands.filter(({ band }) => which.includes(band))
    const returned = of.reduce((total, one) => total + one.returned, 0)
    return shareOf(
      returned,
      of.reduce((total, one) => total + one.handoffs, 0),
    )
  }
  const low = share('0-49', '50-69')
  const high = share('85+')
  return low === null || high === null ? null : { low, high }
}
