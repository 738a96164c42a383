import type { Agreement, JourneyStage, LifecycleStage } from '../agreement.ts'
import { journeyOf } from '../fit.ts'
import type { Lead, LeadChange, Score } from '../lead.ts'
import { mayMove } from '../lifecycle.ts'
import {
  type Activity,
  crossing,
  isUnsettled,
  nextScoreChange,
  type Standing,
  scoreOf,
} from '../scoring.ts'

/** A lead as it was scored last; its journey stage is the one that was sent, if one was. */
export interface Unscored {
  lead: Lead
  stage: LifecycleStage
  score: Score | null
  standing: Standing
}

/** A lead as it is scored now. */
export interface Rescored {
  lead: Lead
  stage: LifecycleStage
  score: Score | null
  standing: Standing
  /** Its stage in the journey, as it was sent or by the rules. */
  journeyStage: JourneyStage | null
  /** The lead became an MQL by its points. */
  changes: LeadChange[]
  /** An MQL came to the threshold: it is to be handed over. */
  crossed: boolean
  /** When its score changes by itself; null where it does not. */
  dueAt: Date | null
}

/**
 * Scores a lead anew. One that comes to the points of an MQL becomes one, where the agreement lets
 * it; whom sales gave back with those points does not at once become one again. Only an MQL crosses
 * the threshold: a lead that has the points before it is one crosses it when it becomes one. What
 * was decided once holds, though the score fell before it was done.
 */
export function rescore(
  agreement: Agreement,
  before: Unscored,
  activities: readonly Activity[],
  now: Date,
): Rescored {
  const { lead } = before
  const { scoring } = agreement
  const journeyStage = journeyOf(agreement, lead, activities)
  const seen = { ...lead, journeyStage }
  const score = scoreOf(agreement, seen, activities, now)
  const base = { lead: seen, journeyStage, score }
  if (scoring === undefined || score === null) {
    const standing = { ...before.standing, above: false }
    return { ...base, stage: before.stage, standing, changes: [], crossed: false, dueAt: null }
  }
  const qualified = becomesMql(agreement, before, score)
  const stage = qualified ? 'mql' : before.stage
  const { crossed, ...standing } = crossing(before.standing, score, scoring)
  const waits = crossed && isEarly(stage)
  const dueAt = nextScoreChange(agreement, seen, activities, now)
  if (!crossed && !isEarly(before.stage) && isUnsettled(before, scoring)) {
    const late = lateCrossing(before)
    return { ...base, stage, dueAt, changes: [], ...late, ...(late.crossed ? { dueAt: now } : {}) }
  }
  return {
    ...base,
    stage,
    standing: waits ? before.standing : standing,
    changes: qualified
      ? [{ what: 'stage', from: before.stage, to: 'mql', rule: 'scoring.mql' }]
      : [],
    crossed: crossed && stage === 'mql',
    dueAt,
  }
}

/**
 * A crossing that was decided, and the score fell before it was settled. An MQL is handed over by
 * the score that it had then, and scored anew after that; of any other, which was handed over
 * already, the crossing is only counted: the next one is another.
 */
function lateCrossing({ score, stage, standing }: Unscored) {
  const crossings = standing.crossings + 1
  return stage === 'mql'
    ? { score, standing: { above: true, crossings }, crossed: true }
    : { standing: { above: false, crossings }, crossed: false }
}

const isEarly = (stage: LifecycleStage): boolean => stage === 'lead' || stage === 'subscriber'

function becomesMql(agreement: Agreement, { stage, score: last }: Unscored, score: Score): boolean {
  const { mql } = agreement.scoring ?? {}
  if (mql === undefined || !isEarly(stage) || !mayMove(agreement, stage, 'mql')) return false
  return score.total >= mql && (last === null || last.total < mql)
}
