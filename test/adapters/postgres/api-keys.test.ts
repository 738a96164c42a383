import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
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
