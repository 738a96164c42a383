import { scoreReason } from '../content/words/score-reason.ts'
import { calendarDateIn } from '../domain/business-time.ts'
import type { Decision } from '../domain/decide/decision.ts'
import type { Handoff } from '../domain/handoff.ts'
import { leadInputSchema } from '../domain/lead.ts'
import type { Member } from '../domain/person.ts'
import { acceptHandoff } from '../use-cases/accept-handoff.ts'
import { acknowledgeReturn } from '../use-cases/acknowledge-return.ts'
import type { Result, Target } from '../use-cases/act.ts'
import { keepNews } from '../use-cases/keep-lead.ts'
import { logAttempt } from '../use-cases/log-attempt.ts'
import { markReady } from '../use-cases/mark-ready.ts'
import type { World } from '../use-cases/ports/world.ts'
import { recordActivities } from '../use-cases/record-activities.ts'
import { reportDeal } from '../use-cases/report-deal.ts'
import { returnHandoff } from '../use-cases/return-handoff.ts'
import { scoreLeads } from '../use-cases/score-leads.ts'
import { handOver } from './acting.ts'
import { type Became, type PastHandoff, past } from './past.ts'

/**
 * The weeks that the teams of the sandbox have behind them, so that its figures are not empty:
 * through the use-cases, with a clock that stands in the past.
 */

const secondMs = 1_000
const dayMs = 86_400_000
const scoredAtOnce = 100

/** Plays what is past, and tells what came of it: its cards are there, and not yet posted. */
export async function playHistory(world: World, workspaceId: string): Promise<Handoff[]> {
  const handoffs: Handoff[] = []
  for (const one of past) handoffs.push(await playOne(world, workspaceId, one))
  return handoffs
}

/** The world at another moment: nobody is woken or told of what happens in it; its cards stay. */
function worldAt(world: World, moment: Date): World {
  const quiet = (decision: Decision): Decision => ({ ...decision, notices: [] })
  const { handoffs } = world
  return {
    ...world,
    now: () => moment,
    queue: { wake() {}, deliver() {} },
    scorer: { due() {} },
    handoffs: {
      ...handoffs,
      commit: (before, decision, request) => handoffs.commit(before, quiet(decision), request),
      commitAll: (changes, request) =>
        handoffs.commitAll(
          changes.map((change) => ({ ...change, decision: quiet(change.decision) })),
          request,
        ),
    },
  }
}

async function playOne(world: World, workspaceId: string, one: PastHandoff): Promise<Handoff> {
  const start = world.now().getTime() - one.daysAgo * dayMs
  const after = (seconds: number): World => worldAt(world, new Date(start + seconds * secondMs))
  const { email } = one.handedOff.lead

  await scoreVisits(after(-10), workspaceId, one)
  const byScore = await world.handoffs.lastOfLead(workspaceId, email)
  const { id } = byScore ?? done(await handOver(after(0), workspaceId, one.handedOff))
  const by = await world.members.byEmail(workspaceId, one.rep)
  const target = { workspaceId, handoffId: id, by }

  done(await acceptHandoff(after(one.acceptedAfterS), target))
  const attempts = [
    { channel: 'email', outcome: 'sent' },
    { channel: 'call', outcome: one.became.kind === 'deal' ? 'connected' : 'no-answer' },
  ] as const
  for (const [nth, made] of attempts.entries()) {
    const at = after(one.acceptedAfterS + 30 * (nth + 1))
    done(await logAttempt(at, target, { ...made, at: undefined, note: undefined }))
  }
  const marketer = await world.members.byEmail(workspaceId, one.handedOff.handedOffBy)
  return end(one, { at: (s) => after(one.acceptedAfterS + 90 + s), target, marketer })
}

interface End {
  /** The world so many seconds after the last attempt. */
  at(seconds: number): World
  target: Target & { by: Member }
  marketer: Member
}

function end({ became }: PastHandoff, how: End): Promise<Handoff> {
  return became.kind === 'deal' ? endDeal(became, how) : endReturn(became, how)
}

async function endDeal(
  { stages, lostReason }: Extract<Became, { kind: 'deal' }>,
  { at, target }: End,
): Promise<Handoff> {
  let handoff: Handoff | undefined
  for (const [nth, stage] of stages.entries()) {
    const isLost = stage === 'closed-lost'
    const said = { stage, note: undefined, fromProgram: false }
    const reason = isLost ? lostReason : undefined
    handoff = done(await reportDeal(at(30 * nth), target, { ...said, lostReason: reason }))
  }
  if (handoff === undefined) throw new Error('a deal has a stage')
  return handoff
}

/** Marketing takes it back; what was ready before today is on its list. */
async function endReturn(
  { reason, criterion, field, readyDaysAgo }: Extract<Became, { kind: 'returned' }>,
  { at, target, marketer }: End,
): Promise<Handoff> {
  const { workspaceId } = target
  const { agreement } = await at(0).agreements.inForce(workspaceId)
  const ready = readyDaysAgo === undefined ? undefined : readyDaysAgo * dayMs
  const readyOn =
    ready === undefined
      ? undefined
      : calendarDateIn(new Date(Date.now() - ready), agreement.calendar.timezone)
  done(
    await returnHandoff(at(0), target, {
      ...{ reason, criterion, field, readyOn },
      ...{ readyWhen: undefined, duplicateOf: undefined, note: undefined },
    }),
  )
  const answer = { ...target, by: marketer }
  const taken = done(await acknowledgeReturn(at(40), answer))
  if (ready === undefined || ready === 0) return taken
  return done(await markReady(worldAt(at(0), new Date(Date.now() - ready)), answer))
}

/** What the lead did before counts in its score, which may be enough to hand it over. */
async function scoreVisits(world: World, workspaceId: string, one: PastHandoff): Promise<void> {
  const { journeyStage: _, ...lead } = leadInputSchema.parse(one.handedOff.lead)
  await keepNews(world, workspaceId, { ...lead, lifecycleStage: 'mql' })
  const { email } = lead
  await recordActivities(
    world,
    workspaceId,
    one.visits.map((type, nth) => ({
      ...{ email, type, key: `sandbox_${email}_${nth}` },
      properties: type === 'page-view' ? { page: '/pricing' } : {},
    })),
  )
  await scoreLeads(world, { workspaceId, limit: scoredAtOnce, reasonOf: scoreReason })
}

function done(result: Result): Handoff {
  if (result.kind === 'done') return result.handoff
  const why = result.kind === 'refused' ? result.refusal.code : result.kind
  throw new Error(`a lead of the past of the sandbox was not taken: ${why}`)
}
