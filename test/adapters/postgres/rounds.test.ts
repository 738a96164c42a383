import { Pool } from 'pg'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { connect, type Database } from '../../../src/adapters/postgres/client.ts'
import { commitTogether } from '../../../src/adapters/postgres/commit.ts'
import { createHandoffs } from '../../../src/adapters/postgres/handoffs.ts'
import { createLeads } from '../../../src/adapters/postgres/leads.ts'
import type { Agreement } from '../../../src/domain/agreement.ts'
import { accept } from '../../../src/domain/decide/accept.ts'
import { acknowledgeReturn } from '../../../src/domain/decide/acknowledge-return.ts'
import { contestReturn } from '../../../src/domain/decide/contest-return.ts'
import type { Decided, Decision } from '../../../src/domain/decide/decision.ts'
import { answeredByNextRound, handOff } from '../../../src/domain/decide/hand-off.ts'
import { logAttempt } from '../../../src/domain/decide/log-attempt.ts'
import { markReady } from '../../../src/domain/decide/ready.ts'
import { reassign } from '../../../src/domain/decide/reassign.ts'
import { reportDeal } from '../../../src/domain/decide/report-deal.ts'
import { returnLead } from '../../../src/domain/decide/return.ts'
import { ruleOnReturn } from '../../../src/domain/decide/rule-on-return.ts'
import { deadlineOf, type Handoff, type Ruling } from '../../../src/domain/handoff.ts'
import type { Change, Handoffs } from '../../../src/use-cases/ports/handoffs.ts'
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

/** Returns, what marketing and managers say to them, deals, and the rounds of one lead. */

let fresh: FreshDatabase
let database: Database
let handoffs: Handoffs
const ws = 'T0ACME'
const agreement = anAgreement({ reassignment: { clock: 'restart' } })
const at = (minutes: number, terms: Agreement = agreement) => ({
  agreement: terms,
  now: minutesAfter(minutes),
})
const luca = aPerson({
  id: 'per_luca',
  slackId: 'U0LUCA',
  email: 'luca@acme.example',
  name: 'Luca',
})
const marketing = anActor(ben, 'marketing')
const judges = [
  { person: sara, role: 'sales_manager' as const },
  { person: mario, role: 'marketing_manager' as const },
]

beforeAll(async () => {
  fresh = await freshDatabase()
  database = connect(fresh.url, { max: 20 })
  handoffs = createHandoffs(database)
  const people = [aPerson(), luca, ben, sara, mario]
  await database.prisma.user.createMany({
    data: people.map((person) => ({ ...person, workspaceId: ws })),
  })
})
afterAll(async () => {
  await database.close()
  await fresh.drop()
})

function decisionOf(decided: Decided): Decision {
  if (!decided.ok) throw new Error(decided.refusal.code)
  return decided.decision
}

/** Commits what was decided, and holds what the database gives against it. */
async function keep(before: Handoff | null, decided: Decided): Promise<Handoff> {
  const decision = decisionOf(decided)
  expect(await handoffs.commit(before, decision)).toBe('committed')
  const kept = await handoffs.byId(ws, decision.handoff.id)
  expect(kept && inOrder(kept)).toEqual(inOrder(decision.handoff))
  return kept ?? decision.handoff
}

/** The database gives clocks in the order of their kinds, rules in that in which they started. */
const inOrder = (handoff: Handoff): Handoff => ({
  ...handoff,
  deadlines: handoff.deadlines.toSorted((a, b) => a.kind.localeCompare(b.kind)),
})

let counter = 0
function offer(minutes = 0): Promise<Handoff> {
  counter += 1
  const lead = aLead({ id: `lead_${counter}`, email: `lead${counter}@example.com` })
  const said = aHandOff({ id: `hof_${counter}`, workspaceId: ws, lead })
  return keep(null, handOff(said, marketing, at(minutes)))
}
const accepted = (handoff: Handoff) => keep(handoff, accept(handoff, anActor(), at(10)))
const back = (handoff: Handoff, said = {}) =>
  keep(handoff, returnLead(handoff, aReturn({ readyOn: '2026-12-01', ...said }), anActor(), at(30)))
const contested = (handoff: Handoff) =>
  keep(handoff, contestReturn(handoff, { why: 'It is there', judges }, marketing, at(60)))
const rule = (handoff: Handoff, ruling: Ruling, judge: (typeof judges)[number] | undefined) =>
  keep(handoff, ruleOnReturn(handoff, { ruling, words: 'So it is' }, judge ?? anActor(), at(90)))

/** What handing over again comes to: the new round, and the answer to the return before it. */
function again(before: Handoff, minutes = 120, lead = before.lead): [Change, Change] {
  counter += 1
  const said = aHandOff({
    id: `hof_${counter}`,
    workspaceId: ws,
    lead,
    before,
    known: { stage: before.lifecycleStage, status: before.leadStatus },
    whatChanged: 'The budget is there',
  })
  const decision = decisionOf(handOff(said, marketing, at(minutes)))
  const answer = answeredByNextRound(before, decision.handoff, marketing, minutesAfter(minutes))
  if (answer === null) throw new Error('nothing was answered')
  return [
    { before: null, decision },
    { before, decision: answer },
  ]
}

const changesOf = async (leadId: string) =>
  database.prisma.leadChange.findMany({ where: { leadId }, orderBy: { id: 'asc' } })

describe('a return', () => {
  test('is read back with everything that was said, and its day', async () => {
    const said = { criterion: 'size', field: 'phone', note: 'n', readyWhen: 'w' } as const
    const other = { email: 'other@example.com', lead: aLead() }
    const start = await offer()
    const { returned, deadlines } = await back(start, { ...said, duplicateOf: other })
    expect(returned).toMatchObject({ ...said, duplicateOf: other.email, readyOn: '2026-12-01' })
    const ready = deadlines.find(({ kind }) => kind === 'ready')
    expect(ready?.steps).toEqual([{ at: new Date('2026-12-01T08:00:00Z'), do: 'ready' }])
  })

  test('is read back as marketing answers it, and with the day that it is ready again', async () => {
    const start = await back(await accepted(await offer()))
    const answered = await keep(start, acknowledgeReturn(start, marketing, at(40)))
    const ready = await keep(answered, markReady(answered, marketing, at(50)))
    expect(ready.returned).toMatchObject({ answer: 'acknowledged', readySince: minutesAfter(50) })
  })

  test('is read back with a contest, each vote, and the ruling', async () => {
    const start = await contested(await back(await offer()))
    const first = await rule(start, 'clarify', judges[0])
    expect(first.returned?.contest?.votes).toHaveLength(1)
    const split = await rule(first, 'uphold', judges[1])
    expect(split.returned?.contest).toMatchObject({ ruling: null, votes: [{}, {}] })
    const agreed = await rule(split, 'clarify', judges[1])
    expect(agreed.returned?.contest?.ruling).toBe('clarify')
  })

  test('that is overturned reopens the handoff, with clocks that began anew', async () => {
    const start = await contested(await back(await accepted(await offer())))
    const reopened = await rule(await rule(start, 'overturn', judges[0]), 'overturn', judges[1])
    expect(reopened).toMatchObject({ status: 'accepted', returned: null })
    expect(reopened.restartedAt).toEqual(minutesAfter(90))
    const { rows } = await database.pool.query(
      'select returned is null as gone from handoffs where id = $1',
      [start.id],
    )
    expect(rows).toEqual([{ gone: true }])
  })

  test('is read back after one that was overturned, whose clocks are over', async () => {
    const start = await contested(await back(await offer()))
    const reopened = await rule(await rule(start, 'overturn', judges[0]), 'overturn', judges[1])
    const said = aReturn({ readyWhen: 'the budget is there' })
    const second = await keep(reopened, returnLead(reopened, said, anActor(), at(100)))
    expect(deadlineOf(second, 'return-answer')?.startedAt).toEqual(minutesAfter(100))
    const anew = contestReturn(second, { why: 'Still there', judges }, marketing, at(110))
    expect((await keep(second, anew)).returned?.contest?.at).toEqual(minutesAfter(110))
  })

  test('can’t be overturned once the lead is handed over again', async () => {
    const start = await contested(await back(await offer()))
    const first = await rule(start, 'overturn', judges[0])
    const other = judges[1]
    if (other === undefined) throw new Error('nobody')
    const said = { ruling: 'overturn', words: undefined } as const
    const overturned = decisionOf(ruleOnReturn(first, said, other, at(95)))
    expect(await handoffs.commitAll(again(first))).toBe('committed')
    expect(await handoffs.commit(first, overturned)).toBe('moved')
  })
})

describe('an accepted lead', () => {
  test('is read back with its deal', async () => {
    const start = await accepted(await offer())
    const said = { stage: 'quote', lostReason: undefined, note: 'On Friday', fromProgram: false }
    const open = await keep(start, reportDeal(start, said, anActor(), at(40)))
    expect(open.deal).toEqual({
      stage: 'quote',
      lostReason: null,
      note: 'On Friday',
      at: minutesAfter(40),
    })
    const lost = { ...said, stage: 'closed-lost', lostReason: 'price', note: undefined }
    const closed = await keep(open, reportDeal(open, lost, anActor(), at(50)))
    expect(closed).toMatchObject({ status: 'closed', deal: { lostReason: 'price' } })
    expect(await handoffs.openOfLead(ws, start.lead.email)).toBeUndefined()
    const lead = await createLeads(database).byEmail(ws, start.lead.email)
    expect(lead).toMatchObject({ stage: 'mql', status: 'Closed lost' })
  })

  test('is read back with another owner, and when its clocks began anew', async () => {
    const start = await accepted(await offer())
    const to = { person: luca, role: 'rep', duty: { free: true } } as const
    const next = await keep(start, reassign(start, to, anActor(), at(20)))
    expect(next).toMatchObject({ owner: luca, restartedAt: minutesAfter(20) })
    expect(deadlineOf(next, 'first-attempt')?.startedAt).toEqual(minutesAfter(20))
  })

  test('counts for its owner as long as it is open', async () => {
    const before = await handoffs.openOf(ws, 'per_anna')
    const start = await accepted(await offer())
    expect(await handoffs.openOf(ws, 'per_anna')).toBe(before + 1)
    expect(await handoffs.openOf('T0OTHER', 'per_anna')).toBe(0)
    await back(start)
    expect(await handoffs.openOf(ws, 'per_anna')).toBe(before)
  })
})

describe('changes of a lead', () => {
  test('are kept with the commit that made them, by whom and by which clause', async () => {
    const start = await offer()
    await back(await accepted(start))
    const common = { workspaceId: ws, handoffId: start.id, leadId: start.lead.id }
    const [handedOver, took, gave] = [minutesAfter(0), minutesAfter(10), minutesAfter(30)]
    const handoff = { ...common, version: 1, rule: 'handoff', at: handedOver, byId: 'per_ben' }
    const rule = 'return_reasons.not-ready'
    const returned = { ...common, version: 3, rule, at: gave, byId: 'per_anna' }
    expect(await changesOf(start.lead.id)).toMatchObject([
      { ...handoff, what: 'stage', from: null, to: 'sql' },
      { ...handoff, what: 'status', from: null, to: 'New' },
      { ...common, version: 2, at: took, what: 'status', from: 'New', to: 'Accepted' },
      { ...returned, what: 'stage', from: 'sql', to: 'mql' },
      { ...returned, what: 'status', from: 'Accepted', to: 'Returned – not ready' },
    ])
  })

  test('are none where nothing changed, or nothing was committed', async () => {
    const start = await accepted(await offer())
    const known = await changesOf(start.lead.id)
    const made = { channel: 'call', outcome: 'no-answer', note: undefined } as const
    const tried = logAttempt(
      start,
      { ...made, id: 'att_1', at: minutesAfter(15) },
      anActor(),
      at(15),
    )
    const attempting = await keep(start, tried)
    const second = { ...made, id: 'att_2', at: minutesAfter(16) }
    await keep(attempting, logAttempt(attempting, second, anActor(), at(16)))
    const stale = decisionOf(returnLead(start, aReturn({ readyWhen: 'w' }), anActor(), at(20)))
    expect(await handoffs.commit(start, stale)).toBe('moved')
    expect(await changesOf(start.lead.id)).toHaveLength(known.length + 1)
  })
})

describe('a second round', () => {
  test('is read back with how the first ended and what changed, and answers it', async () => {
    const start = await back(await offer())
    const [next, answer] = again(start)
    const request = { key: 'api:again', fingerprint: 'x' }
    expect(await handoffs.commitAll([next, answer], request)).toBe('committed')
    const { handoff } = next.decision
    expect(handoff).toMatchObject({
      round: 2,
      whatChanged: 'The budget is there',
      cameFrom: 'mql',
      previous: { handoffId: start.id, reason: 'not-ready', at: minutesAfter(30) },
    })
    expect(await handoffs.byId(ws, handoff.id)).toEqual(handoff)
    expect(await handoffs.byId(ws, start.id)).toEqual(answer.decision.handoff)
    expect((await handoffs.lastOfLead(ws, start.lead.email))?.id).toBe(handoff.id)
    expect((await handoffs.byRequest(ws, 'api:again'))?.handoffId).toBe(handoff.id)
    const changes = await changesOf(start.lead.id)
    expect(changes.slice(-2)).toMatchObject([
      { handoffId: handoff.id, version: 1, from: 'mql', to: 'sql' },
      { handoffId: handoff.id, version: 1, from: 'Returned – not ready', to: 'New' },
    ])
  })

  test('is the last one, whatever the clocks of those who handed over said', async () => {
    const start = await back(await offer(120))
    const [next, answer] = again(start, 100)
    expect(await handoffs.commitAll([next, answer])).toBe('committed')
    expect((await handoffs.lastOfLead(ws, start.lead.email))?.round).toBe(2)
  })

  test('comes about for one of many who hand over again at once', async () => {
    const start = await back(await offer())
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, () => handoffs.commitAll(again(start))),
    )
    expect(outcomes.filter((outcome) => outcome === 'committed')).toHaveLength(1)
    const where = { leadId: start.lead.id }
    const rounds = await database.prisma.handoff.findMany({ where, orderBy: { round: 'asc' } })
    expect(rounds.map(({ round }) => round)).toEqual([1, 2])
    const answered = await handoffs.byId(ws, start.id)
    expect(answered?.version).toBe(start.version + 1)
    expect(answered?.returned?.answer).toBe('handed-over-again')
  })

  test('does not come about twice, one after the other has ended', async () => {
    const start = await back(await offer())
    const late = again(start)
    const [next, answer] = again(start)
    expect(await handoffs.commitAll([next, answer])).toBe('committed')
    await back(next.decision.handoff)
    expect(await handoffs.commit(null, late[0].decision)).toBe('moved')
  })
})

describe('decisions that belong together', () => {
  const nothingOf = async ({ decision }: Change) => {
    expect(await handoffs.byId(ws, decision.handoff.id)).toBeUndefined()
    const where = { handoffId: decision.handoff.id }
    expect(await database.prisma.event.count({ where })).toBe(0)
    expect(await database.prisma.delivery.count({ where })).toBe(0)
    expect(await database.prisma.leadChange.count({ where })).toBe(0)
  }

  test('are none of them where one can’t be, and the key of the request may be used', async () => {
    const start = await back(await offer())
    const [next, answer] = again(start)
    await keep(start, acknowledgeReturn(start, marketing, at(40)))
    const request = { key: 'api:moved', fingerprint: 'x' }
    expect(await handoffs.commitAll([next, answer], request)).toBe('moved')
    await nothingOf(next)
    expect(await handoffs.byRequest(ws, 'api:moved')).toBeUndefined()
    const lead = await createLeads(database).byEmail(ws, start.lead.email)
    expect(lead?.status).toBe('Returned – not ready')
  })

  test('are none of them where the lead is taken', async () => {
    const start = await back(await offer())
    const open = await offer()
    const [next, answer] = again(start, 120, open.lead)
    expect(await handoffs.commitAll([next, answer])).toBe('lead-taken')
    await nothingOf(next)
    expect(await handoffs.byId(ws, start.id)).toEqual(start)
  })

  test('have their effect once where the request comes twice', async () => {
    const start = await back(await offer())
    const request = { key: 'api:twice', fingerprint: 'x' }
    expect(await handoffs.commitAll(again(start), request)).toBe('committed')
    const other = await back(await offer())
    const repeated = again(other)
    expect(await handoffs.commitAll(repeated, request)).toBe('repeated')
    await nothingOf(repeated[0])
    expect(await handoffs.byId(ws, other.id)).toEqual(other)
  })

  test('leave nothing behind where the connection dies half-way, and the process lives', async () => {
    const start = await back(await offer())
    const [next, answer] = again(start)
    const pool = new Pool({ connectionString: fresh.url, max: 1, application_name: 'to be killed' })
    const other = await database.pool.connect()
    try {
      // The row of the lead is held, so the transaction stands still with one half written.
      await other.query('begin')
      await other.query('select from leads where id = $1 for update', [start.lead.id])
      const dying = commitTogether(pool, [next, answer], { key: 'api:dead', fingerprint: 'x' })
      dying.catch(() => {})
      await expect
        .poll(async () => {
          const { rows } = await database.pool.query(
            `select pg_terminate_backend(pid) as killed from pg_stat_activity
              where application_name = 'to be killed' and wait_event_type = 'Lock'`,
          )
          return rows
        })
        .toEqual([{ killed: true }])
      await expect(dying).rejects.toThrow()
    } finally {
      await other.query('rollback')
      other.release()
    }
    await nothingOf(next)
    expect(await handoffs.byId(ws, start.id)).toEqual(start)
    expect(await handoffs.byRequest(ws, 'api:dead')).toBeUndefined()
    expect(await commitTogether(pool, [next, answer], undefined)).toBe('committed')
    await pool.end()
  })

  test('do not stand in the way of a ruling that overturns the return meanwhile', async () => {
    for (let tries = 0; tries < 10; tries++) {
      const start = await rule(await contested(await back(await offer())), 'overturn', judges[0])
      const judge = judges[1]
      if (judge === undefined) throw new Error('nobody')
      const said = { ruling: 'overturn', words: undefined } as const
      const overturned = decisionOf(ruleOnReturn(start, said, judge, at(95)))
      const outcomes = await Promise.all([
        handoffs.commitAll(again(start)),
        handoffs.commit(start, overturned),
      ])
      expect(outcomes.filter((outcome) => outcome === 'committed')).toHaveLength(1)
    }
  })
})

describe('what is back', () => {
  test('comes newest first, as long as it is not handed over again', async () => {
    const older = await back(await offer(-600))
    const newer = await back(await offer(-590))
    const open = await offer(-580)
    const list = async () =>
      (await handoffs.back(ws, 1_000)).map(({ id }) => id).filter((id) => ids.includes(id))
    const ids = [older.id, newer.id, open.id]
    expect(await list()).toEqual([newer.id, older.id])
    expect((await handoffs.back(ws, 1_000)).length).toBeGreaterThan(1)
    expect(await handoffs.back(ws, 1)).toHaveLength(1)
    await keep(newer, acknowledgeReturn(newer, marketing, at(40)))
    expect(await list()).toEqual([newer.id, older.id])
    expect(await handoffs.commitAll(again(older))).toBe('committed')
    expect(await list()).toEqual([newer.id])
    expect(await handoffs.back('T0OTHER', 10)).toEqual([])
  })

  test('is told from leads that sales gave up on', async () => {
    const said = { status: 'Unresponsive', needs: ['note' as const], stage: 'mql' as const }
    const reason = { id: 'silent', name: { en: 'Silent', it: 'Muto' }, ...said }
    const terms = anAgreement({ return_reasons: [reason] })
    const start = await offer()
    const command = aReturn({ reason: 'silent', note: 'n' })
    const gone = await keep(start, returnLead(start, command, anActor(), at(30, terms)))
    expect(gone.status).toBe('unresponsive')
    expect(await handoffs.back(ws, 1_000)).toContainEqual(gone)
  })
})

describe('with thousands of handoffs', () => {
  const many = 5_000
  const crowded = 'T0CROWD'

  beforeAll(async () => {
    await database.pool.query(
      `with lead as (
        insert into leads (id, workspace_id, email, name, lifecycle_stage, created_at, updated_at)
        select 'crowd_' || n, $1, 'crowd' || n || '@example.com', 'Lead', 'mql', $2, $2
        from generate_series(1, $3::int) n returning id
      )
      insert into handoffs (id, workspace_id, lead_id, version, status, lead_status,
        lifecycle_stage, lead_type, priority, reason, agreement_version, channel, round, owner_id,
        returned, created_at, updated_at)
      select 'crowd_' || n || '_' || round, $1, 'crowd_' || n, 1,
        case when round < 3 or n % 50 = 0 then 'returned' else 'accepted' end, 'x', 'mql', 'x',
        'hot', 'x', 1, 'sql', round, 'per_' || n % 40,
        case when round < 3 then '{"answer": "handed-over-again"}'::jsonb
          when n % 50 = 0 then '{}'::jsonb end,
        $2::timestamptz + n * interval '1 second', $2
      from generate_series(1, $3::int) n, generate_series(1, 3) round`,
      [crowded, minutesAfter(0), many],
    )
    await database.pool.query('analyze leads')
    await database.pool.query('analyze handoffs')
  })

  test.each([
    [
      'lastOfLead',
      'handoffs_round_of_lead',
      () => handoffs.lastOfLead(crowded, 'crowd7@example.com'),
    ],
    ['openOf', 'handoffs_open_of_owner', () => handoffs.openOf(crowded, 'per_7')],
    ['back', 'handoffs_back', () => handoffs.back(crowded, 50)],
  ])('%s takes the index made for it', async (_, index, read) => {
    const asked = vi.spyOn(database.pool, 'query')
    // What the rows hold is not the matter here.
    await read().catch(() => undefined)
    const [query] = asked.mock.calls[0] ?? []
    asked.mockRestore()
    const { text, values } = Object(query)
    const { rows } = await database.pool.query(`explain (format json) ${text}`, values)
    const plan = JSON.stringify(rows)
    expect(plan).toContain(`"Index Name":"${index}"`)
    expect(plan).not.toMatch(/"Node Type":"Seq Scan"[^}]*"Relation Name":"(handoffs|leads)"/)
  })
})

describe('a handoff of the version before', () => {
  test('is read, though its return knows nothing of answers', async () => {
    const start = await back(await offer())
    const old = `returned - '{answer,contest,readySince,field,duplicateOf}'::text[]`
    await database.pool.query(`update handoffs set returned = ${old} where id = $1`, [start.id])
    expect(await handoffs.byId(ws, start.id)).toEqual(start)
    expect(await handoffs.back(ws, 1_000)).toContainEqual(start)
    const contest = contestReturn(start, { why: 'w', judges }, marketing, at(60))
    await keep(start, contest)
  })
})
