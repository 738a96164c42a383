import type { Proposal, ProposalContext, ProposalDecided } from '../domain/proposal.ts'
import type { World } from './ports/world.ts'
import type { ProposalResult } from './propose-agreement.ts'

/** Which proposal a command is for. */
export interface ProposalTarget {
  workspaceId: string
  proposalId: string
}

/** Lets a rule decide on a proposal; its message follows. */
export async function changeProposal(
  world: Pick<World, 'proposals' | 'board' | 'now'>,
  { workspaceId, proposalId }: ProposalTarget,
  rule: (proposal: Proposal, context: ProposalContext) => ProposalDecided,
): Promise<ProposalResult> {
  const decided = await world.proposals.change(workspaceId, proposalId, (proposal, context) =>
    rule(proposal, { ...context, now: world.now() }),
  )
  if (decided === undefined) return { kind: 'unknown-proposal' }
  if (!decided.ok) return { kind: 'refused', refusal: decided.refusal }
  world.board.redraw()
  return { kind: 'done', proposal: decided.proposal }
}
