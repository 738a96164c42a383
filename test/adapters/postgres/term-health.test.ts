import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connect, type Database } from '../../../src/adapters/postgres/client.ts'
import { createTermHealth } from '../../../src/adapters/postgres/term-health.ts'
import { fixedNow, minutesAfter } from '../../support/builders.ts'
import { type FreshDatabase, freshDatabase } from '../../support/database.ts'

const ws = 'T0ACME'
const day = 24 * 60
const period = { from: minutesAfter(-30 * day), to: fixedNow }
const within = minutesAfter(-day)
const longAgo = minutesAfter(-40 * day)

let fresh: FreshDatabase
let database: Database

beforeAll(async () => {
  fresh = await freshDatabase()
  database = connect(fresh.url, { max: 5 })
  await seed()
})
afterAll(async () => {
  await database.close()
  await fresh.drop()
})

/** Five handoffs of late, two of them returned, and one of long ago; one of another workspace. */
async function seed(): Promise<void> {
  const { pool } = database
  const lead = (id: string, workspaceId: string) =>
    pool.query(
      `insert into leads (id, workspace_id, email, name, lifecycle_stage, created_at, updated_at)
        values ($1, $2, $1 || '@x.example', $1, 'sql', $3, $3)`,
      [id, workspaceId, within],
    )
  const handoff = (id: string, workspaceId: string, status: string, leadStatus: string) =>
    pool.query(
      `insert into handoffs (id, workspace_id, lead_id, version, status, lead_status,
        lifecycle_stage, lead_type, priority, reason, agreement_version, channel, created_at,
        updated_at) values ($1, $2, $1, 1, $3, $4, 'sql', 'new', 'hot', 'why', 1, 'c', $5, $5)`,
      [id, workspaceId, status, leadStatus, within],
    )
  const event = (id: string, type: string, at: Date, data: object = {}, workspaceId = ws) =>
    pool.query(
      `insert into events (workspace_id, handoff_id, version, type, at, data)
        values ($1, $2, 1, $3, $4, $5)`,
      [workspaceId, id, type, at, data],
    )
  const stage = (id: string, to: string, at: Date) =>
    pool.query(
      `insert into lead_changes (workspace_id, lead_id, what, "to", rule, at)
        values ($1, $2, 'stage', $3, 'api', $4)`,
      [ws, id, to, at],
    )
  for (const [place, status] of [
    'offered',
    'accepted',
    'returned',
    'returned',
    'closed',
  ].entries()) {
    await lead(`hof_${place}`, ws)
    const words = status === 'offered' ? 'New' : 'Accepted'
    await handoff(`hof_${place}`, ws, status, words)
    await event(`hof_${place}`, 'HandedOff', within)
  }
  await lead('hof_old', ws)
  await handoff('hof_old', ws, 'offered', 'New')
  await event('hof_old', 'HandedOff', longAgo)
  await lead('hof_else', 'T0ELSE')
  await handoff('hof_else', 'T0ELSE', 'offered', 'New')
  await event('hof_else', 'HandedOff', within, {}, 'T0ELSE')
  await event('hof_2', 'Returned', within, { reason: 'not-ready' })
  await event('hof_3', 'Returned', within, { reason: 'duplicate' })
  await event('hof_3', 'Returned', within, { reason: 'not-ready' })
  await event('hof_4', 'DealStageReported', within, { stage: 'exploration', means: 'open' })
  await event('hof_4', 'DealStageReported', within, { stage: 'won', means: 'won' })
  await event('hof_1', 'AttemptLogged', within)
  await event('hof_1', 'AttemptLogged', within)
  await event('hof_0', 'AttemptLogged', within)
  await event('hof_1', 'Connected', within)
  for (const [number, id] of ['hof_1', 'hof_1', 'hof_0'].entries()) {
    await pool.query(
      `insert into attempts (id, workspace_id, handoff_id, number, channel, outcome, at, counted,
        why) values ($1, $2, $3, $4, 'call', 'no-answer', $5, $6, '{}')`,
      [`att_${number}`, ws, id, number + 1, within, number !== 1],
    )
  }
  for (const [place, late] of [null, null, within].entries()) {
    await pool.query(
      `insert into timers (workspace_id, handoff_id, kind, state, started_at, due_at, met_at,
        breached_at, steps) values ($1, $2, 'accept', 'met', $3, $3, $3, $4, '[]')`,
      [ws, `hof_${place}`, within, late],
    )
  }
  await stage('hof_0', 'mql', within)
  await stage('hof_0', 'sql', within)
  await stage('hof_1', 'mql', within)
  await stage('hof_2', 'mql', longAgo)
}

describe('how a term fares', () => {
  test.each([
    ['sql', { kind: 'handed-over', count: 5, returned: 2, topReason: 'not-ready' }],
    ['sla', { kind: 'kept', kept: 2, of: 3 }],
    ['connect-attempt', { kind: 'attempts', logged: 3, counted: 2, leads: 2, connected: 1 }],
    ['mql', { kind: 'crossed', count: 2, crossed: 1 }],
    [
      'lead-status',
      {
        kind: 'statuses',
        open: 3,
        statuses: [
          { status: 'New', count: 2 },
          { status: 'Accepted', count: 1 },
        ],
      },
    ],
    ['deal-stage', { kind: 'deals', count: 1, won: 1, lost: 0 }],
    ['returned-not-ready', { kind: 'returned', count: 2, of: 5 }],
    ['returned-not-a-fit', { kind: 'returned', count: 0, of: 5 }],
  ])('is told by the events: %s', async (termId, figures) => {
    expect(await createTermHealth(database).of(ws, termId, period)).toEqual(figures)
  })

  test('is not told of a term without figures', async () => {
    expect(await createTermHealth(database).of(ws, 'icp', period)).toBeUndefined()
  })

  test.each(['sql', 'sla', 'connect-attempt', 'mql', 'lead-status', 'deal-stage'])(
    'has figures where nothing happened: %s',
    async (termId) => {
      expect(await createTermHealth(database).of('T0EMPTY', termId, period)).toBeDefined()
    },
  )

  test('is counted once by those who ask at the same time, for each workspace', async () => {
    let asked = 0
    const pool = new Proxy(database.pool, {
      get(target, name, receiver) {
        if (name === 'query') asked++
        const value: unknown = Reflect.get(target, name, receiver)
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
    const health = createTermHealth({ pool })
    const answers = await Promise.all([1, 2, 3].map(() => health.of(ws, 'sql', period)))
    expect(new Set(answers).size).toBe(1)
    expect(asked).toBe(1)
    expect(await health.of('T0ELSE', 'sql', period)).toMatchObject({ count: 1, returned: 0 })
    expect(asked).toBe(2)
  })
})
