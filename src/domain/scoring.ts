import type { Agreement, Scoring, ScoringRule } from './agreement.ts'
import { judge } from './condition.ts'
import type { Lead, Score } from './lead.ts'

/**
 * The points of a lead: for what it did and for what is known of it, by the rules of the agreement.
 * Rules are counted one by one and rounded one by one, so that the lines add up to the total.
 */

/** Something that a lead did. */
export interface Activity {
  type: string
  at: Date
  properties: Record<string, unknown>
}

const dayMs = 24 * 3_600_000
/** How far ahead it is looked for a score that changes by itself. */
const horizonDays = 400

/** The types of activity that the agreement looks at: any other changes nothing. */
export const relevantTypes = ({ scoring, journey }: Agreement): string[] => [
  ...new Set(
    [...(scoring?.rules ?? []), ...journey.rules].flatMap(({ activity }) => activity ?? []),
  ),
]

/** What a rule found: when each thing happened that it counts; null is what holds now. */
interface Found {
  rule: ScoringRule
  times: (Date | null)[]
}

/**
 * The score of a lead with everything that it did, at a moment; null where the agreement scores
 * nothing. An activity of the future counts as one of now.
 */
export function scoreOf(
  agreement: Agreement,
  lead: Lead,
  activities: readonly Activity[],
  now: Date,
): Score | null {
  const { scoring } = agreement
  return scoring === undefined ? null : scoreAt(scoring, find(scoring, lead, activities), now)
}

function find(scoring: Scoring, lead: Lead, activities: readonly Activity[]): Found[] {
  // The latest first, so that sums never depend on the order in which activities came in.
  const latestFirst = activities.toSorted((a, b) => b.at.getTime() - a.at.getTime())
  return scoring.rules.map((rule) => {
    if (rule.when !== undefined && judge(rule.when, lead) !== 'met') return { rule, times: [] }
    if (rule.activity === undefined) return { rule, times: [null] }
    const times = latestFirst.filter((activity) => isMeant(rule, activity)).map(({ at }) => at)
    // What counts once is worth what its latest time is worth.
    return { rule, times: rule.times === 'once' ? times.slice(0, 1) : times }
  })
}

const isMeant = ({ activity, where = {} }: ScoringRule, { type, properties }: Activity): boolean =>
  type === activity &&
  Object.entries(where).every(
    ([key, wanted]) => Object.hasOwn(properties, key) && isLike(wanted, properties[key]),
  )

/** Texts are compared without regard to case; one that ends in `*` is the beginning of others. */
function isLike(wanted: string | number | boolean, found: unknown): boolean {
  if (typeof found !== 'string' && typeof found !== 'number' && typeof found !== 'boolean') {
    return false
  }
  const [pattern, text] = [String(wanted), String(found)].map((part) => part.trim().toLowerCase())
  if (pattern === undefined || text === undefined) return false
  return typeof wanted === 'string' && pattern.endsWith('*')
    ? text.startsWith(pattern.slice(0, -1))
    : text === pattern
}

function scoreAt({ threshold }: Scoring, found: readonly Found[], at: Date): Score {
  const lines = found
    .map(({ rule, times }) => ({
      rule: rule.id,
      points: pointsAt(rule, times, at),
      times: times.length,
    }))
    .filter(({ points }) => points !== 0)
    .sort((a, b) => Math.abs(b.points) - Math.abs(a.points))
  return { total: lines.reduce((sum, { points }) => sum + points, 0), threshold, lines }
}

function pointsAt(rule: ScoringRule, times: readonly (Date | null)[], at: Date): number {
  const weight = times.reduce((sum, time) => sum + weightOf(rule, time, at), 0)
  const size = Math.min(Math.abs(rule.points) * weight, rule.cap ?? Number.POSITIVE_INFINITY)
  return Math.sign(rule.points) * Math.round(size)
}

/** What is left of something that happened then: 1 is all of it. */
function weightOf({ half_life: halfLife }: ScoringRule, time: Date | null, at: Date): number {
  if (halfLife === undefined || time === null) return 1
  const age = at.getTime() - time.getTime()
  return age <= 0 ? 1 : 0.5 ** (age / msOf(halfLife))
}

/** Here a day is one of the clock: interest fades at weekends too. */
const msOf = (length: NonNullable<ScoringRule['half_life']>): number =>
  length.unit === 'days' ? length.days * dayMs : length.ms

/** Where a lead stood at its threshold when it was last scored. */
export interface Standing {
  above: boolean
  /** How often it crossed the threshold in a way that counts. */
  crossings: number
}

/**
 * Where a lead stands after it was scored anew. `crossed` says that it is to be handed over: it came
 * to the threshold from below, for the first time or, where the agreement says so, once again.
 */
export function crossing(
  before: Standing,
  { total }: Pick<Score, 'total'>,
  { threshold, again }: Pick<Scoring, 'threshold' | 'again'>,
): Standing & { crossed: boolean } {
  const above = total >= threshold
  const crossed = above && !before.above && mayCross(before, again)
  return { above, crossings: before.crossings + (crossed ? 1 : 0), crossed }
}

const mayCross = ({ crossings }: Standing, again: Scoring['again']): boolean =>
  again === 'after_drop' || crossings === 0

/**
 * Whether the last score came to the threshold and nobody noted down what became of that: a process
 * ended in between. Of a lead that is no MQL yet it only says that the lead has the points already.
 */
export const isUnsettled = (
  { score, standing }: { score: Score | null; standing: Standing },
  { again }: Pick<Scoring, 'again'>,
): boolean =>
  score !== null && score.total >= score.threshold && !standing.above && mayCross(standing, again)

/**
 * When a lead has to be scored again although nothing new happens: the first moment at which decay
 * has moved its total to the other side of the threshold; null where that is never, or more than
 * 400 days ahead. Found by halves; day by day where some points fade and some losses do.
 */
export function nextScoreChange(
  agreement: Agreement,
  lead: Lead,
  activities: readonly Activity[],
  now: Date,
): Date | null {
  const { scoring } = agreement
  if (scoring === undefined) return null
  const found = find(scoring, lead, activities)
  const isAbove = (ms: number): boolean =>
    scoreAt(scoring, found, new Date(ms)).total >= scoring.threshold
  const start = now.getTime()
  const above = isAbove(start)
  const fading = found.filter(mayFade)
  const changes = fading.filter(({ rule }) => rule.points > 0 === above)
  if (changes.length === 0) return null
  // Where all that fades pulls in one direction, it can't come back in between.
  const stride = (changes.length === fading.length ? horizonDays : 1) * dayMs
  for (let end = start + stride; end <= start + horizonDays * dayMs; end += stride) {
    if (isAbove(end) !== above) {
      return new Date(firstChange(end - stride, end, (ms) => isAbove(ms) !== above))
    }
  }
  return null
}

const mayFade = ({ rule, times }: Found): boolean =>
  rule.half_life !== undefined && times.some((time) => time !== null)

/** The millisecond after `from`, up to `to`, from which it is so, where it is at `to`. */
function firstChange(from: number, to: number, isSo: (ms: number) => boolean): number {
  if (to - from <= 1) return to
  const middle = Math.floor((from + to) / 2)
  return isSo(middle) ? firstChange(from, middle, isSo) : firstChange(middle, to, isSo)
}
