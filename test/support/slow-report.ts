import { type Handoff, type HandoffEvent, isBack } from '../../src/domain/handoff.ts'
import {
  type CountedFacts,
  type Grouping,
  type Report,
  reportOf,
  type Spread,
} from '../../src/domain/report.ts'

/** A handoff with everything that happened to it, and when its card was posted. */
export interface Known {
  handoff: Handoff
  events: HandoffEvent[]
  postedAt: Date | null
}

/** The counts of a report, one handoff after the other, out of the plain events and the state. */
export function slowFacts(
  known: readonly Known[],
  { groupBy, keyOf }: { groupBy: Grouping | null; keyOf: (one: Known) => string | null },
): CountedFacts {
  const groups = new Map<string | null, Known[]>()
  for (const one of known) groups.set(keyOf(one), [...(groups.get(keyOf(one)) ?? []), one])
  const each = [...groups]
  return {
    handoffs: each.flatMap(([key, of]) => of.map((one) => ({ key, ...stateOf(one), count: 1 }))),
    paces: [
      { key: null, whole: true, ...paceOf(known) },
      ...(groupBy === null ? [] : each.map(([key, of]) => ({ key, whole: false, ...paceOf(of) }))),
    ],
    clocks: each.flatMap(([key, of]) =>
      of.flatMap(({ handoff }) =>
        handoff.deadlines.map(({ kind, metAt, breachedAt, startedAt }) => ({
          key,
          kind,
          met: metAt !== null && breachedAt === null ? 1 : 0,
          missed: breachedAt === null ? 0 : 1,
          ms: metAt === null ? 0 : metAt.getTime() - startedAt.getTime(),
        })),
      ),
    ),
    attempts: each.flatMap(([key, of]) =>
      of.flatMap(({ handoff }) =>
        handoff.attempts.map(({ channel, verdict }) => ({
          key,
          channel,
          clause: verdict.clause,
          count: 1,
        })),
      ),
    ),
  }
}

export const slowReport = (
  known: readonly Known[],
  how: Parameters<typeof slowFacts>[1],
  rest: Omit<Parameters<typeof reportOf>[1], 'groupBy'>,
): Report => reportOf(slowFacts(known, how), { ...rest, groupBy: how.groupBy })

function stateOf({ handoff }: Known) {
  const { status, returned, score, deal, agreementVersion: version } = handoff
  const said = isBack(status) ? returned : null
  return {
    status,
    reason: said?.reason ?? null,
    criterion: said?.criterion ?? null,
    field: said?.field ?? null,
    version,
    dealStage: deal?.stage ?? null,
    band: bandOf(score?.total),
    reached: score === null ? null : score.total >= score.threshold,
  }
}

export function bandOf(points: number | undefined): string | null {
  if (points === undefined) return null
  if (points >= 85) return '85+'
  if (points >= 70) return '70-84'
  return points >= 50 ? '50-69' : '0-49'
}

function paceOf(known: readonly Known[]): Omit<CountedFacts['paces'][number], 'key' | 'whole'> {
  const accepted = known.flatMap(({ handoff, events, postedAt }) => {
    const event = events.find(({ type }) => type === 'Accepted')
    if (event === undefined) return []
    const raw = event.at.getTime() - handoff.createdAt.getTime()
    const working = numberIn(event, 'workingMs')
    const posted = postedAt === null ? 0 : postedAt.getTime() - handoff.createdAt.getTime()
    const system = Math.max(0, Math.min(raw, posted))
    const queue = Math.max(0, working - system)
    return [{ raw, working, system, queue, off: raw - system - queue }]
  })
  const tried = known.flatMap(({ events }) => {
    const event = events.findLast(
      ({ type, data }) => type === 'AttemptLogged' && 'workingMs' in data,
    )
    return event === undefined
      ? []
      : [{ raw: numberIn(event, 'afterMs'), working: numberIn(event, 'workingMs') }]
  })
  const sumOf = (values: number[]): number => values.reduce((total, one) => total + one, 0)
  return {
    accepted: accepted.length,
    tried: tried.length,
    idle: known.filter(({ events }) =>
      events.some(({ type, data }) => type === 'DeadlineMissed' && data.kind === 'idle'),
    ).length,
    acceptRaw: spreadOf(accepted.map(({ raw }) => raw)),
    acceptWorking: spreadOf(accepted.map(({ working }) => working)),
    attemptRaw: spreadOf(tried.map(({ raw }) => raw)),
    attemptWorking: spreadOf(tried.map(({ working }) => working)),
    systemMs: sumOf(accepted.map(({ system }) => system)),
    queueMs: sumOf(accepted.map(({ queue }) => queue)),
    offHoursMs:
      sumOf(accepted.map(({ off }) => off)) + sumOf(tried.map(({ raw, working }) => raw - working)),
    repMs: sumOf(tried.map(({ working }) => working)),
  }
}

function numberIn({ type, data }: HandoffEvent, name: string): number {
  const value = data[name]
  if (typeof value !== 'number') throw new Error(`${type} has no ${name}`)
  return value
}

const spreadOf = (values: number[]): Spread => ({
  median: percentile(values, 0.5),
  p90: percentile(values, 0.9),
})

/** Between the two values around that place, in proportion. */
function percentile(values: number[], fraction: number): number | null {
  const sorted = [...values].sort((a, b) => a - b)
  const place = fraction * (sorted.length - 1)
  const lower = sorted[Math.floor(place)]
  const upper = sorted[Math.ceil(place)]
  if (lower === undefined || upper === undefined) return null
  return Math.round(lower + (place - Math.floor(place)) * (upper - lower))
}
