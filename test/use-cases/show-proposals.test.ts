import { describe, expect, test } from 'vitest'
import type { ProposalMessenger, Redraw } from '../../src/use-cases/ports/agreements.ts'
import type { Found, Said } from '../../src/use-cases/ports/delivery.ts'
import { showProposals } from '../../src/use-cases/show-proposals.ts'
import { anAgreement, fixedNow } from '../support/builders.ts'
import { createMemoryProposals } from '../support/memory-proposals.ts'

const where = { channelId: 'C0MANAGERS', ts: '1.1' }
const done: Said = { kind: 'done', ...where }
const lost: Said = {
  kind: 'later',
  afterMs: null,
  error: 'ECONNRESET',
  ambiguous: true,
  whole: false,
}
const never: Said = { kind: 'never', error: 'channel_not_found' }

const aRedraw = (overrides: Partial<Redraw> = {}): Redraw => ({
  proposal: {
    id: 'prop_1',
    workspaceId: 'ws_1',
    baseVersion: 1,
    state: 'open',
    version: null,
    inForceFrom: null,
    proposedBy: null,
    proposedAt: fixedNow,
    withdrawnBy: null,
    withdrawnAt: null,
    signatures: [],
    agreement: anAgreement({ title: 'Another' }),
  },
  base: anAgreement(),
  revision: 1,
  shownAt: null,
  uncertain: false,
  ...overrides,
})

/** Shows what is waiting, and tells in order what was done about it. */
async function showing(redraw: Redraw, answers: { said?: Said; found?: Found }): Promise<string[]> {
  const did: string[] = []
  const note = <T>(what: string, answer: T): Promise<T> => {
    did.push(what)
    return Promise.resolve(answer)
  }
  const said = answers.said ?? done
  const messenger: ProposalMessenger = {
    post: () => note('post', said),
    update: () => note('update', said),
    find: () => note('find', answers.found ?? { kind: 'absent' }),
  }
  const waiting = [redraw]
  const { proposals } = createMemoryProposals(anAgreement(), () => fixedNow)
  await showProposals({
    messenger,
    workspaceId: 'ws_1',
    now: () => fixedNow,
    proposals: {
      ...proposals,
      toRedraw: async () => waiting.shift(),
      shown: ({ revision }) => note(`shows revision ${revision}`, undefined),
      notShown: (_, again, uncertain) => {
        const seconds = (again.getTime() - fixedNow.getTime()) / 1_000
        return note(`again in ${seconds} s${uncertain ? ', uncertain' : ''}`, undefined)
      },
    },
  })
  return did
}

describe('the message of a proposal', () => {
  test('is posted at first and updated from then on', async () => {
    expect(await showing(aRedraw(), {})).toEqual(['post', 'shows revision 1'])
    const shown = aRedraw({ shownAt: where, revision: 2 })
    expect(await showing(shown, {})).toEqual(['update', 'shows revision 2'])
  })

  test('is looked for before it is posted again, and drawn once more where it was found', async () => {
    const uncertain = aRedraw({ uncertain: true })
    expect(await showing(uncertain, {})).toEqual(['find', 'post', 'shows revision 1'])
    const found = { kind: 'done', ...where } as const
    expect(await showing(uncertain, { found })).toEqual(['find', 'shows revision 0'])
  })

  test('is not posted while Slack can’t say whether it has it', async () => {
    const uncertain = aRedraw({ uncertain: true })
    const found = { ...lost, kind: 'later' } as const
    expect(await showing(uncertain, { found })).toEqual(['find', 'again in 5 s, uncertain'])
  })

  test('that Slack does not take is tried again, patiently where an operator has to act', async () => {
    expect(await showing(aRedraw(), { said: lost })).toEqual(['post', 'again in 5 s, uncertain'])
    expect(await showing(aRedraw(), { said: never })).toEqual(['post', 'again in 300 s'])
  })

  test('that somebody deleted is left deleted', async () => {
    const shown = aRedraw({ shownAt: where })
    expect(await showing(shown, { said: never })).toEqual(['update', 'shows revision 1'])
  })
})
