import { type Erased, LeadErased, type LeadReference } from './ports/erasures.ts'
import type { World } from './ports/world.ts'

/** What erasing needs of the world. */
export type ErasingWorld = Pick<World, 'erasures' | 'queue' | 'now'>

export type EraseResult =
  | { kind: 'erased'; erased: Erased }
  /** That was done before. */
  | { kind: 'erased-before'; at: Date }
  | { kind: 'unknown-lead' }

/**
 * Erases a lead for good: its rows name nobody any more, its cards say that it was erased, and what
 * was told of it in Slack is deleted. For a while nothing brings it back. Erasing it again does
 * nothing.
 */
export async function eraseLead(
  { erasures, queue, now }: ErasingWorld,
  workspaceId: string,
  email: string,
): Promise<EraseResult> {
  const erased = await erasures.erase(workspaceId, { email }, now())
  if (erased !== undefined) {
    queue.deliver(erased.streams)
    return { kind: 'erased', erased }
  }
  const at = await erasures.erasedAt(workspaceId, { email })
  return at === undefined ? { kind: 'unknown-lead' } : { kind: 'erased-before', at }
}

/** A CRM asks for the erasure of one of its records; one that is no lead stays out nevertheless. */
export async function eraseContact(
  { erasures, queue, now }: ErasingWorld,
  workspaceId: string,
  crm: { system: string; id: string },
): Promise<void> {
  const erased = await erasures.erase(workspaceId, { crm }, now())
  if (erased !== undefined) queue.deliver(erased.streams)
}

/** The refusal of what would bring an erased lead back. */
export async function refusalOfErased(
  { erasures, now }: Pick<World, 'erasures' | 'now'>,
  workspaceId: string,
  which: LeadReference,
): Promise<{ code: 'erased'; at: Date }> {
  return { code: 'erased', at: (await erasures.erasedAt(workspaceId, which)) ?? now() }
}

/** For what fails since its lead was erased: undefined then; any other fault goes on. */
export function unlessErased(error: unknown): undefined {
  if (!(error instanceof LeadErased)) throw error
}

const dayMs = 24 * 3_600_000
const batch = 500

/** Forgets erasures that are older than `days`, in small batches. */
export async function pruneErasures(
  { erasures, now }: Pick<World, 'erasures' | 'now'>,
  days: number,
): Promise<void> {
  const before = new Date(now().getTime() - days * dayMs)
  while ((await erasures.prune(before, batch)) === batch);
}
