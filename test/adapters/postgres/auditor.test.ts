import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createAuditor } from '../../../src/adapters/postgres/auditor.ts'
import { connect, type Database } from '../../../src/adapters/postgres/client.ts'
import { createHandoffs } from '../../../src/adapters/postgres/handoffs.ts'
import { accept } from '../../../src/domain/decide/accept.ts'
import type { Decided } from '../../../src/domain/decide/decision.ts'
import { handOff } from '../../../src/domain/decide/hand-off.ts'
import { logAttempt } from '../../../src/domain/decide/log-attempt.ts'
import { returnLead } from '../../../src/domain/decide/return.ts'
import type { Handoff } from '../../../src/domain/handoff.ts'
import {
  aHandOff,
  aLead,
  anActor,
  anAgreement,
  aPerson,
  aReturn,
  ben,
  decisionOf,
  minutesAfter,
} from '../../support/builders.ts'
import { type FreshDatabase, freshDatabase } from '../../support/database.ts'

const ws = 'T0ACME'
const agreement = anAgreement()
const at = (minutes: number) => ({ agreement, now: minutesAfter(minutes) })
/** Everything was done in time until then. */
const now = minutesAfter(0)
const scope = { graceMs: 60_000 }

let fresh: FreshDatabase
let database: Database

beforeAll(async () => {
  fresh = await freshDatabase()
  database = connect(fresh.url, { max: 5 })
  await database.prisma.user.createMany({
    data: [aPerson(), ben].map((person) => ({ ...person, workspaceId: ws })),
  })
  const handoffs = createHandoffs(database)
  async function keep(before: Handoff | null, decided: Decided): Promise<Handoff> {
    const decision = decisionOf(decided)
    expect(await handoffs.commit(before, decision)).toBe('committed')
    return decision.handoff
  }
  const offer = (name: string) =>
    keep(
      null,
      handOff(
        aHandOff({
          id: `hof_${name}`,
          workspaceId: ws,
          lead: aLead({ id: `lead_${name}`, email: `${name}@example.com` }),
        }),
        anActor(ben, 'marketing'),
        at(0),
      ),
    )
  await offer('offered')
  const taken = await offer('accepted')
  const accepted = await keep(taken, accept(taken, anActor(), at(1)))
  await keep(
    accepted,
    logAttempt(
      accepted,
      { id: 'att_1', channel: 'call', outcome: 'no-answer', at: minutesAfter(2), note: undefined },
      anActor(),
      at(2),
    ),
  )
  const back = await offer('returned')
  await keep(back, returnLead(back, aReturn({ readyOn: '2026-12-01' }), anActor(), at(3)))
})
afterAll(async () => {
  await database.close()
  await fresh.drop()
})

/** What an audit finds after a statement that is taken back again. */
async function findingsAfter(breaking: string) {
  const client = await database.pool.connect()
  try {
    await client.query('begin')
    const { rowCount } = await client.query(breaking)
    expect(rowCount, 'the statement breaks something').toBeGreaterThan(0)
    const findings = await createAuditor({ pool: client }).audit(now, scope)
    return findings.map(({ check, examples }) => [check, ...examples])
  } finally {
    await client.query('rollback')
    client.release()
  }
}

describe('an audit', () => {
  test('is silent where everything holds', async () => {
    expect(await createAuditor(database).audit(now, scope)).toEqual([])
  })

  test.each([
    [
      'clock-of-state',
      'hof_offered',
      `delete from timers where handoff_id = 'hof_offered' and kind = 'accept'`,
    ],
    [
      'clock-of-state',
      'hof_accepted',
      `delete from timers where handoff_id = 'hof_accepted' and kind in ('first-attempt', 'attempts')`,
    ],
    [
      'clock-of-state',
      'hof_returned',
      `update timers set state = 'cancelled' where handoff_id = 'hof_returned' and kind = 'return-answer'`,
    ],
    [
      'clock-wakes',
      'hof_offered',
      `update timers set wake_at = null where handoff_id = 'hof_offered' and kind = 'accept'`,
    ],
    [
      'clock-stopped',
      'hof_accepted',
      `update handoffs set status = 'closed' where id = 'hof_accepted'`,
    ],
    [
      'too-early',
      'hof_offered',
      `insert into events (workspace_id, handoff_id, version, type, at, data) select workspace_id, id, 1, 'DeadlineMissed', created_at, jsonb_build_object('dueAt', created_at + interval '1 hour') from handoffs where id = 'hof_offered'`,
    ],
    [
      'one-card',
      'hof_offered',
      `delete from deliveries where handoff_id = 'hof_offered' and kind = 'card'`,
    ],
    [
      'every-version-told',
      'hof_offered',
      `update handoffs set version = version + 1 where id = 'hof_offered'`,
    ],
    [
      'handed-off-once',
      'hof_offered',
      `insert into events (workspace_id, handoff_id, version, type, at) select workspace_id, id, 1, 'HandedOff', created_at from handoffs where id = 'hof_offered'`,
    ],
    ['attempts-told', 'hof_accepted', `delete from attempts where handoff_id = 'hof_accepted'`],
    [
      'acceptance-told',
      'hof_offered',
      `update handoffs set accepted_at = created_at where id = 'hof_offered'`,
    ],
    [
      'reminders-told',
      'hof_offered',
      `insert into events (workspace_id, handoff_id, version, type, at) select workspace_id, id, 1, 'ReminderSent', created_at from handoffs where id = 'hof_offered'`,
    ],
    ['rounds-in-order', 'hof_offered', `update handoffs set round = 2 where id = 'hof_offered'`],
  ])('finds %s: %s', async (check, id, breaking) => {
    expect(await findingsAfter(breaking)).toContainEqual([check, id])
  })

  test('finds what was due and left undone, once its grace is over', async () => {
    const late = await createAuditor(database).audit(minutesAfter(60 * 24 * 30), scope)
    expect(late.map(({ check }) => check)).toEqual(['clock-overdue', 'message-overdue'])
    expect(late[0]?.examples).toContain('hof_offered')
  })

  test('looks at what has changed since, and at what is open', async () => {
    const since = minutesAfter(60)
    const broken = `update handoffs set version = version + 1 where id = 'hof_returned'`
    const client = await database.pool.connect()
    try {
      await client.query('begin')
      await client.query(broken)
      const auditor = createAuditor({ pool: client })
      expect(await auditor.audit(now, { ...scope, since })).toEqual([])
      expect(await auditor.audit(now, scope)).toMatchObject([{ check: 'every-version-told' }])
    } finally {
      await client.query('rollback')
      client.release()
    }
  })
})
