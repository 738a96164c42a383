import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import type { Database } from './client.ts'

/** A key of the HTTP API, and the workspace that it speaks for. */
export interface ApiKey {
  id: string
  workspaceId: string
  name: string
}

export type ApiKeys = ReturnType<typeof createApiKeys>

/** A revoked key may go on for so long in a process that knows it. */
const cache = { max: 1_000, ttl: 15_000 }
/** Nothing that is shorter or longer was ever made a key, so it needs no query. */
const [shortest, longest] = [32, 512]

const hashOf = (rawKey: string): string => createHash('sha256').update(rawKey).digest('hex')

/** Keys of the API. Only their SHA-256 is kept: a random key of 32 bytes needs no slow hash. */
export function createApiKeys(
  { prisma }: Pick<Database, 'prisma'>,
  now: () => number = () => performance.now(),
) {
  const known = new LRUCache<string, ApiKey>({ ...cache, ttlResolution: 0, perf: { now } })

  return {
    /** The key that was made as this text; undefined where it is unknown or revoked. */
    async find(rawKey: string): Promise<ApiKey | undefined> {
      if (rawKey.length < shortest || rawKey.length > longest) return undefined
      const hash = hashOf(rawKey)
      const remembered = known.get(hash)
      if (remembered !== undefined) return remembered
      const row = await prisma.apiKey.findUnique({ where: { hash } })
      if (row === null || row.revokedAt !== null) return undefined
      const { id, workspaceId, name } = row
      const apiKey = { id, workspaceId, name }
      known.set(hash, apiKey)
      return apiKey
    },

    /** Makes a key and tells it, this once. Refuses a name that the workspace has a key for. */
    async create(workspaceId: string, name: string): Promise<string> {
      const rawKey = `baton_${randomBytes(32).toString('base64url')}`
      const id = `key_${randomUUID()}`
      const { count } = await prisma.apiKey.createMany({
        data: { id, workspaceId, name, hash: hashOf(rawKey) },
        skipDuplicates: true,
      })
      if (count === 0) throw new Error(`there is a key named ${name} already: choose another name`)
      return rawKey
    },

    /** Sees to it that this text is the workspace's key of that name, whatever it was before. */
    async ensure(workspaceId: string, name: string, rawKey: string): Promise<void> {
      const hash = hashOf(rawKey)
      await prisma.$transaction([
        // A key is one workspace's: the same text elsewhere or by another name is no key any more.
        prisma.apiKey.deleteMany({ where: { hash, NOT: { workspaceId, name } } }),
        prisma.apiKey.upsert({
          where: { workspaceId_name: { workspaceId, name } },
          create: { id: `key_${randomUUID()}`, workspaceId, name, hash },
          update: { hash, revokedAt: null },
        }),
      ])
      known.clear()
    },

    /** Takes the key of that name back; false where there is none that still works. */
    async revoke(workspaceId: string, name: string): Promise<boolean> {
      const { count } = await prisma.apiKey.updateMany({
        where: { workspaceId, name, revokedAt: null },
        data: { revokedAt: new Date() },
      })
      known.clear()
      return count > 0
    },
  }
}
