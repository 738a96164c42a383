import { stringify } from 'yaml'
import { completedAgreement } from '../../src/adapters/agreement-file.ts'
import type { Agreement } from '../../src/domain/agreement.ts'
import { writtenAgreement } from '../../src/domain/agreement-written.ts'
import type { Proposal, ProposalDecided } from '../../src/domain/proposal.ts'
import type { AgreementInForce } from '../../src/use-cases/ports/agreements.ts'
import type { World } from '../../src/use-cases/ports/world.ts'
import { fixedNow } from './builders.ts'

/** The agreement's versions and proposals over plain arrays; nothing is shown by it. */
export function createMemoryProposals(
  first: Agreement,
  now: () => Date,
): Pick<World, 'agreements' | 'proposals' | 'board'> {
  const versions: AgreementInForce[] = [{ version: 1, agreement: first, inForceFrom: fixedNow }]
  const proposals: Proposal[] = []

  const versionOf = (version: number): AgreementInForce => {
    const found = versions.find((each) => each.version === version)
    if (found === undefined) throw new Error(`no version ${version}`)
    return found
  }
  const inForce = (): AgreementInForce =>
    versions.findLast(({ inForceFrom }) => inForceFrom <= now()) ?? versionOf(1)
  const contextOf = () => ({ inForce: inForce().agreement, newest: versionOf(versions.length) })
  const keep = (proposal: Proposal): void => {
    const at = proposals.findIndex(({ id }) => id === proposal.id)
    proposals.splice(at < 0 ? proposals.length : at, 1, proposal)
    const { version, inForceFrom, agreement } = proposal
    if (version === null || inForceFrom === null) return
    versions.push({ version, inForceFrom, agreement })
    for (const other of proposals) {
      if (other.state === 'open') keep({ ...other, state: 'overtaken' })
    }
  }

  return {
    agreements: {
      inForce: async () => inForce(),
      version: async (_workspaceId, version) => versionOf(version).agreement,
    },
    proposals: {
      newest: async () => versionOf(versions.length),
      async draft(_workspaceId, text, file) {
        const base = versionOf(versions.length)
        const source = stringify(writtenAgreement(base.agreement))
        return { base, ...completedAgreement({ text, file }, { text: source, file: 'the base' }) }
      },
      async add(_draft, _workspaceId, decide): Promise<ProposalDecided> {
        const decided = decide(contextOf())
        if (!decided.ok) return decided
        const known = proposals.find(({ id }) => id === decided.proposal.id)
        if (known === undefined) keep(decided.proposal)
        return { ok: true, proposal: known ?? decided.proposal }
      },
      async change(_workspaceId, id, decide) {
        const before = proposals.find((proposal) => proposal.id === id)
        if (before === undefined) return undefined
        const decided = decide(before, contextOf())
        if (decided.ok) keep(decided.proposal)
        return decided
      },
      open: async () =>
        proposals
          .filter(({ state }) => state === 'open')
          .map((proposal) => ({ proposal, base: versionOf(proposal.baseVersion).agreement })),
      history: async (_workspaceId, limit) => ({
        versions: versions.toReversed().slice(0, limit),
        proposals: proposals.toReversed().slice(0, limit),
      }),
      toRedraw: async () => undefined,
      shown: async () => {},
      notShown: async () => {},
    },
    board: { redraw: () => {} },
  }
}
