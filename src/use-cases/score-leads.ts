import type { Agreement } from '../domain/agreement.ts'
import { type Rescored, rescore } from '../domain/decide/rescore.ts'
import { isBack } from '../domain/handoff.ts'
import type { Score } from '../domain/lead.ts'
import { relevantTypes } from '../domain/scoring.ts'
import { handOffLead } from './hand-off-lead.ts'
import type { World } from './ports/world.ts'

/** Who takes a lead has so long for it; after a crash the next one begins anew. */
const turnMs = 60_000

export interface ScoringRound {
  /** How many leads were taken. */
  taken: number
  handedOver: number
  /** MQLs that crossed the threshold and may not be handed over, by the ids of their rows. */
  refused: { leadId: string; code: string }[]
}

/** Says in words why a score is enough. */
export type ReasonOf = (agreement: Agreement, score: Score) => string

/**
 * Scores so many of the leads that are due. An MQL that crosses the threshold is handed over, once:
 * where it stands is written after the handoff is, so a crash in between finds the handoff by the
 * key of the crossing. What the rules refuse is settled too.
 */
export async function scoreLeads(
  world: World,
  { workspaceId, limit, reasonOf }: { workspaceId: string; limit: number; reasonOf: ReasonOf },
): Promise<ScoringRound> {
  const { agreement } = await world.agreements.inForce(workspaceId)
  const now = world.now()
  const turn = new Date(now.getTime() + turnMs)
  const types = relevantTypes(agreement)
  const due = await world.scores.take(workspaceId, { types, now, turn, limit })
  const scored = due.map((lead) => rescore(agreement, lead, lead.activities, now))
  const kept = await world.scores.keep(workspaceId, turn, scored, now)

  const round: ScoringRound = { taken: due.length, handedOver: 0, refused: [] }
  const faults: unknown[] = []
  for (const rescored of scored.filter(({ crossed, lead }) => crossed && kept.has(lead.id))) {
    // one that fails keeps its turn until it is over, and holds up nobody else
    await cross(world, workspaceId, { turn, rescored, agreement, reasonOf }).then(
      (refusal) => {
        if (refusal === undefined) round.handedOver += 1
        else round.refused.push({ leadId: rescored.lead.id, code: refusal })
      },
      (fault: unknown) => faults.push(fault),
    )
  }
  if (faults.length > 0) throw new AggregateError(faults, 'leads could not be handed over')
  return round
}

interface Crossing {
  turn: Date
  rescored: Rescored
  agreement: Agreement
  reasonOf: ReasonOf
}

/** Hands a lead over by its score; the code of the refusal where the rules don't let it. */
async function cross(
  world: World,
  workspaceId: string,
  { turn, rescored, agreement, reasonOf }: Crossing,
): Promise<string | undefined> {
  const { lead, score, standing } = rescored
  if (score === null) throw new Error('a lead without a score crosses nothing')
  const reason = reasonOf(agreement, score)
  const before = await world.handoffs.lastOfLead(workspaceId, lead.email)
  const result = await handOffLead(world, {
    workspaceId,
    lead: { email: lead.email, name: lead.name, type: lead.type ?? undefined },
    reason,
    priority: 'standard',
    owner: undefined,
    by: null,
    whatChanged: before !== undefined && isBack(before.status) ? reason : undefined,
    request: { key: `score_${lead.id}_${standing.crossings}`, fingerprint: 'score' },
  })
  await world.scores.settle(workspaceId, turn, rescored)
  if (result.kind === 'done' || result.kind === 'repeated') return undefined
  return result.kind === 'refused' ? result.refusal.code : result.kind
}
