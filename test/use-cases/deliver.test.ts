import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { connect, type Database } from '../../src/adapters/postgres/client.ts'
import { createHandoffs } from '../../src/adapters/postgres/handoffs.ts'
import { createOutbox } from '../../src/adapters/postgres/outbox.ts'
import type { Decision } from '../../src/domain/decide/decision.ts'
import type { Handoff } from '../../src/domain/handoff.ts'
import type { Notice } from '../../src/domain/notice.ts'
import { type DeliveryWorld, deliver } from '../../src/use-cases/deliver.ts'
import type { Messenger, Said, Stream } from '../../src/use-cases/ports/delivery.ts'
import { accepted, aHandoff, aLead, anActor, anAgreement, fixedNow } from '../support/builders.ts'
import { type FreshDatabase, freshDatabase } from '../support/database.ts'

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

/** What Slack was told, in order, and what it answers: `done` unless a test says otherwise. */
interface FakeSlack {
  told: string[]
  answers: Said[]
  /** Messages that Slack has although its answer was lost, by key. */
  has: Map<string, string>
}

let slack: FakeSlack
let scheduled: { stream: Stream; at: Date | undefined }[]
let clock: Date
let workspace: string
let counter = 0

beforeEach(() => {
  slack = { told: [], answers: [], has: new Map() }
  scheduled = []
  clock = fixedNow
  counter += 1
  workspace = `T${counter}`
})

const say = (words: string, key: string, ts: string): Said => {
  slack.told.push(words)
  const answer = slack.answers.shift() ?? { kind: 'done', channelId: 'C1', ts }
  if (answer.kind === 'later' && answer.ambiguous) slack.has.set(key, ts)
  return answer
}

const messenger: Messenger = {
  postCard: async (handoff, key) =>
    say(`card ${handoff.id} v${handoff.version}`, key, `${handoff.id}.1`),
  updateCard: async (handoff) =>
    say(`redraw ${handoff.id} v${handoff.version}`, '', `${handoff.id}.1`),
  postNotice: async (handoff, { key, notice }, { threadTs }) =>
    say(`${notice.type} ${handoff.id} in ${threadTs ?? 'channel'}`, key, `${key}.1`),
  remove: async (handoff, { ts }) => say(`remove ${ts} of ${handoff.id}`, '', ts),
  find: async (key) => {
    const ts = slack.has.get(key)
    return ts === undefined ? { kind: 'absent' } : { kind: 'done', channelId: 'C1', ts }
  },
}

const world = (): DeliveryWorld => ({
  outbox: createOutbox(database),
  handoffs: createHandoffs(database),
  messenger,
  queue: {
    deliver: (streams, at) => void scheduled.push(...streams.map((stream) => ({ stream, at }))),
  },
  now: () => clock,
  sleep: async (ms) => {
    clock = new Date(clock.getTime() + ms)
  },
  every: () => () => {},
  newHolder: () => `holder ${Math.random()}`,
  postIntervalMs: 1_000,
})

const stream = (): Stream => ({ workspaceId: workspace, stream: 'sql-handoffs' })
const deliverAll = () => deliver(world(), stream())

const missed: Notice = { type: 'missed', deadline: { kind: 'accept', dueAt: fixedNow }, to: null }

const commit = (before: Handoff | null, next: Partial<Decision> & { handoff: Handoff }) =>
  createHandoffs(database).commit(before, {
    events: [{ type: 'HandedOff', at: fixedNow, by: null, data: {} }],
    notices: [],
    changes: [],
    redraw: true,
    ...next,
  })

/** A new handoff, committed, with as many notices for its thread as are asked for. */
async function handedOver(name: string, notices = 0): Promise<Handoff> {
  const id = `hof_${workspace}_${name}`
  const handoff: Handoff = {
    ...aHandoff({ lead: aLead({ id: `lead_${id}`, email: `${id}@example.com` }) }),
    id,
    workspaceId: workspace,
    handedOffBy: null,
  }
  const inThread = { where: { thread: true } as const, notice: missed }
  expect(
    await commit(null, { handoff, notices: Array.from({ length: notices }, () => inThread) }),
  ).toBe('committed')
  return handoff
}

const redrawn = async (handoff: Handoff): Promise<Handoff> => {
  const next = { ...handoff, version: handoff.version + 1 }
  expect(await commit(handoff, { handoff: next })).toBe('committed')
  return next
}

const later = (overrides: Partial<Said & { kind: 'later' }> = {}): Said => ({
  kind: 'later',
  afterMs: null,
  error: 'HTTP 500',
  ambiguous: false,
  whole: false,
  ...overrides,
})

describe('delivering', () => {
  test('posts the card, then its notices in the thread, in order and once', async () => {
    const { id } = await handedOver('a', 2)
    await deliverAll()
    await deliverAll()
    expect(slack.told).toEqual([
      `card ${id} v1`,
      `missed ${id} in ${id}.1`,
      `missed ${id} in ${id}.1`,
    ])
  })

  test('posts no more than one message a second in a channel', async () => {
    await handedOver('a', 2)
    await deliverAll()
    expect(clock.getTime() - fixedNow.getTime()).toBe(2_000)
  })

  test('shows many changes of a card by one redraw, without waiting for the pace', async () => {
    let handoff = await handedOver('a')
    await deliverAll()
    const before = clock
    for (let change = 0; change < 10; change++) handoff = await redrawn(handoff)
    await deliverAll()
    expect(slack.told.slice(1)).toEqual([`redraw ${handoff.id} v11`])
    expect(clock).toEqual(before)
  })

  test('keeps what Slack could not take, and tells it later', async () => {
    const { id } = await handedOver('a', 1)
    slack.answers = [later()]
    await deliverAll()
    expect(slack.told).toEqual([`card ${id} v1`])
    expect(scheduled).toEqual([{ stream: stream(), at: new Date(fixedNow.getTime() + 1_000) }])
    clock = new Date(fixedNow.getTime() + 1_000)
    await deliverAll()
    expect(slack.told.slice(1)).toEqual([`card ${id} v1`, `missed ${id} in ${id}.1`])
  })

  test('does not hold up other leads because of one that Slack could not take', async () => {
    const first = await handedOver('a', 1)
    const second = await handedOver('b')
    slack.answers = [later()]
    await deliverAll()
    expect(slack.told.slice(0, 2)).toEqual([`card ${first.id} v1`, `card ${second.id} v1`])
  })

  test('says nothing in a channel that Slack asks to wait with', async () => {
    const first = await handedOver('a')
    slack.answers = [later({ afterMs: 30_000, whole: true })]
    await handedOver('b')
    await deliverAll()
    expect(slack.told).toEqual([`card ${first.id} v1`])
    expect(scheduled.at(-1)?.at).toEqual(new Date(fixedNow.getTime() + 30_000))
  })

  test('looks for a message whose answer was lost before it sends it again', async () => {
    const { id } = await handedOver('a', 1)
    slack.answers = [{ kind: 'done', channelId: 'C1', ts: `${id}.1` }, later({ ambiguous: true })]
    await deliverAll()
    clock = new Date(clock.getTime() + 60_000)
    await deliverAll()
    expect(slack.told).toEqual([`card ${id} v1`, `missed ${id} in ${id}.1`])
    const row = await database.prisma.delivery.findFirst({
      where: { workspaceId: workspace, kind: 'notice' },
    })
    expect(row).toMatchObject({ state: 'sent', ts: `notice_${id}_1_0.1` })
  })

  test('draws a card that was found again, since it may show an older state', async () => {
    const handoff = await handedOver('a')
    slack.answers = [later({ ambiguous: true })]
    await deliverAll()
    const { id } = await redrawn(handoff)
    clock = new Date(clock.getTime() + 60_000)
    await deliverAll()
    expect(slack.told).toEqual([`card ${id} v1`, `redraw ${id} v2`])
  })

  test('after a death between sending and noting down does not send twice', async () => {
    const { id } = await handedOver('a')
    const outbox = createOutbox(database)
    const holder = 'one that dies'
    await outbox.lease(stream(), holder, 1)
    const delivery = await outbox.next(stream(), clock)
    if (delivery === undefined) throw new Error('nothing to deliver')
    await database.pool.query("update delivery_leases set until = now() + interval '1 hour'")
    expect(await outbox.sending(stream(), delivery, holder, 1)).toBe(true)
    slack.has.set(delivery.key, `${id}.1`)
    await database.pool.query("update delivery_leases set until = now() - interval '1 second'")
    await deliverAll()
    expect(slack.told).toEqual([`redraw ${id} v1`])
  })

  test('parks what Slack will never take, with the reason, and its thread with it', async () => {
    await handedOver('a', 1)
    const healthy = await handedOver('b')
    slack.answers = [{ kind: 'never', error: 'is_archived' }]
    await deliverAll()
    expect(slack.told.slice(1)).toEqual([`card ${healthy.id} v1`])
    const parked = await database.prisma.delivery.findMany({
      where: { workspaceId: workspace, state: 'parked' },
      orderBy: { id: 'asc' },
    })
    expect(parked.map(({ error }) => error)).toEqual([
      'is_archived',
      'the card could not be posted',
    ])
  })

  test('says no reminder of what was done before Slack could be told', async () => {
    const handoff = await handedOver('a')
    const deadline = { kind: 'accept', dueAt: fixedNow } as const
    const reminder: Notice = { type: 'reminder', deadline, fraction: 0.5, to: null }
    const reminded = { ...handoff, version: 2 }
    const inThread = { where: { thread: true } as const, notice: reminder }
    await commit(handoff, { handoff: reminded, notices: [inThread], redraw: false })
    const taken = {
      ...accepted(reminded, { by: anActor(), at: fixedNow, agreement: anAgreement() }),
      owner: null,
    }
    await commit(reminded, { handoff: taken })
    await deliverAll()
    expect(slack.told).toEqual([`card ${handoff.id} v3`])
    const { state } = await database.prisma.delivery.findFirstOrThrow({
      where: { workspaceId: workspace, kind: 'notice' },
    })
    expect(state).toBe('dropped')
  })

  test('by several processes at once tells everything once', async () => {
    for (const name of ['a', 'b', 'c', 'd']) await handedOver(name, 1)
    await Promise.all(Array.from({ length: 6 }, deliverAll))
    await deliverAll()
    expect(slack.told).toHaveLength(8)
    expect(new Set(slack.told).size).toBe(8)
  })

  test('leaves the rest to the next process when this one stops', async () => {
    for (const name of ['a', 'b', 'c']) await handedOver(name)
    const stopping = new AbortController()
    const sleep = async (): Promise<void> => stopping.abort()
    await deliver({ ...world(), sleep, stopping: stopping.signal }, stream())
    expect(slack.told).toHaveLength(2)
    await deliverAll()
    expect(slack.told).toHaveLength(3)
  })

  test('is left to the one who has the channel, who looks again when done', async () => {
    const { id } = await handedOver('a')
    const outbox = createOutbox(database)
    await outbox.lease(stream(), 'somebody', 60_000)
    await deliverAll()
    expect(slack.told).toEqual([])
    // it looks again by itself, since the one who has the channel may have died
    expect(scheduled).toHaveLength(1)
    await outbox.release(stream(), 'somebody', null)
    await deliverAll()
    expect(slack.told).toEqual([`card ${id} v1`])
  })
})
