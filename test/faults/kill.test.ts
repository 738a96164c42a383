import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest'
import { createAuditor } from '../../src/adapters/postgres/auditor.ts'
import { connect, type Database } from '../../src/adapters/postgres/client.ts'
import { apiKey, channels, eventually, people } from '../support/baton.ts'
import { type FreshDatabase, freshDatabase } from '../support/database.ts'
import { type FakeSlack, startFakeSlack } from '../support/fake-slack.ts'
import { createProgram, type Program, type RunningProgram } from '../support/program.ts'
import { needsRedis, type PrivateRedis, startRedis } from '../support/redis.ts'
import { isFull, many, randomFrom, report, seed, timeoutMs } from './support/figures.ts'

/**
 * `kill -9` at random and at every step, while leads come in, are accepted and fall due. Whoever
 * asks for something asks again until it is answered, with the same key, as programs do; what was
 * answered is there in the end, once, in the database and in Slack.
 */

const agreement = `
calendar: { timezone: Europe/Rome, hours: always }
clocks:
  accept: { within: { working: 5s }, hard: { wall: 1h }, remind: [] }
  first_attempt: { hot: { wall: 1h }, standard: { wall: 1h }, remind: [] }
  attempts:
    { count: 6, within: { wall: 24h }, channels: 2, gap: { wall: 1h }, counted: [call, email], remind: [] }
  return_answer: { within: { wall: 24h }, remind: [] }
escalation: []
people: []
`

const leads = many(8, 2_000)
/** Of two channels, since each takes a message a second. */
const types = ['new-equipment', 'existing-service']

/** After the last start, whatever is overdue is done within a minute. */
const overdueMs = 60_000

const points = [
  'at random',
  'after Slack accepted',
  'inside a commit',
  'after a commit',
  'before the queue',
] as const
type Point = (typeof points)[number]

let program: Program
let slack: FakeSlack
let fresh: FreshDatabase
let redis: PrivateRedis
let database: Database
let folder: string
beforeEach(needsRedis)
beforeEach(({ skip }) => skip(!isFull, 'it wants the machine for itself: npm run test:faults'))
beforeAll(async () => {
  program = createProgram()
  slack = await startFakeSlack({
    users: Object.values(people),
    channels: Object.values(channels),
  })
  folder = mkdtempSync(join(tmpdir(), 'baton-faults-'))
  writeFileSync(join(folder, 'agreement.yml'), agreement)
  fresh = await freshDatabase()
  database = connect(fresh.url, { max: 5 })
}, timeoutMs)
afterAll(async () => {
  await program.remove()
  await slack.stop()
  await database.close()
  await fresh.drop()
  rmSync(folder, { recursive: true })
}, timeoutMs)

async function start(): Promise<{ running: RunningProgram; url: string }> {
  const running = program.start({
    run: ['main'],
    env: {
      SLACK_BOT_TOKEN: slack.botToken,
      SLACK_SIGNING_SECRET: slack.signingSecret,
      SLACK_API_URL: slack.apiUrl,
      DATABASE_URL: fresh.url,
      REDIS_URL: redis.url,
      BATON_AGREEMENT: join(folder, 'agreement.yml'),
      BATON_API_KEY: apiKey,
      BATON_API_RATE: '0',
      LOG_FORMAT: 'json',
      PORT: '0',
    },
  })
  const url = (await running.says(/Baton listens on (http:[\w.:/-]+)/))[1] ?? ''
  return { running, url }
}

/** Ends the process at that point, or soon where it does not come there. */
async function killAt(point: Point, running: RunningProgram, random: () => number): Promise<void> {
  const soon = 100 + random() * 900
  const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
  const kill = () => running.signal('SIGKILL')
  switch (point) {
    case 'at random':
      await wait(soon)
      return kill()
    case 'after Slack accepted': {
      const taken = slack.callsOf('chat.postMessage').length
      slack.fail('chat.postMessage', { with: 'accept-then-hang' })
      await eventually(
        () => slack.callsOf('chat.postMessage').length > taken || undefined,
        2_000,
      ).catch(() => undefined)
      kill()
      return slack.heal()
    }
    case 'inside a commit':
      return holding(`select pg_advisory_lock(${gate})`, async () => {
        await wait(soon)
        kill()
      })
    case 'after a commit': {
      const listener = new Client({ connectionString: fresh.url })
      await listener.connect()
      const committed = new Promise<void>(
        (done) => void listener.once('notification', () => done()),
      )
      await listener.query('listen committed')
      await Promise.race([committed, wait(2_000)])
      kill()
      return listener.end()
    }
    case 'before the queue':
      await redis.pause(soon)
      await wait(soon / 2)
      return kill()
  }
}

/** A lock that every commit goes through, so that it can be held inside. */
const gate = 4_711
const hooks = `
  create function at_the_gate() returns trigger language plpgsql as $$
  begin
    perform pg_advisory_xact_lock_shared(${gate});
    perform pg_notify('committed', '');
    return null;
  end $$;
  create trigger gate after insert on events for each statement execute function at_the_gate()`

async function holding(lock: string, work: () => Promise<void>): Promise<void> {
  const client = new Client({ connectionString: fresh.url })
  await client.connect()
  try {
    await client.query(lock)
    await work()
  } finally {
    await client.end()
  }
}

/** How often each message stands in Slack; a card that was drawn again names its handoff only. */
function standing(): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { id } of Object.values(channels)) {
    for (const { metadata } of slack.messages(id)) {
      const { handoff, key = `card_${handoff}` } = metadata?.event_payload ?? {}
      if (typeof key === 'string') counts.set(key, (counts.get(key) ?? 0) + 1)
    }
  }
  return counts
}

test('whatever is killed, nothing is lost and nothing comes twice', {
  timeout: timeoutMs,
}, async (context) => {
  const random = randomFrom(seed)
  redis = await startRedis()
  onTestFinished(() => redis.stop())
  let { running, url } = await start()
  await database.pool.query(hooks)
  let kills = 0
  let over = false
  const killer = (async () => {
    for (let at = 0; !over; at += 1) {
      await killAt(points[at % points.length] ?? 'at random', running, random)
      await running.ended
      kills += 1
      ;({ running, url } = await start())
    }
  })()

  /** Asks until it is answered; the answer is what the rest is held against. */
  async function ask(path: string, body: object, key: string): Promise<Record<string, unknown>> {
    for (;;) {
      const answer = await fetch(`${url}/api/v1/${path}`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${apiKey}`,
          'content-type': 'application/json',
          'idempotency-key': key,
        },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(5_000),
      }).catch(() => undefined)
      if (answer !== undefined && (answer.ok || answer.status === 409))
        return Object(await answer.json())
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }

  const acknowledged: string[] = []
  const taken: string[] = []
  for (let index = 0; index < leads; index += 1) {
    const lead = {
      email: `lead${index}@kill${index}.example`,
      name: `Lead ${index}`,
      type: types[index % 2],
    }
    const { id } = await ask(
      'handoffs',
      { lead, reason: 'Asked for a quote' },
      `kill-${seed}-${index}`,
    )
    acknowledged.push(String(id))
    if (index % 3 === 0) {
      await ask(`handoffs/${id}/accept`, { by: people.anna.email }, `take-${seed}-${index}`)
      taken.push(String(id))
    }
  }
  while (kills < points.length) await new Promise((resolve) => setTimeout(resolve, 50))
  over = true
  await killer

  const restartedAt = Date.now()
  const auditor = createAuditor(database)
  const pending = `select (select count(*)::int from deliveries where state = 'pending')
    + (select count(*)::int from timers where kind = 'accept' and wake_at <= now()) as pending`
  await eventually(
    async () => {
      const { rows } = await database.pool.query(pending)
      const due = await database.pool.query(
        `select from timers where kind = 'accept' and state = 'running'`,
      )
      return (rows[0]?.pending === 0 && due.rowCount === 0) || undefined
    },
    Math.max(overdueMs, leads * 3_000),
  )
  running.signal('SIGTERM')
  expect(await running.ended).toBe(0)

  const lost = {
    handoffs: await missing('select id from handoffs', acknowledged),
    acceptances: await missing(`select id from handoffs where status = 'accepted'`, taken),
    messages: await unsaid(),
  }
  const doubled = [...standing().values()].filter((times) => times > 1).length
  const breaches = await database.pool.query(
    `
    select count(*)::int as all, count(distinct handoff_id)::int as once,
      greatest(0, max(extract(epoch from at - greatest((data ->> 'dueAt')::timestamptz, $1)) * 1000))::int as late,
      (count(*) filter (where at < (data ->> 'dueAt')::timestamptz))::int as early
    from events where type = 'DeadlineMissed' and data ->> 'kind' = 'accept'`,
    [new Date(restartedAt)],
  )
  const { all, once, late, early } = breaches.rows[0] ?? {}
  report(context, 4, {
    fault: 'kill -9 at random and at each step',
    rounds: leads,
    faults: kills,
    lost: Object.values(lost).reduce((sum, some) => sum + some.length, 0),
    doubled: doubled + (all - once),
    early,
    worstLateMs: late,
  })
  expect({ lost, doubled, twice: all - once, early }, `FAULTS_SEED=${seed}`).toEqual({
    lost: { handoffs: [], acceptances: [], messages: [] },
    doubled: 0,
    twice: 0,
    early: 0,
  })
  expect(once).toBe(leads - taken.length)
  expect(late).toBeLessThan(overdueMs)
  expect(await auditor.audit(new Date(), { graceMs: overdueMs })).toEqual([])
})

/** Those of some ids that a statement does not give. */
async function missing(sql: string, ids: readonly string[]): Promise<string[]> {
  const { rows } = await database.pool.query(sql)
  const there = new Set(rows.map(({ id }) => String(id)))
  return ids.filter((id) => !there.has(id))
}

/** What is noted down as said, and does not stand in Slack. */
async function unsaid(): Promise<string[]> {
  const { rows } = await database.pool.query(
    `select key from deliveries where state = 'sent' and kind in ('card', 'notice')`,
  )
  const there = standing()
  return rows.map(({ key }) => String(key)).filter((key) => !there.has(key))
}
