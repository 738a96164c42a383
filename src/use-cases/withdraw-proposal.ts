import type { Member } from '../domain/person.ts'
import { withdraw } from '../domain/proposal.ts'
import { changeProposal, type ProposalTarget } from './change-proposal.ts'
import type { World } from './ports/world.ts'
import type { ProposalResult } from './propose-agreement.ts'

/** Whoever proposed it takes a proposal back, or a head. */
export const withdrawProposal = (
  world: Pick<World, 'proposals' | 'board' | 'now'>,
  target: ProposalTarget & { by: Member },
): Promise<ProposalResult> =>
  changeProposal(world, target, (proposal, context) => withdraw(proposal, target.by, context))
