import type { Member } from '../domain/person.ts'
import { type Proposal, type ProposalRefusal, propose } from '../domain/proposal.ts'
import type { World } from './ports/world.ts'

/** What came of a command on a proposal. */
export type ProposalResult =
  | { kind: 'done'; proposal: Proposal }
  | { kind: 'refused'; refusal: ProposalRefusal }
  | { kind: 'unknown-proposal' }

export interface ProposeRequest {
  workspaceId: string
  /** The sections that are to change, and how a fault names the file they stand in. */
  text: string
  file: string
  /** A date (YYYY-MM-DD) or an instant; undefined for as soon as both heads have signed. */
  from: string | undefined
  /** The version that the text was made from, where that is known. */
  base?: number | undefined
  /** Who proposes; null for an operator. */
  by: Member | null
  /** The same id twice is one proposal; a new one by default. */
  id?: string | undefined
}

/**
 * Proposes a change of the newest version of the agreement, to be signed by both heads. Throws
 * where the text is no agreement; nothing is kept then.
 */
export async function proposeAgreement(
  world: Pick<World, 'proposals' | 'board' | 'now' | 'newId'>,
  { workspaceId, text, file, from, base, by, id }: ProposeRequest,
): Promise<ProposalResult> {
  const draft = await world.proposals.draft(workspaceId, text, file)
  const proposing = {
    id: id ?? world.newId('prop'),
    workspaceId,
    agreement: draft.agreement,
    base: { version: base ?? draft.base.version, agreement: draft.base.agreement },
    from,
    by,
  }
  const decided = await world.proposals.add(draft, workspaceId, (context) =>
    propose(proposing, { ...context, now: world.now() }),
  )
  if (!decided.ok) return { kind: 'refused', refusal: decided.refusal }
  world.board.redraw()
  return { kind: 'done', proposal: decided.proposal }
}
