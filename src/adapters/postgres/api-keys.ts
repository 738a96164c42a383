import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import type { Database } from './client.ts'

/** A key of the HTTP API, and the workspace that it speaks for. */
export interface ApiKey {
  id: string
  workspaceId: string
  name: string
  /** What it may do; empty for everything. */
  scopes: readonly string[]
  /** From then on it works no more; null for never. */
  expiresAt: Date | null
}

/** A key as its operator sees it. */
export interface ListedKey extends Omit<ApiKey, 'id' | 'workspaceId'> {
  createdAt: Date
  lastUsedAt: Date | null
  revokedAt: Date | null
}

export type ApiKeys = ReturnType<typeof createApiKeys>

/** A revoked key may go on for so long in a process that knows it. */
const cache = { max: 1_000, ttl: 15_000 }
/** A use is noted this often. */
const noted = { max: 1_000, ttl: 60_000 }
/** Nothing that is shorter or longer was ever made a key, so it needs no query. */
const [shortest, longest] = [32, 512]

const hashOf = (rawKey: string): string => createHash('sha256').update(rawKey).digest('hex')

/** Keys of the API. Only their SHA-256 is kept: a random key of 32 bytes needs no slow hash. */
export function createApiKeys(
  { prisma, pool }: Pick<Database, 'prisma' | 'pool'>,
  now: () => number = () => performance.now(),
) {
  const clock = { ttlResolution: 0, perf: { now } }
  const known = new LRUCache<string, ApiKey>({ ...cache, ...clock })
  const justUsed = new LRUCache<string, true>({ ...noted, ...clock })

  return {
    /**
     * The key that was made as this text, expired or not; undefined where it is unknown or revoked.
     */
    async find(rawKey: string): Promise<ApiKey | undefined> {
      if (rawKey.length < shortest || rawKey.length > longest) return undefined
      const hash = hashOf(rawKey)
      const remembered = known.get(hash)
      if (remembered !== undefined) return remembered
      const row = await prisma.apiKey.findUnique({ where: { hash } })
      if (row === null || row.revokedAt !== null) return undefined
      const { id, workspaceId, name, scopes, expiresAt } = row
      const apiKey = { id, workspaceId, name, scopes, expiresAt }
      known.set(hash, apiKey)
      return apiKey
    },

    /** Notes that it was used, once a minute at most, in its own time. */
    used({ id }: Pick<ApiKey, 'id'>): void {
      if (justUsed.has(id)) return
      justUsed.set(id, true)
      const text = `update api_keys set last_used_at = now()
        where id = $1 and (last_used_at is null or last_used_at < now() - interval '1 minute')`
      // Where the database is away the request says so; that it came is not worth a second word.
      pool.query({ name: 'api_key_used', text, values: [id] }).catch(() => justUsed.delete(id))
    },

    /**
     * Makes a key and tells it, this once. Refuses a name that the workspace has a key for; that of
     * a revoked key is free again.
     */
    async create(
      workspaceId: string,
      name: string,
      { scopes = [], expiresAt = null }: Partial<Pick<ApiKey, 'scopes' | 'expiresAt'>> = {},
    ): Promise<string> {
      const rawKey = `baton_${randomBytes(32).toString('base64url')}`
      const id = `key_${randomUUID()}`
      const hash = hashOf(rawKey)
      const [, { count }] = await prisma.$transaction([
        prisma.apiKey.deleteMany({ where: { workspaceId, name, revokedAt: { not: null } } }),
        prisma.apiKey.createMany({
          data: { id, workspaceId, name, hash, scopes: [...scopes], expiresAt },
          skipDuplicates: true,
        }),
      ])
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
          update: { hash, revokedAt: null, expiresAt: null, scopes: [] },
        }),
      ])
      known.clear()
    },

    /** The keys of a workspace by name, those that were revoked too. */
    list: (workspaceId: string): Promise<ListedKey[]> =>
      prisma.apiKey.findMany({
        where: { workspaceId },
        orderBy: { name: 'asc' },
        select: {
          name: true,
          scopes: true,
          createdAt: true,
          expiresAt: true,
          lastUsedAt: true,
          revokedAt: true,
        },
      }),

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
