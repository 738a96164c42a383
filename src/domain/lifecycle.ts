import type { Agreement, LifecycleStage } from './agreement.ts'
import type { HandoffStatus } from './handoff.ts'

/** Whether the agreement lets a lead move from one lifecycle stage to another, or stay. */
export function mayMove(
  { lifecycle }: Agreement,
  from: LifecycleStage,
  to: LifecycleStage,
): boolean {
  return from === to || (lifecycle[from] ?? []).includes(to)
}

/**
 * The stages through which a lead comes to the one that its deal makes of it; none where it stays, or
 * the agreement does not let it. One whose deal was closed by mistake is an SQL again first.
 */
export function stagesByDeal(
  agreement: Agreement,
  { status, lifecycleStage: from }: { status: HandoffStatus; lifecycleStage: LifecycleStage },
  to: LifecycleStage,
): LifecycleStage[] {
  if (from === to) return []
  if (mayMove(agreement, from, to)) return [to]
  const throughSql = mayMove(agreement, from, 'sql') && mayMove(agreement, 'sql', to)
  return status === 'closed' && throughSql ? ['sql', to] : []
}

/**
 * The stage of a lead that sales gives back: where the return's reason says; but whoever has bought
 * before stays a customer, where the agreement lets an SQL become one.
 */
export function stageAfterReturn(
  agreement: Agreement,
  { lifecycleStage, cameFrom }: { lifecycleStage: LifecycleStage; cameFrom: LifecycleStage | null },
  wanted: LifecycleStage,
): LifecycleStage {
  const stages = cameFrom === 'customer' ? (['customer', wanted] as const) : [wanted]
  return stages.find((to) => mayMove(agreement, lifecycleStage, to)) ?? lifecycleStage
}
