import { LRUCache } from 'lru-cache'
import type { Agreement } from '../../domain/agreement.ts'
import type { AgreementInForce, Agreements } from '../../use-cases/ports/agreements.ts'
import type { Database } from './client.ts'

export interface AgreementsStore extends Agreements {
  /** Makes the source version 1 where the workspace has no agreement yet. */
  adopt(workspaceId: string, source: () => Promise<string>): Promise<void>
  /** The text of a version, with its comments. */
  source(workspaceId: string, version: number): Promise<string>
  /** A version out of its row; read once and kept. */
  parsed(workspaceId: string, row: { version: number; source: string }): Agreement
  /** There is a new version: the next look is at the database. */
  forget(workspaceId: string): void
}

/** Another process may have put a new version in force: so long may this one be behind. */
const freshForMs = 5_000

/**
 * The versions of the agreement. A version never changes, so its parsed form is kept; which one is
 * in force is looked up anew every few seconds.
 */
export function createAgreements(
  { prisma }: Pick<Database, 'prisma'>,
  parse: (source: string, name: string) => Agreement,
): AgreementsStore {
  const parsed = new LRUCache<string, Agreement>({ max: 200 })
  const inForce = new LRUCache<string, AgreementInForce>({ max: 1_000, ttl: freshForMs })

  const parsedOnce: AgreementsStore['parsed'] = (workspaceId, { version, source }) => {
    const key = `${workspaceId} ${version}`
    const known = parsed.get(key)
    if (known !== undefined) return known
    const agreement = parse(source, `agreement version ${version}`)
    parsed.set(key, agreement)
    return agreement
  }

  const rowOf = (workspaceId: string, version: number) =>
    prisma.agreementVersion.findUniqueOrThrow({
      where: { workspaceId_version: { workspaceId, version } },
    })

  return {
    async inForce(workspaceId) {
      const known = inForce.get(workspaceId)
      if (known !== undefined) return known
      const row = await prisma.agreementVersion.findFirstOrThrow({
        where: { workspaceId, inForceFrom: { lte: new Date() } },
        orderBy: { version: 'desc' },
      })
      const { version, inForceFrom } = row
      const current = { version, inForceFrom, agreement: parsedOnce(workspaceId, row) }
      inForce.set(workspaceId, current)
      return current
    },

    async version(workspaceId, version) {
      const known = parsed.get(`${workspaceId} ${version}`)
      return known ?? parsedOnce(workspaceId, await rowOf(workspaceId, version))
    },

    source: async (workspaceId, version) => (await rowOf(workspaceId, version)).source,

    async adopt(workspaceId, source) {
      if ((await prisma.agreementVersion.count({ where: { workspaceId } })) > 0) return
      await prisma.agreementVersion.createMany({
        data: { workspaceId, version: 1, source: await source(), inForceFrom: new Date() },
        skipDuplicates: true,
      })
    },

    parsed: parsedOnce,
    forget: (workspaceId) => void inForce.delete(workspaceId),
  }
}
