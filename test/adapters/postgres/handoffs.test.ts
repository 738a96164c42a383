import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connect, type Database } from '../../../src/adapters/postgres/client.ts'
import { createHandoffs } from '../../../src/adapters/postgres/handoffs.ts'
import { createLeads } from '../../../src/adapters/postgres/leads.ts'
import { createOutbox } from '../../../src/adapters/postgres/outbox.ts'
import { accept } from '../../../src/domain/decide/accept.ts'
import type { Decided, Decision } from '../../../src/domain/decide/decision.ts'
import { type HandOff, handOff } from '../../../src/domain/decide/hand-off.ts'
import { logAttempt } from '../../../src/domain/decide/log-attempt.ts'
import { returnLead } from '../../../src/domain/decide/return.ts'
import type { Handoff } from '../../../src/domain/handoff.ts'
import type { Handoffs } from '../../../src/use-cases/ports/handoffs.ts'
import {
  aHandOff,
  aLead,
  anActor,
  anAgreement,
  aPerson,
  aReturn,
  ben,
  fixedNow,
  minutesAfter,
} from '../../support/builders.ts'
import { type FreshDatabase, freshDatabase } from '../../support/database.ts'

let fresh: FreshDatabase
let database: Database
let handoffs: Handoffs
const ws = 'T0ACME'
const agreement = anAgreement()

beforeAll(async () => {
  fresh = await freshDatabase()
  database = connect(fresh.url, { max: 20 })
  handoffs = createHandoffs(database)
  const people = [aPerson(), ben, ...Array.from({ length: 50 }, (_, index) => rep(index))]
  await database.prisma.user.createMany({
    data: people.map((person) => ({ ...person, workspaceId: ws })),
  })
})
afterAll(async () => {
  await database.close()
  await fresh.drop()
})

const rep = (index: number) =>
  aPerson({ id: `usr_${index}`, slackId: `U${index}`, email: `rep${index}@acme.example` })

const decisionOf = (decided: Decided): Decision => {
  if (!decided.ok) throw new Error(decided.refusal.code)
  return decided.decision
}

let counter = 0
const offer = (overrides: Partial<HandOff> = {}): Decision => {
  counter += 1
  const lead = aLead({ id: `lead_${counter}`, email: `lead${counter}@example.com` })
  return decisionOf(
    handOff(
      aHandOff({ id: `hof_${counter}`, workspaceId: ws, lead, ...overrides }),
      anActor(ben, 'marketing'),
      { agreement, now: minutesAfter(counter) },
    ),
  )
}
const offered = async (): Promise<Handoff> => {
  const decision = offer()
  expect(await handoffs.commit(null, decision)).toBe('committed')
  return decision.handoff
}
const accepting = (handoff: Handoff, by = aPerson()): Decision =>
  decisionOf(accept(handoff, { person: by, role: 'rep' }, { agreement, now: minutesAfter(90) }))

describe('a committed handoff', () => {
  test('is read back as it was decided, through its whole life', async () => {
    const start = await offered()
    expect(await handoffs.byId(ws, start.id)).toEqual(start)

    const taken = accepting(start)
    expect(await handoffs.commit(start, taken)).toBe('committed')
    expect(await handoffs.byId(ws, start.id)).toEqual(taken.handoff)

    const tried = decisionOf(
      logAttempt(
        taken.handoff,
        {
          id: `att_${start.id}`,
          channel: 'call',
          outcome: 'no-answer',
          note: 'Rang twice',
          at: minutesAfter(95),
        },
        anActor(),
        { agreement, now: minutesAfter(95) },
      ),
    )
    expect(await handoffs.commit(taken.handoff, tried)).toBe('committed')
    expect(await handoffs.byId(ws, start.id)).toEqual(tried.handoff)

    const back = decisionOf(
      returnLead(
        tried.handoff,
        aReturn({ reason: 'not-a-fit', criterion: 'size', note: 'Five people' }),
        anActor(),
        { agreement, now: minutesAfter(100) },
      ),
    )
    expect(await handoffs.commit(tried.handoff, back)).toBe('committed')
    expect(await handoffs.byId(ws, start.id)).toEqual(back.handoff)

    const story = await handoffs.story(ws, start.id)
    expect(story?.events.map(({ type }) => type)).toEqual([
      'HandedOff',
      'Accepted',
      'AttemptLogged',
      'Returned',
    ])
    const lead = await database.prisma.lead.findUnique({ where: { id: start.lead.id } })
    expect(lead).toMatchObject({ leadStatus: 'Returned – not a fit', lifecycleStage: 'lead' })
  })

  test('belongs to its workspace', async () => {
    const { id } = await offered()
    expect(await handoffs.byId('T0OTHER', id)).toBeUndefined()
    expect(await handoffs.story('T0OTHER', id)).toBeUndefined()
  })

  test('that has moved on takes nothing of a decision made before', async () => {
    const start = await offered()
    expect(await handoffs.commit(start, accepting(start))).toBe('committed')
    const late = accepting(start, rep(1))
    expect(await handoffs.commit(start, late, { key: 'late', fingerprint: 'x' })).toBe('moved')
    expect((await handoffs.byId(ws, start.id))?.owner?.id).toBe('per_anna')
    expect((await handoffs.story(ws, start.id))?.events).toHaveLength(2)
    expect(await handoffs.byRequest(ws, 'late')).toBeUndefined()
  })

  test('has one owner, however many accept at once', async () => {
    const start = await offered()
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        handoffs.commit(start, accepting(start, rep(index))),
      ),
    )
    expect(outcomes.filter((outcome) => outcome === 'committed')).toHaveLength(1)
    expect(outcomes.filter((outcome) => outcome === 'moved')).toHaveLength(49)
    expect((await handoffs.byId(ws, start.id))?.version).toBe(2)
  })
})

describe('a request', () => {
  test('that comes twice at once has one effect', async () => {
    const request = { key: 'api:1', fingerprint: 'abc' }
    const both = await Promise.all([
      handoffs.commit(null, offer(), request),
      handoffs.commit(null, offer(), request),
    ])
    expect(both.sort()).toEqual(['committed', 'repeated'])
    const kept = await handoffs.byRequest(ws, 'api:1')
    expect(kept?.fingerprint).toBe('abc')
    expect(await handoffs.byId(ws, kept?.handoffId ?? '')).toBeDefined()
  })

  test('for a lead that has an open handoff is refused, until that one is returned', async () => {
    const first = await offered()
    const lead = { ...first.lead, id: 'lead_new' }
    const again = (rest = {}) => handoffs.commit(null, offer({ lead, ...rest }))
    expect(await again()).toBe('lead-taken')
    expect((await handoffs.openOfLead(ws, first.lead.email))?.id).toBe(first.id)
    const back = decisionOf(
      returnLead(first, aReturn({ reason: 'duplicate', note: 'Twice' }), anActor(), {
        agreement,
        now: minutesAfter(100),
      }),
    )
    expect(await handoffs.commit(first, back)).toBe('committed')
    const known = { stage: back.handoff.lifecycleStage, status: back.handoff.leadStatus }
    const round = { before: back.handoff, known, whatChanged: 'It is another person' }
    expect(await again(round)).toBe('committed')
    const now = await createLeads(database).byEmail(ws, first.lead.email)
    expect(now).toMatchObject({ lead: { id: first.lead.id }, stage: 'sql', status: 'New' })
  })
})

describe('pages', () => {
  test('go through all handoffs, newest first, each once', async () => {
    for (let index = 0; index < 5; index++) await offered()
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const page = await handoffs.page(ws, {}, { cursor, limit: 2 })
      seen.push(...page.items.map(({ handoff }) => handoff.id))
      cursor = page.nextCursor ?? undefined
    } while (cursor !== undefined)
    const count = await database.prisma.handoff.count({ where: { workspaceId: ws } })
    expect(new Set(seen).size).toBe(count)
    expect(seen).toHaveLength(count)
  })

  test('can be narrowed to a status, an owner and a lead type', async () => {
    const start = await offered()
    await handoffs.commit(start, accepting(start, rep(7)))
    const mine = {
      status: 'accepted',
      owner: 'rep7@acme.example',
      leadType: start.leadType,
    } as const
    const page = await handoffs.page(ws, mine, { limit: 10 })
    expect(page.items.map(({ handoff }) => handoff.id)).toEqual([start.id])
    const none = await handoffs.page(ws, { ...mine, leadType: 'service' }, { limit: 10 })
    expect(none).toEqual({ items: [], nextCursor: null })
  })
})

describe('timers', () => {
  test('are found when they are to wake, and no longer once they are met', async () => {
    const outbox = createOutbox(database)
    const wakeUps = async (id: string) =>
      (await outbox.wakeUps(minutesAfter(100_000), 10_000)).filter(
        ({ handoffId }) => handoffId === id,
      )
    const start = await offered()
    expect((await wakeUps(start.id)).map(({ kind }) => kind).sort()).toEqual([
      'accept',
      'accept-hard',
    ])
    await handoffs.commit(start, accepting(start))
    expect((await wakeUps(start.id)).map(({ kind }) => kind).sort()).toEqual([
      'attempts',
      'first-attempt',
    ])
    expect(await outbox.wakeUps(fixedNow, 10)).toEqual([])
  })
})
