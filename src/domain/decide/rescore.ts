import type { Agreement, JourneyStage, LifecycleStage } from '../agreement.ts'
import { journeyOf } from '../fit.ts'
import type { Lead, LeadChange, Score } from '../lead.ts'
import { mayMove } from '../lifecycle.ts'
import { type Activity, crossing, nextScoreChange, type Standing, scoreOf } from '../scoring.ts'

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
 * the threshold: a lead that has the points before it is one crosses it when it becomes one.
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
  return {
    ...base,
    stage,
    standing: waits ? before.standing : standing,
    changes: qualified
      ? [{ what: 'stage', from: before.stage, to: 'mql', rule: 'scoring.mql' }]
      : [],
    crossed: crossed && stage === 'mql',
    dueAt: nextScoreChange(agreement, seen, activities, now),
  }
}

const isEarly = (stage: LifecycleStage): boolean => stage === 'lead' || stage === 'subscriber'

function becomesMql(agreement: Agreement, { stage, score: last }: Unscored, score: Score): boolean {
  const { mql } = agreement.scoring ?? {}
  if (mql === undefined || !isEarly(stage) || !mayMove(agreement, stage, 'mql')) return false
  return score.total >= mql && (last === null || last.total < mql)
}
