import { describe, expect, test } from 'vitest'
import { acceptHandoff } from '../../src/use-cases/accept-handoff.ts'
import { handOffLead } from '../../src/use-cases/hand-off-lead.ts'
import { routeLead, whoWouldGet } from '../../src/use-cases/route-lead.ts'
import { aLead, aMember, anAgreement, ben, fixedNow } from '../support/builders.ts'
import { createMemoryWorld, type MemoryWorld } from '../support/memory-world.ts'

const workspaceId = 'ws_1'
const person = (name: string) =>
  aMember({ id: `per_${name}`, slackId: name, email: `${name}@acme.example`, name })
const [anna, luca, dora] = [person('anna'), person('luca'), person('dora')]
const everybody = [anna, luca, dora, aMember(ben)]
const rotate = [anna, luca, dora].map(({ email }) => email ?? '')

type Said = NonNullable<Parameters<typeof anAgreement>[0]>
type Type = NonNullable<Said['lead_types']>[number]
const service: Type = {
  id: 'service',
  name: { en: 'Service', it: 'Assistenza' },
  channel: 'service-handoffs',
  when: { field: 'attributes.customer', is: 'yes' },
}
const worldOf = (type: Partial<Type>, said: Said = {}): MemoryWorld =>
  createMemoryWorld({
    agreement: anAgreement({
      people: [{ email: 'ben@acme.example', role: 'marketing' }],
      lead_types: [
        service,
        { id: 'new', name: { en: 'New', it: 'Nuovo' }, channel: 'sql-handoffs', ...type },
      ],
      ...said,
    }),
    members: everybody,
  })

async function handOver(world: MemoryWorld, email: string, said: { owner?: string } = {}) {
  const result = await handOffLead(world, {
    workspaceId,
    lead: { email, name: 'Maria Verdi' },
    reason: 'Asked for a quote',
    priority: 'hot',
    owner: said.owner,
    by: aMember(ben),
    whatChanged: undefined,
  })
  if (result.kind !== 'done') throw new Error(JSON.stringify(result))
  return result.handoff
}

const route = (world: MemoryWorld, lead = aLead(), owner?: string) =>
  routeLead(world, workspaceId, { lead, type: undefined, owner })
const codes = (found: Awaited<ReturnType<typeof route>>) => found?.why.map(({ code }) => code)

describe('a route', () => {
  test('is by the type whose conditions hold, and says so', async () => {
    const lead = aLead({ attributes: { customer: 'yes' } })
    const found = await route(worldOf({}), lead)
    expect(found).toMatchObject({
      leadType: { id: 'service' },
      channel: 'service-handoffs',
      owner: null,
    })
    expect(codes(found)).toEqual(['type-by-conditions', 'open'])
  })

  test('leads nowhere by a type that the agreement has not', async () => {
    const world = worldOf({})
    expect(await whoWouldGet(world, workspaceId, { leadType: 'nothing-such' })).toBeUndefined()
    expect(await whoWouldGet(world, workspaceId, { leadType: 'new' })).toMatchObject({
      why: [{ code: 'type-sent' }, { code: 'open' }],
    })
  })

  test('is to whoever was asked for, before anything else', async () => {
    const found = await route(worldOf({ owners: { rotate } }), aLead(), 'dora@acme.example')
    expect(found).toMatchObject({ owner: { id: 'per_dora' }, turn: null })
    expect(codes(found)?.[1]).toBe('asked-for')
  })

  test('is to the fixed owner while they are there, else to everybody', async () => {
    const world = worldOf({ owners: { fixed: 'anna@acme.example' } })
    expect(await route(world)).toMatchObject({ owner: { id: 'per_anna' } })
    await world.members.setOffDuty(workspaceId, 'per_anna', fixedNow)
    const found = await route(world)
    expect(found).toMatchObject({
      owner: null,
      passedOver: [{ person: { id: 'per_anna' }, why: { why: 'away' } }],
    })
    expect(codes(found)?.[1]).toBe('nobody-there')
  })

  test('by rotation is the one that a handoff then takes, turn by turn', async () => {
    const world = worldOf({ owners: { rotate, weights: { 'dora@acme.example': 2 } } })
    const owners: (string | undefined)[] = []
    for (let lead = 0; lead < 8; lead++) {
      const asked = await whoWouldGet(world, workspaceId, { email: `l${lead}@c${lead}.example` })
      const { owner } = await handOver(world, `l${lead}@c${lead}.example`)
      expect(owner?.id).toBe(asked?.owner?.id)
      owners.push(owner?.id)
    }
    for (const [id, leads] of [
      ['per_anna', 2],
      ['per_luca', 2],
      ['per_dora', 4],
    ] as const) {
      expect(owners.filter((one) => one === id)).toHaveLength(leads)
    }
  })

  test('passes over who is off, full, not of sales or outside their hours, and says why', async () => {
    const calendar = { timezone: 'America/New_York', hours: { 'mon-fri': ['09:00-17:00'] } }
    const emma = 'emma@acme.example'
    const world = worldOf(
      { owners: { rotate: [...rotate, 'ben@acme.example', emma] } },
      {
        people: [
          { email: 'ben@acme.example', role: 'marketing' },
          { email: 'anna@acme.example', role: 'rep', off: ['2026-11-23/2026-11-27'] },
          { email: 'luca@acme.example', role: 'rep', cap: 1 },
          { email: 'dora@acme.example', role: 'rep', calendar },
        ],
      },
    )
    await handOver(world, 'one@one.example', { owner: 'luca@acme.example' })
    const found = await route(world)
    expect(found?.owner?.email).toBe(emma)
    const why = found?.passedOver.map(({ person: { email }, why: { why } }) => [email, why])
    expect(why?.sort()).toEqual([
      ['anna@acme.example', 'off'],
      ['ben@acme.example', 'cannot-sell'],
      ['dora@acme.example', 'outside-hours'],
      ['luca@acme.example', 'full'],
    ])
  })

  test('on a night is to those who are there when work begins, but not to who is off that day', async () => {
    const people: Said['people'] = [
      { email: 'anna@acme.example', role: 'rep', off: ['2026-11-30'] },
    ]
    const world = worldOf({ owners: { rotate: rotate.slice(0, 2) } }, { people })
    world.clock.now = new Date('2026-11-27T21:00:00.000Z')
    expect(await route(world)).toMatchObject({
      owner: { id: 'per_luca' },
      passedOver: [{ person: { id: 'per_anna' }, why: { why: 'off', until: '2026-11-30' } }],
    })
  })

  test('is to everybody where nobody of the rotation is there', async () => {
    const world = worldOf({ owners: { rotate } })
    for (const { id } of [anna, luca, dora]) {
      await world.members.setOffDuty(workspaceId, id, fixedNow)
    }
    const found = await route(world)
    expect(found).toMatchObject({ owner: null, turn: null })
    expect(found?.passedOver).toHaveLength(3)
  })
})

describe('whoever had the last lead of a company', () => {
  async function known(said: Said = {}) {
    const world = worldOf({ owners: { rotate } }, said)
    const { id } = await handOver(world, 'maria@verdi.example', { owner: 'dora@acme.example' })
    await acceptHandoff(world, { workspaceId, handoffId: id, by: dora })
    return world
  }
  const colleague = aLead({ email: 'paolo@verdi.example', company: {} })

  test('gets the next one too, out of turn', async () => {
    const found = await route(await known(), colleague)
    expect(found).toMatchObject({ owner: { id: 'per_dora' }, turn: null })
    expect(found?.why[1]).toEqual({ code: 'same-company', domain: 'verdi.example' })
  })

  test('not of another company, nor by an address that everybody could have', async () => {
    const world = await known()
    const other = aLead({ email: 'paolo@gmail.com', company: {} })
    expect(codes(await route(world, other))?.[1]).toBe('turn')
    expect(codes(await route(world))?.[1]).toBe('turn')
  })

  test('not while they are off duty, and not where the agreement does not want it', async () => {
    const world = await known()
    await world.members.setOffDuty(workspaceId, 'per_dora', fixedNow)
    expect(await route(world, colleague)).toMatchObject({ owner: { id: 'per_anna' } })
    const loose = await known({ routing: { sticky: 'none' } })
    expect(codes(await route(loose, colleague))?.[1]).toBe('turn')
  })

  test('only of the same lead type', async () => {
    const world = await known()
    const asked = { lead: colleague, type: 'service', owner: undefined }
    expect(codes(await routeLead(world, workspaceId, asked))?.[1]).toBe('open')
  })
})
