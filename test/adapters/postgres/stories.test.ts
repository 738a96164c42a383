import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { connect, type Database } from '../../../src/adapters/postgres/client.ts'
import { createHandoffs } from '../../../src/adapters/postgres/handoffs.ts'
import { createLeads } from '../../../src/adapters/postgres/leads.ts'
import { createStories } from '../../../src/adapters/postgres/stories.ts'
import type { Lead } from '../../../src/domain/lead.ts'
import { isTold, tellStory } from '../../../src/domain/story.ts'
import { acceptHandoff } from '../../../src/use-cases/accept-handoff.ts'
import type { Result } from '../../../src/use-cases/act.ts'
import { contestReturn } from '../../../src/use-cases/contest-return.ts'
import { handOffLead } from '../../../src/use-cases/hand-off-lead.ts'
import { leadStory } from '../../../src/use-cases/lead-story.ts'
import { logAttempt } from '../../../src/use-cases/log-attempt.ts'
import type { World } from '../../../src/use-cases/ports/world.ts'
import { reassignHandoff } from '../../../src/use-cases/reassign-handoff.ts'
import { reportDeal } from '../../../src/use-cases/report-deal.ts'
import { returnHandoff } from '../../../src/use-cases/return-handoff.ts'
import { ruleOnReturn } from '../../../src/use-cases/rule-on-return.ts'
import { aLead, aMember, ben, mario, minutesAfter, sara } from '../../support/builders.ts'
import { type FreshDatabase, freshDatabase } from '../../support/database.ts'
import { createMemoryWorld, type MemoryWorld } from '../../support/memory-world.ts'

const ws = 'T0ACME'
const anna = aMember()
const luca = aMember({ id: 'per_luca', slackId: 'U0LUCA', email: 'luca@acme.example' })
const members = [anna, luca, aMember(ben), aMember(sara), aMember(mario)]

let fresh: FreshDatabase
let database: Database
let memory: MemoryWorld
/** Everything on record is in the database; people and the agreement are in memory. */
let world: World

beforeAll(async () => {
  fresh = await freshDatabase()
  database = connect(fresh.url, { max: 5 })
  await database.prisma.user.createMany({
    data: members.map(({ id, slackId, email, name }) => {
      return { id, slackId, email, name, workspaceId: ws }
    }),
  })
})
afterAll(async () => {
  await database.close()
  await fresh.drop()
})

let made = 0
beforeEach(() => {
  memory = createMemoryWorld({ members })
  world = {
    ...memory,
    handoffs: createHandoffs(database),
    leads: createLeads(database),
    stories: createStories(database),
    newId: (prefix) => `${prefix}_${++made}`,
  }
})

const handoffIn = (result: Result): string => {
  if (result.kind !== 'done') throw new Error(JSON.stringify(result))
  return result.handoff.id
}

const handOver = async (
  email: string,
  {
    name = 'Maria Verdi',
    company = 'Officine Verdi',
    whatChanged,
    workspaceId = ws,
  }: {
    name?: string
    company?: string
    whatChanged?: string
    workspaceId?: string
  } = {},
): Promise<string> =>
  handoffIn(
    await handOffLead(world, {
      workspaceId,
      lead: { email, name, company: { name: company } },
      reason: 'Asked for a quote',
      priority: 'hot',
      owner: undefined,
      by: aMember(ben),
      whatChanged,
    }),
  )

const giveBackAsNotReady = (handoffId: string): Promise<Result> =>
  returnHandoff(
    world,
    { workspaceId: ws, handoffId, by: anna },
    {
      reason: 'not-ready',
      criterion: undefined,
      readyOn: undefined,
      readyWhen: 'the budget is approved',
      field: undefined,
      duplicateOf: undefined,
      note: undefined,
    },
  )

const later = (minutes: number): void => {
  memory.clock.now = minutesAfter(minutes, memory.clock.now)
}

describe('the story of a lead', () => {
  test('holds all that was committed, round by round, in order', async () => {
    const email = 'whole@example.com'
    const first = await handOver(email)
    later(30)
    handoffIn(await giveBackAsNotReady(first))
    later(30)
    const target = { workspaceId: ws, handoffId: first }
    handoffIn(await contestReturn(world, { ...target, by: aMember(ben) }, { why: 'It is' }))
    for (const by of [aMember(sara), aMember(mario)]) {
      later(10)
      const said = { ruling: 'uphold', words: 'Not yet' } as const
      handoffIn(await ruleOnReturn(world, { ...target, by }, said))
    }
    later(1_000)
    const second = await handOver(email, { whatChanged: 'The budget is approved' })
    const next = { workspaceId: ws, handoffId: second, by: anna }
    later(5)
    handoffIn(await acceptHandoff(world, next))
    later(5)
    const call = { channel: 'call', outcome: 'connected', note: 'Maria', at: undefined } as const
    handoffIn(await logAttempt(world, next, call))
    later(5)
    handoffIn(await reassignHandoff(world, next, { to: luca }))
    later(5)
    const won = { stage: 'closed-won', lostReason: undefined, note: 'Two presses' }
    handoffIn(await reportDeal(world, { ...next, by: luca }, { ...won, fromProgram: false }))

    const story = await leadStory(world, ws, email)
    if (story === undefined) throw new Error('no story')
    expect(story.known).toMatchObject({ lead: { email }, stage: 'customer', status: 'Closed won' })
    expect(story.olderRounds).toBe(0)
    expect(story.rounds.map(({ handoff, olderEvents }) => [handoff.id, olderEvents])).toEqual([
      [first, 0],
      [second, 0],
    ])
    expect(story.rounds[1]?.handoff).toEqual(await world.handoffs.byId(ws, second))
    expect(story.changes.map(({ what, to, rule, by }) => [what, to, rule, by?.id])).toEqual([
      ['stage', 'sql', 'handoff', 'per_ben'],
      ['status', 'New', 'handoff', 'per_ben'],
      ['stage', 'mql', 'return_reasons.not-ready', 'per_anna'],
      ['status', 'Returned – not ready', 'return_reasons.not-ready', 'per_anna'],
      ['stage', 'sql', 'handoff', 'per_ben'],
      ['status', 'New', 'handoff', 'per_ben'],
      ['status', 'Accepted', 'lead_statuses.accepted', 'per_anna'],
      ['status', 'Connected', 'lead_statuses.connected', 'per_anna'],
      ['stage', 'customer', 'deal_stages.closed-won', 'per_luca'],
      ['status', 'Closed won', 'deal_stages.closed-won', 'per_luca'],
    ])
    const chapters = tellStory(story)
    expect(chapters.map(({ entries }) => entries.map(({ kind }) => kind))).toEqual([
      ['handed-over', 'returned', 'answered', 'ruling', 'ruling', 'answered'],
      ['handed-over', 'accepted', 'attempt', 'owner', 'deal'],
    ])
    expect(chapters[1]?.entries[3]).toMatchObject({
      from: { id: 'per_anna', name: 'Anna Rossi' },
      to: { id: 'per_luca' },
    })
    for (const [index, { entries }] of chapters.entries()) {
      const told = entries.flatMap(({ events }) => events)
      expect(told).toEqual(story.rounds[index]?.events.filter(isTold))
    }
  })

  test('is that of its newest rounds, and says how many are older', async () => {
    const email = 'often@example.com'
    const ids: string[] = []
    for (let round = 1; round <= 23; round++) {
      const whatChanged = round === 1 ? {} : { whatChanged: `Round ${round}` }
      ids.push(await handOver(email, whatChanged))
      later(5)
      handoffIn(await giveBackAsNotReady(ids.at(-1) ?? ''))
      later(5)
    }
    const story = await leadStory(world, ws, email)
    expect(story?.olderRounds).toBe(3)
    expect(story?.rounds.map(({ handoff }) => handoff.id)).toEqual(ids.slice(3))
    expect(story?.rounds.at(-1)?.handoff.round).toBe(23)
    expect(new Set(story?.changes.map(({ handoffId }) => handoffId))).toEqual(new Set(ids.slice(3)))
  })

  test('has the newest events of a handoff on which very much happened', async () => {
    const email = 'busy@example.com'
    const handoffId = await handOver(email)
    later(5)
    handoffIn(await acceptHandoff(world, { workspaceId: ws, handoffId, by: anna }))
    const handoff = await world.handoffs.byId(ws, handoffId)
    await database.prisma.handoff.update({ where: { id: handoffId }, data: { version: 302 } })
    await database.prisma.event.createMany({
      data: Array.from({ length: 300 }, (_, index) => ({
        workspaceId: ws,
        handoffId,
        version: 3 + index,
        type: 'Resumed',
        at: minutesAfter(index, handoff?.acceptedAt ?? undefined),
        data: {},
      })),
    })
    const story = await leadStory(world, ws, email)
    const [round] = story?.rounds ?? []
    expect(round?.olderEvents).toBe(102)
    expect(round?.events).toHaveLength(200)
    expect(round?.events.at(-1)?.version).toBe(302)
  })

  test('has changes that came with no handoff, and people who are gone are nobody', async () => {
    const email = 'scored@example.com'
    const handoffId = await handOver(email)
    const { lead } = (await world.handoffs.byId(ws, handoffId)) ?? { lead: aLead() }
    await database.prisma.leadChange.create({
      data: {
        workspaceId: ws,
        leadId: lead.id,
        what: 'stage',
        from: 'lead',
        to: 'mql',
        rule: 'score',
        at: minutesAfter(-60),
        byId: 'per_gone',
      },
    })
    const story = await leadStory(world, ws, email)
    expect(story?.changes.at(-1)).toEqual({
      what: 'stage',
      from: 'lead',
      to: 'mql',
      rule: 'score',
      handoffId: null,
      version: null,
      at: minutesAfter(-60),
      by: null,
    })
  })

  test('of nobody there is none', async () => {
    expect(await leadStory(world, ws, 'nobody@example.com')).toBeUndefined()
  })
})

describe('a lead is found', () => {
  const seed = async (leads: Partial<Lead>[], workspaceId: string): Promise<void> => {
    await database.prisma.lead.createMany({
      data: leads.map(({ email = '', name = '', company = {} }, index) => ({
        id: `lead_${workspaceId}_${index}`,
        email,
        name,
        company: { name: String(company.name) },
        attributes: {},
        workspaceId,
        lifecycleStage: 'mql',
        leadStatus: null,
        createdAt: minutesAfter(0),
        updatedAt: minutesAfter(index),
      })),
    })
  }
  const found = 'T0FIND'
  const emails = async (text: string, limit = 10, workspaceId = found): Promise<string[]> =>
    (await world.stories.find(workspaceId, text, limit)).map(({ lead }) => lead.email)

  beforeAll(() =>
    seed(
      [
        { email: 'maria@verdi.example', name: 'Maria Verdi', company: { name: 'Officine Verdi' } },
        { email: 'maria@verdi.example.org', name: 'Maria Neri', company: { name: 'Néstlè 100%' } },
        { email: 'maria_x@bianchi.example', name: 'José Ñandú', company: { name: 'A_B' } },
        { email: 'zoe@bianchi.example', name: 'ZOË ÀLVAREZ', company: { name: 'AXB' } },
      ],
      found,
    ),
  )

  test('by its address first, whatever its capitals, else by how the address begins', async () => {
    expect(await emails('Maria@Verdi.example')).toEqual(['maria@verdi.example'])
    expect(await emails('maria@verdi.ex')).toEqual([
      'maria@verdi.example',
      'maria@verdi.example.org',
    ])
    expect(await emails('maria@')).toHaveLength(2)
    expect(await emails('@')).toEqual([])
  })

  test('by a part of its name or of its company, without accents and capitals', async () => {
    expect(await emails('maria')).toEqual(['maria@verdi.example.org', 'maria@verdi.example'])
    expect(await emails('OFFICINE')).toEqual(['maria@verdi.example'])
    expect(await emails('nestle')).toEqual(['maria@verdi.example.org'])
    expect(await emails('zoe alvarez')).toEqual(['zoe@bianchi.example'])
    expect(await emails('jose\u0301 n\u0303andu')).toEqual(['maria_x@bianchi.example'])
  })

  test('by what it says: no character of it is a pattern', async () => {
    expect(await emails('a_b')).toEqual(['maria_x@bianchi.example'])
    expect(await emails('100%')).toEqual(['maria@verdi.example.org'])
    expect(await emails('%')).toEqual(['maria@verdi.example.org'])
    expect(await emails('\\')).toEqual([])
    expect(await emails("'; drop table leads; --")).toEqual([])
    expect(await emails('maria_@')).toEqual([])
    expect(await emails('%@%')).toEqual([])
  })

  test('no more often than is asked', async () => {
    expect(await emails('maria', 1)).toEqual(['maria@verdi.example.org'])
    expect(await emails('maria@', 1)).toHaveLength(1)
  })

  test('with its last handoff and who has it', async () => {
    const email = 'last@example.com'
    const first = await handOver(email, { name: 'Last One' })
    handoffIn(await giveBackAsNotReady(first))
    later(5)
    const second = await handOver(email, { name: 'Last One', whatChanged: 'The budget' })
    handoffIn(await acceptHandoff(world, { workspaceId: ws, handoffId: second, by: anna }))
    expect(await world.stories.find(ws, 'last one', 10)).toMatchObject([
      {
        lead: { email },
        stage: 'sql',
        status: 'Accepted',
        last: { handoffId: second, owner: { id: 'per_anna', name: 'Anna Rossi' } },
      },
    ])
    const [without] = await world.stories.find(found, 'zoe', 10)
    expect(without).toMatchObject({ stage: 'mql', status: null, last: null })
  })

  test('in its own workspace only', async () => {
    const email = 'secret@example.com'
    await handOver(email, { name: 'Secret', company: 'Secret' })
    const other = 'T0OTHER'
    expect(await emails('secret', 10, other)).toEqual([])
    expect(await emails(email, 10, other)).toEqual([])
    expect(await emails('secret@', 10, other)).toEqual([])
    expect(await leadStory(world, other, email)).toBeUndefined()
    const theirs = await handOver(email, { name: 'Theirs', workspaceId: other })
    const story = await leadStory(world, other, email)
    expect(story?.rounds.map(({ handoff }) => handoff.id)).toEqual([theirs])
    expect(story?.changes.every(({ handoffId }) => handoffId === theirs)).toBe(true)
    // Its people are those of the other workspace: of this one nobody is told.
    expect(story?.people.size).toBe(0)
  })
})
