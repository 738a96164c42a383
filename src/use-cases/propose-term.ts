import {
  proposeTerm,
  suggestTerm,
  type TermProposal,
  type TermProposing,
  type TermRefusal,
} from '../domain/term-proposal.ts'
import type { World } from './ports/world.ts'

/** What came of a command on a term. */
export type TermResult =
  | { kind: 'done'; proposal: TermProposal }
  | { kind: 'refused'; refusal: TermRefusal }
  | { kind: 'unknown-proposal' }

/** What is to become of it: proposed to both heads, or suggested to whoever answers for the term. */
export type TermRequest = TermProposing & { as: 'proposal' | 'suggestion' }

/** Proposes or suggests a new term or another definition; its message follows. */
export async function bringUpTerm(
  world: Pick<World, 'termProposals' | 'board' | 'now'>,
  { as, ...proposing }: TermRequest,
): Promise<TermResult> {
  const rule = as === 'proposal' ? proposeTerm : suggestTerm
  const { workspaceId, id, term } = proposing
  const decided = await world.termProposals.add(workspaceId, { id, termId: term.id }, (context) =>
    rule(proposing, { ...context, now: world.now() }),
  )
  if (!decided.ok) return { kind: 'refused', refusal: decided.refusal }
  world.board.redraw()
  return { kind: 'done', proposal: decided.proposal }
}
