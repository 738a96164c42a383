import type { Redraw } from './ports/agreements.ts'
import type { Found, Said } from './ports/delivery.ts'

/** A message that is behind, of a proposal of whatever kind. */
interface Behind {
  revision: number
  shownAt: { channelId: string; ts: string } | null
  uncertain: boolean
}

/** What showing proposals needs of the world: those of the agreement, or of the glossary. */
export interface BoardWorld<Of extends Behind = Redraw> {
  proposals: {
    toRedraw(workspaceId: string, now: Date, ms: number): Promise<Of | undefined>
    shown(redraw: Of, where: { channelId: string; ts: string }, now: Date): Promise<void>
    notShown(redraw: Of, again: Date, uncertain: boolean): Promise<void>
  }
  messenger: {
    post(redraw: Of): Promise<Said>
    update(redraw: Of, at: { channelId: string; ts: string }): Promise<Said>
    find(redraw: Of): Promise<Found>
  }
  now(): Date
  workspaceId: string
  /** Aborted when the process is to stop: what is not shown yet is left to the next one. */
  stopping?: AbortSignal
}

/** Longer than the longest call to Slack (10 s) with a look before it. */
const leaseMs = 45_000
const againMs = 5_000
/** An operator has to mend it first, such as a channel that is not there. */
const patientlyAgainMs = 5 * 60_000

/**
 * Brings the messages of proposals up to their present state. A proposal belongs to no handoff and
 * so to no stream of the outbox; what keeps it from being lost is its own row, which says from the
 * same transaction on that the message is behind, until Slack has taken it. Whoever takes a row on
 * has it for a while, so that two processes don't post the same one; where a process dies over it,
 * the next looks for the message before it posts again.
 */
export async function showProposals<Of extends Behind = Redraw>(
  world: BoardWorld<Of>,
): Promise<void> {
  while (!world.stopping?.aborted) {
    const redraw = await world.proposals.toRedraw(world.workspaceId, world.now(), leaseMs)
    if (redraw === undefined) return
    const said = await show(world.messenger, redraw)
    const now = world.now()
    if (said.kind === 'done') {
      // what was found may show an older state, so it is drawn once more
      const revision = said.found ? 0 : redraw.revision
      await world.proposals.shown({ ...redraw, revision }, said, now)
    } else if (said.kind === 'never' && redraw.shownAt !== null) {
      // somebody deleted the message, or closed the channel: they don't want to see it
      await world.proposals.shown(redraw, redraw.shownAt, now)
    } else {
      const later = said.kind === 'later'
      const ms = later ? (said.afterMs ?? againMs) : patientlyAgainMs
      const again = new Date(now.getTime() + ms)
      await world.proposals.notShown(redraw, again, later && said.ambiguous)
    }
  }
}

async function show<Of extends Behind>(
  messenger: BoardWorld<Of>['messenger'],
  redraw: Of,
): Promise<Said & { found?: boolean }> {
  if (redraw.shownAt !== null) return messenger.update(redraw, redraw.shownAt)
  if (redraw.uncertain) {
    const found = await messenger.find(redraw)
    if (found.kind !== 'absent') return { ...found, found: true }
  }
  return messenger.post(redraw)
}
