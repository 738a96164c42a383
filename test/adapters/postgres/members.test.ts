import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { connect, type Database } from '../../../src/adapters/postgres/client.ts'
import { createMembers, type Freshness } from '../../../src/adapters/postgres/members.ts'
import { type Agreement, type Role, roles } from '../../../src/domain/agreement.ts'
import type { UserGroup } from '../../../src/domain/roles.ts'
import { assignRole, roleHolders } from '../../../src/use-cases/assign-role.ts'
import type { Directory, Profile } from '../../../src/use-cases/ports/people.ts'
import { syncRoles } from '../../../src/use-cases/sync-roles.ts'
import { anAgreement, fixedNow } from '../../support/builders.ts'
import { type FreshDatabase, freshDatabase } from '../../support/database.ts'

const aProfile = (name: string, overrides: Partial<Profile> = {}): Profile => ({
  slackId: `U0${name.toUpperCase()}`,
  email: `${name}@acme.example`,
  name,
  locale: 'en',
  zone: null,
  external: false,
  slackAdmin: false,
  ...overrides,
})

let fresh: FreshDatabase
let database: Database
let ws = ''
let counter = 0
/** What Slack tells, by Slack id; null for whom it does not show; nothing where it can't be asked. */
let told: Map<string, Profile | null>
let groups: UserGroup[] | undefined
/** What Slack was asked, in order. */
let asked: string[]

const directory: Directory = {
  async bySlackId(slackId) {
    asked.push(slackId)
    return told.get(slackId)
  },
  async byEmail(email) {
    asked.push(email)
    return [...told.values()].find((profile) => profile?.email === email) ?? undefined
  },
  all: async () => [...told.values()].filter((profile) => profile !== null),
  async groups() {
    asked.push('groups')
    return groups
  },
}

/** Rows are read anew after this, in a process of the tests. */
const quick: Freshness = { toldForMs: 60_000, askAgainMs: 60_000, rowForMs: 30 }

const store = (freshness?: Freshness) => createMembers(database, directory, freshness)

const worldOf = (members: ReturnType<typeof store>, agreement: Agreement) => ({
  members,
  directory,
  now: () => fixedNow,
  agreements: {
    inForce: async () => ({ version: 1, agreement, inForceFrom: fixedNow }),
    version: async () => agreement,
  },
})

const nobodyNamed = anAgreement({ people: [] })

beforeAll(async () => {
  fresh = await freshDatabase()
  database = connect(fresh.url, { max: 10 })
})
afterAll(async () => {
  await database.close()
  await fresh.drop()
})
beforeEach(() => {
  counter += 1
  ws = `T0ACME${counter}`
  told = new Map(
    ['anna', 'ben', 'sara', 'root'].map((name) => [`U0${name.toUpperCase()}`, aProfile(name)]),
  )
  told.set('U0ROOT', aProfile('root', { slackAdmin: true }))
  groups = []
  asked = []
})

/** Gives a role as whoever administers Slack would. */
async function give(members: ReturnType<typeof store>, slackId: string, role: Role | null) {
  const by = await members.bySlackId(ws, 'U0ROOT')
  const person = await members.bySlackId(ws, slackId)
  const world = worldOf(members, nobodyNamed)
  return assignRole(world, { workspaceId: ws, personId: person.id, role, by })
}
/** Polls, for five seconds at most. */
const eventually = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 5_000 })

const rowOf = (slackId: string) =>
  database.prisma.user.findFirstOrThrow({ where: { workspaceId: ws, slackId } })

describe('people', () => {
  test('are asked about once, while their row is read again and again', async () => {
    const members = store(quick)
    const anna = await members.bySlackId(ws, 'U0ANNA')
    expect(anna).toMatchObject({ name: 'anna', assigned: null, external: false })
    await database.prisma.user.update({ where: { id: anna.id }, data: { groupRole: 'rep' } })
    await eventually(async () =>
      expect((await members.bySlackId(ws, 'U0ANNA')).assigned).toBe('rep'),
    )
    expect(asked).toEqual(['U0ANNA'])
  })

  test('are asked about again in time, and become what Slack says then', async () => {
    const members = store({ ...quick, toldForMs: 60 })
    await members.bySlackId(ws, 'U0ANNA')
    told.set('U0ANNA', aProfile('anna', { external: true, locale: 'it' }))
    await eventually(async () =>
      expect(await members.bySlackId(ws, 'U0ANNA')).toMatchObject({ external: true, locale: 'it' }),
    )
  })

  test('that Slack could not tell of are asked about again soon', async () => {
    told.delete('U0ANNA')
    const members = store({ ...quick, askAgainMs: 60 })
    const unknown = await members.bySlackId(ws, 'U0ANNA', { name: 'Anna' })
    expect(unknown).toMatchObject({ name: 'Anna', email: null })
    told.set('U0ANNA', aProfile('anna'))
    await eventually(async () =>
      expect(await members.bySlackId(ws, 'U0ANNA')).toMatchObject({
        id: unknown.id,
        email: 'anna@acme.example',
        external: false,
      }),
    )
  })

  test('are who their row says while Slack can not be asked', async () => {
    await store().bySlackId(ws, 'U0ANNA')
    told.delete('U0ANNA')
    expect(await store().bySlackId(ws, 'U0ANNA')).toMatchObject({ name: 'anna', external: false })
  })

  test('whom Slack does not show any more are outsiders, under the name they had', async () => {
    await store().bySlackId(ws, 'U0ANNA')
    told.set('U0ANNA', null)
    expect(await store().bySlackId(ws, 'U0ANNA')).toMatchObject({ name: 'anna', external: true })
  })

  describe('whose first clicks come at once', () => {
    const many = Array.from({ length: 40 }, (_, index) => `U0NEW${index}`)
    const processes = [store, store, store, store]
    const seen = (slackId: string) =>
      Promise.all(processes.map((process) => process().bySlackId(ws, slackId, { name: slackId })))

    test.each([
      ['whom Slack tells of', (id: string) => aProfile(id, { slackId: id }), false],
      ['whom Slack can not be asked about', () => undefined, false],
      ['whom Slack does not show', () => null, true],
    ])('%s are one person each', async (_, profileOf, external) => {
      for (const id of many) {
        const profile = profileOf(id)
        if (profile !== undefined) told.set(id, profile)
      }
      const found = await Promise.all(many.map(seen))
      for (const members of found) {
        expect(new Set(members.map(({ id }) => id)).size).toBe(1)
        expect(members[0]).toMatchObject({ external })
      }
      expect(await database.prisma.user.count({ where: { workspaceId: ws } })).toBe(many.length)
    })

    test('while a lead names them too are one person each', async () => {
      for (const id of many)
        told.set(id, aProfile(id, { slackId: id, email: `${id}@acme.example` }))
      const blind = createMembers(database, { ...directory, byEmail: async () => undefined })
      await Promise.all(many.flatMap((id) => [blind.byEmail(ws, `${id}@acme.example`), seen(id)]))
      expect(await database.prisma.user.count({ where: { workspaceId: ws } })).toBe(many.length)
    })
  })

  test('of the workspace itself are listed by name, as many as are asked for', async () => {
    told.set('U0GUEST', aProfile('guest', { external: true }))
    const members = store()
    await members.sync(ws)
    await members.byEmail(ws, 'nobody@acme.example')
    expect((await members.staff(ws, 10)).map(({ name }) => name)).toEqual([
      'anna',
      'ben',
      'root',
      'sara',
    ])
    expect(await members.staff(ws, 2)).toHaveLength(2)
  })
})

describe('a role given in the form', () => {
  test('shows at once here, and soon in another process, without asking Slack again', async () => {
    const [here, elsewhere] = [store(), store(quick)]
    await here.bySlackId(ws, 'U0ANNA')
    await elsewhere.bySlackId(ws, 'U0ANNA')
    expect(await here.assigned(ws)).toEqual([])
    expect(await give(here, 'U0ANNA', 'marketing')).toEqual({ kind: 'done' })
    expect((await here.bySlackId(ws, 'U0ANNA')).assigned).toBe('marketing')
    expect(await here.assigned(ws)).toMatchObject([{ role: 'marketing', person: { name: 'anna' } }])
    await eventually(async () =>
      expect((await elsewhere.bySlackId(ws, 'U0ANNA')).assigned).toBe('marketing'),
    )
    expect(asked.filter((one) => one === 'U0ANNA')).toHaveLength(2)
  })

  test('is kept with who gave it and when, also when it is taken away', async () => {
    const members = store()
    const root = await members.bySlackId(ws, 'U0ROOT')
    const set = { roleSetById: root.id, roleSetAt: fixedNow }
    await give(members, 'U0ANNA', 'admin')
    expect(await rowOf('U0ANNA')).toMatchObject({ role: 'admin', ...set })
    await give(members, 'U0ANNA', null)
    expect(await rowOf('U0ANNA')).toMatchObject({ role: null, ...set })
  })

  test.each(roles)('%s is what a row can hold', async (role) => {
    const members = store()
    await give(members, 'U0ANNA', role)
    expect((await members.bySlackId(ws, 'U0ANNA')).assigned).toBe(role)
  })

  test('that is refused changes nothing; of somebody unknown there is no answer', async () => {
    const members = store()
    const [by, person] = [
      await members.bySlackId(ws, 'U0BEN'),
      await members.bySlackId(ws, 'U0ANNA'),
    ]
    const world = worldOf(members, nobodyNamed)
    const asking = { workspaceId: ws, role: 'admin' as const, by }
    expect(await assignRole(world, { ...asking, personId: person.id })).toMatchObject({
      kind: 'refused',
      refusal: { code: 'role-required' },
    })
    expect(await rowOf('U0ANNA')).toMatchObject({ role: null, roleSetById: null })
    expect(await assignRole(world, { ...asking, personId: 'usr_none' })).toEqual({
      kind: 'unknown-person',
    })
  })

  test('of another workspace is out of reach', async () => {
    const members = store()
    const person = await members.bySlackId('T0OTHER', 'U0ANNA')
    const by = await members.bySlackId(ws, 'U0ROOT')
    const asking = { workspaceId: ws, personId: person.id, role: 'rep' as const, by }
    expect(await assignRole(worldOf(members, nobodyNamed), asking)).toEqual({
      kind: 'unknown-person',
    })
  })

  test('two admins who take the role from each other at once: one of them is left', async () => {
    const [one, other] = [store(), store()]
    await give(one, 'U0ANNA', 'admin')
    await give(one, 'U0BEN', 'admin')
    const anna = await one.bySlackId(ws, 'U0ANNA')
    const ben = await other.bySlackId(ws, 'U0BEN')
    const results = await Promise.all([
      assignRole(worldOf(one, nobodyNamed), {
        workspaceId: ws,
        personId: ben.id,
        role: null,
        by: anna,
      }),
      assignRole(worldOf(other, nobodyNamed), {
        workspaceId: ws,
        personId: anna.id,
        role: null,
        by: ben,
      }),
    ])
    expect(results.map(({ kind }) => kind).sort()).toEqual(['done', 'refused'])
    expect((await store().assigned(ws)).map(({ role }) => role)).toEqual(['admin'])
  })
})

describe('roles by user group', () => {
  const agreement = anAgreement({
    people: [{ email: 'sara@acme.example', role: 'sales_manager' }],
    groups: [
      { group: 'reps', role: 'rep' },
      { group: 'S0HEADS', role: 'marketing_manager' },
    ],
  })
  const reps = (...people: string[]): UserGroup => ({ id: 'S0REPS', handle: 'reps', people })
  const heads = (...people: string[]): UserGroup => ({ id: 'S0HEADS', handle: 'heads', people })
  const held = async (members: ReturnType<typeof store>) =>
    Object.fromEntries((await members.assigned(ws)).map(({ person, role }) => [person.name, role]))

  test('come with joining a group and go with leaving it', async () => {
    const members = store()
    const world = worldOf(members, agreement)
    groups = [reps('U0ANNA', 'U0BEN'), heads('U0BEN')]
    expect(await syncRoles(world, ws)).toEqual({ people: 2, unknown: [] })
    expect(await held(members)).toEqual({ anna: 'rep', ben: 'marketing_manager' })
    expect((await members.bySlackId(ws, 'U0ANNA')).assigned).toBe('rep')
    groups = [reps('U0BEN')]
    expect(await syncRoles(world, ws)).toEqual({ people: 1, unknown: ['S0HEADS'] })
    expect(await held(members)).toEqual({ ben: 'rep' })
    expect((await members.bySlackId(ws, 'U0ANNA')).assigned).toBeNull()
  })

  test('go with the groups of the agreement, and Slack is not asked where it names none', async () => {
    const members = store()
    groups = [reps('U0ANNA')]
    await syncRoles(worldOf(members, agreement), ws)
    asked = []
    await syncRoles(worldOf(members, nobodyNamed), ws)
    expect(await held(members)).toEqual({})
    expect(asked).toEqual([])
  })

  test('stay as they are while Slack can not be asked', async () => {
    const members = store()
    groups = [reps('U0ANNA')]
    await syncRoles(worldOf(members, agreement), ws)
    groups = undefined
    expect(await syncRoles(worldOf(members, agreement), ws)).toBeUndefined()
    expect(await held(members)).toEqual({ anna: 'rep' })
  })

  test('of people of outside count for nothing, and other workspaces keep theirs', async () => {
    const members = store()
    told.set('U0GUEST', aProfile('guest', { external: true }))
    groups = [reps('U0GUEST', 'U0ANNA')]
    await syncRoles(worldOf(members, agreement), ws)
    expect(await held(members)).toEqual({ anna: 'rep' })
    await syncRoles(worldOf(members, nobodyNamed), 'T0OTHER')
    expect(await held(store())).toEqual({ anna: 'rep' })
  })

  test('stand behind the form, which stands behind the agreement', async () => {
    const members = store()
    const world = worldOf(members, agreement)
    groups = [reps('U0ANNA', 'U0BEN', 'U0SARA')]
    await syncRoles(world, ws)
    await give(members, 'U0BEN', 'marketing')
    const { holders } = await roleHolders(world, ws)
    expect(holders.map(({ person, role, source }) => [person.name, role, source])).toEqual([
      ['sara', 'sales_manager', 'agreement'],
      ['ben', 'marketing', 'form'],
      ['anna', 'rep', 'group'],
    ])
  })
})
