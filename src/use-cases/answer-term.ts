import type { Member } from '../domain/person.ts'
import {
  declineSuggestion,
  signTerm,
  type TermContext,
  type TermDecided,
  type TermProposal,
  takeUpSuggestion,
  withdrawTerm,
} from '../domain/term-proposal.ts'
import type { World } from './ports/world.ts'
import type { TermResult } from './propose-term.ts'

/** Which proposal of a term a command is for, and whose it is. */
export interface TermTarget {
  workspaceId: string
  proposalId: string
  by: Member
}

type TermWorld = Pick<World, 'termProposals' | 'board' | 'now' | 'newId'>

/** Lets a rule decide on a proposed term; its message follows. */
async function changeTerm(
  world: TermWorld,
  { workspaceId, proposalId }: TermTarget,
  rule: (proposal: TermProposal, context: TermContext) => TermDecided,
): Promise<TermResult> {
  const decided = await world.termProposals.change(workspaceId, proposalId, (proposal, context) =>
    rule(proposal, { ...context, now: world.now() }),
  )
  if (decided === undefined) return { kind: 'unknown-proposal' }
  if (!decided.ok) return { kind: 'refused', refusal: decided.refusal }
  world.board.redraw()
  return { kind: 'done', proposal: decided.proposal }
}

/** A head signs a proposed term; with the last signature it is the next version. */
export const signProposedTerm = (world: TermWorld, target: TermTarget): Promise<TermResult> =>
  changeTerm(world, target, (proposal, context) => signTerm(proposal, target.by, context))

/** Whoever proposed it takes a proposed term back, or a head. */
export const withdrawProposedTerm = (world: TermWorld, target: TermTarget): Promise<TermResult> =>
  changeTerm(world, target, (proposal, context) => withdrawTerm(proposal, target.by, context))

/** Whoever answers for the term makes a proposal of a suggestion. */
export const takeUpTerm = (world: TermWorld, target: TermTarget): Promise<TermResult> =>
  changeTerm(world, target, (suggestion, context) =>
    takeUpSuggestion(suggestion, { id: world.newId('prop'), by: target.by }, context),
  )

/** Whoever answers for the term declines a suggestion. */
export const declineTerm = (world: TermWorld, target: TermTarget): Promise<TermResult> =>
  changeTerm(world, target, (suggestion, context) =>
    declineSuggestion(suggestion, target.by, context),
  )
