import type { Member } from '../domain/person.ts'
import { sign } from '../domain/proposal.ts'
import { changeProposal, type ProposalTarget } from './change-proposal.ts'
import type { World } from './ports/world.ts'
import type { ProposalResult } from './propose-agreement.ts'

/** A head signs a proposal; with the second signature it becomes the next version. */
export const signAgreement = (
  world: Pick<World, 'proposals' | 'board' | 'now'>,
  target: ProposalTarget & { by: Member },
): Promise<ProposalResult> =>
  changeProposal(world, target, (proposal, context) => sign(proposal, target.by, context))
