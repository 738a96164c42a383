import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  AgreementFileError,
  completedAgreement,
  parseAgreement,
  readAgreementSource,
} from '../../../src/adapters/agreement-file.ts'
import {
  type AgreementsStore,
  createAgreements,
} from '../../../src/adapters/postgres/agreements.ts'
import { connect, type Database } from '../../../src/adapters/postgres/client.ts'
import { createProposals } from '../../../src/adapters/postgres/proposals.ts'
import { type Member, personOf } from '../../../src/domain/person.ts'
import { type Proposal, propose, sign, withdraw } from '../../../src/domain/proposal.ts'
import { shippedAgreement } from '../../../src/shipped.ts'
import type { Proposals } from '../../../src/use-cases/ports/agreements.ts'
import { aMember, sara } from '../../support/builders.ts'
import { type FreshDatabase, freshDatabase } from '../../support/database.ts'

const headOfSales = aMember(sara)
const headOfMarketing = aMember({
  id: 'per_mario',
  slackId: 'U0MARIO',
  email: 'mario@acme.example',
  name: 'Mario Neri',
})
const people = `
people:
  - { email: sara@acme.example, role: sales_manager, head_of: sales }
  - { email: mario@acme.example, role: marketing_manager, head_of: marketing }
`

let fresh: FreshDatabase
let database: Database
let agreements: AgreementsStore
let proposals: Proposals
let ws = ''
let counter = 0

const storesOn = (db: Database) => {
  const store = createAgreements(db, parseAgreement)
  const parts = { agreements: store, parse: parseAgreement, complete: completedAgreement }
  return { agreements: store, proposals: createProposals(db, parts) }
}

beforeAll(async () => {
  fresh = await freshDatabase()
  database = connect(fresh.url, { max: 20 })
  await database.prisma.user.createMany({
    data: [headOfSales, headOfMarketing].map((member) => ({
      ...personOf(member),
      workspaceId: 'T0ACME',
    })),
  })
})
afterAll(async () => {
  await database.close()
  await fresh.drop()
})
beforeEach(async () => {
  counter += 1
  ws = `T0ACME${counter}`
  const stores = storesOn(database)
  agreements = stores.agreements
  proposals = stores.proposals
  const shipped = { text: await readAgreementSource(shippedAgreement), file: 'shipped' }
  const { source } = completedAgreement({ text: people, file: 'first' }, shipped)
  await agreements.adopt(ws, async () => source)
})

const proposed = async (text = 'title: Another\n', id = `prop_${counter}_1`): Promise<Proposal> => {
  const draft = await proposals.draft(ws, text, 'proposal.yml')
  const asked = {
    id,
    workspaceId: ws,
    agreement: draft.agreement,
    base: draft.base,
    from: undefined,
    by: null,
  }
  const decided = await proposals.add(draft, ws, (context) =>
    propose(asked, { ...context, now: new Date() }),
  )
  if (!decided.ok) throw new Error(decided.refusal.code)
  return decided.proposal
}
const signedBy = (member: Member, id: string, store = proposals) =>
  store.change(ws, id, (proposal, context) =>
    sign(proposal, member, { ...context, now: new Date() }),
  )
const versions = () => database.prisma.agreementVersion.findMany({ where: { workspaceId: ws } })

describe('proposals', () => {
  test('are completed with what is in force, not with what ships', async () => {
    await proposed('title: Ours\n', 'prop_own')
    await signedBy(headOfSales, 'prop_own')
    await signedBy(headOfMarketing, 'prop_own')
    const { base, agreement } = await proposals.draft(ws, 'language: it\n', 'next.yml')
    expect(base.version).toBe(2)
    expect(agreement).toMatchObject({ title: 'Ours', language: 'it' })
    expect(agreement.people).toHaveLength(2)
  })

  test('of a wrong file name line and field, and change nothing', async () => {
    const text = 'title: Ours\nclocks:\n  accept: { within: { working: soon } }\n'
    const draft = proposals.draft(ws, text, 'proposal.yml')
    await expect(draft).rejects.toThrow(AgreementFileError)
    await expect(draft).rejects.toThrow(/proposal\.yml:3: clocks\.accept\.within\.working: expects/)
    expect((await proposals.history(ws, 10)).proposals).toEqual([])
  })

  test('are kept with what they change, and the same one once', async () => {
    const first = await proposed()
    const again = await proposed()
    expect(again).toEqual(first)
    const open = await proposals.open(ws)
    expect(open).toHaveLength(1)
    expect(open[0]).toMatchObject({
      proposal: { id: first.id, state: 'open', baseVersion: 1, agreement: { title: 'Another' } },
      base: { title: 'Marketing and sales agreement' },
    })
  })

  test('of another workspace are not there', async () => {
    const { id } = await proposed()
    const there = await proposals.change('T0ELSE', id, () => {
      throw new Error('nobody asks')
    })
    expect(there).toBeUndefined()
  })
})

describe('signatures', () => {
  test('of both heads make the next version, in force at once', async () => {
    const { id } = await proposed()
    expect((await agreements.inForce(ws)).version).toBe(1)
    expect(await signedBy(headOfSales, id)).toMatchObject({ ok: true, proposal: { state: 'open' } })
    expect((await agreements.inForce(ws)).version).toBe(1)
    expect(await signedBy(headOfMarketing, id)).toMatchObject({
      ok: true,
      proposal: { version: 2 },
    })
    expect(await agreements.inForce(ws)).toMatchObject({
      version: 2,
      agreement: { title: 'Another' },
    })
    expect(await agreements.version(ws, 1)).toMatchObject({
      title: 'Marketing and sales agreement',
    })
  })

  test('given at once, many times and in many processes, count once each', async () => {
    const others = [database, connect(fresh.url, { max: 8 }), connect(fresh.url, { max: 8 })]
    const { id } = await proposed()
    const clicks = Array.from({ length: 24 }, (_, click) => {
      const store = storesOn(others[click % others.length] ?? database).proposals
      return signedBy(click % 2 === 0 ? headOfSales : headOfMarketing, id, store)
    })
    const decided = await Promise.all(clicks)
    expect(decided.filter((each) => each?.ok)).toHaveLength(2)
    expect(await versions()).toHaveLength(2)
    const { proposals: kept } = await proposals.history(ws, 10)
    expect(kept[0]?.signatures.map(({ side }) => side).sort()).toEqual(['marketing', 'sales'])
    await Promise.all(others.slice(1).map((each) => each.close()))
  })

  test('of one proposal overtake the others, which can’t be signed any more', async () => {
    const first = await proposed('title: One\n', `prop_${counter}_a`)
    const second = await proposed('title: Two\n', `prop_${counter}_b`)
    await signedBy(headOfSales, first.id)
    await signedBy(headOfSales, second.id)
    await Promise.all([signedBy(headOfMarketing, first.id), signedBy(headOfMarketing, second.id)])
    const kept = (await proposals.history(ws, 10)).proposals
    expect(kept.map(({ state }) => state).sort()).toEqual(['overtaken', 'signed'])
    expect(await versions()).toHaveLength(2)
    const overtaken = kept.find(({ state }) => state === 'overtaken')?.id ?? ''
    expect(await signedBy(headOfMarketing, overtaken)).toMatchObject({
      ok: false,
      refusal: { code: 'stale', base: 1, newest: 2 },
    })
  })

  test('are remembered with who and when, as is a withdrawal', async () => {
    const { id } = await proposed()
    await signedBy(headOfSales, id)
    await proposals.change(ws, id, (proposal, context) =>
      withdraw(proposal, headOfMarketing, { ...context, now: new Date() }),
    )
    const { versions: agreed, proposals: kept } = await proposals.history(ws, 10)
    expect(agreed).toMatchObject([{ version: 1 }])
    expect(kept).toMatchObject([
      {
        id,
        state: 'withdrawn',
        withdrawnBy: { id: 'per_mario' },
        signatures: [{ side: 'sales', by: { id: 'per_sara', name: 'Sara Conti' } }],
      },
    ])
    expect(kept[0]?.withdrawnAt).toBeInstanceOf(Date)
  })
})

describe('the messages of proposals', () => {
  const leaseMs = 45_000
  const soon = () => new Date(Date.now() + 1_000)
  const where = { channelId: 'C0MANAGERS', ts: '1.1' }

  test('are to be drawn from the start, by one process at a time', async () => {
    const { id } = await proposed()
    const now = soon()
    const [one, other] = await Promise.all([
      proposals.toRedraw(ws, now, leaseMs),
      proposals.toRedraw(ws, now, leaseMs),
    ])
    const redraw = one ?? other
    expect([one, other].filter((each) => each !== undefined)).toHaveLength(1)
    expect(redraw).toMatchObject({ proposal: { id }, shownAt: null, uncertain: false })
    if (redraw === undefined) return
    await proposals.shown(redraw, where, now)
    expect(await proposals.toRedraw(ws, new Date(now.getTime() + leaseMs), leaseMs)).toBeUndefined()
  })

  test('that nobody finished are taken on again, to be looked for first', async () => {
    await proposed()
    const now = soon()
    await proposals.toRedraw(ws, now, leaseMs)
    expect(await proposals.toRedraw(ws, new Date(now.getTime() + leaseMs), leaseMs)).toMatchObject({
      shownAt: null,
      uncertain: true,
    })
  })

  test('are drawn again for a signature that came while they were drawn', async () => {
    const { id } = await proposed()
    const now = soon()
    const redraw = await proposals.toRedraw(ws, now, leaseMs)
    if (redraw === undefined) throw new Error('nothing to draw')
    await signedBy(headOfSales, id)
    expect(await proposals.toRedraw(ws, now, leaseMs)).toBeUndefined()
    await proposals.shown(redraw, where, now)
    expect(await proposals.toRedraw(ws, now, leaseMs)).toMatchObject({
      revision: 2,
      shownAt: where,
      proposal: { signatures: [{ side: 'sales' }] },
    })
  })

  test('that Slack did not take wait for their time', async () => {
    await proposed()
    const now = soon()
    const redraw = await proposals.toRedraw(ws, now, leaseMs)
    if (redraw === undefined) throw new Error('nothing to draw')
    const again = new Date(now.getTime() + 30_000)
    await proposals.notShown(redraw, again, false)
    expect(await proposals.toRedraw(ws, now, leaseMs)).toBeUndefined()
    expect(await proposals.toRedraw(ws, again, leaseMs)).toMatchObject({ uncertain: false })
  })
})
