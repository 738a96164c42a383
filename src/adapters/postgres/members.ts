import { randomUUID } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import { z } from 'zod'
import { locales } from '../../domain/agreement.ts'
import type { Member } from '../../domain/person.ts'
import type { Directory, Members, Profile } from '../../use-cases/ports.ts'
import type { Database } from './client.ts'

const memberRow = z.object({
  id: z.string(),
  slackId: z.string().nullable(),
  email: z.string().nullable(),
  name: z.string(),
  locale: z.enum(locales),
  zone: z.string().nullable(),
  external: z.boolean(),
})

/** People change their language, or leave: so long may Baton be behind. */
const cache = { max: 10_000, ttl: 10 * 60_000 }

const newId = (): string => `usr_${randomUUID().replaceAll('-', '')}`

export interface MembersStore extends Members {
  /** Takes over what Slack knows of everybody in the workspace; returns how many that are. */
  sync(workspaceId: string): Promise<number>
}

/**
 * The people of a workspace. Slack's directory is asked about each person once in ten minutes at
 * most; where it can't be asked, a person is who the row, or else the payload, says.
 */
export function createMembers(
  { prisma }: Pick<Database, 'prisma'>,
  directory: Directory,
): MembersStore {
  const bySlackId = new LRUCache<string, Member>(cache)
  const byEmail = new LRUCache<string, Member>(cache)

  /**
   * Writes what Slack tells. A row known by its e-mail address only (named in the agreement or by
   * the API) becomes that of the account with this address; an account that lost its address to
   * another one is left without.
   */
  const save = async (workspaceId: string, profile: Profile): Promise<Member> => {
    const { slackId } = profile
    const email = profile.email?.toLowerCase() ?? null
    const values = { ...profile, email }
    const where = { workspaceId_slackId: { workspaceId, slackId } }
    const known = await prisma.user.findUnique({ where })
    if (known !== null && isSame(known, values)) return memberRow.parse(known)

    const holders = { workspaceId, email: email ?? '' }
    const [, , row] = await prisma.$transaction([
      prisma.user.updateMany({
        where: { ...holders, AND: [{ slackId: { not: null } }, { slackId: { not: slackId } }] },
        data: { email: null },
      }),
      prisma.user.updateMany({
        where: { ...holders, slackId: null },
        data: known === null ? { slackId } : { email: null },
      }),
      prisma.user.upsert({
        where,
        create: { id: newId(), workspaceId, ...values },
        update: values,
      }),
    ])
    return memberRow.parse(row)
  }

  const cached = async (
    cache: LRUCache<string, Member>,
    key: string,
    load: () => Promise<Member>,
  ): Promise<Member> => {
    const known = cache.get(key)
    if (known !== undefined) return known
    const member = await load()
    cache.set(key, member)
    return member
  }

  return {
    bySlackId: (workspaceId, slackId, hint) =>
      cached(bySlackId, `${workspaceId} ${slackId}`, async () => {
        const profile = await directory.bySlackId(slackId)
        if (profile !== undefined) return save(workspaceId, profile)
        const row = await prisma.user.upsert({
          where: { workspaceId_slackId: { workspaceId, slackId } },
          create: { id: newId(), workspaceId, slackId, name: hint?.name ?? slackId },
          update: {},
        })
        return memberRow.parse(row)
      }),

    byEmail: (workspaceId, address) =>
      cached(byEmail, `${workspaceId} ${address.toLowerCase()}`, async () => {
        const email = address.toLowerCase()
        const where = { workspaceId_email: { workspaceId, email } }
        const known = await prisma.user.findUnique({ where })
        if (known !== null && known.slackId !== null) return memberRow.parse(known)
        const profile = await directory.byEmail(email)
        if (profile !== undefined) return save(workspaceId, { ...profile, email })
        const row = await prisma.user.upsert({
          where,
          create: { id: newId(), workspaceId, email, name: email },
          update: {},
        })
        return memberRow.parse(row)
      }),

    async byId(workspaceId, id) {
      const row = await prisma.user.findFirst({ where: { workspaceId, id } })
      return row === null ? undefined : memberRow.parse(row)
    },

    async sync(workspaceId) {
      const profiles = await directory.all()
      for (const profile of profiles) await save(workspaceId, profile)
      return profiles.length
    },
  }
}

const isSame = (known: object, told: object): boolean => {
  const row = new Map(Object.entries(known))
  return Object.entries(told).every(([field, value]) => row.get(field) === value)
}
