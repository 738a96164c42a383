import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { connect, type Database } from '../../../src/adapters/postgres/client.ts'
import { createGlossary, type GlossaryStore } from '../../../src/adapters/postgres/glossary.ts'
import { createTermProposals } from '../../../src/adapters/postgres/term-proposals.ts'
import type { Agreement } from '../../../src/domain/agreement.ts'
import { type Member, personOf } from '../../../src/domain/person.ts'
import {
  proposeTerm,
  signTerm,
  suggestTerm,
  type TermProposing,
  takeUpSuggestion,
} from '../../../src/domain/term-proposal.ts'
import type { TermProposals } from '../../../src/use-cases/ports/glossary.ts'
import { aMember, anAgreement, fixedNow, sara } from '../../support/builders.ts'
import { type FreshDatabase, freshDatabase } from '../../support/database.ts'
import { term, wording } from '../../support/terms.ts'

const headOfSales = aMember(sara)
const headOfMarketing = aMember({
  id: 'per_mario',
  slackId: 'U0MARIO',
  email: 'mario@acme.example',
  name: 'Mario Neri',
})
const withHeads = anAgreement({
  people: [
    { email: 'sara@acme.example', role: 'sales_manager', head_of: 'sales' },
    { email: 'mario@acme.example', role: 'marketing_manager', head_of: 'marketing' },
  ],
})
const before = term()
const after = { ...before, en: wording({ definition: 'A lead that called us.' }) }

let fresh: FreshDatabase
let database: Database
let glossary: GlossaryStore
let proposals: TermProposals
let agreement: Agreement
let ws = ''
let counter = 0

const storesOn = (db: Database) => {
  const own = createGlossary(db)
  const inForce = async () => ({ version: 1, agreement, inForceFrom: fixedNow })
  return {
    glossary: own,
    proposals: createTermProposals(db, { agreements: { inForce }, glossary: own }),
  }
}

beforeAll(async () => {
  fresh = await freshDatabase()
  database = connect(fresh.url, { max: 20 })
})
afterAll(async () => {
  await database.close()
  await fresh.drop()
})
beforeEach(async () => {
  counter += 1
  ws = `T0TERMS${counter}`
  agreement = withHeads
  const stores = storesOn(database)
  glossary = stores.glossary
  proposals = stores.proposals
  await glossary.adopt(ws, [before])
  await database.prisma.user.createMany({
    data: [headOfSales, headOfMarketing].map((member) => ({
      ...personOf(member),
      id: `${member.id}_${counter}`,
      workspaceId: ws,
    })),
  })
})

const own = (member: Member): Member => ({ ...member, id: `${member.id}_${counter}` })

const asked = (overrides: Partial<TermProposing> = {}): TermProposing => ({
  id: `prop_${counter}`,
  workspaceId: ws,
  term: after,
  owner: null,
  note: null,
  baseVersion: 1,
  by: own(headOfSales),
  ...overrides,
})
const bring = async (overrides: Partial<TermProposing> = {}, rule = proposeTerm) => {
  const proposing = asked(overrides)
  const { id, term: proposed } = proposing
  const decided = await proposals.add(ws, { id, termId: proposed.id }, (context) =>
    rule(proposing, { ...context, now: new Date() }),
  )
  if (!decided.ok) throw new Error(decided.refusal.code)
  return decided.proposal
}
const signedBy = (member: Member, id: string, store = proposals) =>
  store.change(ws, id, (proposal, context) =>
    signTerm(proposal, own(member), { ...context, now: new Date() }),
  )

describe('a proposed definition', () => {
  test('holds with the second signature, with its version, day and owner', async () => {
    const { id } = await bring({ owner: personOf(own(headOfMarketing)), note: 'Too vague' })
    expect(await glossary.standing(ws, 'warm-lead')).toMatchObject({ version: 1, owner: null })
    await signedBy(headOfSales, id)
    expect(await glossary.terms(ws)).toEqual([before])
    expect(await signedBy(headOfMarketing, id)).toMatchObject({
      ok: true,
      proposal: { state: 'signed', version: 2, note: 'Too vague' },
    })
    expect(await glossary.terms(ws)).toEqual([after])
    const standing = await glossary.standing(ws, 'warm-lead')
    expect(standing).toMatchObject({
      version: 2,
      term: after,
      owner: { name: 'Mario Neri', slackId: 'U0MARIO' },
    })
    expect(standing?.since).toBeInstanceOf(Date)
    const { versions, proposals: kept } = await proposals.history(ws, 'warm-lead', 10)
    expect(versions).toMatchObject([
      { version: 2, by: { name: 'Sara Conti' } },
      { version: 1, by: null, term: before },
    ])
    expect(kept).toMatchObject([{ id, state: 'signed', signatures: [{}, {}] }])
  })

  test('signed at once, many times and by many processes, becomes one version', async () => {
    const others = [database, connect(fresh.url, { max: 8 })]
    const { id } = await bring()
    const clicks = Array.from({ length: 16 }, (_, click) => {
      const store = storesOn(others[click % others.length] ?? database).proposals
      return signedBy(click % 3 === 0 ? headOfSales : headOfMarketing, id, store)
    })
    const decided = await Promise.all(clicks)
    expect(decided.filter((each) => each?.ok)).toHaveLength(2)
    expect((await proposals.history(ws, 'warm-lead', 10)).versions).toHaveLength(2)
    await Promise.all(others.slice(1).map((each) => each.close()))
  })

  test('overtakes what else was proposed or suggested of the term', async () => {
    const first = await bring()
    const second = await bring({ id: `other_${counter}` })
    const third = await bring({ id: `suggested_${counter}` }, suggestTerm)
    await signedBy(headOfSales, first.id)
    await signedBy(headOfMarketing, first.id)
    const kept = (await proposals.history(ws, 'warm-lead', 10)).proposals
    const stateOf = (id: string) => kept.find((one) => one.id === id)?.state
    expect([first, second, third].map(({ id }) => stateOf(id))).toEqual([
      'signed',
      'overtaken',
      'overtaken',
    ])
  })

  test('sent twice is one, also where it holds at once', async () => {
    agreement = anAgreement({ people: [] })
    const by = { ...own(headOfSales), slackAdmin: true }
    const fields = { term: { ...after, id: 'new-one', chapter: 'warm-lead' }, baseVersion: 0, by }
    const named = {
      ...fields.term,
      en: wording({ name: 'New one' }),
      it: wording({ name: 'Nuovo' }),
    }
    const once = await bring({ ...fields, term: named })
    expect(await bring({ ...fields, term: named })).toMatchObject({ id: once.id, state: 'signed' })
    expect((await glossary.terms(ws)).map(({ id }) => id)).toEqual(['warm-lead', 'new-one'])
  })

  test('of another workspace is not there', async () => {
    const { id } = await bring()
    const there = await proposals.change('T0ELSE', id, () => {
      throw new Error('nobody asks')
    })
    expect(there).toBeUndefined()
  })

  test('that is taken up out of a suggestion is kept with it', async () => {
    const { id } = await bring({}, suggestTerm)
    const next = `taken_${counter}`
    await proposals.change(ws, id, (suggestion, context) =>
      takeUpSuggestion(
        suggestion,
        { id: next, by: own(headOfSales) },
        { ...context, now: new Date() },
      ),
    )
    const kept = (await proposals.history(ws, 'warm-lead', 10)).proposals
    expect(kept.map(({ state }) => state).sort()).toEqual(['open', 'taken-up'])
    expect(await signedBy(headOfSales, next)).toMatchObject({ ok: true })
  })
})

describe('the messages of proposed terms', () => {
  const leaseMs = 45_000
  const where = { channelId: 'C0MANAGERS', ts: '1.1' }

  test('are drawn by one process at a time, and again for what came meanwhile', async () => {
    const { id } = await bring()
    const now = new Date(Date.now() + 1_000)
    const [one, another] = await Promise.all([
      proposals.toRedraw(ws, now, leaseMs),
      proposals.toRedraw(ws, now, leaseMs),
    ])
    const redraw = one ?? another
    expect([one, another].filter((each) => each !== undefined)).toHaveLength(1)
    expect(redraw).toMatchObject({
      proposal: { id, term: after },
      base: before,
      owner: null,
      shownAt: null,
      uncertain: false,
    })
    if (redraw === undefined) return
    await signedBy(headOfSales, id)
    await proposals.shown(redraw, where, now)
    const again = await proposals.toRedraw(ws, now, leaseMs)
    expect(again).toMatchObject({ revision: 2, shownAt: where })
    if (again === undefined) return
    await proposals.notShown(again, new Date(now.getTime() + 60_000), true)
    expect(await proposals.toRedraw(ws, now, leaseMs)).toBeUndefined()
  })

  test('of a new term change nothing that was', async () => {
    const fields = { id: 'newer', chapter: 'warm-lead' }
    const en = wording({ name: 'Newer' })
    await bring({
      term: { ...after, ...fields, en, it: wording({ name: 'Nuova' }) },
      baseVersion: 0,
    })
    const redraw = await proposals.toRedraw(ws, new Date(Date.now() + 1_000), leaseMs)
    expect(redraw).toMatchObject({ base: null, owner: null })
  })
})
