import type { Agreement } from '../../src/domain/agreement.ts'
import type { Term } from '../../src/domain/glossary.ts'
import type { Person } from '../../src/domain/person.ts'
import type { TermProposal } from '../../src/domain/term-proposal.ts'
import type { TermVersion } from '../../src/use-cases/ports/glossary.ts'
import type { World } from '../../src/use-cases/ports/world.ts'
import { fixedNow } from './builders.ts'

/** The glossary's versions and proposals over plain arrays; nothing is shown by it. */
export function createMemoryTerms(
  shipped: readonly Term[],
  { inForce, now }: { inForce: () => Promise<Agreement>; now: () => Date },
): Pick<World, 'glossary' | 'termProposals' | 'termHealth'> {
  let terms = [...shipped]
  const versions = new Map<string, TermVersion[]>()
  const owners = new Map<string, Person>()
  const proposals: TermProposal[] = []

  const versionsOf = (id: string): TermVersion[] => {
    const first = shipped.find((term) => term.id === id)
    const shippedOne = first ? [{ version: 1, term: first, by: null, at: fixedNow }] : []
    return [...(versions.get(id) ?? []), ...shippedOne]
  }
  const contextOf = async (id: string) => {
    const newest = versionsOf(id)[0]
    const stand = { version: newest?.version ?? 0, term: newest?.term ?? null }
    return { inForce: await inForce(), terms, stand: { ...stand, owner: owners.get(id) ?? null } }
  }
  const keep = (proposal: TermProposal): void => {
    const at = proposals.findIndex(({ id }) => id === proposal.id)
    proposals.splice(at < 0 ? proposals.length : at, 1, proposal)
    const { state, term, version, owner, proposedBy: by } = proposal
    if (state !== 'signed' || version === null) return
    versions.set(term.id, [{ version, term, by, at: now() }, ...(versions.get(term.id) ?? [])])
    terms = [...terms.filter(({ id }) => id !== term.id), term]
    if (owner !== null) owners.set(term.id, owner)
    for (const [place, other] of proposals.entries()) {
      const waits = other.state === 'open' || other.state === 'suggested'
      if (waits && other.term.id === term.id) proposals[place] = { ...other, state: 'overtaken' }
    }
  }

  return {
    glossary: {
      terms: async () => terms,
      async standing(_workspaceId, id) {
        const [newest] = versionsOf(id)
        if (newest === undefined) return undefined
        const { version, term, at: since } = newest
        return { version, term, since, owner: owners.get(id) ?? null }
      },
    },
    termProposals: {
      async add(_workspaceId, { id, termId }, decide) {
        const known = proposals.find((proposal) => proposal.id === id)
        if (known !== undefined) return { ok: true, proposal: known }
        const decided = decide(await contextOf(termId))
        if (decided.ok) keep(decided.proposal)
        return decided
      },
      async change(_workspaceId, id, decide) {
        const before = proposals.find((proposal) => proposal.id === id)
        if (before === undefined) return undefined
        const decided = decide(before, await contextOf(before.term.id))
        if (!decided.ok) return decided
        keep(decided.proposal)
        if (decided.also !== undefined) keep(decided.also)
        return decided
      },
      history: async (_workspaceId, termId, limit) => ({
        versions: versionsOf(termId).slice(0, limit),
        proposals: proposals
          .filter(({ term }) => term.id === termId)
          .toReversed()
          .slice(0, limit),
      }),
      toRedraw: async () => undefined,
      shown: async () => {},
      notShown: async () => {},
    },
    termHealth: { of: async () => undefined },
  }
}
