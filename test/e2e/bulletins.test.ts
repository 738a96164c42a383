import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createBulletins } from '../../src/adapters/postgres/bulletins.ts'
import { connect, type Database } from '../../src/adapters/postgres/client.ts'
import { createHomes } from '../../src/adapters/postgres/homes.ts'
import { createOutbox } from '../../src/adapters/postgres/outbox.ts'
import { createBulletinMessenger } from '../../src/adapters/slack/bulletin-messenger.ts'
import { createWebClient } from '../../src/adapters/slack/client.ts'
import { weekdays } from '../../src/domain/agreement.ts'
import { calendarDateIn } from '../../src/domain/business-time.ts'
import { type BulletinWorld, planBulletins, sendBulletins } from '../../src/use-cases/bulletins.ts'
import {
  calmAgreement,
  channels,
  eventually,
  people,
  type RunningBaton,
  startBaton,
} from '../support/baton.ts'
import type { FakeMessage } from '../support/fake-slack.ts'

const zone = 'Europe/Rome'
const hourMs = 3_600_000
const dayMs = 24 * hourMs
/** By then everything that was handed over in the tests is late, at whatever time they run. */
const lateMs = 12 * hourMs
const never = `${calmAgreement}
bulletins: { digest: never, weekly: never }
`

/** The minute that it is on the clock of the zone: it has begun, and on the same day. */
const minuteOf = (now: Date): string =>
  new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(now)

const weekdayOf = (now: Date) => {
  const day = new Date(`${calendarDateIn(now, zone)}T00:00:00Z`).getUTCDay()
  return weekdays[(day + 6) % 7] ?? 'mon'
}

const bulletinsIn = (running: RunningBaton, channel: string): FakeMessage[] =>
  running.slack
    .messages(channel)
    .filter(({ metadata }) => metadata?.event_type === 'baton_bulletin')

const handedOver = async (running: RunningBaton, name: string, owner: string): Promise<string> => {
  const { status, body } = await running.api('POST', '/api/v1/handoffs', {
    lead: { email: `${randomUUID()}@lead.example`, name },
    reason: 'Asked for a quote',
    owner,
  })
  expect(status).toBe(201)
  return String(body.id)
}

describe('two processes that tell the same', () => {
  let running: RunningBaton
  let database: Database
  beforeAll(async () => {
    running = await startBaton({ agreement: never })
    database = connect(running.database.url, { max: 4 })
  })
  afterAll(async () => {
    await database.close()
    await running.stop()
  })
  beforeEach(() => database.pool.query('delete from bulletins'))
  afterEach(() => running.slack.heal())

  const failures: object[] = []

  /** One more process, whose clock is ahead by so much; everything fell due this minute. */
  function aProcess(clock: { aheadMs: number }, wanted: 'digest' | 'weekly'): BulletinWorld {
    const { world, workspaceId } = running.baton
    const now = (): Date => new Date(Date.now() + clock.aheadMs)
    const at = minuteOf(now())
    const terms = {
      digest: wanted === 'digest' ? { at } : ('never' as const),
      weekly: wanted === 'weekly' ? { day: weekdayOf(now()), at } : ('never' as const),
    }
    const outbox = createOutbox(database)
    const client = createWebClient({ token: running.slack.botToken, apiUrl: running.slack.apiUrl })
    return {
      ...world,
      agreements: {
        ...world.agreements,
        async inForce(id) {
          const inForce = await world.agreements.inForce(id)
          return { ...inForce, agreement: { ...inForce.agreement, bulletins: terms } }
        },
      },
      workspaceId,
      now,
      bulletins: createBulletins(database),
      homes: createHomes(database),
      outbox: {
        ...outbox,
        // the database has a clock of its own, by which a channel would be silent for long
        release: (stream, holder) => outbox.release(stream, holder, null),
      },
      messenger: createBulletinMessenger(client, now),
      sleep: async () => {},
      newHolder: randomUUID,
      postIntervalMs: 0,
      failed: (about) => failures.push(about),
      stopping: new AbortController().signal,
    }
  }
  const tell = async (worlds: readonly BulletinWorld[]): Promise<void> => {
    await Promise.all(worlds.map(planBulletins))
    await Promise.all(worlds.map(sendBulletins))
  }
  const anna = `D${people.anna.id.slice(1)}`
  const luca = `D${people.luca.id.slice(1)}`
  const sara = `D${people.sara.id.slice(1)}`

  test('tell a rep once what is due, in their language, though Slack answered and then hung up', async () => {
    const id = await handedOver(running, 'Maria Verdi', people.luca.email)
    await running.card(id)
    const clock = { aheadMs: lateMs }
    const worlds = [aProcess(clock, 'digest'), aProcess(clock, 'digest')]
    running.slack.fail('chat.postMessage', {
      with: 'accept-then-reset',
      where: ({ channel }) => channel === luca,
    })
    await tell(worlds)
    // the answer was lost: after a while it is looked for, and found
    clock.aheadMs += 60_000
    await tell(worlds)
    await tell(worlds)
    const [digest, ...more] = bulletinsIn(running, luca)
    expect(more).toEqual([])
    expect(digest?.text).toContain('1 lead in ritardo')
    expect(digest?.text).toMatch(/<http[^|]*\|SQL: Maria Verdi>/)
    expect(digest?.text).toContain('Da accettare o restituire')
    const { rows } = await database.pool.query(
      'select recipient, state, ts from bulletins where state <> $1 order by recipient',
      ['dropped'],
    )
    expect(rows).toEqual([{ recipient: people.luca.id, state: 'sent', ts: digest?.ts }])
  })

  test('tell nothing to who has nothing due', async () => {
    await tell([aProcess({ aheadMs: lateMs }, 'digest')])
    expect(bulletinsIn(running, anna)).toEqual([])
    const { rows } = await database.pool.query('select state from bulletins where recipient = $1', [
      people.anna.id,
    ])
    expect(rows).toEqual([{ state: 'dropped' }])
  })

  test('name ten leads, and count the others', async () => {
    for (let made = 0; made < 12; made++) {
      await handedOver(running, `Lead ${made}`, people.anna.email)
    }
    await tell([aProcess({ aheadMs: lateMs }, 'digest'), aProcess({ aheadMs: lateMs }, 'digest')])
    const [digest, ...more] = bulletinsIn(running, anna)
    expect(more).toEqual([])
    expect(digest?.text).toContain('12 leads are late')
    expect(digest?.text.match(/Lead \d+/g)).toHaveLength(10)
    expect(digest?.text).toContain('and 2 more in your App Home')
  })

  test('drop what could not be told for hours', async () => {
    await handedOver(running, 'Paola Neri', people.sara.email)
    const clock = { aheadMs: lateMs }
    const world = aProcess(clock, 'digest')
    running.slack.fail('chat.postMessage', {
      with: 500,
      times: 2,
      where: ({ channel }) => channel === sara,
    })
    await tell([world])
    clock.aheadMs += 3 * hourMs
    await tell([world])
    expect(bulletinsIn(running, sara)).toEqual([])
    const { rows } = await database.pool.query('select state from bulletins where recipient = $1', [
      people.sara.id,
    ])
    expect(rows).toEqual([{ state: 'dropped' }])
  })

  test('would tell it twice if they did not look for it first', async () => {
    await handedOver(running, 'Carla Blu', people.sara.email)
    const clock = { aheadMs: lateMs }
    const world = aProcess(clock, 'digest')
    const careless: BulletinWorld = {
      ...world,
      messenger: { ...world.messenger, find: async () => ({ kind: 'absent' }) },
    }
    running.slack.fail('chat.postMessage', {
      with: 'accept-then-reset',
      where: ({ channel }) => channel === sara,
    })
    await tell([careless])
    clock.aheadMs += 60_000
    await tell([careless])
    expect(bulletinsIn(running, sara)).toHaveLength(2)
  })

  test('park what Slack will never take', async () => {
    running.slack.fail('conversations.open', {
      with: { error: 'user_not_found' },
      where: ({ users }) => users === people.luca.id,
    })
    await tell([aProcess({ aheadMs: lateMs }, 'digest')])
    const { rows } = await database.pool.query(
      'select state, error from bulletins where recipient = $1',
      [people.luca.id],
    )
    expect(rows).toMatchObject([
      { state: 'parked', error: expect.stringContaining('user_not_found') },
    ])
    expect(failures.at(-1)).toMatchObject({ error: expect.stringContaining('user_not_found') })
  })

  test('tell the managers once how the week before was, and nothing of a week without a handoff', async () => {
    const clock = { aheadMs: 7 * dayMs }
    await tell([aProcess(clock, 'weekly'), aProcess(clock, 'weekly')])
    const [report, ...more] = bulletinsIn(running, channels.managers.id)
    expect(more).toEqual([])
    expect(report?.text).toContain('Last week: ')
    expect(report?.text).toMatch(/Handed over: \*\d+\* \(the week before 0\)/)
    expect(report?.text).toContain('/sla report last-week')
    await tell([aProcess({ aheadMs: 14 * dayMs }, 'weekly')])
    expect(bulletinsIn(running, channels.managers.id)).toHaveLength(1)
  })
})

describe('Baton as it is started', () => {
  let running: RunningBaton
  afterEach(() => running.stop())

  test('tells after a start what fell due while it was away, once', async () => {
    running = await startBaton({
      agreement: `${calmAgreement}
bulletins: { digest: { at: "${minuteOf(new Date())}" }, weekly: never }
clocks:
  accept: { within: { wall: 1s } }
  first_attempt: { hot: { working: 15m }, standard: { working: 2h } }
  attempts: { count: 6, within: { working: 10d }, channels: 2, gap: { working: 4h }, counted: [call, email] }
  return_answer: { within: { working: 1d } }
`,
    })
    const database = connect(running.database.url, { max: 1 })
    const settled = (): Promise<unknown> =>
      eventually(async () => {
        const { rows } = await database.pool.query(
          `select count(*)::int as all, (count(*) filter (where state = 'pending'))::int as pending
           from bulletins`,
        )
        return rows[0].all > 0 && rows[0].pending === 0 ? true : undefined
      })
    await settled()
    await handedOver(running, 'Maria Verdi', people.anna.email)
    // as if it had been away this morning
    await database.pool.query('delete from bulletins')
    await running.restart()
    const dm = `D${people.anna.id.slice(1)}`
    await eventually(() => bulletinsIn(running, dm)[0])
    await settled()
    await running.restart()
    await settled()
    expect(bulletinsIn(running, dm)).toHaveLength(1)
    await database.close()
  })
})
