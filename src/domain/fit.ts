import type { Agreement, Criterion, JourneyStage, Persona } from './agreement.ts'
import { judge, type Verdict } from './condition.ts'
import type { Lead } from './lead.ts'
import type { Activity } from './scoring.ts'

/** How a lead compares with what the agreement says of companies, people and their journey. */

/**
 * The criteria of the ideal customer profile, in the order of the agreement, each with what is known
 * of it for a lead. One that the agreement does not say how to check is unknown.
 */
export const fitOf = (
  { icp }: Agreement,
  lead: Lead,
): { criterion: Criterion; verdict: Verdict }[] =>
  icp.map((criterion) => ({
    criterion,
    verdict: criterion.when === undefined ? 'unknown' : judge(criterion.when, lead),
  }))

/** The first persona of the agreement whose conditions a lead meets. */
export const personaOf = ({ personas }: Agreement, lead: Lead): Persona | undefined =>
  personas.find(({ when }) => judge(when, lead) === 'met')

/**
 * The stage of a lead in its journey: as it was sent, else by the last rule of the agreement that
 * holds; null where none does. A rule with an activity holds once there was one of that type.
 */
export function journeyOf(
  { journey }: Agreement,
  lead: Lead,
  activities: readonly Pick<Activity, 'type'>[],
): JourneyStage | null {
  if (lead.journeyStage !== null) return lead.journeyStage
  const done = new Set(activities.map(({ type }) => type))
  const last = journey.rules.findLast(
    ({ activity, when }) =>
      (activity === undefined || done.has(activity)) &&
      (when === undefined || judge(when, lead) === 'met'),
  )
  return last?.stage ?? null
}
