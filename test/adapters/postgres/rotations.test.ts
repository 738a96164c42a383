import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connect, type Database } from '../../../src/adapters/postgres/client.ts'
import { createHandoffs } from '../../../src/adapters/postgres/handoffs.ts'
import { createLeads } from '../../../src/adapters/postgres/leads.ts'
import { createMembers } from '../../../src/adapters/postgres/members.ts'
import { createRotations } from '../../../src/adapters/postgres/rotations.ts'
import { acceptHandoff } from '../../../src/use-cases/accept-handoff.ts'
import { handOffLead } from '../../../src/use-cases/hand-off-lead.ts'
import type { World } from '../../../src/use-cases/ports/world.ts'
import { routeLead } from '../../../src/use-cases/route-lead.ts'
import { wakeTimer } from '../../../src/use-cases/wake-timer.ts'
import { aLead, anAgreement, fixedNow, minutesAfter } from '../../support/builders.ts'
import { type FreshDatabase, freshDatabase } from '../../support/database.ts'
import { createMemoryWorld, type MemoryWorld } from '../../support/memory-world.ts'

let fresh: FreshDatabase
let database: Database
beforeAll(async () => {
  fresh = await freshDatabase()
  database = connect(fresh.url, { max: 10 })
})
afterAll(async () => {
  await database.close()
  await fresh.drop()
})

const [anna, luca, dora] = ['anna', 'luca', 'dora'].map((name) => `${name}@acme.example`)
const rotate = [anna, luca, dora].map((email) => email ?? '')
const agreement = anAgreement({
  people: [],
  escalation: [{ at: '100%', to: 'off_duty' }],
  lead_types: [
    {
      id: 'new-equipment',
      name: { en: 'New equipment', it: 'Macchinari nuovi' },
      channel: 'sql-handoffs',
      owners: { rotate, weights: { [rotate[0] ?? '']: 3 } },
    },
  ],
})

let processes = 0

/** As a process has it: the real stores of handoffs, leads, people and rotations; the rest of the world in memory. */
function worldOf(workspaceId: string): { world: World; memory: MemoryWorld } {
  const memory = createMemoryWorld({ agreement })
  const directory = {
    bySlackId: async () => undefined,
    byEmail: async () => undefined,
    all: async () => [],
  }
  const process = ++processes
  let made = 0
  const world: World = {
    ...memory,
    now: () => memory.clock.now,
    newId: (prefix) => `${prefix}_${workspaceId}_${process}_${++made}`,
    handoffs: createHandoffs(database),
    leads: createLeads(database),
    members: createMembers(database, directory),
    rotations: createRotations(database),
  }
  return { world, memory }
}

async function handOver(world: World, workspaceId: string, email: string, owner?: string) {
  const result = await handOffLead(world, {
    workspaceId,
    lead: { email, name: 'Maria Verdi' },
    reason: 'Asked for a quote',
    priority: 'standard',
    owner,
    by: null,
    whatChanged: undefined,
  })
  if (result.kind !== 'done') throw new Error(JSON.stringify(result))
  return result.handoff
}

test('fifty leads at once, over five processes, go round fairly, and each lead has its handoff and nothing else', async () => {
  const workspaceId = 'T0FIFTY'
  const worlds = [1, 2, 3, 4, 5].map(() => worldOf(workspaceId).world)
  const handoffs = await Promise.all(
    worlds.flatMap((world, process) =>
      Array.from({ length: 10 }, (_, at) =>
        handOver(world, workspaceId, `maria@c${process}-${at}.example`),
      ),
    ),
  )
  const countOf = (email: string) => handoffs.filter(({ owner }) => owner?.email === email).length
  expect(rotate.map(countOf)).toEqual([30, 10, 10])

  const { version, turns } = await createRotations(database).of(workspaceId, 'new-equipment')
  expect(version).toBe(50)
  expect(Object.keys(turns).sort()).toEqual([...rotate].sort())
  // What lost a race has written nothing: no lead counts as an SQL before it was handed over.
  expect(handoffs.map(({ cameFrom }) => cameFrom)).toEqual(handoffs.map(() => null))
  expect(await database.prisma.lead.count({ where: { workspaceId } })).toBe(50)
}, 60_000)

test('a turn that somebody else took first writes nothing at all', async () => {
  const workspaceId = 'T0TURN'
  const { world } = worldOf(workspaceId)
  const first = await handOver(world, workspaceId, 'one@one.example')
  const stale: World = {
    ...world,
    rotations: { ...world.rotations, of: async () => ({ turns: {}, version: 0 }) },
  }
  let looks = 0
  const once: World = {
    ...world,
    rotations: {
      ...world.rotations,
      of: (...asked) => (looks++ === 0 ? stale : world).rotations.of(...asked),
    },
  }
  const second = await handOver(once, workspaceId, 'two@two.example')
  expect(looks).toBe(2)
  expect(first.owner?.email).toBe(rotate[0])
  expect(second.cameFrom).toBeNull()
  expect((await world.rotations.of(workspaceId, 'new-equipment')).version).toBe(2)
})

test('a rotation that has not begun has no turns', async () => {
  const rotations = createRotations(database)
  expect(await rotations.of('T0NEW', 'new-equipment')).toEqual({ turns: {}, version: 0 })
})

describe('the last owner of a company', () => {
  const workspaceId = 'T0COMPANY'

  async function accepted(world: World, email: string, owner: string) {
    const { id } = await handOver(world, workspaceId, email, owner)
    const by = await world.members.byEmail(workspaceId, owner)
    await acceptHandoff(world, { workspaceId, handoffId: id, by })
  }

  test('is found by the domain that was told, else by that of the address', async () => {
    const { world, memory } = worldOf(workspaceId)
    await accepted(world, 'maria@verdi.example', rotate[1] ?? '')
    memory.clock.now = minutesAfter(1)
    await accepted(world, 'paolo@verdi.example', rotate[2] ?? '')
    await handOver(world, workspaceId, 'not-accepted@verdi.example', rotate[0])

    const route = (lead: ReturnType<typeof aLead>) =>
      routeLead(world, workspaceId, { lead, type: undefined, owner: undefined })
    const byAddress = aLead({ email: 'lia@verdi.example', company: {} })
    expect((await route(byAddress))?.owner?.email).toBe(rotate[2])
    const told = aLead({ email: 'lia@other.example', company: { domain: 'www.Verdi.example' } })
    expect((await route(told))?.why[1]).toEqual({ code: 'same-company', domain: 'verdi.example' })
    const { rotations } = world
    expect(await rotations.lastOwner(workspaceId, 'service', 'verdi.example')).toBeUndefined()
    expect(await rotations.lastOwner('T0OTHER', 'new-equipment', 'verdi.example')).toBeUndefined()
  })

  test('is looked up in an index, however many leads there are', async () => {
    const client = await database.pool.connect()
    try {
      await client.query('begin')
      await client.query('set local enable_seqscan = off')
      const { rows } = await client.query(`explain select 1 from leads l
        where l.workspace_id = 'T0' and regexp_replace(lower(coalesce(nullif(l.company ->> 'domain', ''),
          split_part(l.email, '@', 2))), '^www\\.', '') = 'verdi.example'`)
      expect(JSON.stringify(rows)).toContain('leads_company_domain')
    } finally {
      await client.query('rollback')
      client.release()
    }
  })
})

test('whoever lets a lead wait is taken off duty with the breach, and is back by their word', async () => {
  const workspaceId = 'T0DUTY'
  const { world, memory } = worldOf(workspaceId)
  const { id: handoffId, owner } = await handOver(world, workspaceId, 'one@one.example')
  expect(await world.members.offDuty(workspaceId)).toEqual(new Set())
  memory.clock.now = minutesAfter(5 * 60)
  await wakeTimer(world, { workspaceId, handoffId, kind: 'accept' })
  expect(await world.members.offDuty(workspaceId)).toEqual(new Set([owner?.id]))
  expect(await world.members.offDuty('T0OTHER')).toEqual(new Set())
  await world.members.setOffDuty(workspaceId, owner?.id ?? '', null)
  expect(await world.members.offDuty(workspaceId)).toEqual(new Set())
  await world.members.setOffDuty(workspaceId, owner?.id ?? '', fixedNow)
  expect((await world.members.offDuty(workspaceId)).size).toBe(1)
})
