import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { connect, type Database } from '../../src/adapters/postgres/client.ts'
import { createErasures } from '../../src/adapters/postgres/erasures.ts'
import { createHandoffs } from '../../src/adapters/postgres/handoffs.ts'
import { createHomes } from '../../src/adapters/postgres/homes.ts'
import { createWorkspaces } from '../../src/adapters/postgres/workspaces.ts'
import { createArchivedCards } from '../../src/adapters/slack/cards.ts'
import { buildHome } from '../../src/adapters/slack/features/home/view.ts'
import { commandWorld } from '../../src/commands/command-world.ts'
import { handOff } from '../../src/domain/decide/hand-off.ts'
import { returnLead } from '../../src/domain/decide/return.ts'
import { createWeekFigures, type HomeWorld, readHome } from '../../src/use-cases/home.ts'
import {
  aHandOff,
  aLead,
  anActor,
  anAgreement,
  aPerson,
  aReturn,
  decisionOf,
  fixedNow,
  mario,
  minutesAfter,
  sara,
} from '../support/builders.ts'
import { type FreshDatabase, freshDatabase } from '../support/database.ts'
import { faultsOf, viewSchema } from '../support/slack-limits.ts'

const workspaceId = 'T0ACME'
const anna = aPerson()
const agreement = anAgreement({
  people: [
    { email: 'anna@acme.example', role: 'rep' },
    { email: 'sara@acme.example', role: 'sales_manager' },
    { email: 'mario@acme.example', role: 'marketing' },
  ],
})

let fresh: FreshDatabase
let database: Database
let world: HomeWorld
beforeAll(async () => {
  fresh = await freshDatabase()
  database = connect(fresh.url, { max: 5 })
  await createWorkspaces(database).adopt({ id: workspaceId, name: 'Acme' })
  await database.prisma.user.createMany({
    data: [anna, sara, mario].map((person) => ({ ...person, workspaceId })),
  })
})
afterAll(async () => {
  await database.close()
  await fresh.drop()
})
beforeEach(() => {
  const others = commandWorld(database)
  world = {
    ...others,
    agreements: {
      ...others.agreements,
      inForce: async () => ({ agreement, version: 1, inForceFrom: fixedNow }),
      version: async () => agreement,
    },
    homes: createHomes(database),
    screen: { show: async () => ({ kind: 'done', shown: '', isNew: true }) },
    ownChannels: { all: async () => new Set() },
    cards: createArchivedCards('https://acme.slack.example/'),
    week: createWeekFigures(),
    crms: [],
    now: () => minutesAfter(60),
  }
})

const homeOf = (userId: string, page = 0, stamp = '') =>
  readHome(world, { workspaceId, userId, page, stamp })

test('five hundred open leads are ten on a page, in a few queries and within Slack’s limits', async () => {
  const handoffs = createHandoffs(database)
  for (let n = 0; n < 500; n++) {
    const lead = aLead({ id: `lead_${n}`, email: `lead${n}@example.com` })
    const owner = anna
    const made = handOff(aHandOff({ id: `hof_${n}`, workspaceId, lead, owner }), null, {
      agreement,
      now: new Date(fixedNow.getTime() + n),
    })
    expect(await handoffs.commit(null, decisionOf(made))).toBe('committed')
  }
  await database.pool.query(
    `update deliveries set channel_id = 'C0SQL', ts = '1795436908.' || lpad(id::text, 6, '0')
     where kind = 'card'`,
  )
  const seen = new Set<string>()
  for (const page of [0, 1, 49]) {
    const queries = vi.spyOn(database.pool, 'query')
    const { contents } = await homeOf('U0ANNA', page)
    expect(queries.mock.calls.length).toBeLessThan(10)
    queries.mockRestore()
    expect(contents).toMatchObject({ page, pages: 50, lists: [{ name: 'offered', total: 500 }] })
    const [list] = contents.lists
    expect(list?.entries).toHaveLength(10)
    for (const { handoff, cardUrl } of list?.entries ?? []) {
      seen.add(handoff.id)
      expect(cardUrl).toMatch(/^https:\/\/acme\.slack\.example\/archives\/C0SQL\/p1795436908\d{6}$/)
    }
    const view = buildHome(contents)
    expect(view.blocks.length).toBeLessThanOrEqual(100)
    expect(faultsOf(viewSchema, view)).toEqual([])
  }
  expect(seen.size).toBe(30)
})

test('the figures of a moment are computed once for many homes', async () => {
  const counts = vi.spyOn(world.homes, 'counts')
  await Promise.all(Array.from({ length: 8 }, () => homeOf('U0SARA', 0, 'a')))
  await homeOf('U0SARA', 0, 'a')
  expect(counts).toHaveBeenCalledTimes(1)
  await homeOf('U0SARA', 0, 'b')
  expect(counts).toHaveBeenCalledTimes(2)
})

test('and anew when a minute has gone by, or reading them failed', async () => {
  const counts = vi.spyOn(world.homes, 'counts').mockRejectedValueOnce(new Error('down'))
  await expect(homeOf('U0SARA', 0, 'a')).rejects.toThrow('down')
  await homeOf('U0SARA', 0, 'a')
  expect(counts).toHaveBeenCalledTimes(2)
  world.now = () => minutesAfter(61)
  await homeOf('U0SARA', 0, 'a')
  expect(counts).toHaveBeenCalledTimes(3)
})

test('a return of a lead that was erased waits for nobody', async () => {
  const lead = aLead({ id: 'lead_gone', email: 'gone@example.com' })
  const asked = aHandOff({ id: 'hof_gone', workspaceId, lead })
  const made = decisionOf(handOff(asked, null, { agreement, now: fixedNow }))
  const handoffs = createHandoffs(database)
  await handoffs.commit(null, made)
  const given = returnLead(
    made.handoff,
    aReturn({ reason: 'wrong-data', note: 'The number is dead' }),
    anActor(anna),
    {
      agreement,
      now: minutesAfter(5),
    },
  )
  await handoffs.commit(made.handoff, decisionOf(given))
  const listed = async () => (await homeOf('U0MARIO')).contents.lists.map(({ name }) => name)
  expect(await listed()).toContain('toAnswer')
  await createErasures(database).erase(workspaceId, { email: lead.email }, minutesAfter(10))
  expect(await listed()).not.toContain('toAnswer')
})
