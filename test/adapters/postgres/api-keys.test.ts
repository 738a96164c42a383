import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { createApiKeys } from '../../../src/adapters/postgres/api-keys.ts'
import { connect, type Database } from '../../../src/adapters/postgres/client.ts'
import { type FreshDatabase, freshDatabase } from '../../support/database.ts'

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
beforeEach(() => database.prisma.apiKey.deleteMany())

const configured = 'a-key-of-the-operator-of-32-or-more'

describe('keys of the API', () => {
  test('a key is told once, found again, and kept only as its hash', async () => {
    const keys = createApiKeys(database)
    const rawKey = await keys.create('T1', 'importer')
    expect(rawKey).toMatch(/^baton_[\w-]{43}$/)
    expect(await keys.find(rawKey)).toMatchObject({ workspaceId: 'T1', name: 'importer' })
    expect(await keys.find(rawKey)).toEqual(await createApiKeys(database).find(rawKey))
    const rows = await database.prisma.apiKey.findMany()
    expect(JSON.stringify(rows)).not.toContain(rawKey.slice('baton_'.length))
  })

  test.each(['', 'short', 'x'.repeat(64), 'x'.repeat(10_000), `\u0000${'x'.repeat(40)}`])(
    'a key that nobody made is not found',
    async (rawKey) => {
      expect(await createApiKeys(database).find(rawKey)).toBeUndefined()
    },
  )

  test('a name is given once in a workspace', async () => {
    const keys = createApiKeys(database)
    await keys.create('T1', 'importer')
    await expect(keys.create('T1', 'importer')).rejects.toThrow('named importer already')
    await expect(keys.create('T2', 'importer')).resolves.toBeTypeOf('string')
  })

  test('a revoked key works no more; elsewhere not for long', async () => {
    let now = 1_000
    const keys = createApiKeys(database)
    const elsewhere = createApiKeys(database, () => now)
    const rawKey = await keys.create('T1', 'importer')
    expect(await elsewhere.find(rawKey)).toBeDefined()
    expect(await keys.revoke('T1', 'importer')).toBe(true)
    expect(await keys.revoke('T1', 'importer')).toBe(false)
    expect(await keys.find(rawKey)).toBeUndefined()
    now = 20_000
    expect(await elsewhere.find(rawKey)).toBeUndefined()
  })

  test('what a key may do, and until when, is found with it', async () => {
    const keys = createApiKeys(database)
    const limits = { scopes: ['read', 'leads'], expiresAt: new Date('2027-01-01T00:00:00Z') }
    const found = await keys.find(await keys.create('T1', 'form', limits))
    expect(found).toMatchObject({ name: 'form', ...limits })
    const everything = await keys.find(await keys.create('T1', 'importer'))
    expect(everything).toMatchObject({ scopes: [], expiresAt: null })
  })

  test('a key that has expired is found, so that it can be said', async () => {
    const keys = createApiKeys(database)
    const expiresAt = new Date('2020-01-01T00:00:00Z')
    expect(await keys.find(await keys.create('T1', 'old', { expiresAt }))).toMatchObject({
      expiresAt,
    })
  })

  test('the name of a revoked key is free again, for another key', async () => {
    const keys = createApiKeys(database)
    const first = await keys.create('T1', 'form')
    await keys.revoke('T1', 'form')
    const second = await keys.create('T1', 'form')
    expect(await keys.find(first)).toBeUndefined()
    expect(await keys.find(second)).toMatchObject({ name: 'form' })
  })

  test('all keys of a workspace are listed, and nothing that opens', async () => {
    const keys = createApiKeys(database)
    await keys.create('T1', 'b', { scopes: ['read'] })
    await keys.create('T1', 'a')
    await keys.revoke('T1', 'a')
    await keys.create('T2', 'c')
    const unused = { createdAt: expect.any(Date), expiresAt: null, lastUsedAt: null }
    expect(await keys.list('T1')).toEqual([
      { name: 'a', scopes: [], ...unused, revokedAt: expect.any(Date) },
      { name: 'b', scopes: ['read'], ...unused, revokedAt: null },
    ])
  })

  test('a use is noted without a wait, and once a minute', async () => {
    let now = 1_000
    // On one connection whatever was asked before is done before.
    const single = connect(fresh.url, { max: 1 })
    onTestFinished(() => single.close())
    const keys = createApiKeys(single, () => now)
    const key = await keys.find(await keys.create('T1', 'form'))
    if (key === undefined) throw new Error('no key')
    const lastUsedAt = async () => (await keys.list('T1'))[0]?.lastUsedAt ?? null
    const atUse = (at: string) => database.prisma.apiKey.updateMany({ data: { lastUsedAt: at } })

    expect(keys.used(key)).toBeUndefined()
    await expect.poll(lastUsedAt).not.toBeNull()
    const early = '2026-01-01T00:00:00.000Z'
    await atUse(early)
    keys.used(key)
    now = 50_000
    keys.used(key)
    expect(await lastUsedAt()).toEqual(new Date(early))
    now = 62_000
    keys.used(key)
    await expect.poll(lastUsedAt).not.toEqual(new Date(early))

    const recent = await lastUsedAt()
    createApiKeys(single).used(key)
    expect(await lastUsedAt()).toEqual(recent)
  })

  test('a use is not noted where the database is away, and nothing breaks', async () => {
    const away = connect('postgresql://127.0.0.1:1/none')
    const keys = createApiKeys(away)
    expect(() => keys.used({ id: 'key_1' })).not.toThrow()
    await away.close()
  })

  test('the configured key is the one that works, however often it is ensured', async () => {
    const keys = createApiKeys(database)
    await Promise.all([1, 2, 3].map(() => keys.ensure('T1', 'BATON_API_KEY', configured)))
    const first = await keys.find(configured)
    expect(first).toMatchObject({ workspaceId: 'T1' })
    await keys.ensure('T1', 'BATON_API_KEY', `${configured}-new`)
    expect(await keys.find(configured)).toBeUndefined()
    expect(await keys.find(`${configured}-new`)).toEqual(first)
  })

  test('the same configured key in another workspace speaks for that one only', async () => {
    const keys = createApiKeys(database)
    await keys.ensure('T1', 'BATON_API_KEY', configured)
    await keys.ensure('T2', 'BATON_API_KEY', configured)
    expect(await keys.find(configured)).toMatchObject({ workspaceId: 'T2' })
    expect(await database.prisma.apiKey.count()).toBe(1)
  })
})
