import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createActivities } from '../../../src/adapters/postgres/activities.ts'
import { connect, type Database } from '../../../src/adapters/postgres/client.ts'
import { createLeads } from '../../../src/adapters/postgres/leads.ts'
import { createScores } from '../../../src/adapters/postgres/scores.ts'
import { keepLead } from '../../../src/domain/decide/keep-lead.ts'
import { type Rescored, rescore } from '../../../src/domain/decide/rescore.ts'
import { relevantTypes } from '../../../src/domain/scoring.ts'
import type { NewActivity } from '../../../src/use-cases/ports/leads.ts'
import { anAgreement, fixedNow, minutesAfter } from '../../support/builders.ts'
import { type FreshDatabase, freshDatabase } from '../../support/database.ts'

let fresh: FreshDatabase
let database: Database
const ws = 'T0ACME'
const elsewhere = 'T0ELSE'
const now = fixedNow
const turn = minutesAfter(1)

beforeAll(async () => {
  fresh = await freshDatabase()
  database = connect(fresh.url, { max: 10 })
})
afterAll(async () => {
  await database.close()
  await fresh.drop()
})
beforeEach(() =>
  database.pool.query('truncate leads, activities, lead_changes, crm_writes cascade'),
)

const agreement = anAgreement({
  scoring: {
    threshold: 70,
    mql: 30,
    rules: [
      {
        id: 'quote',
        name: { en: 'Asked for a quote', it: 'Ha chiesto un preventivo' },
        activity: 'quote',
        points: 40,
      },
    ],
  },
  journey: { rules: [{ stage: 'decision', activity: 'quote' }] },
})
const types = relevantTypes(agreement)

const anActivity = (overrides: Partial<NewActivity> = {}): NewActivity => ({
  email: 'maria@officineverdi.example',
  name: 'Maria Verdi',
  key: 'a1',
  type: 'quote',
  at: now,
  properties: { pages: 2 },
  ...overrides,
})
const add = (told: NewActivity[], workspaceId = ws) =>
  createActivities(database).add(workspaceId, told, now)
const take = (limit = 10, workspaceId = ws) =>
  createScores(database).take(workspaceId, { types, now, turn, limit })
const rowOf = (email = 'maria@officineverdi.example') =>
  database.prisma.lead.findUniqueOrThrow({
    where: { workspaceId_email: { workspaceId: ws, email } },
  })

/** Takes the one lead that is due, and scores it. */
async function scoreOne(): Promise<Rescored> {
  const [due] = await take()
  if (due === undefined) throw new Error('no lead is due')
  const rescored = rescore(agreement, due, due.activities, now)
  await createScores(database).keep(ws, turn, [rescored], now)
  return rescored
}

describe('activities', () => {
  test('are kept once, and make the leads that nothing is known of', async () => {
    const told = [
      anActivity(),
      anActivity({ key: 'a2', name: 'Another name' }),
      anActivity({ key: 'a1' }),
      anActivity({ email: 'paola@b.example', name: 'Paola', key: 'a3' }),
    ]
    expect(await add(told)).toBe(3)
    expect(await add(told)).toBe(0)
    expect(await add(told, elsewhere)).toBe(3)
    expect(await rowOf()).toMatchObject({
      name: 'Maria Verdi',
      lifecycleStage: 'lead',
      scoreDueAt: now,
    })
    const rows = await database.prisma.activity.findMany({ where: { workspaceId: ws } })
    expect(rows).toHaveLength(3)
    expect(rows[0]).toMatchObject({ type: 'quote', at: now, properties: { pages: 2 } })
    const changes = await database.prisma.leadChange.findMany({ where: { workspaceId: ws } })
    expect(changes).toHaveLength(2)
    expect(changes[0]).toMatchObject({ what: 'stage', from: null, to: 'lead', rule: 'activity' })
  })

  test('told many at once by many meet no deadlock, and none is lost', async () => {
    const batch = (from: number) =>
      Array.from({ length: 60 }, (_, index) =>
        anActivity({ email: `l${(index * 7 + from) % 20}@b.example`, key: `${from}_${index}` }),
      )
    const added = await Promise.all([1, 2, 3, 4, 5, 6].map((from) => add(batch(from))))
    expect(added).toEqual(Array(6).fill(60))
    expect(await database.prisma.lead.count()).toBe(20)
  })
})

describe('leads that are due', () => {
  test('are taken by one of several, with what they did of the types that count', async () => {
    const told = Array.from({ length: 12 }, (_, index) =>
      anActivity({ email: `l${index}@b.example`, key: `k${index}` }),
    )
    await add([...told, anActivity({ email: 'l0@b.example', key: 'other', type: 'sneeze' })])
    await add([anActivity({ key: 'else' })], elsewhere)
    const taken = (await Promise.all([take(5), take(5), take(5)])).flat()
    expect(new Set(taken.map(({ lead }) => lead.email)).size).toBe(12)
    expect(taken).toHaveLength(12)
    expect(await take()).toEqual([])
    const first = taken.find(({ lead }) => lead.email === 'l0@b.example')
    expect(first).toMatchObject({
      stage: 'lead',
      score: null,
      standing: { above: false, crossings: 0 },
      activities: [{ type: 'quote', at: now, properties: { pages: 2 } }],
    })
  })

  test('are due again when the turn is over', async () => {
    await add([anActivity()])
    expect(await take()).toHaveLength(1)
    const later = minutesAfter(2)
    const again = await createScores(database).take(ws, {
      ...{ types, now: turn, turn: later, limit: 10 },
    })
    expect(again).toHaveLength(1)
  })

  test('bring at most their newest 2,000 activities', async () => {
    for (const part of [0, 1, 2]) {
      await add(
        Array.from({ length: 1_000 }, (_, index) =>
          anActivity({ key: `${part}_${index}`, at: minutesAfter(part * 1_000 + index - 5_000) }),
        ),
      )
    }
    const [due] = await take()
    expect(due?.activities).toHaveLength(2_000)
    expect(due?.activities[0]?.at).toEqual(minutesAfter(2_999 - 5_000))
  })
})

describe('a score', () => {
  test('is kept with the stages that come of it', async () => {
    await database.prisma.lead.create({
      data: {
        ...{ id: 'lead_1', workspaceId: ws, email: anActivity().email, name: 'Maria' },
        ...{ lifecycleStage: 'lead', crm: { system: 'hubspot', id: '1' } },
        ...{ createdAt: now, updatedAt: now },
      },
    })
    await add([anActivity()])
    await scoreOne()
    expect(await rowOf()).toMatchObject({
      score: { total: 40, threshold: 70, lines: [{ rule: 'quote', points: 40, times: 1 }] },
      lifecycleStage: 'mql',
      journeyStage: 'decision',
      aboveThreshold: false,
      crossings: 0,
      scoreDueAt: null,
    })
    const changes = await database.prisma.leadChange.findMany({ where: { leadId: 'lead_1' } })
    expect(changes).toMatchObject([{ from: 'lead', to: 'mql', rule: 'scoring.mql', at: now }])
    expect(await database.prisma.crmWrite.findMany()).toMatchObject([{ leadId: 'lead_1' }])
  })

  test('that crosses the threshold keeps its turn until that is settled', async () => {
    await add([anActivity(), anActivity({ key: 'a2' })])
    const rescored = await scoreOne()
    expect(rescored.crossed).toBe(true)
    expect(await rowOf()).toMatchObject({
      ...{ score: { total: 80 }, aboveThreshold: false, crossings: 0, scoreDueAt: turn },
    })
    await createScores(database).settle(ws, turn, rescored)
    expect(await rowOf()).toMatchObject({ aboveThreshold: true, crossings: 1, scoreDueAt: null })
  })

  test('that crossed holds until that is settled, though it falls meanwhile', async () => {
    await add([anActivity(), anActivity({ key: 'a2' })])
    const decided = await scoreOne()
    await add([anActivity({ key: 'other', type: 'sneeze' })])
    const scores = createScores(database)
    const again = async () => {
      const [due] = await take()
      if (due === undefined) throw new Error('no lead is due')
      const rescored = rescore(agreement, due, [], now)
      await scores.keep(ws, turn, [rescored], now)
      return rescored
    }
    const late = await again()
    expect(late).toMatchObject({ crossed: true, score: decided.score, standing: { crossings: 1 } })
    await scores.settle(ws, turn, late)
    expect(await rowOf()).toMatchObject({
      ...{ score: { total: 80 }, aboveThreshold: true, crossings: 1, scoreDueAt: now },
    })
    expect(await again()).toMatchObject({ crossed: false })
    expect(await rowOf()).toMatchObject({
      ...{ score: { total: 0 }, aboveThreshold: false, crossings: 1, scoreDueAt: null },
    })
  })

  test('is left to the next turn where something new was learnt meanwhile', async () => {
    await add([anActivity()])
    const [due] = await take()
    if (due === undefined) throw new Error('no lead is due')
    await add([anActivity({ key: 'a2' })])
    const rescored = rescore(agreement, due, due.activities, now)
    const scores = createScores(database)
    expect(await scores.keep(ws, turn, [rescored], now)).toEqual(new Set())
    expect(await rowOf()).toMatchObject({ score: null, scoreDueAt: now })
    await scores.settle(ws, turn, rescored)
    expect((await rowOf()).scoreDueAt).toEqual(now)
  })

  test('moves the stage of the journey by the rules, never one that was sent', async () => {
    const leads = createLeads(database)
    const email = anActivity().email
    const tell = (journeyStage?: 'awareness') =>
      leads.keep(
        ws,
        email,
        (known) => keepLead(agreement, known, { email, name: 'Maria', journeyStage }, 'lead_1'),
        now,
      )
    await tell()
    await scoreOne()
    expect((await rowOf()).journeyStage).toBeNull()
    await add([anActivity()])
    await scoreOne()
    expect((await rowOf()).journeyStage).toBe('decision')
    await tell('awareness')
    await scoreOne()
    expect((await rowOf()).journeyStage).toBe('awareness')
  })
})
