import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connect, type Database } from '../../../src/adapters/postgres/client.ts'
import { createHandoffs } from '../../../src/adapters/postgres/handoffs.ts'
import { createRulings } from '../../../src/adapters/postgres/rulings.ts'
import { accept } from '../../../src/domain/decide/accept.ts'
import { contestReturn } from '../../../src/domain/decide/contest-return.ts'
import type { Actor, Decided } from '../../../src/domain/decide/decision.ts'
import { handOff } from '../../../src/domain/decide/hand-off.ts'
import { returnLead } from '../../../src/domain/decide/return.ts'
import { ruleOnReturn } from '../../../src/domain/decide/rule-on-return.ts'
import type { Handoff, Ruling } from '../../../src/domain/handoff.ts'
import type { Rulings } from '../../../src/use-cases/ports/glossary.ts'
import type { Handoffs } from '../../../src/use-cases/ports/handoffs.ts'
import {
  aHandOff,
  aLead,
  anActor,
  anAgreement,
  aPerson,
  aReturn,
  ben,
  mario,
  minutesAfter,
  sara,
} from '../../support/builders.ts'
import { type FreshDatabase, freshDatabase } from '../../support/database.ts'

let fresh: FreshDatabase
let database: Database
let handoffs: Handoffs
let rulings: Rulings
const ws = 'T0ACME'
const elsewhere = 'T0ELSE'

beforeAll(async () => {
  fresh = await freshDatabase()
  database = connect(fresh.url, { max: 5 })
  handoffs = createHandoffs(database)
  rulings = createRulings(database)
  await database.prisma.user.createMany({
    data: [aPerson(), ben, sara, mario].flatMap((person) => [
      { ...person, workspaceId: ws },
      { ...person, id: `${person.id}_else`, workspaceId: elsewhere },
    ]),
  })
})
afterAll(async () => {
  await database.close()
  await fresh.drop()
})

/** Disputes about a return of that reason are about this term. */
const agreementAbout = (term: string) =>
  anAgreement({
    return_reasons: [
      {
        id: 'not-ready',
        name: { en: 'Not ready', it: 'Non pronto' },
        status: 'Returned – not ready',
        stage: 'mql',
        needs: ['ready_on_or_when'],
        term,
      },
    ],
  })

let counter = 0

interface Dispute {
  term: string
  /** How Sara rules, and then Mario. */
  votes: [Ruling, Ruling]
  at?: Date
  workspaceId?: string
  words?: string
}

/** A lead that was returned, contested, and ruled on, all of it committed. */
async function dispute({ term, votes, at = minutesAfter(90), workspaceId = ws, words }: Dispute) {
  counter += 1
  const agreement = agreementAbout(term)
  const there = <Who extends Actor>({ person, role }: Who): Actor => ({
    person: workspaceId === ws ? person : { ...person, id: `${person.id}_else` },
    role,
  })
  const actors = {
    anna: there(anActor()),
    ben: there(anActor(ben, 'marketing')),
    sara: there(anActor(sara, 'sales_manager')),
    mario: there(anActor(mario, 'marketing_manager')),
  }
  const context = { agreement, now: at }
  const judges = [
    { person: actors.sara.person, role: 'sales_manager' as const },
    { person: actors.mario.person, role: 'marketing_manager' as const },
  ]
  const lead = aLead({ id: `lead_${counter}`, email: `lead${counter}@example.com` })
  const id = `hof_${counter}`
  let state: Handoff | null = null
  const commit = async (decided: Decided): Promise<Handoff> => {
    if (!decided.ok) throw new Error(decided.refusal.code)
    expect(await handoffs.commit(state, decided.decision)).toBe('committed')
    state = decided.decision.handoff
    return state
  }
  const offered = await commit(handOff(aHandOff({ id, workspaceId, lead }), actors.ben, context))
  const taken = await commit(accept(offered, actors.anna, context))
  const said = aReturn({ reason: 'not-ready', readyWhen: 'spring' })
  const back = await commit(returnLead(taken, said, actors.anna, context))
  const why = `The budget was approved, number ${counter}`
  const contested = await commit(contestReturn(back, { why, judges }, actors.ben, context))
  const [first, second] = votes
  const given = await commit(
    ruleOnReturn(contested, { ruling: first, words }, actors.sara, context),
  )
  await commit(ruleOnReturn(given, { ruling: second, words }, actors.mario, context))
}

describe('what the managers ruled', () => {
  test('is kept under its term: how, when, what about, in whose words', async () => {
    const words = 'A budget counts <!channel> “once” it is approved'
    const at = minutesAfter(100)
    await dispute({ term: 'sql', votes: ['clarify', 'clarify'], words, at })
    expect(await rulings.ofTerm(ws, 'sql', 3)).toEqual([
      {
        ruling: 'clarify',
        at,
        reason: 'not-ready',
        why: 'The budget was approved, number 1',
        words: [words, words],
        by: ['Sara Conti', 'Mario Bruni'],
      },
    ])
  })

  test('comes newest first, and no more of it than asked for', async () => {
    for (const minutes of [10, 20, 30, 40]) {
      await dispute({ term: 'icp', votes: ['uphold', 'uphold'], at: minutesAfter(minutes) })
    }
    await dispute({ term: 'icp', votes: ['overturn', 'overturn'], at: minutesAfter(50) })
    const newest = await rulings.ofTerm(ws, 'icp', 3)
    expect(newest.map(({ ruling, at }) => [ruling, at])).toEqual([
      ['overturn', minutesAfter(50)],
      ['uphold', minutesAfter(40)],
      ['uphold', minutesAfter(30)],
    ])
    expect(newest[0]).toMatchObject({ words: [], by: ['Sara Conti', 'Mario Bruni'] })
  })

  test('is nothing as long as they do not agree, nor for another term or workspace', async () => {
    await dispute({ term: 'mql', votes: ['uphold', 'overturn'] })
    expect(await rulings.ofTerm(ws, 'mql', 3)).toEqual([])
    await dispute({ term: 'lead', votes: ['uphold', 'uphold'], workspaceId: elsewhere })
    expect(await rulings.ofTerm(ws, 'lead', 3)).toEqual([])
    expect(await rulings.ofTerm(elsewhere, 'lead', 3)).toHaveLength(1)
    expect(await rulings.ofTerm(ws, "'; drop table events; --", 3)).toEqual([])
  })

  test('of somebody who is not there any more is kept without the name', async () => {
    await dispute({ term: 'sla', votes: ['uphold', 'uphold'] })
    await database.pool.query(
      `update events set data = jsonb_set(data, '{by}', '["per_gone", "per_mario"]')
        where type = 'ReturnRuled' and data ->> 'term' = 'sla'`,
    )
    expect(await rulings.ofTerm(ws, 'sla', 3)).toMatchObject([{ by: ['Mario Bruni'] }])
  })

  test('is found by the index of rulings, however many events there are', async () => {
    const client = await database.pool.connect()
    try {
      await client.query('begin')
      await client.query('set local enable_seqscan = off')
      const { rows } = await client.query(
        `explain select e.at from events e
          where e.workspace_id = $1 and e.type = 'ReturnRuled' and e.data ->> 'term' = $2
          order by e.id desc limit $3`,
        [ws, 'sql', 3],
      )
      expect(JSON.stringify(rows)).toContain('events_rulings')
    } finally {
      await client.query('rollback')
      client.release()
    }
  })
})
