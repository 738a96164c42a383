import { describe, expect, test } from 'vitest'
import type { Term } from '../../src/domain/glossary.ts'
import { personOf } from '../../src/domain/person.ts'
import {
  declineSuggestion,
  proposeTerm,
  signTerm,
  suggestTerm,
  type TermContext,
  type TermDecided,
  type TermProposing,
  takeUpSuggestion,
  withdrawTerm,
} from '../../src/domain/term-proposal.ts'
import { aMember, anAgreement, fixedNow, sara } from '../support/builders.ts'
import { term, wording } from '../support/terms.ts'

const headOfSales = aMember(sara)
const headOfMarketing = aMember({ id: 'per_mario', email: 'mario@acme.example', name: 'Mario' })
const rep = aMember({ id: 'per_rep', email: 'rep@acme.example' })
const guest = aMember({ id: 'per_guest', email: 'guest@else.example', external: true })
const withHeads = anAgreement({
  people: [
    { email: 'sara@acme.example', role: 'sales_manager', head_of: 'sales' },
    { email: 'mario@acme.example', role: 'marketing_manager', head_of: 'marketing' },
  ],
})
const nobodyNamed = anAgreement({ people: [] })

const before = term()
const after: Term = { ...before, en: wording({ definition: 'A lead that called us.' }) }
const other = term({
  id: 'cold-lead',
  en: wording({ name: 'Cold lead', aliases: ['frozen'] }),
  it: wording({ name: 'Lead freddo' }),
})

const context = (overrides: Partial<TermContext> = {}): TermContext => ({
  inForce: withHeads,
  stand: { version: 3, term: before, owner: null },
  terms: [before, other],
  now: fixedNow,
  ...overrides,
})
const asked = (overrides: Partial<TermProposing> = {}): TermProposing => ({
  id: 'prop_1',
  workspaceId: 'ws',
  term: after,
  owner: null,
  note: null,
  baseVersion: 3,
  by: headOfSales,
  ...overrides,
})
const proposalOf = (decided: TermDecided) => {
  if (!decided.ok) throw new Error(decided.refusal.code)
  return decided.proposal
}
const codeOf = (decided: TermDecided) => (decided.ok ? 'done' : decided.refusal.code)

describe('a proposed term', () => {
  test('holds once both heads have signed, each once', () => {
    const open = proposalOf(proposeTerm(asked(), context()))
    expect(open).toMatchObject({ state: 'open', version: null, proposedBy: { id: sara.id } })
    const once = proposalOf(signTerm(open, headOfSales, context()))
    expect(once).toMatchObject({ state: 'open', signatures: [{ side: 'sales' }] })
    expect(codeOf(signTerm(once, headOfSales, context()))).toBe('signed-already')
    const signed = proposalOf(signTerm(once, headOfMarketing, context()))
    expect(signed).toMatchObject({ state: 'signed', version: 4 })
    expect(codeOf(signTerm(signed, headOfMarketing, context()))).toBe('settled')
  })

  test('comes from managers, heads and admins, and from who keeps the term', () => {
    expect(codeOf(proposeTerm(asked({ by: rep }), context()))).toBe('may-not-edit')
    const admin = aMember({ id: 'per_admin', email: null, assigned: 'admin' })
    expect(codeOf(proposeTerm(asked({ by: admin }), context()))).toBe('done')
    const kept = context({ stand: { version: 3, term: before, owner: personOf(rep) } })
    expect(codeOf(proposeTerm(asked({ by: rep }), kept))).toBe('done')
    const leaving = { ...rep, external: true }
    expect(codeOf(proposeTerm(asked({ by: leaving }), kept))).toBe('may-not-edit')
  })

  test('is signed by heads alone', () => {
    const open = proposalOf(proposeTerm(asked(), context()))
    expect(codeOf(signTerm(open, rep, context()))).toBe('not-a-head')
    expect(codeOf(signTerm(open, { ...headOfSales, external: true }, context()))).toBe('not-a-head')
  })

  test('holds at once where the agreement names no heads, for who administers Slack', () => {
    const fresh = context({ inForce: nobodyNamed })
    const admin = aMember({ id: 'per_first', email: null, slackAdmin: true })
    expect(proposalOf(proposeTerm(asked({ by: admin }), fresh))).toMatchObject({
      state: 'signed',
      version: 4,
    })
    expect(codeOf(proposeTerm(asked({ by: rep }), fresh))).toBe('may-not-edit')
  })

  test('holds with one signature where one side alone has a head', () => {
    const half = context({ inForce: { ...withHeads, people: withHeads.people.slice(0, 1) } })
    const open = proposalOf(proposeTerm(asked(), half))
    expect(open.state).toBe('open')
    expect(proposalOf(signTerm(open, headOfSales, half)).state).toBe('signed')
  })

  test.each<[string, Partial<TermProposing>, string]>([
    ['changes nothing', { term: before }, 'no-changes'],
    ['was made from an older version', { baseVersion: 2 }, 'stale'],
    [
      'takes the word of another term',
      { term: { ...after, en: wording({ name: 'Warm', aliases: ['FROZEN'] }) } },
      'word-taken',
    ],
    ['has no chapter', { term: { ...after, chapter: 'gone' } }, 'not-a-chapter'],
    ['refers to nothing', { term: { ...after, related: ['gone'] } }, 'unknown-related'],
    [
      'says in one language what is decided',
      { term: { ...after, it: { ...after.it, decide: undefined } } },
      'decide-missing',
    ],
  ])('is refused where it %s', (_, overrides, code) => {
    expect(codeOf(proposeTerm(asked(overrides), context()))).toBe(code)
    expect(codeOf(suggestTerm(asked({ ...overrides, by: rep }), context()))).toBe(code)
  })

  test('is not signed any more once its words mean another term', () => {
    const taken = { ...after, en: wording({ name: 'Hot lead' }) }
    const open = proposalOf(proposeTerm(asked({ term: taken }), context()))
    const hot = { ...other, id: 'hot', en: wording({ name: 'Hot lead' }) }
    expect(codeOf(signTerm(open, headOfSales, context({ terms: [before, hot] })))).toBe(
      'word-taken',
    )
  })

  test('is withdrawn by who proposed it or by a head', () => {
    const open = proposalOf(proposeTerm(asked({ by: headOfMarketing }), context()))
    expect(codeOf(withdrawTerm(open, rep, context()))).toBe('may-not-withdraw')
    const gone = proposalOf(withdrawTerm(open, headOfSales, context()))
    expect(gone).toMatchObject({ state: 'withdrawn', settledBy: { id: sara.id } })
    expect(codeOf(signTerm(gone, headOfMarketing, context()))).toBe('settled')
  })

  test('of an operator may hold without signatures', () => {
    const decided = proposeTerm(asked({ by: null, unsigned: true }), context())
    expect(proposalOf(decided)).toMatchObject({ state: 'signed', version: 4, proposedBy: null })
  })
})

describe('a suggested term', () => {
  const suggested = () => proposalOf(suggestTerm(asked({ by: rep, note: 'Too vague' }), context()))

  test('comes from anybody of the workspace', () => {
    expect(suggested()).toMatchObject({ state: 'suggested', note: 'Too vague' })
    expect(codeOf(suggestTerm(asked({ by: guest }), context()))).toBe('external')
  })

  test('is taken up as a proposal of whom it came from', () => {
    const decided = takeUpSuggestion(suggested(), { id: 'prop_2', by: headOfSales }, context())
    expect(decided).toMatchObject({
      ok: true,
      proposal: { id: 'prop_1', state: 'taken-up', settledBy: { id: sara.id } },
      also: { id: 'prop_2', state: 'open', proposedBy: { id: 'per_rep' }, signatures: [] },
    })
  })

  test('is answered once, by those who may edit the term', () => {
    expect(codeOf(declineSuggestion(suggested(), rep, context()))).toBe('may-not-answer')
    const declined = proposalOf(declineSuggestion(suggested(), headOfSales, context()))
    expect(declined.state).toBe('declined')
    expect(codeOf(takeUpSuggestion(declined, { id: 'prop_2', by: headOfSales }, context()))).toBe(
      'settled',
    )
    const changed = context({ stand: { version: 4, term: before, owner: null } })
    expect(codeOf(takeUpSuggestion(suggested(), { id: 'prop_2', by: headOfSales }, changed))).toBe(
      'stale',
    )
  })

  test('is neither signed nor withdrawn', () => {
    expect(codeOf(signTerm(suggested(), headOfSales, context()))).toBe('stale')
    expect(codeOf(withdrawTerm(suggested(), headOfSales, context()))).toBe('stale')
  })
})
