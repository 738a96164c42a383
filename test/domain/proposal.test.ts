import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Agreement } from '../../src/domain/agreement.ts'
import type { Member } from '../../src/domain/person.ts'
import {
  headsOf,
  mayPropose,
  type Proposal,
  type ProposalContext,
  type ProposalDecided,
  type Proposing,
  propose,
  sign,
  withdraw,
} from '../../src/domain/proposal.ts'
import { aMember, anAgreement, ben, fixedNow, minutesAfter, sara } from '../support/builders.ts'

const agreement = anAgreement()
const changed: Agreement = { ...agreement, title: 'A better agreement' }
const headOfSales = aMember(sara)
const headOfMarketing = aMember({
  id: 'per_mario',
  slackId: 'U0MARIO',
  email: 'Mario@acme.example',
  name: 'Mario Neri',
})
const rep = aMember()

const context = (overrides: Partial<ProposalContext> = {}): ProposalContext => ({
  inForce: agreement,
  newest: { version: 3, inForceFrom: fixedNow },
  now: minutesAfter(60),
  ...overrides,
})

const proposing = (overrides: Partial<Proposing> = {}): Proposing => ({
  id: 'prop_1',
  workspaceId: 'ws_1',
  agreement: changed,
  base: { version: 3, agreement },
  from: undefined,
  by: null,
  ...overrides,
})

const proposalOf = (decided: ProposalDecided): Proposal => {
  if (!decided.ok) throw new Error(`refused: ${decided.refusal.code}`)
  return decided.proposal
}
const whyNot = (decided: ProposalDecided): string | null =>
  decided.ok ? null : decided.refusal.code

const aProposal = (overrides: Partial<Proposing> = {}): Proposal =>
  proposalOf(propose(proposing(overrides), context()))

const signedBy = (members: Member[], proposal = aProposal(), at = context()): Proposal =>
  members.reduce((before, member) => proposalOf(sign(before, member, at)), proposal)

describe('a proposal', () => {
  test('is open, and counts from the start of its day in the zone of its calendar', () => {
    expect(aProposal({ from: '2026-12-01' })).toMatchObject({
      state: 'open',
      baseVersion: 3,
      signatures: [],
      proposedBy: null,
      inForceFrom: new Date('2026-11-30T23:00:00.000Z'),
    })
  })

  test('may begin today, or at an instant', () => {
    expect(aProposal({ from: '2026-11-23' }).inForceFrom).toEqual(
      new Date('2026-11-22T23:00:00.000Z'),
    )
    expect(aProposal({ from: '2027-01-01T08:00:00+01:00' }).inForceFrom).toEqual(
      new Date('2027-01-01T07:00:00.000Z'),
    )
  })

  test.each([
    ['that changes nothing', { agreement: structuredClone(agreement) }, 'no-changes'],
    ['of an older version', { base: { version: 2, agreement } }, 'stale'],
    ['from yesterday on', { from: '2026-11-22' }, 'from-in-past'],
    ['by a rep', { by: rep }, 'may-not-propose'],
    [
      'by a guest of a manager’s name',
      { by: { ...headOfSales, external: true } },
      'may-not-propose',
    ],
  ])('%s is refused', (_, overrides, code) => {
    expect(whyNot(propose(proposing(overrides), context()))).toBe(code)
  })

  test('is for managers and heads to make', () => {
    expect(
      [headOfSales, headOfMarketing, rep, aMember(ben)].map((by) => mayPropose(by, agreement)),
    ).toEqual([true, true, false, false])
  })

  test.each([
    ['a manager of sales', { assigned: 'sales_manager' }, true],
    ['a manager of marketing', { assigned: 'marketing_manager' }, true],
    ['an admin', { assigned: 'admin' }, true],
    ['a rep', { assigned: 'rep' }, false],
    ['a guest who was a manager', { assigned: 'sales_manager', external: true }, false],
  ] as const)('is for %s by form or by user group: %o', (_, role, may) => {
    const zoe = { id: 'per_zoe', slackId: 'U0ZOE', email: 'zoe@acme.example', name: 'Zoe' }
    expect(mayPropose(aMember({ ...zoe, ...role }), agreement)).toBe(may)
    expect(mayPropose(aMember({ ...zoe, email: null, ...role }), agreement)).toBe(may)
  })

  test('is not for whom the agreement gives another role than a form does', () => {
    expect(mayPropose(aMember({ ...rep, assigned: 'admin' }), agreement)).toBe(false)
  })

  test('that nobody could sign for a side is refused', () => {
    const people = agreement.people.filter(({ head_of }) => head_of !== 'marketing')
    const inForce = { ...agreement, people }
    const asked = proposing({
      agreement: { ...changed, people },
      base: { version: 3, agreement: inForce },
    })
    expect(propose(asked, context({ inForce }))).toEqual({
      ok: false,
      refusal: { code: 'no-head', side: 'marketing' },
    })
  })

  test('of a fresh installation is signed by the heads that it names', () => {
    const inForce = { ...agreement, people: [] }
    expect(headsOf('sales', inForce, changed)).toEqual(['sara@acme.example'])
    expect(headsOf('sales', agreement, { ...changed, people: [] })).toEqual(['sara@acme.example'])
  })

  test('makes nobody head of both sides', () => {
    const people = agreement.people.filter(({ head_of }) => head_of !== 'marketing')
    const proposed = {
      ...changed,
      people: [
        { email: 'sara@acme.example', role: 'sales_manager', head_of: 'marketing' } as const,
      ],
    }
    expect(headsOf('marketing', { ...agreement, people }, proposed)).toEqual([])
  })
})

describe('signing', () => {
  test('by one head leaves it open; by both makes it the next version, from then on', () => {
    const once = signedBy([headOfSales])
    expect(once).toMatchObject({ state: 'open', version: null })
    expect(signedBy([headOfMarketing], once)).toMatchObject({
      state: 'signed',
      version: 4,
      inForceFrom: minutesAfter(60),
      signatures: [
        { side: 'sales', by: { id: 'per_sara' } },
        { side: 'marketing', by: { id: 'per_mario' } },
      ],
    })
  })

  test('comes to the same in any order', () => {
    const facts = ({ state, version, inForceFrom, signatures }: Proposal) => ({
      state,
      version,
      inForceFrom,
      signatures: signatures.toSorted((a, b) => a.side.localeCompare(b.side)),
    })
    fc.assert(
      fc.property(
        fc.shuffledSubarray([headOfSales, headOfMarketing], { minLength: 2 }),
        fc.constantFrom(undefined, '2026-11-23', '2026-12-01', '2027-03-28'),
        (order, from) => {
          const proposal = aProposal({ from })
          expect(facts(signedBy(order, proposal))).toEqual(
            facts(signedBy([headOfSales, headOfMarketing], proposal)),
          )
        },
      ),
    )
  })

  test('is never counted twice, whoever clicks how often', () => {
    const crowd = [headOfSales, headOfMarketing, rep, aMember(ben)]
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...crowd), { maxLength: 12 }), (clicks) => {
        const end = clicks.reduce((proposal, member) => {
          const decided = sign(proposal, member, context())
          return decided.ok ? decided.proposal : proposal
        }, aProposal())
        const sides = end.signatures.map(({ side }) => side)
        expect(new Set(sides).size).toBe(sides.length)
        expect(new Set(end.signatures.map(({ by }) => by.id)).size).toBe(sides.length)
        expect(end.state).toBe(sides.length === 2 ? 'signed' : 'open')
        expect(end.version).toBe(sides.length === 2 ? 4 : null)
      }),
    )
  })

  test('never makes it count before the version that it changes', () => {
    const newest = { version: 3, inForceFrom: new Date('2027-01-01T00:00:00.000Z') }
    const proposal = signedBy([headOfSales, headOfMarketing], aProposal(), context({ newest }))
    expect(proposal.inForceFrom).toEqual(newest.inForceFrom)
  })

  test.each([
    ['a rep', rep, aProposal(), 'not-a-head'],
    ['a head from outside', { ...headOfSales, external: true }, aProposal(), 'not-a-head'],
    ['someone without an address', { ...headOfSales, email: null }, aProposal(), 'not-a-head'],
    ['the same head again', headOfSales, signedBy([headOfSales]), 'signed-already'],
    ['a head, of what was agreed', headOfSales, signedBy([headOfSales, headOfMarketing]), 'agreed'],
    [
      'a head, of what was withdrawn',
      headOfSales,
      proposalOf(withdraw(aProposal(), headOfMarketing, context())),
      'withdrawn',
    ],
    ['a head, of what was overtaken', headOfSales, { ...aProposal(), state: 'overtaken' }, 'stale'],
  ] as const)('by %s is refused', (_, member, proposal, code) => {
    expect(whyNot(sign(proposal, member, context()))).toBe(code)
  })

  test('is refused where another version was agreed on since', () => {
    const newest = { version: 4, inForceFrom: fixedNow }
    expect(sign(aProposal(), headOfSales, context({ newest }))).toEqual({
      ok: false,
      refusal: { code: 'stale', base: 3, newest: 4 },
    })
  })

  test('goes by the heads in force, not by those that are proposed', () => {
    const people = [
      { email: 'anna@acme.example', role: 'sales_manager', head_of: 'sales' },
      { email: 'mario@acme.example', role: 'marketing_manager', head_of: 'marketing' },
    ] as const
    const proposal = aProposal({ agreement: { ...changed, people: [...people] } })
    expect(whyNot(sign(proposal, rep, context()))).toBe('not-a-head')
    expect(whyNot(sign(proposal, headOfSales, context()))).toBeNull()
  })
})

describe('withdrawing', () => {
  test('is for a head, and for whoever proposed it', () => {
    const manager = aMember({ id: 'per_lead', email: 'lead@acme.example' })
    const inForce: Agreement = {
      ...agreement,
      people: [...agreement.people, { email: 'lead@acme.example', role: 'sales_manager' }],
    }
    const own = proposalOf(propose(proposing({ by: manager }), context({ inForce })))
    expect(withdraw(own, manager, context({ inForce }))).toMatchObject({
      ok: true,
      proposal: {
        state: 'withdrawn',
        withdrawnBy: { id: 'per_lead' },
        withdrawnAt: minutesAfter(60),
      },
    })
    expect(whyNot(withdraw(aProposal(), manager, context({ inForce })))).toBe('may-not-withdraw')
    expect(whyNot(withdraw(aProposal(), headOfSales, context()))).toBeNull()
  })

  test('of what was agreed is refused', () => {
    const proposal = signedBy([headOfSales, headOfMarketing])
    expect(whyNot(withdraw(proposal, headOfSales, context()))).toBe('agreed')
  })
})
