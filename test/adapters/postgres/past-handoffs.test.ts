import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connect, type Database } from '../../../src/adapters/postgres/client.ts'
import { commitStatement } from '../../../src/adapters/postgres/commit.ts'
import { createPastHandoffs } from '../../../src/adapters/postgres/past-handoffs.ts'
import { accept } from '../../../src/domain/decide/accept.ts'
import type { Decided } from '../../../src/domain/decide/decision.ts'
import { handOff } from '../../../src/domain/decide/hand-off.ts'
import { logAttempt } from '../../../src/domain/decide/log-attempt.ts'
import { returnLead } from '../../../src/domain/decide/return.ts'
import type { Handoff } from '../../../src/domain/handoff.ts'
import type { PastHandoff } from '../../../src/domain/replay.ts'
import { replayAgreement } from '../../../src/use-cases/replay-agreement.ts'
import {
  aHandOff,
  anActor,
  anAgreement,
  aPerson,
  aReturn,
  ben,
  fixedNow,
  minutesAfter,
} from '../../support/builders.ts'
import { type FreshDatabase, freshDatabase } from '../../support/database.ts'

const ws = 'T0ACME'
const agreement = anAgreement()
const many = 2_500

let fresh: FreshDatabase
let database: Database
beforeAll(async () => {
  fresh = await freshDatabase()
  database = connect(fresh.url)
})
afterAll(async () => {
  await database.close()
  await fresh.drop()
})

const committed = async (before: Handoff | null, decided: Decided): Promise<Handoff> => {
  if (!decided.ok) throw new Error(decided.refusal.code)
  const change = { before, decision: decided.decision }
  expect(await commitStatement(database.pool, change, undefined)).toBe('committed')
  return decided.decision.handoff
}

/** A handoff with everything that a replay looks at. */
async function whole(): Promise<Handoff> {
  await database.prisma.user.createMany({
    data: [aPerson(), ben].map((person) => ({ ...person, workspaceId: ws })),
  })
  const at = (minutes: number) => ({ agreement, now: minutesAfter(minutes) })
  const command = aHandOff({ id: 'hof_whole', workspaceId: ws })
  const offered = await committed(null, handOff(command, anActor(ben, 'marketing'), at(0)))
  const taken = await committed(offered, accept(offered, anActor(), at(10)))
  const made = { id: 'att_1', channel: 'call', outcome: 'no-answer', note: undefined } as const
  const attempt = { ...made, at: minutesAfter(20) }
  const tried = await committed(taken, logAttempt(taken, attempt, anActor(), at(21)))
  const back = aReturn({ reason: 'duplicate', note: 'twice' })
  return committed(tried, returnLead(tried, back, anActor(), at(30)))
}

/** Handoffs by the hundred, several in the same millisecond. */
const others = () =>
  database.pool.query(
    `with lead as (
      insert into leads (id, workspace_id, email, name, lifecycle_stage, created_at, updated_at)
      select 'lead_' || n, $1, 'lead' || n || '@example.com', 'Lead', 'sql', $2, $2
      from generate_series(1, $3::int) n returning id
    )
    insert into handoffs (id, workspace_id, lead_id, version, status, lead_status, lifecycle_stage,
      lead_type, priority, reason, agreement_version, channel, created_at, updated_at)
    select 'hof_' || n, $1, 'lead_' || n, 1, 'offered', 'New', 'sql', 'new-equipment', 'hot', 'x', 1,
      'sql', $2::timestamptz + (n / 10) * interval '1 ms', $2
    from generate_series(1, $3::int) n`,
    [ws, minutesAfter(60), many],
  )

describe('past handoffs', () => {
  test('come with the times that a replay needs', async () => {
    await whole()
    const pages: PastHandoff[][] = []
    for await (const page of createPastHandoffs(database).pages(ws, fixedNow)) pages.push(page)
    const [past] = pages.flat()
    expect(past).toMatchObject({
      id: 'hof_whole',
      leadType: 'new-equipment',
      priority: 'hot',
      agreementVersion: 1,
      createdAt: fixedNow,
      acceptedAt: minutesAfter(10),
      returnedAt: minutesAfter(30),
      attempts: [{ channel: 'call', outcome: 'no-answer', at: minutesAfter(20) }],
    })
    expect(past?.clocks.find(({ kind }) => kind === 'attempts')).toEqual({
      kind: 'attempts',
      startedAt: minutesAfter(10),
      metAt: null,
      stoppedAt: minutesAfter(30),
      pauses: [],
    })
  })

  test('come page by page, each once and oldest first, and are replayed in seconds', async () => {
    await others()
    const past = createPastHandoffs(database)
    const found: PastHandoff[] = []
    let pages = 0
    for await (const page of past.pages(ws, minutesAfter(60))) {
      pages += 1
      found.push(...page)
    }
    expect(pages).toBe(3)
    expect(new Set(found.map(({ id }) => id)).size).toBe(many)
    const times = found.map(({ createdAt }) => createdAt.getTime())
    expect(times).toEqual(times.toSorted((a, b) => a - b))

    const progress: string[] = []
    const replay = await replayAgreement(
      { past, agreements: { version: async () => agreement } },
      {
        workspaceId: ws,
        agreement,
        since: fixedNow,
        now: minutesAfter(60 * 24 * 2),
        onProgress: (done, of) => void progress.push(`${done}/${of}`),
      },
    )
    expect(replay.handoffs).toBe(many + 1)
    expect(progress).toEqual(['1000/2501', '2000/2501', '2501/2501'])
    expect(replay.lines[0]).toMatchObject({ lateBefore: many, lateAfter: many, newlyLate: [] })
  })

  test('of another workspace, or from before, are not there', async () => {
    const past = createPastHandoffs(database)
    expect(await past.count('T0ELSE', fixedNow)).toBe(0)
    expect(await past.count(ws, minutesAfter(60 * 24))).toBe(0)
  })
})
