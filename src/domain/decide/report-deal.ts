import type { Agreement, DealStage } from '../agreement.ts'
import { dueAt } from '../business-time.ts'
import { calendarOf } from '../clocks.ts'
import { cancel, isPaused, pause, settle } from '../deadlines.ts'
import type { Deadline, Deal, Handoff, HandoffStatus } from '../handoff.ts'
import { stagesByDeal } from '../lifecycle.ts'
import {
  type Actor,
  type Context,
  type Decided,
  decided,
  type Refusal,
  refuse,
} from './decision.ts'
import { pausableNow } from './pause.ts'
import { notForThem } from './rights.ts'

export interface ReportDeal {
  /** id of a deal stage of the agreement */
  stage: string
  /** id of a lost reason of the agreement */
  lostReason: string | undefined
  note: string | undefined
  /** Another program reports it, which may not know why a deal was lost. */
  fromProgram: boolean
  /** The lead was handed over again since. */
  followed?: boolean
}

/**
 * Sales reports what became of the lead: its deal has reached a stage of the agreement. An open deal
 * makes the lead an opportunity and calls the clocks of the attempts off, a won or lost one closes
 * the handoff, one on hold lets the clocks stand still as a pause does. A deal that was closed by
 * mistake may be reported anew, until the lead is handed over again. `actor` is null where the API's
 * key names nobody. Refuses a lead that nobody has accepted or that is back, somebody else's, a stage
 * that the agreement does not know or that was reported last, and a lost deal without its reason.
 */
export function reportDeal(
  handoff: Handoff,
  command: ReportDeal,
  actor: Actor | null,
  { agreement, now }: Context,
): Decided {
  const objection =
    notAccepted(handoff, command) ?? (actor === null ? undefined : notForThem(handoff, actor))
  if (objection !== undefined) return refuse(objection)
  const stage = agreement.deal_stages.find(({ id }) => id === command.stage)
  if (stage === undefined) {
    const known = agreement.deal_stages.map(({ id }) => id)
    return refuse({ code: 'unknown-deal-stage', stage: command.stage, known })
  }
  if (handoff.deal !== null && isTold(handoff.deal, command)) {
    return refuse({ code: 'deal-stage-already', stage: stage.id })
  }
  const missing = stage.means === 'lost' ? whyLost(command, agreement) : undefined
  if (missing !== undefined) return refuse(missing)

  const { note = null } = command
  const lostReason = stage.means === 'lost' ? (command.lostReason ?? null) : null
  const by = actor?.person ?? null
  const stages = stagesByDeal(agreement, handoff, stageWanted(handoff, stage))
  return decided(
    handoff,
    {
      status: statusAfter(handoff, stage),
      leadStatus: leadStatusAfter(handoff, stage, agreement),
      lifecycleStage: stages.at(-1) ?? handoff.lifecycleStage,
      deal: { stage: stage.id, lostReason, note, at: now },
      deadlines:
        stage.means === 'hold'
          ? onHold(handoff, stage, agreement, now)
          : settle(handoff, workClocks, (deadline) => cancel(deadline, now)),
    },
    {
      events: [
        {
          type: 'DealStageReported',
          at: now,
          by,
          data: {
            stage: stage.id,
            means: stage.means,
            from: handoff.deal?.stage,
            lostReason,
            note,
          },
        },
      ],
      notices: [
        {
          where: { thread: true },
          notice: {
            type: 'deal',
            by: by?.id ?? null,
            stage: stage.id,
            means: stage.means,
            lostReason,
            note,
          },
        },
      ],
      rule: `deal_stages.${stage.id}`,
      through: stages.slice(0, -1),
    },
  )
}

/** Nothing new: the same stage, with no other reason or note. */
const isTold = (deal: Deal, { stage, lostReason, note }: ReportDeal): boolean =>
  deal.stage === stage &&
  (lostReason ?? deal.lostReason) === deal.lostReason &&
  (note ?? deal.note) === deal.note

const workClocks = ['first-attempt', 'attempts', 'idle'] as const

function notAccepted(
  { status, leadStatus }: Handoff,
  { followed = false }: ReportDeal,
): Refusal | undefined {
  if (status === 'offered') return { code: 'not-accepted-yet' }
  const possible: readonly HandoffStatus[] = ['accepted', 'connected', 'qualified', 'closed']
  return possible.includes(status) && !followed
    ? undefined
    : { code: 'moved-on', status, leadStatus }
}

/** Where the agreement names no reasons the note says why. */
function whyLost(
  { lostReason, note, fromProgram }: ReportDeal,
  { lost_reasons }: Agreement,
): Refusal | undefined {
  const known = lost_reasons.map(({ id }) => id)
  if (lostReason !== undefined && !known.includes(lostReason)) {
    return { code: 'unknown-lost-reason', reason: lostReason, known }
  }
  if (fromProgram || lostReason !== undefined) return undefined
  if (known.length > 0) return { code: 'needed', field: 'lost_reason' }
  return note === undefined ? { code: 'needed', field: 'note' } : undefined
}

/**
 * On hold after it was closed by mistake, the deal is an open one; whoever has bought before stays a
 * customer though another deal was lost.
 */
function stageWanted({ status, lifecycleStage, cameFrom }: Handoff, { stage, means }: DealStage) {
  if (means === 'lost' && cameFrom === 'customer') return cameFrom
  const open = means === 'hold' && status === 'closed'
  return stage ?? (open ? 'opportunity' : lifecycleStage)
}

function statusAfter({ status }: Handoff, { means }: DealStage): HandoffStatus {
  switch (means) {
    case 'open':
      return 'qualified'
    case 'won':
    case 'lost':
      return 'closed'
    case 'hold':
      return status === 'closed' ? 'qualified' : status
  }
}

/** A closed deal gives the lead its own name as status. */
function leadStatusAfter(
  { status, leadStatus }: Handoff,
  { means, name }: DealStage,
  { lead_statuses, language }: Agreement,
): string {
  switch (means) {
    case 'open':
      return lead_statuses.open_deal
    case 'won':
    case 'lost':
      return name[language]
    case 'hold':
      return status === 'closed' ? lead_statuses.open_deal : leadStatus
  }
}

/** The clocks that a pause may stop stand still, for as long as a pause may last. */
function onHold(handoff: Handoff, { id }: DealStage, agreement: Agreement, now: Date): Deadline[] {
  const pausable = pausableNow(handoff, agreement)
  if (isPaused(handoff) || 'code' in pausable) return handoff.deadlines
  const until = dueAt(now, pausable.terms.at_most, calendarOf(agreement, handoff.leadType)).dueAt
  return handoff.deadlines.map((deadline) =>
    pausable.running.includes(deadline) && now < deadline.dueAt
      ? pause(deadline, now, until, id)
      : deadline,
  )
}
